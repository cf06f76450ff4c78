"""A board: participants in the order of a measure, with ranks in O(log n)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from accolade.streams.plans.ties import BY_TIME
from accolade.streams.records import BoardPlace, Tally, TallyBoard
from accolade.streams.rules.ordered import Chunk, Entry, Ordered, ascending, descending
from accolade.streams.rules.state import Row, Table, View

#: Ends what orders equal values. No id has control characters, so this sorts before all of them.
_SEPARATOR = "\x1f"
#: Places that are read at once when a closing lists all rewarded ones.
_PAGE = 500


class Place(Row, frozen=True, omit_defaults=True):
    """What ranks a participant: the newest tally, as far as boards need it."""

    revision: int
    value: int
    unit: str
    reached_at: int
    reached_by: str
    #: Empty for a participant that has left.
    boards: tuple[TallyBoard, ...] = ()

    @classmethod
    def of(cls, tally: Tally) -> "Place":
        """Return the place that a tally gives."""
        return cls(
            revision=tally.revision,
            value=tally.value,
            unit=tally.unit,
            reached_at=tally.reached_at,
            reached_by=tally.reached_by,
            boards=tally.boards if tally.active else (),
        )


class Shown(Row, frozen=True):
    """What a board shows, as it was last worked out."""

    top: tuple[BoardPlace, ...]
    #: How many participants are on the board.
    size: int
    #: The unit of the values; empty for an empty board.
    unit: str
    #: How many places it shows where there are so many.
    show: int


NOTHING = Shown((), 0, "", 0)


class Tied(NamedTuple):
    """A participant's place with those who share it."""

    participant: str
    rank: int
    tied: int
    tied_index: int
    value: int


#: By (tally id, participant).
PLACES = Table("places", Place)
#: By (tally id, board), for boards that have participants.
SHOWN = Table("shown", Shown)
#: By (tally id and board): ordered indexes of its participants and of their values.
ORDERS = Table("orders", Chunk)

_INDEX = "order"
#: On dense boards, how many have each value.
_VALUES = "values"


