"""
A record's Avro schema and those it was published with, as the codec needs them.

The schemas themselves are the files of `accolade.schemas`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastavro.schema import fingerprint as avro_fingerprint
from fastavro.schema import parse_schema, to_parsing_canonical_form

from accolade.streams.records import Record

#: A schema as its file has it: a parsed JSON value.
AvroSchema = Any
#: How many bytes of a name identify a schema on the wire.
FINGERPRINT_BYTES = 8


@dataclass(frozen=True)
class RecordSchema:
    """The schemas of one record class: the current one, and all that were ever published."""

    record: type[Record]
    current: Mapping[str, Any]
    published: Sequence[Mapping[str, Any]] = ()

    @property
    def name(self) -> str:
        """The full name, e.g. `accolade.Deal`."""
        return full_name(self.current)


def full_name(schema: Mapping[str, Any]) -> str:
    """Return the full name of a record schema."""
    name = str(schema["name"])
    namespace = schema.get("namespace")
    return name if "." in name or not namespace else f"{namespace}.{name}"


def fingerprint(schema: AvroSchema) -> bytes:
    """
    Return the CRC-64-AVRO fingerprint of a schema as single-object encoding writes it.

    Docs, defaults and logical types have no part in it.

    Source:
        Apache Avro specification, "Schema fingerprints".
    """
    # fastavro's hexadecimal already has the lowest byte first, as the wire wants it.
    return bytes.fromhex(avro_fingerprint(to_parsing_canonical_form(schema), "CRC-64-AVRO"))


def bare(schema: AvroSchema) -> AvroSchema:
    """
    Return the schema parsed for fastavro, without logical types.

    Times stay integers. Decimals stay bytes: their conversion is bounded
    in `accolade.streams.decimals`, where fastavro would spend minutes on a
    decimal of a megabyte.
    """
    return parse_schema(_without_logical_types(schema))


def _without_logical_types(schema: AvroSchema) -> AvroSchema:
    if isinstance(schema, Mapping):
        if "logicalType" in schema and isinstance(schema["type"], str) and _is_plain(schema):
            return schema["type"]
        return {key: _inside(key, value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_without_logical_types(branch) for branch in schema]
    return schema


def _is_plain(schema: Mapping[str, Any]) -> bool:
    return schema["type"] in {"int", "long", "bytes", "string"}


def _inside(key: str, value: Any) -> Any:
    if key in {"type", "items", "values"}:
        return _without_logical_types(value)
    if key == "fields":
        return [_without_logical_types(field) for field in value]
    return value
