"""
Which version of each plan counts for which period.

The highest version counts, but a closed period stays with the version that counted
when it was closed: a new version never rewrites it. So several versions of a plan can
be counted side by side; each speaks for its own periods.
"""

from dataclasses import dataclass
from hashlib import sha256

from accolade.streams.records import Closing, Plan
from accolade.streams.rules.compiled import CompiledPlan
from accolade.streams.rules.compiling import compiled_body
from accolade.streams.rules.state import Rejected, View
from accolade.streams.rules.tally_rows import ALL, BODIES, PLANS, BodyRow, Pin, PlansRow, PlanState

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
        self.counting: dict[str, tuple[Counting, ...]] = {
            state.plan_id: _counting(view, state) for state in row.plans
        }
        self.all = tuple(one for several in self.counting.values() for one in several)
        #: By what begins the keys of a content's rows.
        self.by_state = {counting.plan.state: counting for counting in self.all}

    def of(self, plan_id: str) -> tuple[Counting, ...]:
        """Return the contents of a plan that are counted."""
        return self.counting.get(plan_id, ())

    def is_closed(self, plan_id: str, period: str) -> bool:
        """Tell whether a period of a plan is closed."""
        state = self.states.get(plan_id)
        return state is not None and any(pin.period == period for pin in state.pins)

    def for_period(self, plan_id: str, period: str) -> Counting | None:
        """Return the content of a plan that speaks for a period, if any does."""
        for counting in self.of(plan_id):
            if counting.version_for(period) is not None:
                return counting
        return None


class PlansCache:
    """Remembers the plans of the rows seen last: one task's rows are the same for long."""

    def __init__(self) -> None:
        """Start with none."""
        self._last: Plans | None = None

    def plans(self, view: View) -> Plans:
        """Return the plans as the state has them."""
        row = view.get(PLANS, ALL) or _NO_PLANS
        # Read once and returned as it is here: tasks of several partitions share this.
        last = self._last
        if last is None or last.row is not row:
            last = self._last = Plans(view, row)
        return last


def put_plan(view: View, record: Plan) -> bool:
    """
    Keep a plan version if it is the highest; return whether it is.

    Raises:
        Rejected: Its body is not what its hash says, or no plan of that id.
    """
    row = view.get(PLANS, ALL) or _NO_PLANS
    state = next((state for state in row.plans if state.plan_id == record.plan_id), None)
    if state is not None and state.plan_version >= record.version:
        return False
    _check(record)
    view.put(BODIES, record.content_hash, "", BodyRow(record.body))
    pins = state.pins if state else ()
    new = PlanState(record.plan_id, record.version, record.content_hash, record.active, pins)
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
    if any(pin.period == record.period for pin in state.pins):
        return None
    latest = plan_of(view, state.content_hash)
    if all(calendar.named(record.period) is None for calendar in latest.calendars):
        raise Rejected(
            "invalid", f"period: plan {record.plan_id!r} has no period {record.period!r}"
        )
    pin = Pin(record.period, state.plan_version, state.content_hash, state.active)
    new = PlanState(
        state.plan_id, state.plan_version, state.content_hash, state.active, (*state.pins, pin)
    )
    _put(view, plans.row, new)
    return new


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


def _check(record: Plan) -> None:
    if sha256(record.body.encode()).hexdigest() != record.content_hash:
        raise Rejected("invalid", "content_hash: is not the SHA-256 of the body")
    try:
        compiled = compiled_body(record.content_hash, record.body)
    except ValueError as error:
        raise Rejected("invalid", f"body: {error}") from error
    if compiled.plan_id != record.plan_id:
        raise Rejected("invalid", f"plan_id: the body is of plan {compiled.plan_id!r}")


def _put(view: View, row: PlansRow, new: PlanState) -> None:
    others = [state for state in row.plans if state.plan_id != new.plan_id]
    plans = sorted([*others, new], key=lambda state: state.plan_id)
    view.put(PLANS, ALL, "", PlansRow(tuple(plans)))


def _counting(view: View, state: PlanState) -> tuple[Counting, ...]:
    pins = {pin.period: pin for pin in state.pins}
    hashes = {pin.content_hash for pin in state.pins if pin.active}
    if state.active:
        hashes.add(state.content_hash)
    return tuple(Counting(plan_of(view, each), state, pins) for each in sorted(hashes))
