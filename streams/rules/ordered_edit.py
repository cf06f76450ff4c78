"""Changes of an ordered index that has more than one chunk."""

from bisect import bisect_left, bisect_right

from accolade.streams.rules.ordered_chunks import (
    Chunk,
    Summary,
    chunk_above,
    cut,
    height_of,
    place_of,
    replaced,
    summary_of,
    with_entry,
    without_entry,
)
from accolade.streams.rules.state import Table, View


class Edit:
    """A change of an index with several chunks, gathered and then written."""

    def __init__(self, view: View, table: Table[Chunk], owner: str, name: str, root: Chunk) -> None:
        """Start at the chunk on top, which covers all keys."""
        self._view = view
        self._table = table
        self._owner = owner
        self._name = name
        self._old_top = self._top = root.level
        self._chunks: dict[tuple[int, str], Chunk | None] = {(root.level, ""): root}

    def regrow(self) -> None:
        """Cut a single row into the chunks that its entries' hashes ask for."""
        row = self._load(0, "")
        self._chunks[0, ""] = Chunk(0, (), ())
        for key, value in zip(row.keys, row.totals, strict=True):
            self.add(key, value)

    def add(self, key: str, value: int) -> None:
        """Put the entry in; its height cuts the chunks below, and may raise the top."""
        height = height_of(key)
        parts = self._add(self._top, "", key, value, height)
        while len(parts) > 1:
            self._top += 1
            parts = self._put(chunk_above(self._top, parts), "", key, height)

    def remove(self, key: str) -> None:
        """Take the entry out; what it cut is joined again, and the top may sink."""
        self._remove(self._top, "", key, height_of(key))
        while self._top > 0 and len(self._load(self._top, "").keys) == 1:
            self._chunks[self._top, ""] = None
            self._top -= 1

    def write(self) -> None:
        """Write what changed; the chunk on top stands under the bare name."""
        for (level, start), chunk in self._chunks.items():
            if level == self._top and start == "":
                continue
            place = place_of(self._name, level, start)
            if chunk is None:
                self._view.delete(self._table, self._owner, place)
            else:
                self._view.put(self._table, self._owner, place, chunk)
        self._view.put(self._table, self._owner, self._name, self._load(self._top, ""))
        if self._top < self._old_top:
            # The chunk that is on top now had a row of its own.
            self._view.delete(self._table, self._owner, place_of(self._name, self._top, ""))

    def _load(self, level: int, start: str) -> Chunk:
        if (level, start) not in self._chunks:
            place = place_of(self._name, level, start)
            self._chunks[level, start] = self._view.get(self._table, self._owner, place)
        chunk = self._chunks[level, start]
        if chunk is None:
            raise LookupError(f"{self._table.name}: {self._owner}: no chunk {level} {start!r}")
        return chunk

    def _add(self, level: int, start: str, key: str, value: int, height: int) -> list[Summary]:
        """Put the entry below this chunk; return what stands in the chunk's place now."""
        chunk = self._load(level, start)
        if level == 0:
            return self._put(with_entry(chunk, key, value), start, key, height)
        at = bisect_right(chunk.keys, key) - 1
        parts = self._add(level - 1, chunk.keys[at], key, value, height)
        return self._put(replaced(chunk, at, at + 1, parts), start, key, height)

    def _put(self, chunk: Chunk, start: str, key: str, height: int) -> list[Summary]:
        """Keep the chunk, cut in two before `key` if that is high enough and not its start."""
        if height <= chunk.level or start == key:
            self._chunks[chunk.level, start] = chunk
            return [summary_of(start, chunk)]
        at = bisect_left(chunk.keys, key)
        left, right = cut(chunk, 0, at), cut(chunk, at, len(chunk.keys))
        self._chunks[chunk.level, start] = left
        self._chunks[chunk.level, key] = right
        return [summary_of(start, left), summary_of(key, right)]

    def _remove(self, level: int, start: str, key: str, height: int) -> Summary:
        """Take the entry out below this chunk; return the chunk's new summary."""
        chunk = self._load(level, start)
        if level == 0:
            chunk = without_entry(chunk, key)
        elif level == height:
            at = bisect_left(chunk.keys, key)
            joined = self._join(level - 1, chunk.keys[at - 1], key)
            chunk = replaced(chunk, at - 1, at + 1, [joined])
        else:
            at = bisect_right(chunk.keys, key) - 1
            part = self._remove(level - 1, chunk.keys[at], key, height)
            chunk = replaced(chunk, at, at + 1, [part])
        self._chunks[level, start] = chunk
        return summary_of(start, chunk)

    def _join(self, level: int, start: str, key: str) -> Summary:
        """Join the chunk that begins at `key`, less that entry, to the one before it."""
        left, right = self._load(level, start), self._load(level, key)
        if level == 0:
            right = cut(right, 1, len(right.keys))
            chunk = Chunk(0, left.keys + right.keys, left.totals + right.totals)
        else:
            joined = self._join(level - 1, left.keys[-1], key)
            both = Chunk(
                level,
                left.keys + right.keys,
                left.totals + right.totals,
                left.counts + right.counts,
                left.peaks + right.peaks,
            )
            chunk = replaced(both, len(left.keys) - 1, len(left.keys) + 1, [joined])
        self._chunks[level, key] = None
        self._chunks[level, start] = chunk
        return summary_of(start, chunk)
