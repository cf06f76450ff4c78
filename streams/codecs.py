"""
Records to bytes and back: Avro behind a prefix that names the writer's schema.

Without a schema registry the prefix is that of Avro's single-object encoding
(C3 01 and the schema's fingerprint), with one it is Confluent's (00 and the
registry's number for the schema). Which one came is read from the bytes, so
both can stand in one topic.

Source:
    Apache Avro specification, "Single-object encoding"; Confluent Schema
    Registry, "Wire format".
"""

import io
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final, Protocol

import msgspec
from fastavro import schemaless_reader, schemaless_writer
from fastavro.schema import SchemaParseException, UnknownType

from accolade.streams.compatibility import incompatibilities, unbounded
from accolade.streams.decimals import bytes_to_decimals, decimals_to_bytes
from accolade.streams.records import Record
from accolade.streams.schemas import (
    FINGERPRINT_BYTES,
    AvroSchema,
    RecordSchema,
    bare,
    fingerprint,
    full_name,
)

#: The bytes aren't a record: cut off, followed by others, or not Avro at all.
UNDECODABLE: Final = "undecodable"
#: The writer's schema isn't known, can't be read as ours, or isn't one of the topic's.
UNKNOWN_SCHEMA: Final = "unknown_schema"

_SINGLE_OBJECT = b"\xc3\x01"
_SINGLE_OBJECT_END = len(_SINGLE_OBJECT) + FINGERPRINT_BYTES
_CONFLUENT = b"\x00"
_CONFLUENT_END = len(_CONFLUENT) + 4


class Undecodable(Exception):
    """Bytes that can't be read as one of a topic's records."""

    def __init__(self, reason: str, message: str) -> None:
        """Take a word for metrics (`undecodable` or `unknown_schema`) and what is wrong."""
        super().__init__(message)
        self.reason = reason
        self.message = message


class Unencodable(ValueError):
    """A record that its schema can't hold, e.g. an amount of five decimals."""


class Registry(Protocol):
    """What the codec needs of a schema registry, see `accolade.streams.registry`."""

    def id_of(self, schema: RecordSchema) -> int:
        """Return the registry's number of the current schema, registering it if need be."""
        ...

    def schema_of(self, schema_id: int) -> AvroSchema | None:
        """Return the schema of that number as parsed JSON; None if there is none."""
        ...


class _Reader:
    """Reads what was written with one schema as the record of today."""

    def __init__(self, schema: RecordSchema, writer: AvroSchema) -> None:
        self.record = schema.record
        self.name = schema.name
        self._writer = bare(writer)
        same = fingerprint(writer) == fingerprint(schema.current)
        self._reader = None if same else bare(schema.current)
        self._to_decimals = bytes_to_decimals(schema.current)

    def read(self, data: bytes, start: int) -> Record:
        stream = io.BytesIO(data)
        stream.seek(start)
        try:
            fields: Any = schemaless_reader(stream, self._writer, self._reader)
            self._to_decimals(fields)
        # Whatever arbitrary bytes make of the library is the bytes' fault, and
        # must not stop the partition.
        except Exception as error:
            raise Undecodable(UNDECODABLE, f"not a whole {self.name}: {_reason(error)}") from error
        rest = len(data) - stream.tell()
        if rest:
            raise Undecodable(UNDECODABLE, f"{rest} bytes follow the {self.name}")
        return msgspec.convert(fields, self.record)


class _Writer:
    """Writes the records of one class with the current schema."""

    def __init__(self, schema: RecordSchema) -> None:
        self.schema = schema
        self._avro = bare(schema.current)
        self._to_bytes = decimals_to_bytes(schema.current)

    def write(self, record: Record, prefix: bytes) -> bytes:
        stream = io.BytesIO()
        stream.write(prefix)
        fields = msgspec.to_builtins(record, builtin_types=(bytes, Decimal))
        try:
            self._to_bytes(fields)
            schemaless_writer(stream, self._avro, fields)
        except (TypeError, ValueError, OverflowError) as error:
            raise Unencodable(f"a {self.schema.name} can't be written: {error}") from error
        return stream.getvalue()


