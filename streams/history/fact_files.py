"""
Facts in files of JSON lines: one record a line, its fields named as in its schema.

`{"deal_id": "D-7", "revision": 1, …}`: the fields tell which record it is. Times are
microseconds since 1970 UTC or ISO 8601 texts, amounts exact decimal numbers. A line may
also say when it arrived, as `arrived_at`; without it that is when it occurred.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from accolade.streams.identity import NATURAL_KEYS
from accolade.streams.importing.build import Wrong, build
from accolade.streams.importing.fields import fields_of
from accolade.streams.importing.json_rows import json_row
from accolade.streams.importing.kinds import KINDS
from accolade.streams.importing.load import named_like_fields
from accolade.streams.importing.values import TimeFormat, Unreadable, time
from accolade.streams.records import Plan, Record

#: What a line may hold.
RECORDS: tuple[type[Record], ...] = (*KINDS.values(), Plan)
_ARRIVED = "arrived_at"


class BadLine(Exception):
    """A line that is no fact, and why."""


class Line(NamedTuple):
    """A line of a file, read."""

    file: str
    #: From 1.
    number: int
    #: The fact, or why there is none.
    fact: Record | BadLine
    #: When it arrived, µs UTC; when it occurred where the line doesn't say.
    arrived_at: int
    #: Bytes of the file up to here, for progress.
    bytes_read: int


def read_lines(path: Path) -> Iterator[Line]:
    """
    Yield the lines of a file that hold something.

    Raises:
        OSError: The file can't be read.
    """
    with path.open("rb") as stream:
        yield from lines_of(stream, str(path))


def lines_of(stream: BinaryIO, name: str) -> Iterator[Line]:
    """Yield the lines of a stream that hold something; `name` is what it is called."""
    reader = _Reader()
    done = 0
    for number, text in enumerate(stream, 1):
        done += len(text)
        if not text.strip():
            continue
        fact: Record | BadLine
        try:
            fact, arrived_at = reader.read(text)
        except BadLine as bad:
            fact, arrived_at = bad, 0
        yield Line(name, number, fact, arrived_at, done)


class _Reader:
    """Reads lines; what records have which fields is found out once."""

    def __init__(self) -> None:
        self._fields = msgspec.json.Decoder(dict[str, msgspec.Raw])
        self._decoders: dict[frozenset[str], msgspec.json.Decoder[Record] | None] = {}

    def read(self, text: bytes) -> tuple[Record, int]:
        try:
            fields = self._fields.decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadLine(f"not a JSON object: {error}") from error
        arrived = fields.pop(_ARRIVED, None)
        if arrived is not None:
            text = msgspec.json.encode(fields)
        record = self._record(text, frozenset(fields))
        if arrived is None:
            return record, occurred_at(record)
        return record, _time(msgspec.json.decode(arrived))

    def _record(self, text: bytes, names: frozenset[str]) -> Record:
        if names not in self._decoders:
            self._decoders[names] = _decoder(names)
        decoder = self._decoders[names]
        if decoder is not None:
            try:
                return decoder.decode(text)
            except msgspec.ValidationError:
                # Times may be texts; and that way tells the field in its own words.
                pass
        return _slowly(text.decode(errors="replace"), names)


def _decoder(names: frozenset[str]) -> "msgspec.json.Decoder[Record] | None":
    """Return what reads the one record that has such fields; None where none has."""
    fitting = [made for made in RECORDS if _fits(made, names)]
    return msgspec.json.Decoder(fitting[0]) if len(fitting) == 1 else None


def _fits(made: type[Record], names: frozenset[str]) -> bool:
    fields = fields_of(made)
    return {name for name, field in fields.items() if field.required} <= names <= fields.keys()


def _slowly(text: str, names: frozenset[str]) -> Record:
    """Return the record as `accolade publish` would read it, or say what is wrong."""
    known = [made for made in RECORDS if NATURAL_KEYS[made][0] in names]
    if not known:
        raise BadLine("has the key of no record; docs/publishing.md lists them")
    alike = max(known, key=lambda made: _likeness(made, names))
    try:
        return build(json_row(1, text), named_like_fields(alike))
    except Wrong as wrong:
        says = "; ".join(problem.described() for problem in wrong.problems)
        raise BadLine(f"as a {alike.__name__}: {says}") from wrong


def _likeness(made: type[Record], names: frozenset[str]) -> int:
    """Return how much the names are those of a record: its fields count, others count against."""
    fields = fields_of(made)
    missing = sum(field.required and name not in names for name, field in fields.items())
    return 2 * len(names & fields.keys()) - len(names - fields.keys()) - missing


def occurred_at(record: Record) -> int:
    """Return when a record occurred or holds from, µs UTC; 0 for what has no time, as a plan."""
    for name in ("occurred_at", "valid_from", "chosen_at"):
        at: int | None = getattr(record, name, None)
        if at is not None:
            return at
    return 0


def _time(said: object) -> int:
    if isinstance(said, int) and not isinstance(said, bool):
        return said
    try:
        return time(str(said), TimeFormat())
    except Unreadable as error:
        raise BadLine(f"{_ARRIVED}: {error}") from error
