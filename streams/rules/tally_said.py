"""Tallies as they were said last, the boards they are on, and what has to be said now."""

from accolade.streams.catalogue import TALLIES as TALLIES_TOPIC
from accolade.streams.records import Tally, TallyBoard
from accolade.streams.rules.compiled import Slot
from accolade.streams.rules.ordered import Ordered, ascended, behind
from accolade.streams.rules.periods import Period
from accolade.streams.rules.reference import UNIT_PREFIX, known_chain, person_at, unit_at
from accolade.streams.rules.state import Output, View
from accolade.streams.rules.tally_limits import is_beyond
from accolade.streams.rules.tally_plans import Counting, is_closed
from accolade.streams.rules.tally_rows import ORDER, TALLIES, Said, TallyRow
from accolade.streams.rules.tally_work import Moved, put_tally, tally_key


class TallyBook:
    """Says tallies: keeps what was said, and returns what to say."""

    def __init__(self, view: View, revision: int) -> None:
        """Take the state, and the revision of what will be said."""
        self._view = view
        self._revision = revision
        #: That a tally is over goes before what a new plan version says of it.
        self.over: list[Output] = []
        self.outputs: list[Output] = []

    def settle(self, moved: Moved) -> None:
        """Make what was said of a tally be what it is."""
        if not moved.slot.said:
            return
        participant, counting, slot, period = moved
        key = tally_key(slot, period)
        row = self._view.get(TALLIES, participant, key)
        if row is None:
            return
        version = counting.version_for(self._view, period.id)
        if version is None or not row.credits or is_beyond(row.value):
            self.end(participant, counting, slot, period, row)
            put_tally(self._view, participant, key, TallyRow(row.value, row.credits))
            return
        said = self._now(participant, counting, slot, period, row, version)
        if row.said == said:
            return
        self._view.put(TALLIES, participant, key, TallyRow(row.value, row.credits, said))
        boards = _boards(counting, slot, period, said)
        self._put(self.outputs, participant, counting, slot, period, said, boards)

    def end(
        self, participant: str, counting: Counting, slot: Slot, period: Period, row: TallyRow
    ) -> None:
        """Say that a tally is over, if anything else was said of it."""
        if row.said is not None:
            said = Said(0, 0, "", (), row.said.plan_version)
            self._put(self.over, participant, counting, slot, period, said, None)

    def _now(
        self,
        participant: str,
        counting: Counting,
        slot: Slot,
        period: Period,
        row: TallyRow,
        version: int,
    ) -> Said:
        uses = counting.plan.uses[slot]
        reached_at, reached_by = 0, ""
        if uses.timed:
            index = Ordered(self._view, ORDER, participant, tally_key(slot, period))
            first = index.first_prefix_at_least(row.value)
            if first is not None:
                reached_at, reached_by = ascended(first.key), behind(first.key)
        units = tuple(
            unit_on_level(self._view, participant, board.each, period.end - 1)
            for board in uses.boards
            if board.each is not None
        )
        return Said(row.value, reached_at, reached_by, units, version)

    def _put(
        self,
        outputs: list[Output],
        participant: str,
        counting: Counting,
        slot: Slot,
        period: Period,
        said: Said,
        boards: tuple[TallyBoard, ...] | None,
    ) -> None:
        if is_closed(self._view, counting.plan.plan_id, period.id):
            # Boards rely on it that all is said once the closing is passed on. And the
            # topic is compacted: what came later would erase what the closing froze.
            return
        tally = Tally(
            tally_id=tally_id(counting, slot, period.id),
            participant=participant,
            revision=self._revision,
            plan_id=counting.plan.plan_id,
            plan_version=said.plan_version,
            measure=slot.measure,
            period=period.id,
            period_start=period.start,
            period_end=period.end,
            value=said.value,
            unit=slot.unit,
            active=boards is not None,
            reached_at=said.reached_at,
            reached_by=said.reached_by,
            boards=boards or (),
        )
        key = f"{tally.tally_id}|{participant}"
        outputs.append(Output(TALLIES_TOPIC, key, tally, partition_by=tally.tally_id))


def tally_id(counting: Counting, slot: Slot, period: str) -> str:
    """Return what all tallies of a measure, population and period are called."""
    return f"{counting.plan.plan_id}/{slot.label}/{period}"


def unit_on_level(view: View, participant: str, level: str, at_us: int) -> str | None:
    """Return the unit of a level that the participant is in (or is), at a time (µs UTC)."""
    if participant.startswith(UNIT_PREFIX):
        lowest: str | None = participant.removeprefix(UNIT_PREFIX)
    else:
        person = person_at(view, participant, at_us)
        lowest = person.team_id if person else None
    if lowest is None:
        return None
    for unit_id in known_chain(view, lowest, at_us):
        unit = unit_at(view, unit_id, at_us)
        if unit is not None and unit.level == level:
            return unit_id
    return None


def _boards(counting: Counting, slot: Slot, period: Period, said: Said) -> tuple[TallyBoard, ...]:
    """Return the boards of a tally; one that each unit has only where there is a unit."""
    units = iter(said.units)
    boards = []
    for board in counting.plan.uses[slot].boards:
        board_id = f"{counting.plan.plan_id}/{board.name}/{period.id}"
        if board.each is not None:
            unit = next(units)
            if unit is None:
                continue
            board_id = f"{board_id}/{unit}"
        boards.append(
            TallyBoard(board=board_id, ties=board.ties, show=board.show, rewarded=board.rewarded)
        )
    return tuple(boards)
