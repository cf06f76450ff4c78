"""
Which version of each plan counts for which period.

The highest version counts, but a closed period stays with the version that counted
when it was closed: a new version never rewrites it. So several versions of a plan can
be counted side by side; each speaks for its own periods.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from accolade.streams.records import Credit, Plan
from accolade.streams.rules.compiled import CompiledPlan
from accolade.streams.rules.compiling import compiled_body, state_of
from accolade.streams.rules.periods import calendar_of, stretch_of
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

#: Before and after all that can occur, µs UTC.
_EVER = -(2**63), 2**63


@dataclass(frozen=True, eq=False, slots=True)
class Counting:
    """One content of a plan that is counted, and the periods that it speaks for."""

    plan: CompiledPlan
    state: PlanState
    #: When what its periods rest on occurred, half-open, µs UTC.
    span: tuple[int, int] = _EVER

    def version_for(self, view: View, period: str) -> int | None:
        """Return the plan version if this content speaks for the period, else None."""
        pin = view.get(PINS, self.plan.plan_id, period)
        if pin is None:
            state = self.state
            speaks = state.active and state.content_hash == self.plan.content_hash
            return state.plan_version if speaks else None
        speaks = pin.active and pin.content_hash == self.plan.content_hash
        return pin.plan_version if speaks else None

    def covers(self, credit: Credit) -> bool:
        """Tell whether a credit is counted: any by the newest content, by others the old."""
        start, end = self.span
        return start <= credit.occurred_at < end or start <= credit.deal_occurred_at < end


class Contents:
    """The contents of all plans that are counted; made anew only when one of them changed."""

    def __init__(self, view: View, row: PlansRow, before: "Contents | None" = None) -> None:
        """Compile what is counted, as far as it isn't in what was there before."""
        self.row = row
        self.states = {state.plan_id: state for state in row.plans}
        self.counting: dict[str, tuple[Counting, ...]] = {}
        for plan_id, state in self.states.items():
            is_same = before is not None and before.states.get(plan_id) is state
            known = before.counting[plan_id] if before is not None and is_same else None
            self.counting[plan_id] = _counting(view, state) if known is None else known
        self.all = tuple(one for several in self.counting.values() for one in several)
        self.by_state = {counting.plan.state: counting for counting in self.all}
        self.newest = tuple(one for one in self.all if one.span == _EVER)
        self.spans = Spans([one for one in self.all if one.span != _EVER])


class Plans:
    """All plans as of a record."""

    def __init__(self, view: View, contents: Contents) -> None:
        """Take the state, and what is counted by it."""
        self._view = view
        self._contents = contents
        #: Every content that is counted, whatever by it.
        self.all = contents.all
        self.states = contents.states
        #: By what begins the keys of a content's rows.
        self.by_state = contents.by_state

    def of(self, plan_id: str) -> tuple[Counting, ...]:
        """Return the contents of a plan that are counted."""
        return self._contents.counting.get(plan_id, ())

    def counting(self, *revisions: Credit) -> tuple[Counting, ...]:
        """
        Return the contents that count a credit, by any of its revisions.

        How many there are doesn't grow with the versions that a plan has had: an old
        one counts what its closed periods rest on, and nothing that occurs now.
        """
        contents = self._contents
        times = {at for one in revisions for at in (one.occurred_at, one.deal_occurred_at)}
        old = [one for at in sorted(times) for one in contents.spans.at(at)]
        return (*contents.newest, *dict.fromkeys(old)) if old else contents.newest

    def is_closed(self, plan_id: str, period: str) -> bool:
        """Tell whether a period of a plan is closed."""
        return is_closed(self._view, plan_id, period)

    def for_period(self, plan_id: str, period: str) -> Counting | None:
        """Return the content of a plan that speaks for a period, if any does."""
        says: Pin | PlanState | None = self._view.get(PINS, plan_id, period)
        says = says or self.states.get(plan_id)
        if says is None or not says.active:
            return None
        return self.by_state.get(state_of(says.content_hash))


class Spans:
    """Finds the contents whose span a time is in."""

    def __init__(self, countings: Sequence[Counting]) -> None:
        """Take the contents."""
        self._countings = countings
        self._edges = sorted({edge for one in countings for edge in one.span})
        self._known: dict[int, tuple[Counting, ...]] = {}

    def at(self, at: int) -> tuple[Counting, ...]:
        """Return the contents for a time, µs UTC; looked for once between two edges."""
        place = bisect_right(self._edges, at)
        found = self._known.get(place)
        if found is None:
            found = tuple(one for one in self._countings if one.span[0] <= at < one.span[1])
            self._known[place] = found
        return found


class PlansCache:
    """Remembers what each task counts: its row of plans is the same for long."""

    def __init__(self) -> None:
        """Start with none."""
        self._last: dict[int, Contents] = {}

    def plans(self, view: View, partition: int) -> Plans:
        """Return the plans as the state of a partition's task has them."""
        row = view.get(PLANS, ALL) or _NO_PLANS
        last = self._last.get(partition)
        if last is None or last.row is not row:
            last = self._last[partition] = Contents(view, row, last)
        return Plans(view, last)


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
    _put(view, row, PlanState(record.plan_id, record.version, record.content_hash, record.active))
    return True


def is_closed(view: View, plan_id: str, period: str) -> bool:
    """Tell whether a period of a plan is closed."""
    return view.get(PINS, plan_id, period) is not None


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


def _counting(view: View, state: PlanState) -> tuple[Counting, ...]:
    """Return the contents that periods need: the newest, and those that were closed with."""
    periods: dict[str, list[str]] = {}
    for period, pin in view.rows(PINS, state.plan_id):
        if pin.active:
            periods.setdefault(pin.content_hash, []).append(period)
    if state.active:
        periods[state.content_hash] = []
    countings = []
    for content, closed in sorted(periods.items()):
        plan = plan_of(view, content)
        countings.append(Counting(plan, state, span_of(plan, closed) if closed else _EVER))
    return tuple(countings)


def span_of(plan: CompiledPlan, periods: Iterable[str]) -> tuple[int, int]:
    """
    Return when what closed periods rest on occurred, half-open, µs UTC.

    That is from the week on in which the period before the first of them begins: growth
    is held against that period, and weeks belong to where they end. Where a customer is
    new once in all, everything before matters too. What is closed in one stretch is
    counted as one, and so is what lies between.
    """
    several: dict[str, list[str]] = {}
    for period in periods:
        several.setdefault(stretch_of(period).cut, []).append(period)
    starts, ends = [], []
    for same in several.values():
        # Ids of one length sort by time.
        for calendar in plan.calendars:
            first, last = calendar.named(min(same)), calendar.named(max(same))
            if first is not None and last is not None:
                starts.append(_monday(plan, calendar.before(first).start))
                ends.append(last.end)
    whole = any(counted.first_in for several in plan.counted.values() for counted in several)
    return (_EVER[0] if whole else min(starts)), max(ends)


def _monday(plan: CompiledPlan, at: int) -> int:
    """Return when the week of a time (µs UTC) begins."""
    week = calendar_of("2026-W01", plan.time_zone)
    assert week is not None  # it is the id of a week
    return week.at(at).start
