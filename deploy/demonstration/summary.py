"""What came of a played history, for scripts: amounts in minor units."""

from collections import Counter
from typing import Any

from accolade.deploy.demonstration.collected import Collected
from accolade.deploy.demonstration.run import Played


def summary(played: Played) -> dict[str, Any]:
    """
    Return the summary that `--json` prints.

    `awards` has a row per plan, component, kind, currency and state: how many
    awards stand, and their total in minor units. `adjustment` is what facts that
    came after a closing changed in it; a withdrawn award doesn't count.
    """
    results = played.results
    return {
        "events": dict(sorted(played.history.counts().items())),
        "awards": _awards(results),
        "badges": _badges(results),
        "boards": {
            board: {
                "size": standing.size,
                "final": standing.final,
                "unit": standing.unit,
                "top": [
                    {"rank": row.rank, "participant": row.participant, "value": row.value}
                    for row in standing.top
                ],
            }
            for board, standing in sorted(results.standings.items())
        },
        "board_moves": results.moves,
        "dead_letters": len(results.dead_letters),
        "parked": len(results.parked),
        "seconds": round(played.seconds, 2),
    }


def _awards(results: Collected) -> list[dict[str, Any]]:
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    totals: Counter[tuple[str, str, str, str, str]] = Counter()
    for award in results.standing_awards():
        row = award.plan_id, award.component, award.kind, award.currency, award.state
        counts[row] += 1
        totals[row] += award.amount_minor
    return [
        {
            "plan": plan,
            "component": component,
            "kind": kind,
            "currency": currency,
            "state": state,
            "count": counts[plan, component, kind, currency, state],
            "total_minor": totals[plan, component, kind, currency, state],
        }
        for plan, component, kind, currency, state in sorted(counts)
    ]


def _badges(results: Collected) -> dict[str, int]:
    granted = Counter(badge.badge for badge in results.granted_badges())
    return dict(sorted(granted.items()))
