"""What the engine runs: a stage's sources, tables and pure step."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from accolade.streams.engine.batches import Fetched
from accolade.streams.engine.tables import Overlay, TableLike

O = TypeVar("O")  # noqa: E741 # what a step emits


class Message(NamedTuple):
    """A record to be produced."""

    topic: str
    partition: int
    key: bytes | None
    value: bytes | None


@dataclass(frozen=True)
class Stage(Generic[O]):
    """
    A keyed aggregation: co-partitioned source topics, tables, and a step.

    The step sees one record at a time through its view and returns what it
    emits. Of several outputs with one identity in a transaction only the last
    is encoded and sent.
    """

    name: str
    #: Topic names, co-partitioned.
    sources: tuple[str, ...]
    partitions: int
    changelog: str
    tables: tuple[TableLike, ...]
    step: Callable[[Overlay, Fetched], Iterable[O]]
    identify: Callable[[O], Hashable]
    encode: Callable[[O], Message]
