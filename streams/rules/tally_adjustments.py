"""
Manual adjustments: awards that someone decided on.

One stands whatever becomes of the plan's own awards: a withdrawn plan takes none back.
Named for a closed period, it is booked in the earliest later one that is open. One that
comes before its plan is listed as parked until the plan is there.
"""

from accolade.streams.partitioning import partition_of
from accolade.streams.records import Adjustment, Parked
from accolade.streams.rules.awards import Due, Group, Terms
from accolade.streams.rules.closed_periods import open_period
from accolade.streams.rules.compiling_units import in_units
from accolade.streams.rules.evaluate import Reward
from accolade.streams.rules.periods import calendar_of, kind_of
from accolade.streams.rules.state import Rejected
from accolade.streams.rules.tally_plans import plan_of
from accolade.streams.rules.tally_rows import ADJUSTMENTS, PINS, AdjustmentRow, Pin, PlanState
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
        Rejected: No period of that id, in no calendar of the plan as it is known, or an
            amount finer than the minor unit.
    """
    if kind_of(record.period) is None:
        raise Rejected("invalid", f"period: {record.period!r} is not the id of a period")
    _amount_minor(record)
    row = turn.view.get(ADJUSTMENTS, record.adjustment_id)
    old = row.adjustment if row else None
    if old is not None and old.revision >= record.revision:
        return
    _check_period(turn, old, record)
    turn.view.put(ADJUSTMENTS, record.adjustment_id, "", AdjustmentRow(record))
    for one in (old, record):
        # An older revision may have named another participant or period.
        if one is None or partition_of(one.participant.encode(), partitions) != (
            turn.position.partition
        ):
            continue
        _settle(turn, _group(one), record)


def _check_period(turn: Turn, old: Adjustment | None, new: Adjustment) -> None:
    if old is not None and (old.plan_id, old.period) == (new.plan_id, new.period):
        # What was taken once can be corrected, whatever the plan has become.
        return
    known = _content(turn, new.plan_id, new.period)
    if known is not None and not plan_of(turn.view, known.content_hash).has_period(new.period):
        raise Rejected("invalid", f"period: plan {new.plan_id!r} has no period {new.period!r}")


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
    is_due = group == _group(record) and record.amount != 0
    waits = terms is None and is_due
    listed = _parked(turn, record) if waits else None
    turn.waiting.note_adjustment(group.earner, group.component, listed)
    if terms is None:
        return
    due = {}
    if is_due:
        reward = Reward("money", _amount_minor(record))
        due[f"{group.key}/{group.earner}"] = Due(group.earner, reward)
    turn.award_book.settle(group, terms, due)


def _parked(turn: Turn, record: Adjustment) -> Parked:
    """Return how an adjustment is listed that has no plan, or no period in it."""
    if record.plan_id in turn.plans.states:
        reason, says = "unknown_period", f"plan {record.plan_id!r} has no period {record.period!r}"
    else:
        reason, says = "unknown_plan", f"no plan {record.plan_id!r} is known here"
    return Parked(
        parked_id=f"tally/{_group(record).component}|{record.participant}",
        stage="tally",
        reason=reason,
        message=f"{says} to adjust by {record.amount} {record.currency}",
        occurred_at=record.occurred_at,
        waits_for=record.plan_id,
    )


def _content(turn: Turn, plan_id: str, period: str) -> Pin | PlanState | None:
    """Return the plan's version for the period; None until there is a plan."""
    state = turn.plans.states.get(plan_id)
    return turn.view.get(PINS, plan_id, period) or state


def _terms(turn: Turn, group: Group, record: Adjustment) -> Terms | None:
    """Return the terms by the plan's version for the period; None where there is none."""
    content = _content(turn, group.plan_id, group.period)
    if content is None:
        return None
    # A window is its own: what was taken once stands though the plan gets other dates.
    calendar = calendar_of(group.period, plan_of(turn.view, content.content_hash).time_zone)
    period = calendar.named(group.period) if calendar else None
    if calendar is None or period is None:
        return None
    closed = turn.plans.is_closed(group.plan_id, group.period)
    return Terms(
        currency=record.currency,
        plan_version=content.plan_version,
        plan_hash=content.content_hash,
        period=period,
        open_period=open_period(turn.view, group.plan_id, calendar, period) if closed else None,
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
