"""How a step sees its state and what it hands back; implemented by the runner."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

import msgspec

from accolade.streams.catalogue import Topic
from accolade.streams.records import Record


class Row(msgspec.Struct, frozen=True):
    """A row of state. Immutable: to change it, put another in its place."""


R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class Table(Generic[R]):
    """A table of a step's state: rows by (owner, key), `owner` being what they belong to."""

    name: str
    row: type[R]


class View(Protocol):
    """
    A step's view of its state: what was committed, and its own writes on top.

    Owner and key are non-empty text without a NUL; the key may be empty.
    """

    def get(self, table: Table[R], owner: str, key: str = "") -> R | None:
        """Return the row, or None."""
        ...

    def put(self, table: Table[R], owner: str, key: str, row: R) -> None:
        """Write the row; later reads of this view see it."""
        ...

    def delete(self, table: Table[R], owner: str, key: str = "") -> None:
        """Remove the row, if there is one."""
        ...

    def rows(self, table: Table[R], owner: str) -> list[tuple[str, R]]:
        """Return the owner's rows as (key, row) by rising key."""
        ...

    def owners(self, table: Table[R]) -> list[str]:
        """Return the owners that have rows in the table, rising."""
        ...


class Position(NamedTuple):
    """Where a record stands in the log."""

    topic: str
    partition: int
    offset: int
    #: Rises when a topic is made anew.
    epoch: int = 0


class Output(NamedTuple):
    """A record that a step emits; of several with one id in a batch only the last is sent."""

    topic: Topic
    key: str
    #: None erases the key in a compacted topic.
    record: Record | None
    #: Deterministic id of what is said; the key where it says enough.
    id: str = ""
    #: What the partition is chosen by (murmur2); the key where empty.
    partition_by: str = ""
    #: A fixed partition instead.
    partition: int | None = None


class Partitioning(NamedTuple):
    """How many partitions the topics of each kind have."""

    crm: int
    facts: int
    boards: int


Step = Callable[[View, Record, Position], Iterable[Output]]
"""
One record's effect on the state, and what is to be said of it.

Pure: the same view, record and position give the same writes and outputs.
"""


class Rejected(Exception):
    """A record that a step refuses; it becomes a dead letter and the rest goes on."""

    def __init__(self, reason: str, message: str) -> None:
        """Take a word for metrics (`invalid`, …) and what is wrong, naming the field."""
        super().__init__(message)
        self.reason = reason
        self.message = message


__all__ = [
    "Output",
    "Partitioning",
    "Position",
    "Rejected",
    "Row",
    "Step",
    "Table",
    "View",
]
