"""
Follows topics for a store that keeps its own position beside its data.

The store's position is the only truth: it is written in one step with the data
(a script, an SQL transaction), and each batch says which position it must find.
Whatever happens to the store (emptied, put back to an older state, written by a
second instance), its answer tells where to go on. There is no consumer group.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from confluent_kafka import Message


class Source(NamedTuple):
    """A partition that is followed."""

    topic: str
    partition: int


class Span(NamedTuple):
    """What a source's log holds at the moment."""

    #: Changes when a topic is made anew; empty where the broker doesn't tell.
    topic_id: str
    #: Offset of the first record that is still there.
    first: int
    #: Offset up to which everything is committed or aborted.
    end: int
    #: How many partitions the topic has.
    partitions: int


class Received(NamedTuple):
    """A record as it came."""

    offset: int
    #: The record's own time, ms since 1970 UTC.
    time_ms: int
    key: bytes | None
    #: None in a compacted topic: erased.
    value: bytes | None


@dataclass(frozen=True)
class Batch:
    """
    Records of one source, all that lie between two positions.

    Without records it asks whether the store still has the position.
    """

    source: Source
    #: The position that the store must have.
    position: int
    #: The position that the store has afterwards.
    next_position: int
    records: tuple[Received, ...] = ()


class Store(Protocol):
    """Where a follower's records go; both methods raise `UnavailableError`."""

    def start(self, source: Source, span: Span) -> int:
        """
        Return the position from which the source is to be read.

        Where the store has no position for it (any more), it begins anew: what it
        holds of the source is forgotten as far as it can't be trusted.
        """
        ...

    def write(self, batches: Sequence[Batch]) -> Mapping[Source, int | None]:
        """
        Store each batch with its position, or nothing of it where its position doesn't match.

        Returns:
            The position that the store now has of each source; None for none.
        """
        ...


class UnavailableError(Exception):
    """What a store needs can't be reached at the moment; the same call may work later."""


def received(message: Message) -> Received:
    """Return a record in the form that stores take."""
    offset = message.offset()
    if offset is None:
        raise TypeError("a consumed record has an offset")
    return Received(offset, message.timestamp()[1], message.key(), message.value())
