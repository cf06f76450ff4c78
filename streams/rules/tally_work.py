"""
The work on one record: what it moves in the tallies, and what has to be looked at again.

Moving an entry touches the rows of its own periods and no others, however many credits
the participant has. What moved is noted, and evaluated once when all is in place.
"""

from collections.abc import Iterable
from typing import NamedTuple

from accolade.streams.rules.compiled import Slot
from accolade.streams.rules.measures import Entry
from accolade.streams.rules.ordered import Ordered, ascended
from accolade.streams.rules.periods import Period
from accolade.streams.rules.state import View
from accolade.streams.rules.tally_deals import move_deal
from accolade.streams.rules.tally_plans import Counting
from accolade.streams.rules.tally_rows import ORDER, TALLIES, TallyRow

_NO_TALLY = TallyRow(0, 0)

#: A change of the order of occurrence: a key, and its value or None to take it out.
_Step = tuple[str, int | None]


class Moved(NamedTuple):
    """A participant's tally that moved, or whose circumstances did."""

    participant: str
    counting: Counting
    slot: Slot
    period: Period


class Tallies:
    """The tallies as one record moves them."""

    def __init__(self, view: View) -> None:
        """Start with nothing moved."""
        self._view = view
        self.moved: dict[tuple[str, str], Moved] = {}

    def move(
        self,
        participant: str,
        counting: Counting,
        before: Iterable[Entry],
        after: Iterable[Entry],
    ) -> None:
        """Take out what a credit counted as, and put in what it counts as."""
        for entry in before:
            self._move(participant, counting, entry, -1)
        for entry in after:
            self._move(participant, counting, entry, 1)

    def touch(self, participant: str, counting: Counting, slot: Slot, period: Period) -> None:
        """Note a tally to be looked at again."""
        key = tally_key(slot, period)
        self.moved[participant, key] = Moved(participant, counting, slot, period)

    # --- entries ---

    def _move(self, participant: str, counting: Counting, entry: Entry, sign: int) -> None:
        if entry.counted.form != "distinct":
            self._move_value(participant, counting, entry, sign)
        elif entry.counted.first_in:
            self._move_first(participant, counting, entry, sign)
        else:
            self._move_account(participant, counting, entry, sign)

    def _move_value(self, participant: str, counting: Counting, entry: Entry, sign: int) -> None:
        step = (entry.order, entry.value if sign > 0 else None)
        for slot in entry.counted.slots:
            period = _period(slot, entry.at)
            if period is None:
                continue
            self._change(participant, counting, slot, period, sign * entry.value, sign, (step,))
            for rule in counting.plan.uses[slot].deals:
                move_deal(self._view, participant, counting.plan, rule, period, entry, sign)

    def _move_account(self, participant: str, counting: Counting, entry: Entry, sign: int) -> None:
        """An account counts once in each period, by its first transaction there."""
        for slot in entry.counted.slots:
            period = _period(slot, entry.at)
            if period is None:
                continue
            name = f"{tally_key(slot, period)}|{entry.account}"
            before, after = self._firsts(participant, name, entry, sign)
            value = (after is not None) - (before is not None)
            steps = _moved_step(before, after)
            self._change(participant, counting, slot, period, value, sign, steps)

    def _move_first(self, participant: str, counting: Counting, entry: Entry, sign: int) -> None:
        """An account counts where its first transaction of all is."""
        name = f"{entry.counted.name}|{entry.account}"
        before, after = self._firsts(participant, name, entry, sign)
        for slot in entry.counted.slots:
            period = _period(slot, entry.at)
            if period is not None and entry.within:
                self._change(participant, counting, slot, period, 0, sign, ())
            if before == after:
                continue
            for first, value in ((before, -1), (after, 1)):
                self._move_new(participant, counting, entry, slot, first, value)

    def _move_new(
        self,
        participant: str,
        counting: Counting,
        entry: Entry,
        slot: Slot,
        first: str | None,
        value: int,
    ) -> None:
        """Count a new account, or one less, by the key of its first transaction."""
        if first is None:
            return
        at, bounds = ascended(first), entry.counted.bounds
        if bounds is not None and not bounds[0] <= at < bounds[1]:
            return
        period = _period(slot, at)
        if period is not None:
            step = (first, 1 if value > 0 else None)
            self._change(participant, counting, slot, period, value, 0, (step,))

    def _firsts(
        self, participant: str, name: str, entry: Entry, sign: int
    ) -> tuple[str | None, str | None]:
        """Move an account's transaction; return the key of its first before and after."""
        index = Ordered(self._view, ORDER, participant, name)
        before = index.first()
        if sign > 0:
            index.add(entry.order, 1)
        else:
            index.remove(entry.order)
        after = index.first()
        return before and before.key, after and after.key

    # --- rows ---

    def _change(
        self,
        participant: str,
        counting: Counting,
        slot: Slot,
        period: Period,
        value: int,
        credits: int,
        steps: Iterable[_Step],
    ) -> None:
        """Change a tally's value and number of credits, and its order where it has one."""
        weeks = counting.plan.uses[slot].weeks
        key = tally_key(slot, period)
        row = self._view.get(TALLIES, participant, key) or _NO_TALLY
        before = self._reached(participant, key, slot, row, weeks.at_least) if weeks else None
        if slot.ordered:
            index = Ordered(self._view, ORDER, participant, key)
            for place, amount in steps:
                index.remove(place) if amount is None else index.add(place, amount)
        row = TallyRow(row.value + value, row.credits + credits, row.said)
        put_tally(self._view, participant, key, row)
        if weeks is None:
            self.moved[participant, key] = Moved(participant, counting, slot, period)
            return
        after = self._reached(participant, key, slot, row, weeks.at_least)
        # A week is one of the period that has its last instant.
        ends = period.end - 1
        if weeks.bounds is not None and not weeks.bounds[0] <= ends < weeks.bounds[1]:
            return
        gained = (after is not None) - (before is not None)
        for above in weeks.slots:
            holds = _period(above, ends)
            if holds is not None:
                moved = _moved_step(before, after)
                self._change(participant, counting, above, holds, gained, credits, moved)

    def _reached(
        self, participant: str, key: str, slot: Slot, row: TallyRow, at_least: int
    ) -> str | None:
        """Return the place at which a week's total was reached, or None if it isn't."""
        if row.value < at_least:
            return None
        if not slot.ordered:
            return ""
        found = Ordered(self._view, ORDER, participant, key).first_prefix_at_least(at_least)
        return found.key if found else None


def tally_key(slot: Slot, period: Period) -> str:
    """Return the key of a participant's tally row."""
    return f"{slot.name}|{period.id}"


def put_tally(view: View, participant: str, key: str, row: TallyRow) -> None:
    """Write a tally row, or remove it once it says nothing."""
    if row.value or row.credits or row.said:
        view.put(TALLIES, participant, key, row)
    else:
        view.delete(TALLIES, participant, key)


def _period(slot: Slot, at: int) -> Period | None:
    """Return the slot's period of a time, or None where another slot has it."""
    period = slot.calendar.at(at)
    besides = slot.besides
    if besides is not None and besides[0] <= period.start and period.end <= besides[1]:
        return None
    return period


def _moved_step(before: str | None, after: str | None) -> tuple[_Step, ...]:
    """Return the change of order that moves a 1 from one place to another."""
    if before == after:
        return ()
    removed: tuple[_Step, ...] = ((before, None),) if before is not None else ()
    added: tuple[_Step, ...] = ((after, 1),) if after is not None else ()
    return removed + added
