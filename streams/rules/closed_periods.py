"""
Closes periods of a plan, and finds the one in which what comes late is booked.

Each closing is a row. Those that follow each other without a gap are also kept as one
run, so that the open period behind them is found at once, however many are closed.
"""

from datetime import date, timedelta

from accolade.streams.records import Closing
from accolade.streams.rules.compiled import CompiledPlan
from accolade.streams.rules.ordered import Ordered
from accolade.streams.rules.periods import Calendar, Period, Stretch, stretch_of
from accolade.streams.rules.state import Rejected, View
from accolade.streams.rules.tally_plans import Plans, is_closed, plan_of
from accolade.streams.rules.tally_rows import CLOSED_RUNS, PINS, Pin, PlanState


def close(view: View, plans: Plans, record: Closing) -> PlanState | None:
    """
    Close a period; return the plan, or None where the period was closed before.

    Raises:
        Rejected: There is no such plan, or no such period in it.
    """
    state = plans.states.get(record.plan_id)
    if state is None:
        raise Rejected("invalid", f"plan_id: no plan {record.plan_id!r} is known here to close")
    if is_closed(view, record.plan_id, record.period):
        return None
    closable(plan_of(view, state.content_hash), record.period)
    pin = Pin(state.plan_version, state.content_hash, state.active)
    view.put(PINS, record.plan_id, record.period, pin)
    _join(view, record.plan_id, stretch_of(record.period))
    return state


def closable(plan: CompiledPlan, period_id: str) -> Period:
    """
    Return the period of a plan that an id names.

    Raises:
        Rejected: The plan has no such period, or it ended before the plan's first day.
    """
    named = (calendar.named(period_id) for calendar in plan.calendars)
    period = next((period for period in named if period is not None), None)
    if period is None:
        first = ", ".join(calendar.at(plan.bounds[0]).id for calendar in plan.calendars)
        raise Rejected(
            "invalid",
            f"period: plan {plan.plan_id!r} has no period {period_id!r}; it has {first} and so on",
        )
    # Later than the plan's last day there may be adjustments, which a closing freezes too.
    if period.end <= plan.bounds[0]:
        raise Rejected(
            "invalid", f"period: {period_id!r} is before the first day of plan {plan.plan_id!r}"
        )
    return period


def open_period(view: View, plan_id: str, calendar: Calendar, period: Period) -> Period:
    """Return the earliest later period that is not closed; it may lie beyond the plan."""
    later = calendar.after(period)
    while is_closed(view, plan_id, later.id):
        stretch = stretch_of(later.id)
        index = Ordered(view, CLOSED_RUNS, plan_id, stretch.cut)
        run = index.nth(index.rank(_key(stretch.first + timedelta(days=1))) - 1)
        behind = calendar.on(date.fromordinal(run.value)) if run is not None else later
        # A day that the zone has skipped begins no period: then the next one is looked at.
        later = behind if behind.start > later.start else calendar.after(later)
    return later


def _join(view: View, plan_id: str, closed: Stretch) -> None:
    """Put a closed period to the runs that end and begin with it."""
    index = Ordered(view, CLOSED_RUNS, plan_id, closed.cut)
    first, until = _key(closed.first), closed.until.toordinal()
    before = index.nth(index.rank(first) - 1)
    if before is not None and before.value == closed.first.toordinal():
        # The run grows at its end.
        first = before.key
    after = index.get(_key(closed.until))
    if after is not None:
        index.remove(_key(closed.until))
        until = after
    index.add(first, until)


def _key(day: date) -> str:
    """Return a day as text that sorts by time."""
    return day.isoformat()
