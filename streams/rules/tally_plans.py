"""
Which version of each plan counts for which period.

The highest version counts, but a closed period stays with the version that counted
when it was closed: a new version never rewrites it. So several versions of a plan can
be counted side by side; each speaks for its own periods.
"""

from dataclasses import dataclass
from hashlib import sha256

import msgspec

from accolade.streams.records import Closing, Plan
from accolade.streams.rules.compiled import CompiledPlan
from accolade.streams.rules.compiling import compiled_body
from accolade.streams.rules.plan_boards import check_boards, keep_boards
from accolade.streams.rules.state import Rejected, View
from accolade.streams.rules.tally_rows import (
    ALL,
    BODIES,
    PINS,
    PLANS,
    BodyRow,
    Pin,
    PlansRow,
    PlanState,
)

_NO_PLANS = PlansRow(())


@dataclass(frozen=True, eq=False, slots=True)
class Counting:
    """One content of a plan that is counted, and the periods that it speaks for."""

    plan: CompiledPlan
    state: PlanState
    pins: dict[str, Pin]

    def version_for(self, period: str) -> int | None:
        """Return the plan version if this content speaks for the period, else None."""
        pin = self.pins.get(period)
        if pin is None:
            state = self.state
            speaks = state.active and state.content_hash == self.plan.content_hash
            return state.plan_version if speaks else None
        speaks = pin.active and pin.content_hash == self.plan.content_hash
        return pin.plan_version if speaks else None

    def is_closed(self, period: str) -> bool:
        """Tell whether the period is closed."""
        return period in self.pins


class Plans:
    """All plans as of a record; made anew only when they changed."""

    def __init__(self, view: View, row: PlansRow) -> None:
        """Compile what is counted."""
        self.row = row
        self.states = {state.plan_id: state for state in row.plans}
        #: The closed periods of each plan.
        self.pins = {
            state.plan_id: dict(view.rows(PINS, state.plan_id)) if state.closings else {}
            for state in row.plans
        }
        self.counting: dict[str, tuple[Counting, ...]] = {
            state.plan_id: _counting(view, state, self.pins[state.plan_id]) for state in row.plans
        }
        self.all = tuple(one for several in self.counting.values() for one in several)
        #: By what begins the keys of a content's rows.
        self.by_state = {counting.plan.state: counting for counting in self.all}

    def of(self, plan_id: str) -> tuple[Counting, ...]:
        """Return the contents of a plan that are counted."""
        return self.counting.get(plan_id, ())

    def is_closed(self, plan_id: str, period: str) -> bool:
        """Tell whether a period of a plan is closed."""
        return period in self.pins.get(plan_id, ())

    def for_period(self, plan_id: str, period: str) -> Counting | None:
        """Return the content of a plan that speaks for a period, if any does."""
        for counting in self.of(plan_id):
            if counting.version_for(period) is not None:
                return counting
        return None


class PlansCache:
    """Remembers each task's plans: its row of them is the same for long."""

    def __init__(self) -> None:
        """Start with none."""
        self._last: dict[int, Plans] = {}

    def plans(self, view: View, partition: int) -> Plans:
        """Return the plans as the state of a partition's task has them."""
        row = view.get(PLANS, ALL) or _NO_PLANS
        last = self._last.get(partition)
        if last is None or last.row is not row:
            last = self._last[partition] = Plans(view, row)
        return last


def put_plan(view: View, record: Plan) -> bool:
    """
    Keep a plan version if it is the highest; return whether it is.

    Raises:
        Rejected: Its body is not what its hash says, or no plan of that id, or a board
            ranks something else than in an earlier version.
    """
    row = view.get(PLANS, ALL) or _NO_PLANS
    state = next((state for state in row.plans if state.plan_id == record.plan_id), None)
    if state is not None and state.plan_version >= record.version:
        return False
    compiled = _checked(record)
    changed = check_boards(view, compiled)
    if changed:
        raise Rejected("invalid", f"body: {changed}")
    keep_boards(view, compiled)
    view.put(BODIES, record.content_hash, "", BodyRow(record.body))
    closings = state.closings if state else 0
    new = PlanState(record.plan_id, record.version, record.content_hash, record.active, closings)
    _put(view, row, new)
    return True


def close(view: View, plans: Plans, record: Closing) -> PlanState | None:
    """
    Close a period; return the plan, or None where the period was closed before.

    Raises:
        Rejected: There is no such plan, or no such period in it.
    """
    state = plans.states.get(record.plan_id)
    if state is None:
        raise Rejected("invalid", f"plan_id: no plan {record.plan_id!r} is known here to close")
    if plans.is_closed(record.plan_id, record.period):
        return None
    latest = plan_of(view, state.content_hash)
    _check_period(latest, record.period)
    pin = Pin(state.plan_version, state.content_hash, state.active)
    view.put(PINS, record.plan_id, record.period, pin)
    # The row of plans is written too: by it a task knows that its plans have changed.
    _put(view, plans.row, msgspec.structs.replace(state, closings=state.closings + 1))
    return state


def _check_period(plan: CompiledPlan, period_id: str) -> None:
    named = (calendar.named(period_id) for calendar in plan.calendars)
    period = next((period for period in named if period is not None), None)
    if period is None:
        raise Rejected("invalid", f"period: plan {plan.plan_id!r} has no period {period_id!r}")
    # Later than the plan's last day there may be adjustments, which a closing freezes too.
    if period.end <= plan.bounds[0]:
        raise Rejected(
            "invalid", f"period: {period_id!r} is before the first day of plan {plan.plan_id!r}"
        )


def plan_of(view: View, content_hash: str) -> CompiledPlan:
    """
    Return the compiled plan of a content hash that is kept.

    Raises:
        LookupError: It isn't.
    """
    body = view.get(BODIES, content_hash)
    if body is None:
        raise LookupError(f"no plan with the content {content_hash} is kept")
    return compiled_body(content_hash, body.body)


def _checked(record: Plan) -> CompiledPlan:
    if sha256(record.body.encode()).hexdigest() != record.content_hash:
        raise Rejected("invalid", "content_hash: is not the SHA-256 of the body")
    try:
        compiled = compiled_body(record.content_hash, record.body)
    except ValueError as error:
        raise Rejected("invalid", f"body: {error}") from error
    if compiled.plan_id != record.plan_id:
        raise Rejected("invalid", f"plan_id: the body is of plan {compiled.plan_id!r}")
    return compiled


def _put(view: View, row: PlansRow, new: PlanState) -> None:
    others = [state for state in row.plans if state.plan_id != new.plan_id]
    plans = sorted([*others, new], key=lambda state: state.plan_id)
    view.put(PLANS, ALL, "", PlansRow(tuple(plans)))


def _counting(view: View, state: PlanState, pins: dict[str, Pin]) -> tuple[Counting, ...]:
    hashes = {pin.content_hash for pin in pins.values() if pin.active}
    if state.active:
        hashes.add(state.content_hash)
    return tuple(Counting(plan_of(view, each), state, pins) for each in sorted(hashes))
