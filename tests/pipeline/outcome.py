"""What a history comes to: as the flow has said it, and as the reference computes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accolade.streams.catalogue import TALLIES
from accolade.streams.log_reader import latest_by_key
from accolade.streams.plans.canonical import parse_body
from accolade.streams.records import Closing, Plan, Record, Tally
from tests.pipeline.deployment import Deployment
from tests.reference import Results, results


class AwardSaid(NamedTuple):
    """What an award comes to."""

    participant: str
    kind: str
    amount_minor: int
    currency: str
    label: str
    state: str
    adjusts: str | None


class BoardSaid(NamedTuple):
    """What a standing says of a board."""

    #: Participant, rank and value of the places that the plan shows.
    top: tuple[tuple[str, int, int], ...]
    size: int
    final: bool


@dataclass(frozen=True)
class Outcome:
    """The end state of a history."""

    #: The awards that stand, by id.
    awards: dict[str, AwardSaid]
    #: Ids of the badges that are granted.
    badges: set[str]
    #: The boards that have anybody.
    boards: dict[str, BoardSaid]
    #: Each participant's value, by board.
    values: dict[str, dict[str, int]]
    #: Reason by id.
    parked: dict[str, str]


def said_by(deployment: Deployment) -> Outcome:
    """Return what has left a deployment."""
    read = deployment.results()
    return Outcome(
        awards={
            award_id: AwardSaid(*(getattr(award, name) for name in AwardSaid._fields))
            for award_id, award in read.awards.items()
            if award.state != "withdrawn"
        },
        badges={badge_id for badge_id, badge in read.badges.items() if badge.granted},
        boards={
            board: BoardSaid(
                tuple((place.participant, place.rank, place.value) for place in standing.top),
                standing.size,
                standing.final,
            )
            for board, standing in read.standings.items()
            if standing.size
        },
        values=_values(deployment),
        parked={parked_id: parked.reason for parked_id, parked in read.parked.items()},
    )


def _values(deployment: Deployment) -> dict[str, dict[str, int]]:
    """Return what the tallies that boards are made of say."""
    values: dict[str, dict[str, int]] = {}
    for entry in latest_by_key(deployment.log(TALLIES)).values():
        tally = entry.record
        if isinstance(tally, Tally) and tally.active:
            for board in tally.boards:
                values.setdefault(board.board, {})[tally.participant] = tally.value
    return values


def computed_from(records: Sequence[Record]) -> Outcome:
    """Return what the reference computes from the whole list."""
    return outcome_of(results(records), records)


def outcome_of(due: Results, records: Sequence[Record]) -> Outcome:
    """Return what the reference has computed from the records."""
    shown = _shown(records)
    closed = {(r.plan_id, r.period) for r in records if isinstance(r, Closing)}
    boards = {}
    for board, places in due.boards.items():
        plan_id, name, period, *_ = board.split("/")
        boards[board] = BoardSaid(
            tuple((p.participant, p.rank, p.value) for p in places[: shown[plan_id, name]]),
            len(places),
            (plan_id, period) in closed,
        )
    return Outcome(
        awards={
            award_id: AwardSaid(*(getattr(award, name) for name in AwardSaid._fields))
            for award_id, award in due.awards.items()
        },
        badges=due.badges,
        boards=boards,
        values={
            board: {place.participant: place.value for place in places}
            for board, places in due.boards.items()
        },
        parked=due.parked,
    )


def _shown(records: Iterable[Record]) -> dict[tuple[str, str], int]:
    """Return how many places each board shows, by plan and board, as the newest version says."""
    plans = sorted((r for r in records if isinstance(r, Plan)), key=lambda plan: plan.version)
    return {
        (plan.plan_id, name): board.show
        for plan in plans
        for name, board in parse_body(plan.body).boards.items()
    }
