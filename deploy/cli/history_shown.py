"""What a replay has come to, as tables for people and JSON for programs."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import typer

from accolade.deploy.cli.tables import show_json, show_table, table
from accolade.streams.currencies import major_text
from accolade.streams.history.comparison import Cell, Difference, differences
from accolade.streams.history.outcome import Outcome, Replayed

#: Lines of a list that are shown to people; `--json` has them all.
_SHOWN = 20
_PLACES = 3


def show_outcome(replayed: Replayed, outcome: Outcome, as_json: bool) -> None:
    """Print awards, badges and boards, and what was not counted."""
    if as_json:
        show_json(
            {
                **_read(replayed),
                "awards": sorted(outcome.standing_awards(), key=lambda award: award.award_id),
                "badges": sorted(outcome.granted_badges(), key=lambda badge: badge.badge_id),
                "standings": [s for _, s in sorted(outcome.standings.items()) if s.size],
                "parked": [parked for _, parked in sorted(outcome.parked.items())],
            }
        )
        return
    typer.echo(f"{_many(replayed.facts, 'fact')} replayed\n")
    _show_awards(outcome)
    badges = Counter(badge.badge for badge in outcome.granted_badges())
    if badges:
        told = ", ".join(f"{name} {count:,}" for name, count in sorted(badges.items()))
        typer.echo(f"\nbadges: {told}")
    _show_boards(outcome)
    _list("parked", [f"{p.parked_id}: {p.message}" for _, p in sorted(outcome.parked.items())])
    _show_refused(replayed)


def show_comparison(
    replayed: Replayed, before: Mapping[Cell, int], after: Mapping[Cell, int], as_json: bool
) -> None:
    """Print what other plans would have paid, by participant and component."""
    found = differences(_by_component(before), _by_component(after))
    if as_json:
        show_json({**_read(replayed), "differences": [_difference(one) for one in found]})
        return
    typer.echo(f"{_many(replayed.facts, 'fact')} replayed under both sets of plans\n")
    if found:
        shown = table("participant", "earned by", "now", "other", "change", right=_NUMBERS)
        for one in found:
            shown.add_row(one.cell.participant, _earned_by(one.cell), *_amounts(one))
        show_table(shown, _totals(found))
    else:
        typer.echo("both pay the same, to the cent")
    _show_refused(replayed)


_NUMBERS = ("now", "other", "change")


def show_sheet(
    replayed: Replayed, sheet: Mapping[Cell, int], cells: Mapping[Cell, int], as_json: bool
) -> bool:
    """Print what a spreadsheet says otherwise; return whether it says anything otherwise."""
    found = differences(sheet, cells)
    same = len(sheet.keys() | cells.keys()) - len(found)
    if as_json:
        rows = [_difference(one) for one in found]
        show_json({**_read(replayed), "equal": same, "differences": rows})
        return bool(found)
    typer.echo(f"{_many(same, 'cell')} of the spreadsheet and the replay say the same")
    if found:
        right = ("spreadsheet", "replay", "change")
        shown = table("participant", "earned by", "period", *right, right=right)
        for one in found:
            cell = one.cell
            shown.add_row(cell.participant, _earned_by(cell), cell.period, *_amounts(one))
        typer.echo(f"{_many(len(found), 'cell')} {'differs' if len(found) == 1 else 'differ'}:\n")
        show_table(shown, _totals(found))
    _show_refused(replayed)
    return bool(found)


# --- parts ---


def _show_awards(outcome: Outcome) -> None:
    counts: Counter[tuple[str, str, str]] = Counter()
    totals: Counter[tuple[str, str, str]] = Counter()
    for award in outcome.standing_awards():
        unit = "points" if award.kind == "points" else award.currency
        late = " (adjusted)" if award.state == "adjustment" else ""
        row = award.plan_id, award.component + late, unit
        counts[row] += 1
        totals[row] += award.amount_minor
    shown = table("plan", "earned by", "awards", "total", "", right=("awards", "total"))
    before = ""
    for plan, component, unit in sorted(counts):
        row = plan, component, unit
        total = major_text(totals[row], unit)
        shown.add_row(plan if plan != before else "", component, f"{counts[row]:,}", total, unit)
        before = plan
    if counts:
        show_table(shown)
    else:
        typer.echo("no awards")


def _show_boards(outcome: Outcome) -> None:
    standings = [standing for _, standing in sorted(outcome.standings.items()) if standing.size]
    if not standings:
        return
    shown = table("board", "", "first places")
    for standing in standings:
        top = ", ".join(f"{p.rank} {p.participant}" for p in standing.top[:_PLACES])
        shown.add_row(standing.board, "" if standing.final else "open", top)
    typer.echo()
    show_table(shown)


def _show_refused(replayed: Replayed) -> None:
    _list("refused", [f"{one.place}: {one.why}" for one in replayed.refused])


def _list(title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    typer.echo(f"\n{title}: {len(lines):,}")
    for line in lines[:_SHOWN]:
        typer.echo(f"  {line}")
    if len(lines) > _SHOWN:
        typer.echo(f"  and {len(lines) - _SHOWN:,} more; --json has them all")


def _by_component(cells: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return what each participant gets by a component in all periods together."""
    sums: Counter[Cell] = Counter()
    for cell, minor in cells.items():
        sums[cell._replace(period="")] += minor
    return dict(sums)


def _read(replayed: Replayed) -> dict[str, Any]:
    refused = [one._asdict() for one in replayed.refused]
    return {"facts": replayed.facts, "refused": refused}


def _difference(one: Difference) -> dict[str, Any]:
    amounts = {"before_minor": one.before_minor, "after_minor": one.after_minor}
    return {**one.cell._asdict(), **amounts}


def _earned_by(cell: Cell) -> str:
    kind = "" if cell.kind == "money" else f" ({cell.kind})"
    return f"{cell.plan}/{cell.component}{kind}"


def _amounts(one: Difference) -> tuple[str, str, str]:
    sides = one.before_minor, one.after_minor, one.after_minor - one.before_minor
    before, after, change = (major_text(minor, one.cell.currency) for minor in sides)
    return before, after, change if change.startswith("-") else f"+{change}"


def _totals(found: Iterable[Difference]) -> str:
    sums: Counter[str] = Counter()
    for one in found:
        unit = one.cell.currency or one.cell.kind
        sums[unit] += one.after_minor - one.before_minor
    told = (f"{'' if minor < 0 else '+'}{major_text(minor, u)} {u}" for u, minor in sums.items())
    return f"change in all: {', '.join(told)}"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
