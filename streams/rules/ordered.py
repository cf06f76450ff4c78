"""
An ordered index in rows of state: rank, running totals and pages in O(log n) rows.

It is cut into chunks at keys whose hash says so, and the chunks are indexed by
chunks above them that are cut likewise. So the rows depend on the entries alone,
not on the order in which they came and went: two workers, a replay and a rebuilt
table hold the same rows. Up to `SMALL` entries are a single row.

    level 1   [ ""            "k"                    "t"          ]
                 |              |                      |
    level 0   [ "a" "c" "f" ] [ "k" "m" "n" "q" ] [ "t" "w" ]

A chunk of level L begins at a key whose height is above L (or at the very left);
a key's height is at least h with the chance `FANOUT` to the power of -h.
"""

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from accolade.streams.rules.ordered_chunks import (
    SMALL,
    Chunk,
    count_of,
    peak_of,
    place_of,
    reaching,
    with_entry,
    without_entry,
)
from accolade.streams.rules.ordered_edit import Edit
from accolade.streams.rules.state import Table, View

#: Digits of an encoded integer: room for 2**27 amounts of 2**53 each.
_DIGITS = 20
_HALF: int = 16**_DIGITS // 2


def ascending(value: int) -> str:
    """Encode an integer (|value| < 2**79) as text that sorts as the integers do."""
    return _encoded(value + _HALF)


def descending(value: int) -> str:
    """Encode an integer (|value| < 2**79) as text that sorts the largest first."""
    return _encoded(_HALF - 1 - value)


def ascended(text: str) -> int:
    """Return the integer that `ascending` put at the beginning of a text."""
    return int(text[:_DIGITS], 16) - _HALF


def behind(text: str) -> str:
    """Return what stands in a text behind the integer that `ascending` put there."""
    return text[_DIGITS:]


def _encoded(shifted: int) -> str:
    if not 0 <= shifted < 2 * _HALF:
        raise OverflowError(f"{shifted - _HALF} does not fit into {_DIGITS} hexadecimal digits")
    return f"{shifted:0{_DIGITS}x}"


class Entry(NamedTuple):
    """An entry: its place in the order, and what it adds to the running total."""

    key: str
    value: int


