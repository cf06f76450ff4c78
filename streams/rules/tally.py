"""
Credits to tallies, awards and badges: everything that decides about a participant's pay.

Each record is a fact in the participant's one log. What follows is a function of the
set of facts, whatever their order; only a closing's place in the log matters.
"""

from collections.abc import Iterable

from accolade.streams.catalogue import TALLIES
from accolade.streams.partitioning import partition_of
from accolade.streams.records import (
    Adjustment,
    Closed,
    Closing,
    Credit,
    ExchangeRate,
    GoalChoice,
    Person,
    Placing,
    Plan,
    Record,
    Unit,
)
from accolade.streams.rules.closed_periods import close
from accolade.streams.rules.reference_versions import rate_pair
from accolade.streams.rules.state import Output, Partitioning, Position, Step, View
from accolade.streams.rules.tally_adjustments import on_adjustment
from accolade.streams.rules.tally_contests import ask_contests
from accolade.streams.rules.tally_plans import PlansCache, plan_of
from accolade.streams.rules.tally_publishing import on_plan
from accolade.streams.rules.tally_reference import on_person, on_rate, on_unit
from accolade.streams.rules.tally_rows import (
    CHOICES,
    CREDITS,
    PLACINGS,
    TABLES,
    ChoiceRow,
    CreditRow,
    PlacingRow,
    PlanState,
)
from accolade.streams.rules.tally_turn import Turn


def make_tally(partitioning: Partitioning) -> Step:
    """Return the step that tallies one partition of the facts."""
    cache = PlansCache()

    def tally(view: View, record: Record, position: Position) -> Iterable[Output]:
        """
        Return what a fact changes in tallies, badges and awards.

        Raises:
            Rejected: `invalid`, for reference data that means nothing here.
            TypeError: A record that is no fact.
        """
        if isinstance(record, Closing):
            return _close(view, cache, record, position, partitioning)
        turn = Turn(view, cache.plans(view, position.partition), position, cause_of(record))
        _take(turn, cache, record, partitioning.facts)
        return turn.finish()

    return tally


def _take(turn: Turn, cache: PlansCache, record: Record, partitions: int) -> None:
    """Let the record move what it moves."""
    match record:
        case Credit():
            _credit(turn, record)
        case Person():
            on_person(turn, record)
        case Unit():
            on_unit(turn, record)
        case ExchangeRate():
            on_rate(turn, record)
        case Plan():
            on_plan(turn, cache, record, partitions)
        case Placing():
            _placing(turn, record)
        case Adjustment():
            on_adjustment(turn, record, partitions)
        case GoalChoice():
            _choice(turn, record, partitions)
        case _:
            raise TypeError(f"{type(record).__name__} is no fact to tally")


def cause_of(record: Record) -> str:
    """Return what an award names as its cause."""
    match record:
        case Credit():
            return f"{record.source}:{record.source_id}"
        case Person():
            return f"person:{record.person_id}"
        case Unit():
            return f"unit:{record.unit_id}"
        case ExchangeRate():
            return f"rate:{rate_pair(record.from_currency, record.to_currency)}"
        case Plan():
            return f"plan:{record.plan_id}"
        case Placing():
            return f"placing:{record.board}"
        case Adjustment():
            return f"adjustment:{record.adjustment_id}"
        case _:
            return ""


def _credit(turn: Turn, credit: Credit) -> None:
    row = turn.view.get(CREDITS, credit.participant, credit.credit_id)
    old = row.credit if row else None
    if old is not None and old.revision >= credit.revision:
        return
    turn.view.put(CREDITS, credit.participant, credit.credit_id, CreditRow(credit))
    turn.recount(old, credit)


def _placing(turn: Turn, placing: Placing) -> None:
    row = turn.view.get(PLACINGS, placing.participant, placing.board)
    if row is not None and row.placing.revision >= placing.revision:
        return
    turn.view.put(PLACINGS, placing.participant, placing.board, PlacingRow(placing))
    ask_contests(turn, placing.board, placing.participant)


def _choice(turn: Turn, choice: GoalChoice, partitions: int) -> None:
    """Keep a choice of goal where its participant's facts are."""
    if partition_of(choice.participant.encode(), partitions) != turn.position.partition:
        return
    key = f"{choice.plan_id}/{choice.component}/{choice.period}"
    row = turn.view.get(CHOICES, choice.participant, key)
    if row is None or row.choice.revision < choice.revision:
        turn.view.put(CHOICES, choice.participant, key, ChoiceRow(choice))


def _close(
    view: View,
    cache: PlansCache,
    record: Closing,
    position: Position,
    partitioning: Partitioning,
) -> list[Output]:
    """Close a period here, and tell `rank` so for each measure that has a board in it."""
    state = close(view, cache.plans(view, position.partition), record)
    if state is None or not state.active:
        return []
    return [
        Output(
            TALLIES,
            f"{tally_id}|closed|{position.partition}",
            Closed(
                tally_id=tally_id,
                plan_id=record.plan_id,
                period=record.period,
                partition=position.partition,
                partitions=partitioning.facts,
            ),
            partition_by=tally_id,
        )
        for tally_id in _ranked(view, state, record.period)
    ]


def _ranked(view: View, state: PlanState, period: str) -> list[str]:
    """Return the ids of the tallies that boards of the period rank by, rising."""
    boards = plan_of(view, state.content_hash).boards.values()
    return sorted(
        {
            f"{state.plan_id}/{board.slot.label}/{period}"
            for board in boards
            if board.slot.calendar.named(period) is not None
        }
    )


__all__ = ["TABLES", "cause_of", "make_tally"]
