"""The chunks that an ordered index is cut into, and what can be said of one."""

from bisect import bisect_left
from hashlib import blake2b
from typing import NamedTuple

from accolade.streams.rules.state import Row

#: Entries in a chunk on average: a change writes one chunk of each level, so larger
#: chunks cost bytes and smaller ones cost rows.
FANOUT = 32

#: Up to so many entries are one row, whatever their hashes say.
SMALL = 64


class Chunk(Row, frozen=True, array_like=True):
    """
    A run of entries (level 0) or of chunks one level below, by rising key.

    Of each: its (first) key, the sum of its values, and for chunks the number of
    entries and the largest running total inside, taken over one entry or more.
    """

    level: int
    keys: tuple[str, ...]
    totals: tuple[int, ...]
    counts: tuple[int, ...] = ()
    peaks: tuple[int, ...] = ()


class Summary(NamedTuple):
    """A chunk as the chunk above lists it."""

    key: str
    total: int
    entries: int
    peak: int


def height_of(key: str) -> int:
    """Return how many levels the key cuts: as often as a hash divides by `FANOUT`."""
    number = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")
    height = 0
    while number and number % FANOUT == 0:
        number //= FANOUT
        height += 1
    return height


def place_of(name: str, level: int, start: str) -> str:
    """Return the row key of a chunk that is not on top."""
    # The unit separator: no id has control characters, so no other name begins so.
    return f"{name}\x1f{level}\x1f{start}"


def count_of(chunk: Chunk) -> int:
    """Return how many entries the chunk covers."""
    return sum(chunk.counts) if chunk.level else len(chunk.keys)


def _peaks(chunk: Chunk) -> list[int | None]:
    """Return the largest running total inside each part; None for a part without entries."""
    if chunk.level == 0:
        return list(chunk.totals)
    parts = zip(chunk.peaks, chunk.counts, strict=True)
    # Only the leftmost chunk of a level can be empty.
    return [peak if count else None for peak, count in parts]


def peak_of(chunk: Chunk) -> int:
    """Return the largest running total over one entry or more; 0 without entries."""
    running = 0
    highest: int | None = None
    for total, peak in zip(chunk.totals, _peaks(chunk), strict=True):
        if peak is not None and (highest is None or running + peak > highest):
            highest = running + peak
        running += total
    return highest or 0


def reaching(chunk: Chunk, total: int) -> int | None:
    """Return the first part in which the running total reaches `total`, or None."""
    running = 0
    for at, peak in enumerate(_peaks(chunk)):
        if peak is not None and running + peak >= total:
            return at
        running += chunk.totals[at]
    return None


def summary_of(start: str, chunk: Chunk) -> Summary:
    """Return how a chunk that begins at `start` is listed above it."""
    return Summary(start, sum(chunk.totals), count_of(chunk), peak_of(chunk))


def chunk_above(level: int, parts: list[Summary]) -> Chunk:
    """Return the chunk that lists these parts."""
    keys, totals, counts, peaks = zip(*parts, strict=True)
    return Chunk(level, keys, totals, counts, peaks)


def replaced(chunk: Chunk, at: int, stop: int, parts: list[Summary]) -> Chunk:
    """Return the chunk with `parts` in place of what it lists from `at` to before `stop`."""
    new = chunk_above(chunk.level, parts)
    return Chunk(
        chunk.level,
        chunk.keys[:at] + new.keys + chunk.keys[stop:],
        chunk.totals[:at] + new.totals + chunk.totals[stop:],
        chunk.counts[:at] + new.counts + chunk.counts[stop:],
        chunk.peaks[:at] + new.peaks + chunk.peaks[stop:],
    )


def cut(chunk: Chunk, at: int, stop: int) -> Chunk:
    """Return what the chunk lists from `at` to before `stop`."""
    return Chunk(
        chunk.level,
        chunk.keys[at:stop],
        chunk.totals[at:stop],
        chunk.counts[at:stop],
        chunk.peaks[at:stop],
    )


def with_entry(chunk: Chunk, key: str, value: int) -> Chunk:
    """Return a chunk of level 0 with the entry put in, in place of one with its key."""
    at = bisect_left(chunk.keys, key)
    stop = at + (at < len(chunk.keys) and chunk.keys[at] == key)
    return Chunk(
        0,
        (*chunk.keys[:at], key, *chunk.keys[stop:]),
        (*chunk.totals[:at], value, *chunk.totals[stop:]),
    )


def without_entry(chunk: Chunk, key: str) -> Chunk:
    """Return a chunk of level 0 without that entry."""
    at = bisect_left(chunk.keys, key)
    stop = at + (at < len(chunk.keys) and chunk.keys[at] == key)
    return Chunk(0, chunk.keys[:at] + chunk.keys[stop:], chunk.totals[:at] + chunk.totals[stop:])
