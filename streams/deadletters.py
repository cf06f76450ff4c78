"""
Reads the topic of dead letters: what was refused, and what was replayed since.

A replay is told by a further record of the same id whose reason is `replayed`:
the last record of an id says how it stands, and the refused bytes stay for good
in the record before.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from accolade.streams.catalogue import CATALOGUE, DEADLETTERS, Topic
from accolade.streams.codecs import Codec
from accolade.streams.log_reader import Entry, read_all
from accolade.streams.records import DeadLetter
from accolade.streams.settings import Settings

#: The reason of the record that marks a dead letter as replayed.
REPLAYED = "replayed"

_TOPICS: dict[str, Topic] = {topic.name: topic for topic in CATALOGUE}


class LetterStatus(NamedTuple):
    """How a dead letter stands; without the refused bytes, which may be large."""

    #: As it was refused, less its value.
    letter: DeadLetter
    #: How many bytes the refused value has; None for no value.
    value_bytes: int | None
    #: When it was refused, ms since 1970 UTC.
    refused_ms: int
    #: Where it stands in the topic of dead letters.
    at: tuple[int, int]
    #: The last record of its id if it was replayed: by whom, when and where to.
    replayed: str | None

    @property
    def open(self) -> bool:
        """Whether it waits to be dealt with."""
        return self.replayed is None


class Letters(NamedTuple):
    """All dead letters, the oldest first."""

    statuses: list[LetterStatus]
    #: How many records of the topic this version can't read.
    unreadable: int


class LetterNotFound(LookupError):
    """There is no dead letter of that id."""


def topic_of(letter: DeadLetter) -> Topic:
    """
    Return the topic a dead letter came from.

    Raises:
        LetterNotFound: This version knows no such topic.
    """
    found = _TOPICS.get(letter.topic)
    if found is None:
        raise LetterNotFound(f"{letter.dead_letter_id}: there is no topic {letter.topic}")
    return found


def read_statuses(settings: Settings, codec: Codec) -> Letters:
    """
    Return how all dead letters stand.

    Raises:
        LogUnavailable: The topic can't be read.
    """
    statuses: dict[str, LetterStatus] = {}
    unreadable = 0
    for entry in read_all(settings, codec, DEADLETTERS):
        letter = entry.record
        if not isinstance(letter, DeadLetter):
            unreadable += 1
        elif letter.reason != REPLAYED:
            statuses[letter.dead_letter_id] = _status(entry, letter)
        elif letter.dead_letter_id in statuses:
            refused = statuses[letter.dead_letter_id]
            statuses[letter.dead_letter_id] = refused._replace(replayed=letter.message)
    oldest_first = sorted(statuses.values(), key=lambda status: (status.refused_ms, status.at))
    return Letters(oldest_first, unreadable)


def read_letters(
    settings: Settings, codec: Codec, wanted: Iterable[LetterStatus]
) -> Iterator[DeadLetter]:
    """
    Yield the wanted dead letters with their values, one at a time.

    Raises:
        LogUnavailable: The topic can't be read.
    """
    places = {status.at for status in wanted}
    for entry in read_all(settings, codec, DEADLETTERS):
        if (entry.partition, entry.offset) in places and isinstance(entry.record, DeadLetter):
            yield entry.record


def _status(entry: Entry, letter: DeadLetter) -> LetterStatus:
    return LetterStatus(
        letter=msgspec.structs.replace(letter, value=None),
        value_bytes=None if letter.value is None else len(letter.value),
        refused_ms=entry.timestamp_ms,
        at=(entry.partition, entry.offset),
        replayed=None,
    )
