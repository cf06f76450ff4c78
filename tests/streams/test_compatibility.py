"""What one schema wrote and another reads."""

from typing import Any

import pytest

from accolade.streams.compatibility import incompatibilities, unbounded


def record(*fields: Any, name: str = "R") -> dict[str, Any]:
    """Return a record schema of fields `f0`, `f1` and so on."""
    named = [{"name": f"f{place}", "type": kind} for place, kind in enumerate(fields)]
    return {"type": "record", "name": name, "fields": named}


def decimal(precision: int, scale: int) -> dict[str, Any]:
    """Return a decimal type."""
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}


def fixed(size: int) -> dict[str, Any]:
    """Return a fixed type."""
    return {"type": "fixed", "name": "F", "size": size}


def enum(*symbols: str, **more: str) -> dict[str, Any]:
    """Return an enum type."""
    return {"type": "enum", "name": "E", "symbols": list(symbols), **more}


@pytest.mark.parametrize(
    ("writer", "reader"),
    [
        ("string", "string"),
        ("int", "long"),
        ("float", "double"),
        ("bytes", "string"),
        ({"type": "long"}, "long"),
        ("string", ["null", "string"]),
        (["null", "string"], ["null", "string"]),
        (["string"], "string"),
        ({"type": "array", "items": "int"}, {"type": "array", "items": "long"}),
        ({"type": "map", "values": "int"}, {"type": "map", "values": "long"}),
        (enum("A"), enum("A", "B")),
        (enum("A", "C"), enum("A", default="A")),
        (fixed(4), fixed(4)),
        (decimal(24, 4), decimal(24, 4)),
        (record("int"), record("long")),
        (record("int", "string"), record("int")),
    ],
)
def test_compatible_types(writer: Any, reader: Any) -> None:
    """Everything that was written can be read."""
    assert incompatibilities(writer, reader) == []


@pytest.mark.parametrize(
    ("writer", "reader", "problem"),
    [
        ("long", "int", "long can't be read as int"),
        ("string", "long", "string can't be read as long"),
        (["null", "string"], "string", "null can't be read as string"),
        ("long", ["null", "string"], "long is none of null, string"),
        (decimal(24, 2), decimal(24, 4), "decimal(24, 2) can't be read as decimal(24, 4)"),
        ("bytes", decimal(24, 4), "bytes can't be read as decimal(24, 4)"),
        (
            {"type": "long", "logicalType": "timestamp-millis"},
            {"type": "long", "logicalType": "timestamp-micros"},
            "timestamp-millis can't be read as timestamp-micros",
        ),
        (
            {"type": "array", "items": "string"},
            {"type": "array", "items": "long"},
            "[]: string can't be read as long",
        ),
        (enum("A", "C"), enum("A"), "the reader doesn't know the symbols C"),
        (fixed(4), fixed(8), "4 bytes are not 8"),
        (record("long", name="A"), record("long", name="B"), "A is not B"),
        (record(), record("long"), "f0: isn't written, and has no default"),
        (
            record({"type": "array", "items": record("string", name="Inner")}),
            record({"type": "array", "items": record("long", name="Inner")}),
            "f0[].f0: string can't be read as long",
        ),
    ],
)
def test_incompatible_types(writer: Any, reader: Any, problem: str) -> None:
    """The reason names the field and both types."""
    assert incompatibilities(writer, reader) == [problem]


@pytest.mark.parametrize(
    "schema",
    [
        "string",
        record("null", "string"),
        {"type": "array", "items": record("null", "string")},
        {"type": "array", "items": ["null", "string"]},
        {"type": "map", "values": "null"},
        fixed(0),
        enum("A"),
    ],
)
def test_what_costs_as_much_as_it_has_bytes_is_bounded(schema: Any) -> None:
    """Each item takes a byte at least."""
    assert unbounded(schema) is None


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        ({"type": "array", "items": "null"}, "a list whose items take no bytes"),
        ({"type": "array", "items": record("null")}, "a list whose items take no bytes"),
        (record({"type": "array", "items": fixed(0)}), "a list whose items take no bytes"),
        (record(["null", "R"]), "R holds itself"),
        (
            {"type": "map", "values": {"type": "array", "items": "null"}},
            "a list whose items take no bytes",
        ),
    ],
)
def test_what_makes_much_of_few_bytes_is_unbounded(schema: Any, reason: str) -> None:
    """Such a schema of a registry is refused, whoever registered it."""
    assert unbounded(schema) == reason
