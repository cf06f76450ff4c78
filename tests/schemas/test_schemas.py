"""The schema files say what the record classes say, and everything published stays readable."""

import copy
import types
import typing
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from fastavro.schema import expand_schema, to_parsing_canonical_form

from accolade.schemas import file_stem, load_schemas
from accolade.streams import records
from accolade.streams.catalogue import CATALOGUE
from accolade.streams.compatibility import incompatibilities
from accolade.streams.records import Record
from accolade.streams.schemas import RecordSchema

SCHEMAS = {schema.record: schema for schema in load_schemas()}
#: Parts of other records; they have no file of their own.
NESTED = {records.TeamMember, records.Quota, records.BoardPlace, records.TallyBoard}
AMOUNT = {"type": "bytes", "logicalType": "decimal", "precision": 24, "scale": 4}
RATE = {"type": "bytes", "logicalType": "decimal", "precision": 28, "scale": 10}
MICROSECONDS = {"type": "long", "logicalType": "timestamp-micros"}
MILLISECONDS = {"type": "long", "logicalType": "timestamp-millis"}
TIMES = ("_at", "valid_from", "period_start", "period_end")

each_schema = pytest.mark.parametrize(
    "schema", SCHEMAS.values(), ids=lambda schema: schema.record.__name__
)


def avro_type(annotation: Any, name: str) -> Any:
    """Return the Avro type of a field's annotation, as a schema has to have it."""
    match typing.get_origin(annotation), typing.get_args(annotation):
        case (types.UnionType, (inner, types.NoneType)):
            return ["null", avro_type(inner, name)]
        case (builtin, (item, _)) if builtin is tuple:
            return {"type": "array", "items": avro_type(item, name)}
        case (builtin, (_, value)) if builtin is dict:
            return {"type": "map", "values": avro_type(value, name)}
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return annotation.__name__
    if annotation is Decimal:
        return RATE if name == "rate" else AMOUNT
    if annotation is int and name.endswith(TIMES):
        return MICROSECONDS
    if annotation is int:
        return MILLISECONDS if name.endswith("_ms") else "long"
    return {str: "string", bool: "boolean", bytes: "bytes"}[annotation]


def fields_of(record: type[Record]) -> Iterator[tuple[str, Any, Any]]:
    """Yield name, Avro type and default of a record class's fields."""
    hints = typing.get_type_hints(record)
    for field in msgspec.structs.fields(record):
        default = field.default
        if default is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if isinstance(default, tuple):
            default = list(default)
        yield field.name, avro_type(hints[field.name], field.name), default


def fields_in(schema: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield name, type and default of a schema's fields, with nested records by name."""
    for field in schema["fields"]:
        kind = field["type"]
        if isinstance(kind, dict) and isinstance(kind.get("items"), dict):
            kind = {**kind, "items": kind["items"]["name"]}
        yield field["name"], kind, field.get("default", msgspec.NODEFAULT)


def records_in(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield a record schema and those nested in it."""
    yield schema
    for field in schema["fields"]:
        kind = field["type"]
        if isinstance(kind, dict) and isinstance(kind.get("items"), dict):
            yield from records_in(kind["items"])


def with_fields(schema: RecordSchema, change: typing.Callable[[list[Any]], None]) -> Any:
    """Return a copy of the current schema with its list of fields changed."""
    changed = copy.deepcopy(dict(schema.current))
    change(changed["fields"])
    return changed


def test_every_record_class_has_a_schema() -> None:
    """No class is without a file, and no file without a class."""
    classes = {getattr(records, name) for name in records.__all__} - NESTED - {Record}

    assert classes == set(SCHEMAS)


def test_every_record_of_a_topic_has_a_schema() -> None:
    """Whatever the catalogue names can be written."""
    assert {record for topic in CATALOGUE for record in topic.records} <= set(SCHEMAS)


@each_schema
def test_a_schema_has_its_class_s_fields_types_and_defaults(schema: RecordSchema) -> None:
    """Both ways: no field more, none less, none different, nested records included."""
    for nested in records_in(schema.current):
        assert list(fields_of(getattr(records, nested["name"]))) == list(fields_in(nested))


@each_schema
def test_every_field_is_documented(schema: RecordSchema) -> None:
    """A reader of the schema alone knows what a field means."""
    for nested in records_in(schema.current):
        assert [] == [field["name"] for field in nested["fields"] if not field.get("doc")]
        assert nested["doc"]


@each_schema
def test_times_and_amounts_say_their_unit(schema: RecordSchema) -> None:
    """Units stand in the field's doc."""
    for nested in records_in(schema.current):
        for field in nested["fields"]:
            if "timestamp-micros" in str(field["type"]):
                assert "µs since 1970 UTC" in field["doc"]
            if field["type"] == AMOUNT:
                assert "Major units" in field["doc"]


@each_schema
def test_schemas_share_one_namespace(schema: RecordSchema) -> None:
    """The subject in a registry is the namespace and the class's name."""
    assert schema.name == f"accolade.{schema.record.__name__}"


@each_schema
def test_the_current_schema_is_published(schema: RecordSchema) -> None:
    """Nothing is written with a schema that the next version wouldn't know."""
    newest = schema.published[-1]

    stem = file_stem(schema.record)
    assert shape(newest) == shape(schema.current), (
        f"keep the changed schema as schemas/published/{stem}.{len(schema.published) + 1}.avsc"
    )


def shape(schema: Any) -> Any:
    """Return what data depends on: the canonical form, logical types and defaults."""
    expanded = expand_schema(copy.deepcopy(schema))
    return to_parsing_canonical_form(copy.deepcopy(schema)), list(fields_in(expanded))


@each_schema
def test_every_published_version_can_be_read_with_the_current_and_back(
    schema: RecordSchema,
) -> None:
    """Old data is read by new workers, and during a rollout new data by old ones."""
    for published in schema.published:
        assert incompatibilities(published, schema.current) == []
        assert incompatibilities(schema.current, published) == []


@each_schema
def test_a_new_field_with_a_default_is_compatible_both_ways(schema: RecordSchema) -> None:
    """This is how a schema grows."""
    field = {"name": "added", "type": ["null", "string"], "default": None}
    grown = with_fields(schema, lambda fields: fields.append(field))

    assert incompatibilities(schema.current, grown) == []
    assert incompatibilities(grown, schema.current) == []


@each_schema
def test_a_new_field_without_a_default_is_refused(schema: RecordSchema) -> None:
    """Old data wouldn't have it."""
    grown = with_fields(schema, lambda fields: fields.append({"name": "added", "type": "string"}))

    assert incompatibilities(schema.current, grown) == ["added: isn't written, and has no default"]


@each_schema
def test_removing_a_field_without_a_default_is_refused(schema: RecordSchema) -> None:
    """Older readers need it."""
    first = schema.current["fields"][0]["name"]
    shrunk = with_fields(schema, lambda fields: fields.pop(0))

    assert incompatibilities(shrunk, schema.current) == [
        f"{first}: isn't written, and has no default"
    ]


@each_schema
def test_a_changed_type_is_refused(schema: RecordSchema) -> None:
    """A text is no flag."""
    first = schema.current["fields"][0]["name"]
    changed = with_fields(schema, lambda fields: fields[0].update(type="boolean"))

    assert incompatibilities(changed, schema.current) == [
        f"{first}: boolean can't be read as string"
    ]
