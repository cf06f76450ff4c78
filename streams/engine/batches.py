"""What the transport hands to an agent: everything fetched for a partition, at once."""

from collections.abc import Callable
from typing import Any, NamedTuple

import faust

#: Name of the header that carries when the first record of a chain of causes
#: was appended, in milliseconds since 1970 as decimal text.
ORIGIN_HEADER = "origin-ms"
#: Milliseconds have this many digits until the year 33658.
_MS_DIGITS = 15


class Fetched(NamedTuple):
    """A record as it was fetched."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...] = ()

    @property
    def origin_ms(self) -> int:
        """When the record's first cause was appended; its own time if it has no cause."""
        for name, value in self.headers:
            # A source's headers are anyone's: only what can be a time is taken for one.
            if name == ORIGIN_HEADER and value and len(value) <= _MS_DIGITS and value.isdigit():
                return int(value)
        return self.timestamp_ms


class Batch(NamedTuple):
    """
    All that one fetch brought for a partition.

    `start` and `stop` are fetch positions, not offsets of records: what lies
    between and is not among the records was a transaction marker, an aborted
    record or compacted away.
    """

    topic: str
    partition: int
    start: int
    stop: int
    #: Last stable offset of the partition when it was fetched.
    high: int
    records: tuple[Fetched, ...]


class BatchSchema(faust.Schema):  # type: ignore[misc] # Faust is untyped
    """Passes a batch on as it is: decoding is the stage's."""

    def __init__(self) -> None:
        """Declare bytes, so that Faust adds no serializer of its own."""
        super().__init__(key_type=bytes, value_type=bytes)

    def compile(self, app: Any, **_: Any) -> Callable[..., Any]:
        """Return Faust's decoder of messages."""
        create_event = app.create_event

        async def decode(message: Any, *, propagate: bool = False) -> Any:
            return create_event(b"", message.value, message.headers, message)

        return decode
