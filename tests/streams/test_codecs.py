"""Records survive the wire; whatever else is there is refused, quickly and with a reason."""

import copy
import io
from decimal import Decimal
from typing import Any

import pytest
from fastavro import parse_schema, schemaless_reader, schemaless_writer
from hypothesis import given
from hypothesis import strategies as st

from accolade.schemas import load_schemas
from accolade.streams.catalogue import DEALS, FACTS
from accolade.streams.codecs import (
    UNDECODABLE,
    UNKNOWN_SCHEMA,
    Codec,
    Undecodable,
    Unencodable,
)
from accolade.streams.records import Award, Contact, Deal, Demo, ExchangeRate, Record, TeamMember
from accolade.streams.schemas import RecordSchema, fingerprint

from .samples import any_record

SCHEMAS = {schema.record: schema for schema in load_schemas()}
CODEC = Codec(SCHEMAS.values())
DEAL = Deal(
    deal_id="D-1",
    revision=3,
    occurred_at=1_780_000_000_000_000,
    stage="won",
    amount=Decimal("4200.10"),
    currency="USD",
    team=(TeamMember(rep_id="P-1", role="account_executive", share_bp=5_000),),
    dimensions={"campaign": "spring"},
)
PREFIX_BYTES = 10


def zigzag(number: int) -> bytes:
    """Return an Avro long."""
    rest = (number << 1) ^ (number >> 63)
    out = bytearray()
    while rest > 0x7F:
        out.append(rest & 0x7F | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def single_object(record: type[Record], body: bytes) -> bytes:
    """Return a body behind the prefix of the record's current schema."""
    return b"\xc3\x01" + fingerprint(SCHEMAS[record].current) + body


def refusal(data: bytes, *allowed: type[Record], codec: Codec = CODEC) -> Undecodable:
    """Return why the codec refuses the bytes."""
    with pytest.raises(Undecodable) as refused:
        codec.decode(data, allowed or (Deal,))
    return refused.value


def outcome(data: bytes, record: type[Record]) -> type[Record] | str:
    """Return the class of the record that is read, or the reason of the refusal."""
    try:
        return type(CODEC.decode(data, (record,)))
    except Undecodable as error:
        return error.reason


def test_the_fingerprint_is_that_of_the_specification() -> None:
    """The specification's own example, lowest byte first."""
    assert fingerprint("int").hex() == (0x7275D51A3F395C8F).to_bytes(8, "little").hex()


@pytest.mark.parametrize("record", SCHEMAS, ids=lambda record: record.__name__)
@given(data=st.data())
def test_a_record_survives_the_wire(record: type[Record], data: st.DataObject) -> None:
    """What is read is what was written, whatever the fields hold."""
    written = data.draw(any_record(record))

    read = CODEC.decode(CODEC.encode(written), (record,))

    assert read == written
    assert type(read) is record


def test_another_avro_reader_sees_times_and_amounts() -> None:
    """Single-object encoding: a marker, the fingerprint, then plain Avro."""
    data = CODEC.encode(DEAL)
    schema = parse_schema(copy.deepcopy(dict(SCHEMAS[Deal].current)))

    read: Any = schemaless_reader(io.BytesIO(data[PREFIX_BYTES:]), schema, None)

    assert data[:PREFIX_BYTES] == single_object(Deal, b"")
    assert read["amount"] == Decimal("4200.10")
    assert read["occurred_at"].isoformat() == "2026-05-28T20:26:40+00:00"
    assert read["team"] == [{"rep_id": "P-1", "role": "account_executive", "share_bp": 5_000}]


def test_what_another_avro_writer_wrote_is_read() -> None:
    """A connector in another language writes the same bytes."""
    stream = io.BytesIO()
    fields = {
        "deal_id": "D-1",
        "revision": 3,
        "occurred_at": 1_780_000_000_000_000,
        "stage": "won",
        "amount": Decimal("4200.1000"),
        "currency": "USD",
        "team": [{"rep_id": "P-1", "role": "account_executive", "share_bp": 5_000}],
        "dimensions": {"campaign": "spring"},
    }
    schemaless_writer(stream, parse_schema(copy.deepcopy(dict(SCHEMAS[Deal].current))), fields)

    assert CODEC.decode(single_object(Deal, stream.getvalue()), (Deal,)) == DEAL


def older_and_newer() -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of deals without `source`, and with one field more and others promoted."""
    current = dict(SCHEMAS[Deal].current)
    older = copy.deepcopy(current)
    older["fields"] = [f for f in older["fields"] if f["name"] != "source"]
    newer = copy.deepcopy(current)
    newer["fields"].insert(2, {"name": "added", "type": ["null", "string"], "default": None})
    return older, newer


@pytest.mark.parametrize("version", [0, 1], ids=["older", "newer"])
def test_every_published_version_is_read_as_the_record_of_today(version: int) -> None:
    """Missing fields take their defaults, unknown ones are dropped."""
    published = older_and_newer()
    current = SCHEMAS[Deal].current
    writer = Codec([RecordSchema(Deal, published[version])])
    reader = Codec([RecordSchema(Deal, current, (*published, current))])

    assert reader.decode(writer.encode(DEAL), (Deal,)) == DEAL


def test_a_schema_never_published_is_unknown() -> None:
    """The reason says what to look at."""
    newer = Codec([RecordSchema(Deal, older_and_newer()[1])])

    error = refusal(newer.encode(DEAL))

    assert error.reason == UNKNOWN_SCHEMA
    assert "was it written by a newer version?" in error.message


def test_a_record_that_the_topic_does_not_hold_is_refused() -> None:
    """A contact has no place among the deals."""
    error = refusal(CODEC.encode(Contact(person_id="P-1", revision=1, name="A")), *DEALS.records)

    assert error.reason == UNKNOWN_SCHEMA
    assert error.message == "accolade.Contact has no place in this topic, which holds Deal"


def test_a_topic_may_hold_several_records() -> None:
    """Which one came is in its prefix."""
    rate = ExchangeRate(
        from_currency="EUR",
        to_currency="USD",
        valid_from=1_780_000_000_000_000,
        revision=1,
        rate=Decimal("1.0923456789"),
    )

    assert CODEC.decode(CODEC.encode(rate), FACTS.records) == rate


@pytest.mark.parametrize("data", [b"", b"\xc3", b"{}", b"\x01\x00\x00", b'{"deal_id": 1}'])
def test_other_prefixes_are_undecodable(data: bytes) -> None:
    """JSON or nothing at all is no Avro."""
    error = refusal(data)

    assert error.reason == UNDECODABLE
    assert "neither Avro single-object encoding (c3 01) nor Confluent's" in error.message


def test_a_record_cut_off_anywhere_is_undecodable() -> None:
    """Half a record never becomes a record with defaults."""
    data = CODEC.encode(DEAL)

    assert {refusal(data[:length]).reason for length in range(len(data))} == {UNDECODABLE}


@given(st.binary(min_size=1))
def test_trailing_bytes_are_undecodable(rest: bytes) -> None:
    """Two records in one, or a wrong schema: neither is guessed."""
    error = refusal(CODEC.encode(DEAL) + rest)

    assert error.reason == UNDECODABLE
    assert error.message == f"{len(rest)} bytes follow the accolade.Deal"


@pytest.mark.parametrize("record", SCHEMAS, ids=lambda record: record.__name__)
@given(body=st.binary(max_size=200))
def test_arbitrary_bytes_give_a_record_or_a_refusal(record: type[Record], body: bytes) -> None:
    """Nothing else is ever raised: a poison record must not stop its partition."""
    assert outcome(single_object(record, body), record) in {record, UNDECODABLE}


@given(data=st.data())
def test_damaged_records_give_a_record_or_a_refusal(data: st.DataObject) -> None:
    """A flipped byte may leave a readable record, but nothing worse."""
    damaged = bytearray(CODEC.encode(data.draw(any_record(Award))))
    place = data.draw(st.integers(PREFIX_BYTES, len(damaged) - 1))
    damaged[place] ^= data.draw(st.integers(1, 255))

    assert outcome(bytes(damaged), Award) in {Award, UNDECODABLE}


HUGE = 2**60
DEAL_START = zigzag(1) + b"D" + zigzag(1) + zigzag(0) + zigzag(1) + b"o"
AMOUNT_TO_TEAM = zigzag(1) + b"\x00" + zigzag(3) + b"USD" + zigzag(0)


@pytest.mark.parametrize(
    "body",
    [
        zigzag(HUGE) + b"D",
        zigzag(-HUGE),
        DEAL_START + zigzag(HUGE),
        DEAL_START + AMOUNT_TO_TEAM + zigzag(HUGE),
        DEAL_START + AMOUNT_TO_TEAM + zigzag(-HUGE) + zigzag(HUGE),
        DEAL_START + AMOUNT_TO_TEAM + zigzag(-(2**63)) + zigzag(0),
        b"\xff" * 4096,
    ],
    ids=["text", "negative", "bytes", "list", "sized list", "least list", "endless number"],
)
def test_hostile_lengths_allocate_nothing(body: bytes) -> None:
    """A length is believed only as far as there are bytes."""
    assert refusal(single_object(Deal, body)).reason == UNDECODABLE


def test_an_amount_of_a_megabyte_is_refused_before_it_is_computed() -> None:
    """Converting it would take minutes."""
    digits = b"\x7f" * 1_000_000
    error = refusal(single_object(Deal, DEAL_START + zigzag(len(digits)) + digits + AMOUNT_TO_TEAM))

    assert error.reason == UNDECODABLE


@pytest.mark.parametrize(
    "amount",
    [
        "0.00001",
        "1E+30",
        "123456789012345678901",
        "NaN",
        "Infinity",
        "1E+999999",
        "1." + "0" * 70 + "1",
    ],
)
def test_an_amount_that_does_not_fit_is_not_written(amount: str) -> None:
    """Rather an error than another amount."""
    with pytest.raises(Unencodable):
        CODEC.encode(
            Deal(
                deal_id="D",
                revision=1,
                occurred_at=1,
                stage="won",
                amount=Decimal(amount),
                currency="USD",
            )
        )


@pytest.mark.parametrize("revision", [2**63, -(2**63) - 1])
def test_a_number_over_64_bits_is_not_written(revision: int) -> None:
    """Avro's long ends there."""
    with pytest.raises(Unencodable):
        CODEC.encode(Contact(person_id="P", revision=revision, name="A"))


def test_a_lone_surrogate_is_not_written() -> None:
    """It is no text in UTF-8."""
    with pytest.raises(Unencodable):
        CODEC.encode(Contact(person_id="P", revision=1, name="\ud800"))


def test_a_confluent_id_without_a_registry_names_the_setting() -> None:
    """The operator learns what is missing."""
    error = refusal(b"\x00" + (7).to_bytes(4, "big") + b"body")

    assert error.reason == UNKNOWN_SCHEMA
    assert "set ACCOLADE_SCHEMA_REGISTRY_URL" in error.message


def test_a_demo_is_no_deal_even_if_its_bytes_would_do() -> None:
    """The prefix decides, not the guess."""
    demo = Demo(demo_id="M", revision=1, occurred_at=1, rep_id="P", status="held")

    assert refusal(CODEC.encode(demo)).reason == UNKNOWN_SCHEMA
