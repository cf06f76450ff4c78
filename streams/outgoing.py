"""A record from outside as the message that goes to the broker."""

from typing import NamedTuple

from accolade.streams.bounds import check_person_id
from accolade.streams.catalogue import (
    ACTIVITIES,
    CONTACTS,
    DEALS,
    DEMOS,
    MEETINGS,
    MODULES,
    PAYMENTS,
    REFERENCE,
    Topic,
)
from accolade.streams.codecs import Codec
from accolade.streams.identity import identity_of
from accolade.streams.keys import key_of
from accolade.streams.records import Record
from accolade.streams.rules.door import REFERENCE_PARTITION
from accolade.streams.settings import Settings
from accolade.streams.validation import validate

#: The topics that are written from outside.
SOURCE_TOPICS = (DEALS, DEMOS, MEETINGS, ACTIVITIES, PAYMENTS, MODULES, CONTACTS, REFERENCE)
#: The client's word for "the one that the key belongs to".
BY_KEY = -1

_TOPICS: dict[type[Record], Topic] = {
    record: topic for topic in SOURCE_TOPICS for record in topic.records
}


class Outgoing(NamedTuple):
    """A message, checked and encoded."""

    #: What it is for people, e.g. `Deal D-7, revision 3`.
    name: str
    #: The record it says; None for an erasure.
    record: Record | None
    #: The topic's name on the broker.
    topic: str
    key: bytes
    value: bytes | None
    #: `BY_KEY`, or a fixed one.
    partition: int


def outgoing(record: Record, settings: Settings, codec: Codec) -> Outgoing:
    """
    Return the message that says a record, once it has been checked.

    Raises:
        Invalid: A field is wrong.
        Unencodable: A value doesn't fit its field.
        TypeError: The record doesn't come from outside.
    """
    validate(record)
    topic = topic_for(type(record))
    return Outgoing(
        name=str(identity_of(record)),
        record=record,
        topic=settings.topic_name(topic),
        key=key_of(record).encode(),
        value=codec.encode(record),
        partition=partition_for(topic),
    )


def erased_contact(person_id: str, settings: Settings) -> Outgoing:
    """
    Return the message that erases a person's contact data.

    Raises:
        Invalid: It is no person's id.
    """
    check_person_id("person_id", person_id)
    return Outgoing(
        name=f"erasure of Contact {person_id}",
        record=None,
        topic=settings.topic_name(CONTACTS),
        key=person_id.encode(),
        value=None,
        partition=BY_KEY,
    )


def topic_for(record: type[Record]) -> Topic:
    """Return the topic that records of a class from outside are published to."""
    return _TOPICS[record]


def partition_for(topic: Topic) -> int:
    """Return the partition of a topic's records from outside, or `BY_KEY`."""
    return REFERENCE_PARTITION if topic is REFERENCE else BY_KEY