class Codec:
    """
    Writes records with the current schemas, reads those of every published one.

    Not for several threads at once where a registry is used.
    """

    def __init__(self, schemas: Iterable[RecordSchema], registry: Registry | None = None) -> None:
        """Take the schemas of all record classes, and the registry if there is one."""
        self._schemas: Mapping[str, RecordSchema] = {schema.name: schema for schema in schemas}
        self._registry = registry
        self._writers = {schema.record: _Writer(schema) for schema in self._schemas.values()}
        self._prefixes: dict[type[Record], bytes] = {}
        self._by_id: dict[int, _Reader] = {}
        self._by_fingerprint = {
            fingerprint(writer): _Reader(schema, writer)
            for schema in self._schemas.values()
            for writer in (*schema.published, schema.current)
        }

    def encode(self, record: Record) -> bytes:
        """
        Return the record's bytes.

        Raises:
            Unencodable: A field's value doesn't fit its schema.
            RegistryError: The registry can't be reached or refuses the schema.
        """
        kind = type(record)
        prefix = self._prefixes.get(kind)
        if prefix is None:
            prefix = self._prefixes[kind] = self._prefix(self._writers[kind].schema)
        return self._writers[kind].write(record, prefix)

    def decode(self, data: bytes, allowed: tuple[type[Record], ...]) -> Record:
        """
        Return the record of these bytes.

        Args:
            data: A message's value.
            allowed: The record classes that its topic holds.

        Raises:
            Undecodable: The bytes are no such record.
            RegistryError: The registry can't be reached; the bytes may be good.
        """
        if data[:2] == _SINGLE_OBJECT:
            reader, start = self._reader_by_fingerprint(data), _SINGLE_OBJECT_END
        elif data[:1] == _CONFLUENT:
            reader, start = self._reader_by_id(data), _CONFLUENT_END
        else:
            raise Undecodable(
                UNDECODABLE,
                f"begins with {data[:2].hex(' ') or 'nothing'}: neither Avro single-object "
                "encoding (c3 01) nor Confluent's wire format (00)",
            )
        if reader.record not in allowed:
            names = ", ".join(kind.__name__ for kind in allowed)
            raise Undecodable(
                UNKNOWN_SCHEMA, f"{reader.name} has no place in this topic, which holds {names}"
            )
        return reader.read(data, start)

    def _prefix(self, schema: RecordSchema) -> bytes:
        if self._registry is None:
            return _SINGLE_OBJECT + fingerprint(schema.current)
        return _CONFLUENT + self._registry.id_of(schema).to_bytes(4, "big")

    def _reader_by_fingerprint(self, data: bytes) -> _Reader:
        if len(data) < _SINGLE_OBJECT_END:
            raise Undecodable(UNDECODABLE, "ends within the schema's fingerprint")
        mark = data[len(_SINGLE_OBJECT) : _SINGLE_OBJECT_END]
        reader = self._by_fingerprint.get(mark)
        if reader is None:
            raise Undecodable(
                UNKNOWN_SCHEMA,
                f"no published schema has the fingerprint {mark[::-1].hex()}; "
                "was it written by a newer version?",
            )
        return reader

    def _reader_by_id(self, data: bytes) -> _Reader:
        if len(data) < _CONFLUENT_END:
            raise Undecodable(UNDECODABLE, "ends within the schema's number")
        schema_id = int.from_bytes(data[len(_CONFLUENT) : _CONFLUENT_END], "big")
        reader = self._by_id.get(schema_id)
        if reader is None:
            reader = self._by_id[schema_id] = self._registered_reader(schema_id)
        return reader

    def _registered_reader(self, schema_id: int) -> _Reader:
        if self._registry is None:
            raise Undecodable(
                UNKNOWN_SCHEMA,
                f"has schema {schema_id} of a schema registry, and none is configured; "
                "set ACCOLADE_SCHEMA_REGISTRY_URL",
            )
        writer = self._registry.schema_of(schema_id)
        if writer is None:
            raise Undecodable(UNKNOWN_SCHEMA, f"the schema registry has no schema {schema_id}")
        try:
            return _Reader(self._readable_as(writer, schema_id), writer)
        except (SchemaParseException, UnknownType, LookupError, TypeError) as error:
            raise Undecodable(
                UNKNOWN_SCHEMA, f"schema {schema_id} is no valid Avro schema: {error}"
            ) from error

    def _readable_as(self, writer: AvroSchema, schema_id: int) -> RecordSchema:
        """Return our schema that reads what was written with the registry's."""
        named = isinstance(writer, Mapping) and writer.get("type") == "record"
        schema = self._schemas.get(full_name(writer)) if named else None
        if schema is None:
            what = full_name(writer) if named else "not a record"
            raise Undecodable(UNKNOWN_SCHEMA, f"schema {schema_id} is {what}, which isn't ours")
        reason = unbounded(writer)
        problems = [reason] if reason else incompatibilities(writer, schema.current)
        if problems:
            raise Undecodable(
                UNKNOWN_SCHEMA,
                f"schema {schema_id} can't be read as {schema.name}: {'; '.join(problems)}",
            )
        return schema


def _reason(error: Exception) -> str:
    return str(error) or "it ends too early"