class Ordered:
    """
    The entries called `name` of an owner, by rising key.

    Keys are non-empty text without a NUL, compared by code point (the order of their
    UTF-8 bytes). Reading costs a row for each level, and so does a change.
    """

    def __init__(self, view: View, table: Table[Chunk], owner: str, name: str) -> None:
        """Look at the index in `table`; nothing is read yet."""
        self._view = view
        self._table = table
        self._owner = owner
        self._name = name

    # --- reading ---

    def count(self) -> int:
        """Return the number of entries."""
        root = self._root()
        return 0 if root is None else count_of(root)

    def total(self) -> int:
        """Return the sum of all values."""
        root = self._root()
        return 0 if root is None else sum(root.totals)

    def get(self, key: str) -> int | None:
        """Return the entry's value, or None."""
        chunk = self._root()
        while chunk is not None:
            if chunk.level == 0:
                at = bisect_left(chunk.keys, key)
                found = at < len(chunk.keys) and chunk.keys[at] == key
                return chunk.totals[at] if found else None
            chunk = self._below(chunk, bisect_right(chunk.keys, key) - 1)
        return None

    def rank(self, key: str) -> int:
        """Return how many entries stand before `key`, which need not be there."""
        before = 0
        chunk = self._root()
        while chunk is not None:
            if chunk.level == 0:
                return before + bisect_left(chunk.keys, key)
            at = bisect_right(chunk.keys, key) - 1
            before += sum(chunk.counts[:at])
            chunk = self._below(chunk, at)
        return before

    def nth(self, index: int) -> Entry | None:
        """Return the entry at `index`, from 0; None behind the last."""
        found = self.page(index, 1)
        return found[0] if found else None

    def first(self) -> Entry | None:
        """Return the entry with the lowest key."""
        root = self._root()
        if root is not None and root.level == 0:
            return Entry(root.keys[0], root.totals[0])
        return self.nth(0)

    def last(self) -> Entry | None:
        """Return the entry with the highest key."""
        return self.nth(self.count() - 1)

    def page(self, start: int, count: int) -> list[Entry]:
        """Return up to `count` entries from index `start` (0 or more) on."""
        found: list[Entry] = []
        root = self._root()
        if root is not None and start >= 0 and count > 0:
            self._collect(root, start, count, found)
        return found

    def max_prefix_total(self) -> int:
        """Return the largest running total from the left, at least 0."""
        root = self._root()
        return 0 if root is None else max(0, peak_of(root))

    def first_prefix_at_least(self, total: int) -> Entry | None:
        """Return the first entry with which the running total is `total` or more, or None."""
        running = 0
        chunk = self._root()
        while chunk is not None:
            at = reaching(chunk, total - running)
            if at is None:
                return None
            running += sum(chunk.totals[:at])
            if chunk.level == 0:
                return Entry(chunk.keys[at], chunk.totals[at])
            chunk = self._below(chunk, at)
        return None

    # --- writing ---

    def add(self, key: str, value: int) -> None:
        """Put the entry in, in place of one with the same key."""
        root = self._root()
        if root is None:
            self._view.put(self._table, self._owner, self._name, Chunk(0, (key,), (value,)))
            return
        changed = with_entry(root, key, value) if root.level == 0 else None
        if changed is not None and len(changed.keys) <= SMALL:
            self._view.put(self._table, self._owner, self._name, changed)
            return
        edit = Edit(self._view, self._table, self._owner, self._name, root)
        if count_of(root) == SMALL:
            edit.regrow()
        edit.add(key, value)
        edit.write()

    def remove(self, key: str) -> None:
        """Take the entry out, if it is there."""
        root = self._root()
        if root is None or self.get(key) is None:
            return
        if root.level == 0 and len(root.keys) <= SMALL:
            self._put_small(without_entry(root, key))
            return
        edit = Edit(self._view, self._table, self._owner, self._name, root)
        edit.remove(key)
        edit.write()
        if count_of(root) == SMALL + 1:
            self._flatten()

    def _put_small(self, chunk: Chunk) -> None:
        if chunk.keys:
            self._view.put(self._table, self._owner, self._name, chunk)
        else:
            self._view.delete(self._table, self._owner, self._name)

    def _flatten(self) -> None:
        """Make one row of an index that has become small."""
        entries = self.page(0, SMALL)
        root = self._root()
        if root is not None:
            self._drop_below(root)
        keys, totals = zip(*entries, strict=True)
        self._put_small(Chunk(0, keys, totals))

    def _drop_below(self, chunk: Chunk) -> None:
        if chunk.level == 0:
            return
        for key in chunk.keys:
            place = place_of(self._name, chunk.level - 1, key)
            below = self._view.get(self._table, self._owner, place)
            if below is not None:
                self._drop_below(below)
                self._view.delete(self._table, self._owner, place)

    # --- rows ---

    def _root(self) -> Chunk | None:
        return self._view.get(self._table, self._owner, self._name)

    def _below(self, chunk: Chunk, at: int) -> Chunk | None:
        place = place_of(self._name, chunk.level - 1, chunk.keys[at])
        return self._view.get(self._table, self._owner, place)

    def _collect(self, chunk: Chunk, start: int, count: int, found: list[Entry]) -> None:
        """Append the entries from `start` (counted in this chunk) until there are `count`."""
        if chunk.level == 0:
            stop = start + count - len(found)
            found.extend(map(Entry, chunk.keys[start:stop], chunk.totals[start:stop]))
            return
        for at, inside in enumerate(chunk.counts):
            if len(found) >= count:
                return
            below = self._below(chunk, at) if start < inside else None
            if below is not None:
                self._collect(below, start, count, found)
            start = max(0, start - inside)


__all__ = ["Chunk", "Entry", "Ordered", "ascended", "ascending", "behind", "descending"]
