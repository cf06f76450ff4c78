"""A schema registry over HTTP: what is registered, what is read, and how it fails."""

import base64
import copy
import json
import threading
from collections.abc import Iterator
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from accolade.schemas import codec_for, load_schemas
from accolade.streams.codecs import UNDECODABLE, UNKNOWN_SCHEMA, Codec, Undecodable
from accolade.streams.records import Contact, Deal
from accolade.streams.registry import ConfluentRegistry, RegistryError
from accolade.streams.settings import Settings

SCHEMAS = {schema.record: schema for schema in load_schemas()}
CONTACT = Contact(person_id="P-1", revision=1, name="Ada", email="ada@example.org")


class Registry(ThreadingHTTPServer):
    """The endpoints of a schema registry that a client needs, with their own rules."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.schemas: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.authorization: str | None = None
        #: Registers nothing any more.
        self.closed = False

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"

    def put(self, schema: Any, **more: Any) -> int:
        """Return the number of a schema, a new one where it is new."""
        entry = {"schema": json.dumps(schema), **more}
        if entry not in self.schemas:
            self.schemas.append(entry)
        return self.schemas.index(entry) + 1


class Answers(BaseHTTPRequestHandler):
    """Answers as the registry does."""

    server: Registry

    def do_POST(self) -> None:
        """Register a schema."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._note()
        if self.server.closed:
            self._answer(409, {"error_code": 409, "message": "incompatible with an earlier schema"})
        else:
            self._answer(200, {"id": self.server.put(json.loads(body["schema"]))})

    def do_GET(self) -> None:
        """Give a schema by its number."""
        self._note()
        number = int(self.path.split("?")[0].rpartition("/")[2])
        if number <= len(self.server.schemas):
            self._answer(200, self.server.schemas[number - 1])
        else:
            self._answer(404, {"error_code": 40403, "message": "Schema not found"})

    def _note(self) -> None:
        self.server.asked.append(f"{self.command} {self.path.split('?')[0]}")
        self.server.authorization = self.headers["Authorization"]

    def _answer(self, status: int, body: Any) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def registry() -> Iterator[Registry]:
    """A registry with nothing in it."""
    server = Registry()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def codec_of(registry: Registry, **more: str) -> Codec:
    """Return a codec that uses the registry."""
    return codec_for(Settings.model_validate({"schema_registry_url": registry.url, **more}))


def changed(**fields: Any) -> dict[str, Any]:
    """Return the schema of deals with the types of some fields changed."""
    schema = copy.deepcopy(dict(SCHEMAS[Deal].current))
    for field in schema["fields"]:
        field["type"] = fields.get(field["name"], field["type"])
    return schema


def refusal(codec: Codec, number: int, body: bytes = b"") -> Undecodable:
    """Return why the codec refuses a record of the schema with this number."""
    with pytest.raises(Undecodable) as refused:
        codec.decode(b"\x00" + number.to_bytes(4, "big") + body, (Deal, Contact))
    return refused.value


def test_a_record_is_written_in_confluent_s_format(registry: Registry) -> None:
    """A zero, the schema's number, then plain Avro."""
    written = codec_of(registry).encode(CONTACT)

    assert written[:5] == b"\x00\x00\x00\x00\x01"
    assert json.loads(registry.schemas[0]["schema"]) == SCHEMAS[Contact].current


def test_a_schema_is_registered_once_under_its_record_s_name(registry: Registry) -> None:
    """Some topics hold several records, so the subject is the record's."""
    codec = codec_of(registry)
    codec.encode(CONTACT)
    codec.encode(CONTACT)

    assert registry.asked == ["POST /subjects/accolade.Contact/versions"]


def test_another_process_reads_it_and_asks_once(registry: Registry) -> None:
    """The number says which schema it was."""
    written = codec_of(registry).encode(CONTACT)
    registry.asked.clear()
    reader = codec_of(registry)

    assert [reader.decode(written, (Contact,)) for _ in range(2)] == [CONTACT, CONTACT]
    assert registry.asked == ["GET /schemas/ids/1"]


def test_both_formats_are_read_with_a_registry(registry: Registry) -> None:
    """A registry may be introduced while records are there."""
    plain = Codec(SCHEMAS.values()).encode(CONTACT)

    assert codec_of(registry).decode(plain, (Contact,)) == CONTACT


