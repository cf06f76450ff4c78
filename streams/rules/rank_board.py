"""A board: participants in the order of a measure, with ranks in O(log n)."""

from collections.abc import Iterator
from typing import NamedTuple

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
#: By (tally id and board): the order of its participants, as an ordered index.
ORDERS = Table("orders", Chunk)

_INDEX = "order"


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
        self._size = self.shown.size
        self._is_stale = False

    def enter(self, participant: str, place: Place, ties: str) -> int:
        """Put a participant where the place belongs, and return its rank, 1 for the best."""
        key = _key(participant, place, ties)
        self._order.add(key, place.value)
        self._size += 1
        return self._rank(key, place, ties)

    def leave(self, participant: str, place: Place, ties: str) -> int:
        """Take a participant out of the place that `enter` gave, and return the rank it had."""
        key = _key(participant, place, ties)
        rank = self._rank(key, place, ties)
        self._order.remove(key)
        self._size -= 1
        return rank

    def _rank(self, key: str, place: Place, ties: str) -> int:
        """Return the rank of what is on the board; those who are `pooled` share it."""
        above = self._order.rank(descending(place.value) if ties == "pooled" else key)
        # The leader matters even to a board that shows nobody: its tally has the settings.
        show = max(1, self.shown.show)
        if above < show and (ties != "pooled" or self._order.rank(key) < show):
            self._is_stale = True
        return above + 1

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
            for rank, entry in _ranked(self._order.page(0, settings.show), settings.ties)
        )
        return Shown(top, self._size, place.unit, settings.show)

    def rewarded(self) -> Iterator[Tied]:
        """Iterate over the participants at ranks that a contest rewards, the best first."""
        leader = self._order.first()
        if leader is None:
            return
        _, settings = self._settings_of(leader)
        start = 0
        while True:
            page = self._order.page(start, _PAGE)
            for at, entry in enumerate(page, start):
                place = self._tied(at, entry, settings.ties)
                if place.rank > settings.rewarded:
                    return
                yield place
            if len(page) < _PAGE:
                return
            start += _PAGE

    def _tied(self, at: int, entry: Entry, ties: str) -> Tied:
        if ties != "pooled":
            return Tied(_participant(entry), at + 1, 1, 0, entry.value)
        above = self._order.rank(descending(entry.value))
        below = self._order.rank(descending(entry.value - 1))
        return Tied(_participant(entry), above + 1, below - above, at - above, entry.value)

    def _settings_of(self, leader: Entry) -> tuple[Place, TallyBoard]:
        place = self._view.get(PLACES, self._tally_id, _participant(leader))
        if place is not None:
            for settings in place.boards:
                if settings.board == self.name:
                    return place, settings
        raise LookupError(f"{self.name}: {leader.key!r} is on the board without a place")


def _key(participant: str, place: Place, ties: str) -> str:
    """Return the text by which places sort: the highest value first, then by the tie rule."""
    first = "" if ties == "pooled" else f"{ascending(place.reached_at)}{place.reached_by}"
    return f"{descending(place.value)}{first}{_SEPARATOR}{participant}"


def _participant(entry: Entry) -> str:
    return entry.key.rpartition(_SEPARATOR)[2]


def _ranked(top: list[Entry], ties: str) -> Iterator[tuple[int, Entry]]:
    """Give ranks to entries from the very first on: 1, 2, 2, 4 where equal values share one."""
    rank = 0
    before: int | None = None
    for at, entry in enumerate(top, 1):
        if ties != "pooled" or entry.value != before:
            rank, before = at, entry.value
        yield rank, entry
