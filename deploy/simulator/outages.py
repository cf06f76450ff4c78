"""Bad records of every kind, as broken connectors have sent them: for dead letters."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple, Protocol

import msgspec

from accolade.streams.catalogue import DEALS, MEETINGS, Topic
from accolade.streams.keys import key_of
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Deal, Meeting, Record, TeamMember

_IN_APRIL = 1_775_500_000_000_000
_IN_2999 = 32_472_144_000_000_000
#: Of characters: within what a broker takes, far above what a field may have.
_MEGABYTE = 1_000_000
#: Avro's mark for a record with a fingerprint, and a fingerprint of no schema.
_SINGLE_OBJECT, _NO_SCHEMA = b"\xc3\x01", b"nosuchsc"

_DEAL = Deal(
    deal_id="deal-bad",
    revision=1,
    occurred_at=_IN_APRIL,
    stage="won",
    amount=Decimal("1200.00"),
    currency="USD",
    account_id="account-bad",
    team=(TeamMember(rep_id="rep-001", role="account_executive", share_bp=10_000),),
    source="simulator",
)
_MEETING = Meeting(
    meeting_id="meeting-bad",
    revision=1,
    occurred_at=_IN_APRIL,
    rep_id="rep-001",
    status="held",
    source="simulator",
)


class Encoder(Protocol):
    """Writes records as bytes: the codec."""

    def encode(self, record: Record) -> bytes:
        """Return the record's bytes."""
        ...


class BadRecord(NamedTuple):
    """A Kafka record that has to become a dead letter."""

    topic: Topic
    key: bytes
    value: bytes | None
    #: None for the key's own.
    partition: int | None
    #: The word that its dead letter says.
    reason: str
    #: What is wrong with it, in words.
    what: str


def bad_records(codec: Encoder, partitions: int) -> list[BadRecord]:
    """
    Return one bad record of each kind.

    Args:
        codec: What writes records; the bad ones are made of good ones.
        partitions: How many partitions the CRM topics have; the misplaced one needs two.
    """
    return [
        *_unreadable(codec),
        *_invalid(codec),
        *_astray(codec, partitions),
    ]


def _unreadable(codec: Encoder) -> Iterator[BadRecord]:
    whole, key = codec.encode(_DEAL), key_of(_DEAL).encode()
    bad = [
        (whole[:-7], "undecodable", "truncated"),
        (whole + b"\x00", "undecodable", "a byte too many"),
        (b"", "undecodable", "nothing in it"),
        (b'{"deal_id": "deal-bad"}', "undecodable", "JSON instead of Avro"),
        (_SINGLE_OBJECT + _NO_SCHEMA + whole[10:], "unknown_schema", "unknown fingerprint"),
        (codec.encode(_MEETING), "unknown_schema", "a meeting among deals"),
        (None, "empty", "a tombstone"),
    ]
    for value, reason, what in bad:
        yield BadRecord(DEALS, key, value, None, reason, what)


def _invalid(codec: Encoder) -> Iterator[BadRecord]:
    changes: list[tuple[str, dict[str, object]]] = [
        ("negative amount", {"amount": Decimal("-1.00")}),
        ("finer than a cent", {"amount": Decimal("1200.005")}),
        ("no such currency", {"currency": "XXX"}),
        ("no such stage", {"stage": "almost"}),
        ("in 1970", {"occurred_at": 0}),
        ("in 2999", {"occurred_at": _IN_2999}),
        ("a megabyte of text", {"segment": "x" * _MEGABYTE}),
        ("won by nobody", {"team": ()}),
        ("a rep called as units are", {"team": (TeamMember(rep_id="unit:east", role="sdr"),)}),
    ]
    for what, change in changes:
        value = codec.encode(msgspec.structs.replace(_DEAL, **change))
        yield BadRecord(DEALS, key_of(_DEAL).encode(), value, None, "invalid", what)


def _astray(codec: Encoder, partitions: int) -> Iterator[BadRecord]:
    key = key_of(_DEAL).encode()
    if partitions > 1:
        other = (partition_of(key, partitions) + 1) % partitions
        what = "in another key's partition"
        yield BadRecord(DEALS, key, codec.encode(_DEAL), other, "misplaced_key", what)
    value = codec.encode(_MEETING)
    yield BadRecord(MEETINGS, b"rep-001", value, None, "wrong_key", "keyed by the rep")
