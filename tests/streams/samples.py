"""Any record of any class, for property tests."""

import types
import typing
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import strategies as st

from accolade.streams.records import Record

_LONGS = st.integers(-(2**63), 2**63 - 1)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def any_record(record: type[Record]) -> st.SearchStrategy[Any]:
    """Return records of the class, every field anything its schema can hold."""
    hints = typing.get_type_hints(record)
    fields = {
        field.name: _any_value(hints[field.name], field.name)
        for field in msgspec.structs.fields(record)
    }
    return st.builds(record, **fields)


def _any_value(annotation: Any, name: str) -> st.SearchStrategy[Any]:
    match typing.get_origin(annotation), typing.get_args(annotation):
        case (types.UnionType, (inner, types.NoneType)):
            return st.none() | _any_value(inner, name)
        case (builtin, (item, _)) if builtin is tuple:
            return st.lists(_any_value(item, name), max_size=3).map(tuple)
        case (builtin, (_, _)) if builtin is dict:
            return st.dictionaries(_TEXTS, _TEXTS, max_size=3)
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return any_record(annotation)
    if annotation is Decimal:
        places, precision = (10, 28) if name == "rate" else (4, 24)
        most = 10**precision - 1
        return st.integers(-most, most).map(lambda unscaled: _decimal(unscaled, places))
    return {str: _TEXTS, int: _LONGS, bool: st.booleans(), bytes: st.binary(max_size=20)}[
        annotation
    ]


def _decimal(unscaled: int, places: int) -> Decimal:
    sign = "-" if unscaled < 0 else ""
    digits = str(abs(unscaled)).rjust(places + 1, "0")
    return Decimal(f"{sign}{digits[:-places]}.{digits[-places:]}")