def test_another_s_compatible_schema_is_read(registry: Registry) -> None:
    """A connector that knows fewer fields, in another order, with its own beside them."""
    number = registry.put(
        {
            "type": "record",
            "name": "Contact",
            "namespace": "accolade",
            "fields": [
                {"name": "name", "type": "string"},
                {"name": "shoe_size", "type": "int"},
                {"name": "person_id", "type": "string"},
                {"name": "revision", "type": "int"},
            ],
        }
    )
    data = b"\x00" + number.to_bytes(4, "big") + b"\x06Ada\x54\x06P-1\x02"

    assert codec_of(registry).decode(data, (Contact,)) == Contact(
        person_id="P-1", revision=1, name="Ada"
    )


def test_a_foreign_scale_is_never_read_as_ours(registry: Registry) -> None:
    """Both have the same fingerprint; 42.00 would become 0.42."""
    cents = {"type": "bytes", "logicalType": "decimal", "precision": 24, "scale": 2}
    error = refusal(codec_of(registry), registry.put(changed(amount=cents)))

    assert error.reason == UNKNOWN_SCHEMA
    assert error.message == (
        "schema 1 can't be read as accolade.Deal: "
        "amount: decimal(24, 2) can't be read as decimal(24, 4)"
    )


@pytest.mark.parametrize(
    ("schema", "more", "says"),
    [
        ({"type": "record", "name": "x.Lead", "fields": []}, {}, "is x.Lead, which isn't ours"),
        ("string", {}, "is not a record, which isn't ours"),
        ({"type": "object"}, {"schemaType": "JSON"}, "has no schema 1"),
        (changed(revision={"type": "array", "items": "null"}), {}, "take no bytes"),
        (changed(revision="lnog"), {}, "is no valid Avro schema"),
        ({"type": "record", "name": "accolade.Deal"}, {}, "can't be read as accolade.Deal"),
    ],
    ids=["another record", "no record", "no Avro", "unbounded", "misspelt", "no fields"],
)
def test_a_schema_that_is_not_ours_is_unknown(
    registry: Registry, schema: Any, more: dict[str, str], says: str
) -> None:
    """With the reason."""
    error = refusal(codec_of(registry), registry.put(schema, **more))

    assert error.reason == UNKNOWN_SCHEMA
    assert says in error.message


def test_a_number_that_the_registry_does_not_have_is_unknown(registry: Registry) -> None:
    """The record came from somewhere else."""
    error = refusal(codec_of(registry), 99)

    assert (error.reason, error.message) == (
        UNKNOWN_SCHEMA,
        "the schema registry has no schema 99",
    )


def test_a_record_cut_off_is_undecodable(registry: Registry) -> None:
    """Within the number, or behind it."""
    codec = codec_of(registry)
    written = codec.encode(CONTACT)

    for length in range(1, len(written)):
        with pytest.raises(Undecodable) as refused:
            codec.decode(written[:length], (Contact,))
        assert refused.value.reason == UNDECODABLE


def test_credentials_are_sent(registry: Registry) -> None:
    """As HTTP's basic authentication."""
    codec_of(registry, schema_registry_username="me", schema_registry_password="hunter2").encode(
        CONTACT
    )

    assert registry.authorization == f"Basic {base64.b64encode(b'me:hunter2').decode()}"


def test_a_refused_schema_is_an_error_with_the_registry_s_reason(registry: Registry) -> None:
    """It says where, what and why."""
    registry.closed = True

    with pytest.raises(RegistryError) as failed:
        codec_of(registry).encode(CONTACT)

    assert str(failed.value).startswith(
        f"the schema registry at {registry.url} doesn't take the schema accolade.Contact: "
        "incompatible with an earlier schema"
    )


class Unreachable:
    """A client whose registry is down; the real one tries for seconds first."""

    def get_schema(self, schema_id: int) -> None:
        """Fail."""
        raise ConnectionError("connection refused")


def test_a_registry_that_is_down_is_no_fault_of_the_record() -> None:
    """It must not become a dead letter."""
    registry = ConfluentRegistry(Unreachable(), "http://registry")  # type: ignore[arg-type]
    codec = Codec(SCHEMAS.values(), registry)

    with pytest.raises(RegistryError, match="at http://registry doesn't give"):
        codec.decode(b"\x00\x00\x00\x00\x07", (Deal,))


def test_amounts_survive_the_registry_s_format(registry: Registry) -> None:
    """As without one."""
    deal = Deal(
        deal_id="D-1",
        revision=1,
        occurred_at=1_780_000_000_000_000,
        stage="open",
        amount=Decimal("0.0001"),
        currency="USD",
    )
    codec = codec_of(registry)

    assert codec.decode(codec.encode(deal), (Deal,)) == deal
