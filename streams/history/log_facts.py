"""The facts of a running deployment, from its own log: what was counted, in its order."""

from collections.abc import Iterator
from typing import NamedTuple

from accolade.streams.catalogue import FACTS
from accolade.streams.codecs import Codec
from accolade.streams.log_reader import read_all
from accolade.streams.records import Record
from accolade.streams.settings import Settings

_US_PER_MS = 1_000


class LoggedFact(NamedTuple):
    """A fact of the log."""

    fact: Record
    partition: int
    offset: int
    #: When it was appended, µs UTC.
    appended_at: int


def logged_facts(settings: Settings, codec: Codec) -> Iterator[LoggedFact]:
    """
    Yield all facts, those of each partition in their order.

    Raises:
        LogUnavailable: The topic isn't there, or the brokers don't answer.
    """
    for entry in read_all(settings, codec, FACTS):
        # What can't be read is a dead letter of the flow, and was never counted.
        if isinstance(entry.record, Record):
            at = entry.timestamp_ms * _US_PER_MS
            yield LoggedFact(entry.record, entry.partition, entry.offset, at)
