"""
Whether what was written with one Avro schema can be read with another.

Stricter than Avro's own resolution in three things: every branch of a
writer's union must be readable, logical types (a decimal's scale, a time's
unit) must be the same, and aliases are not followed.

Source:
    Apache Avro specification, "Schema resolution".
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fastavro.schema import expand_schema

from accolade.streams.schemas import AvroSchema

_PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_PROMOTIONS = frozenset(
    {
        ("int", "long"),
        ("int", "float"),
        ("int", "double"),
        ("long", "float"),
        ("long", "double"),
        ("float", "double"),
        ("string", "bytes"),
        ("bytes", "string"),
    }
)


def incompatibilities(writer: AvroSchema, reader: AvroSchema) -> list[str]:
    """
    Return why data of `writer` can't always be read with `reader`.

    Args:
        writer: The schema the data was written with, as parsed JSON.
        reader: The schema it is to be read with, as parsed JSON.

    Returns:
        One text per reason, `<field>.<field>: <what is wrong>`; none when all
        data can be read.
    """
    return list(_differences(expand_schema(writer), expand_schema(reader), ""))


def unbounded(schema: AvroSchema) -> str | None:
    """
    Return why few bytes of data of this schema could cost without limit, or None.

    A recursive type makes depth, a list of nothings length, out of no bytes.
    """
    return _unbounded(expand_schema(schema))


def _differences(writer: AvroSchema, reader: AvroSchema, path: str) -> Iterator[str]:
    if isinstance(writer, list):
        for branch in writer:
            yield from _differences(branch, reader, path)
    elif isinstance(reader, list):
        if all(any(_differences(writer, branch, path)) for branch in reader):
            yield _text(path, f"{_kind(writer)} is none of {', '.join(map(_kind, reader))}")
    elif not _is_readable(writer, reader):
        yield _text(path, f"{_described(writer)} can't be read as {_described(reader)}")
    else:
        yield from _inner_differences(writer, reader, path)


def _is_readable(writer: AvroSchema, reader: AvroSchema) -> bool:
    """Return whether the types themselves fit, whatever is inside of them."""
    kinds = (_kind(writer), _kind(reader))
    return _logical(writer) == _logical(reader) and (kinds[0] == kinds[1] or kinds in _PROMOTIONS)


def _inner_differences(writer: AvroSchema, reader: AvroSchema, path: str) -> Iterator[str]:
    match _kind(writer):
        case "record":
            yield from _record_differences(writer, reader, path)
        case "array":
            yield from _differences(writer["items"], reader["items"], f"{path}[]")
        case "map":
            yield from _differences(writer["values"], reader["values"], f"{path}[]")
        case "enum":
            unknown = sorted(set(writer["symbols"]) - set(reader["symbols"]))
            if unknown and "default" not in reader:
                yield _text(path, f"the reader doesn't know the symbols {', '.join(unknown)}")
        case "fixed":
            if writer["size"] != reader["size"]:
                yield _text(path, f"{writer['size']} bytes are not {reader['size']}")


def _record_differences(writer: Any, reader: Any, path: str) -> Iterator[str]:
    if _short_name(writer) != _short_name(reader):
        yield _text(path, f"{_short_name(writer)} is not {_short_name(reader)}")
        return
    written = {field["name"]: field for field in writer["fields"]}
    for field in reader["fields"]:
        inner = f"{path}.{field['name']}" if path else field["name"]
        if field["name"] in written:
            yield from _differences(written[field["name"]]["type"], field["type"], inner)
        elif "default" not in field:
            yield _text(inner, "isn't written, and has no default")


def _unbounded(schema: AvroSchema) -> str | None:
    if isinstance(schema, list):
        return _first(schema)
    match _kind(schema):
        case "record":
            return _first([field["type"] for field in schema["fields"]])
        case "array":
            if _may_be_empty(schema["items"]):
                return "a list whose items take no bytes"
            return _unbounded(schema["items"])
        case "map":
            return _unbounded(schema["values"])
        case "enum" | "fixed":
            return None
        case kind:
            return None if kind in _PRIMITIVES else f"{kind} holds itself"


def _first(schemas: list[AvroSchema]) -> str | None:
    return next((reason for schema in schemas if (reason := _unbounded(schema))), None)


def _may_be_empty(schema: AvroSchema) -> bool:
    match _kind(schema):
        case "null":
            return True
        case "fixed":
            return bool(schema["size"] == 0)
        case "record":
            return all(_may_be_empty(field["type"]) for field in schema["fields"])
        case _:
            return False


def _kind(schema: AvroSchema) -> str:
    """Return the type's word; a union's is `union`, a type that holds itself is its name."""
    if isinstance(schema, list):
        return "union"
    kind = schema["type"] if isinstance(schema, Mapping) else schema
    return _kind(kind) if isinstance(kind, Mapping | list) else str(kind)


def _logical(schema: AvroSchema) -> tuple[Any, ...]:
    if not isinstance(schema, Mapping) or "logicalType" not in schema:
        return ()
    return (schema["logicalType"], schema.get("precision"), schema.get("scale", 0))


def _described(schema: AvroSchema) -> str:
    match _logical(schema):
        case ():
            return _kind(schema)
        case ("decimal", precision, scale):
            return f"decimal({precision}, {scale})"
        case (logical, *_):
            return str(logical)
    raise AssertionError(schema)


def _short_name(schema: Mapping[str, Any]) -> str:
    return str(schema["name"]).rsplit(".", 1)[-1]


def _text(path: str, what: str) -> str:
    return f"{path}: {what}" if path else what