class Board:
    """
    A board as it stands; what it is called by its plan is `name`.

    How many places it shows and rewards is what the tally of its leader says, so that
    it depends on the tallies alone and not on which came last.
    """

    def __init__(self, view: View, tally_id: str, name: str) -> None:
        """Look at a board of a tally."""
        self.name = name
        #: What it shows; up to date after `refresh`.
        self.shown = view.get(SHOWN, tally_id, name) or NOTHING
        self._view = view
        self._tally_id = tally_id
        # A new plan version may rank a board by another tally: for a while both have places.
        self._order = Ordered(view, ORDERS, f"{tally_id}|{name}", _INDEX)
        self._values = Ordered(view, ORDERS, f"{tally_id}|{name}", _VALUES)
        self._size = self.shown.size
        self._is_stale = False

    def enter(self, participant: str, place: Place, ties: str) -> int:
        """Put a participant where the place belongs, and return its rank, 1 for the best."""
        key = _key(participant, place, ties)
        self._order.add(key, place.value)
        if ties == "dense":
            self._hold(place.value, 1)
        self._size += 1
        return self._rank(key, place, ties)

    def leave(self, participant: str, place: Place, ties: str) -> int:
        """Take a participant out of the place that `enter` gave, and return the rank it had."""
        key = _key(participant, place, ties)
        rank = self._rank(key, place, ties)
        self._order.remove(key)
        if ties == "dense":
            self._hold(place.value, -1)
        self._size -= 1
        return rank

    def _hold(self, value: int, change: int) -> None:
        """Note that one more or one less has a value."""
        key = descending(value)
        holders = (self._values.get(key) or 0) + change
        if holders > 0:
            self._values.add(key, holders)
        else:
            self._values.remove(key)

    def _rank(self, key: str, place: Place, ties: str) -> int:
        """Return the rank of what is on the board; those who are equal share most ranks."""
        above = self._order.rank(key if ties in BY_TIME else descending(place.value))
        # The leader matters even to a board that shows nobody: its tally has the settings.
        show = max(1, self.shown.show)
        # A modified rank is of the last who are equal: who joins them below moves them all.
        if above < show and (ties == "modified" or self._order.rank(key) < show):
            self._is_stale = True
        if ties == "dense":
            return self._values.rank(descending(place.value)) + 1
        return self._last_equal(place.value) if ties == "modified" else above + 1

    def _last_equal(self, value: int) -> int:
        """Return how many have a value or more."""
        return self._order.rank(descending(value - 1))

    def refresh(self) -> None:
        """Bring `shown` up to date; a move below what is shown costs nothing."""
        new = self._work_out() if self._is_stale else self._with_size()
        if new == self.shown:
            return
        self.shown = new
        if new.size:
            self._view.put(SHOWN, self._tally_id, self.name, new)
        else:
            self._view.delete(SHOWN, self._tally_id, self.name)

    def _with_size(self) -> Shown:
        if self._size == self.shown.size:
            return self.shown
        return Shown(self.shown.top, self._size, self.shown.unit, self.shown.show)

    def _work_out(self) -> Shown:
        leader = self._order.first()
        if leader is None:
            return NOTHING
        place, settings = self._settings_of(leader)
        top = tuple(
            BoardPlace(participant=_participant(entry), rank=rank, value=entry.value)
            for rank, entry in self._ranked(self._order.page(0, settings.show), settings.ties)
        )
        return Shown(top, self._size, place.unit, settings.show)

    def rewarded(self) -> Iterator[Tied]:
        """Iterate over the participants at ranks that a contest rewards, the best first."""
        leader = self._order.first()
        if leader is None:
            return
        _, settings = self._settings_of(leader)
        for at, (rank, entry) in enumerate(self._ranked(self._entries(), settings.ties)):
            if rank > settings.rewarded:
                return
            yield self._tied(at, rank, entry, settings.ties)

    def _entries(self) -> Iterator[Entry]:
        """Iterate over all entries, the best first."""
        start = 0
        while page := self._order.page(start, _PAGE):
            yield from page
            start += _PAGE

    def _ranked(self, entries: Iterable[Entry], ties: str) -> Iterator[tuple[int, Entry]]:
        """Give ranks to entries from the very first on."""
        rank = 0
        before: int | None = None
        for at, entry in enumerate(entries, 1):
            if ties in BY_TIME:
                yield at, entry
                continue
            if entry.value != before:
                before = entry.value
                if ties == "modified":
                    rank = self._last_equal(entry.value)
                else:
                    rank = rank + 1 if ties == "dense" else at
            yield rank, entry

    def _tied(self, at: int, rank: int, entry: Entry, ties: str) -> Tied:
        if ties in BY_TIME:
            return Tied(_participant(entry), rank, 1, 0, entry.value)
        above = self._order.rank(descending(entry.value))
        tied = self._last_equal(entry.value) - above
        return Tied(_participant(entry), rank, tied, at - above, entry.value)

    def _settings_of(self, leader: Entry) -> tuple[Place, TallyBoard]:
        place = self._view.get(PLACES, self._tally_id, _participant(leader))
        if place is not None:
            for settings in place.boards:
                if settings.board == self.name:
                    return place, settings
        raise LookupError(f"{self.name}: {leader.key!r} is on the board without a place")


def _key(participant: str, place: Place, ties: str) -> str:
    """Return the text by which places sort: the highest value first, then by the tie rule."""
    first = ascending(place.reached_at) if ties in BY_TIME else ""
    # Equal in time too: on an ordinal board the id decides, else the credit's before it.
    if ties == "first_to_reach":
        first += place.reached_by
    return f"{descending(place.value)}{first}{_SEPARATOR}{participant}"


def _participant(entry: Entry) -> str:
    return entry.key.rpartition(_SEPARATOR)[2]
