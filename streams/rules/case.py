"""What a component is held against in one period: its participant's measures and targets."""

from dataclasses import dataclass

from accolade.streams.rules.compiled import Component, Held, Slot
from accolade.streams.rules.compiled_pays import Floor
from accolade.streams.rules.formulas import Number
from accolade.streams.rules.periods import Period
from accolade.streams.rules.state import View
from accolade.streams.rules.tally_limits import is_beyond
from accolade.streams.rules.tally_plans import Counting
from accolade.streams.rules.tally_rows import TALLIES, TallyRow
from accolade.streams.rules.tally_work import tally_key
from accolade.streams.rules.targets import target_of


@dataclass(frozen=True, slots=True)
class Case:
    """A component, whom it may pay, and the period; all that a formula can ask of the state."""

    view: View
    counting: Counting
    component: Component
    participant: str
    period: Period

    def counted(self, slot: Slot | None) -> TallyRow | None:
        """
        Return the participant's tally in the period.

        None where no credit counts in it, or it is larger than can be paid by.
        """
        if slot is None:
            return None
        row = self._row(slot)
        return row if row is not None and row.credits and not is_beyond(row.value) else None

    def counts(self) -> bool:
        """
        Tell whether a credit counts in anything that the component is paid by.

        Not where any of it is larger than can be paid by.
        """
        rows = [self._row(held.slot) for held in self.component.held]
        there = [row for row in rows if row is not None]
        return any(row.credits for row in there) and not any(is_beyond(r.value) for r in there)

    def value(self, slot: Slot | None) -> int:
        """Return what the participant's measure comes to; 0 where nothing counts."""
        row = self.counted(slot)
        return row.value if row is not None else 0

    def _row(self, slot: Slot) -> TallyRow | None:
        return self.view.get(TALLIES, self.participant, tally_key(slot, self.period))

    def target(self) -> Number | None:
        """Return the component's target in units of the measure; None where there is none."""
        slot = self.component.slot
        return self.target_of(Held(slot, self.component.target)) if slot is not None else None

    def target_of(self, held: Held) -> Number | None:
        """Return the target of one of its measures; None where there is none."""
        return target_of(self.view, self.counting, held, self.participant, self.period)


def in_units(floor: Floor, target: Number | None) -> Number:
    """Return where a floor is in units of the measure; parts are of a target that is there."""
    return floor.value * (target or 0) if floor.of_target else floor.value
