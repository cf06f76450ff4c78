"""
Manual adjustments: awards that someone decided on.

One stands whatever becomes of the plan's own awards: a withdrawn plan takes none back.
Named for a closed period, it is booked in the earliest later one that is open.
"""

from accolade.streams.partitioning import partition_of
from accolade.streams.records import Adjustment
from accolade.streams.rules.awards import Due, Group, Terms
from accolade.streams.rules.closed_periods import open_period
from accolade.streams.rules.compiling_units import in_units
from accolade.streams.rules.evaluate import Reward
from accolade.streams.rules.periods import calendar_of, kind_of
from accolade.streams.rules.state import Rejected
from accolade.streams.rules.tally_plans import plan_of
from accolade.streams.rules.tally_rows import ADJUSTMENTS, PINS, AdjustmentRow
from accolade.streams.rules.tally_turn import Turn

#: A manual adjustment is a component of its own, called by this and its id.
ADJUSTMENT = "adjustment:"


def on_adjustment(turn: Turn, record: Adjustment, partitions: int) -> None:
    """
    Keep an adjustment where its participant's facts are, and say its award.

    Args:
        turn: The record's turn.
        record: The adjustment; reference data reaches every partition.
        partitions: How many partitions the facts have.

    Raises:
        Rejected: No period of that id, or an amount finer than the minor unit.
    """
    if kind_of(record.period) is None:
        raise Rejected("invalid", f"period: {record.period!r} is not the id of a period")
    _amount_minor(record)
    row = turn.view.get(ADJUSTMENTS, record.adjustment_id)
    old = row.adjustment if row else None
    if old is not None and old.revision >= record.revision:
        return
    turn.view.put(ADJUSTMENTS, record.adjustment_id, "", AdjustmentRow(record))
    for one in (old, record):
        # An older revision may have named another participant or period.
        if one is None or partition_of(one.participant.encode(), partitions) != (
            turn.position.partition
        ):
            continue
        _settle(turn, _group(one), record)


def settle_adjustments(turn: Turn, plan_id: str, partitions: int) -> None:
    """Say the awards of all adjustments of a plan: one of its versions has arrived."""
    for adjustment_id in turn.view.owners(ADJUSTMENTS):
        row = turn.view.get(ADJUSTMENTS, adjustment_id)
        if row is None or row.adjustment.plan_id != plan_id:
            continue
        home = partition_of(row.adjustment.participant.encode(), partitions)
        if home == turn.position.partition:
            _settle(turn, _group(row.adjustment), row.adjustment)


def _settle(turn: Turn, group: Group, record: Adjustment) -> None:
    """Make the group's award be what the adjustment says, if it is its own."""
    terms = _terms(turn, group, record)
    if terms is None:
        return
    due = {}
    if group == _group(record) and record.amount:
        reward = Reward("money", _amount_minor(record))
        due[f"{group.key}/{group.earner}"] = Due(group.earner, reward)
    turn.award_book.settle(group, terms, due)


def _terms(turn: Turn, group: Group, record: Adjustment) -> Terms | None:
    """Return the terms by the plan's version for the period; None until there is a plan."""
    state = turn.plans.states.get(group.plan_id)
    if state is None:
        return None
    pin = turn.view.get(PINS, group.plan_id, group.period)
    version = pin.plan_version if pin else state.plan_version
    content_hash = pin.content_hash if pin else state.content_hash
    calendar = calendar_of(group.period, plan_of(turn.view, content_hash).time_zone)
    period = calendar.named(group.period) if calendar else None
    if calendar is None or period is None:
        return None
    return Terms(
        currency=record.currency,
        plan_version=version,
        plan_hash=content_hash,
        period=period,
        open_period=open_period(turn.view, group.plan_id, calendar, period) if pin else None,
    )


def _amount_minor(record: Adjustment) -> int:
    exact = in_units(record.amount, record.currency)
    if exact.denominator != 1:
        raise Rejected(
            "invalid",
            f"amount: {record.amount} is finer than the minor unit of {record.currency}",
        )
    return exact.numerator


def _group(record: Adjustment) -> Group:
    component = ADJUSTMENT + record.adjustment_id
    return Group(record.plan_id, component, record.period, record.participant)
