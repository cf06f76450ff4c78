"""A log of one partition that is handed to a store as a follower would."""

from dataclasses import dataclass

from accolade.schemas import codec_for
from accolade.sinks.following import Batch, Received, Source, Span, Store
from accolade.streams.records import Record
from accolade.streams.settings import Settings

SETTINGS = Settings()
_CODEC = codec_for(SETTINGS)


def encode(record: Record) -> bytes:
    """Return a record's bytes."""
    return _CODEC.encode(record)


@dataclass
class StoreLog:
    """A log, and how far it was handed over."""

    store: Store
    source: Source
    position: int = 0

    def start(
        self, first: int = 0, end: int = 1_000_000, topic_id: str = "one", partitions: int = 1
    ) -> int:
        """Begin where the store says; return where that is."""
        self.position = self.store.start(self.source, Span(topic_id, first, end, partitions))
        return self.position

    def write(self, *values: Record | bytes | None, key: bytes = b"key") -> int | None:
        """Write records behind each other; return the position that stands in the store."""
        records = tuple(
            Received(
                offset,
                1_000 * offset,
                key,
                encode(value) if isinstance(value, Record) else value,
            )
            for offset, value in enumerate(values, self.position)
        )
        batch = Batch(self.source, self.position, self.position + len(records), records)
        stands = self.store.write([batch])[self.source]
        if stands is not None:
            self.position = stands
        return stands
