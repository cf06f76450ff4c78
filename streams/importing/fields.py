"""What a record's fields hold, so that a cell of text can be read as one."""

import types
import typing
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache

import msgspec

from accolade.streams.records import Record


class Kind(Enum):
    """How a field is written in a file."""

    TEXT = "text"
    WHOLE = "a whole number"
    TIME = "a time"
    AMOUNT = "a decimal number"
    FLAG = "true or false"
    #: Several records of one class, e.g. the members of a deal's team.
    ITEMS = "a list"
    #: Names with a text each, e.g. a deal's dimensions.
    TEXTS = "names with values"


#: The whole-number fields that are times in microseconds since 1970 UTC.
TIMES = frozenset({"occurred_at", "logged_at", "valid_from", "chosen_at"})


@dataclass(frozen=True)
class Field:
    """One field of a record."""

    name: str
    kind: Kind
    #: It has no default, so a file must give it.
    required: bool
    #: It may be None.
    optional: bool
    #: The class of the items of a list.
    item: type[Record] | None = None


@cache
def fields_of(record: type[Record]) -> dict[str, Field]:
    """Return the record's fields by name, in the order of its schema."""
    return {found.name: _field(found) for found in msgspec.structs.fields(record)}


def _field(found: msgspec.structs.FieldInfo) -> Field:
    kind_type, optional = _without_none(found.type)
    item = _item_of(kind_type)
    return Field(found.name, _kind(found.name, kind_type, item), found.required, optional, item)


def _without_none(declared: object) -> tuple[object, bool]:
    """Return a type less its `| None`, and whether it had one."""
    if not isinstance(declared, types.UnionType):
        return declared, False
    (inner,) = (part for part in typing.get_args(declared) if part is not types.NoneType)
    return inner, True


def _item_of(declared: object) -> type[Record] | None:
    """Return `X` of a declared `tuple[X, ...]`, else None."""
    if typing.get_origin(declared) is not tuple:
        return None
    item: type[Record] = typing.get_args(declared)[0]
    return item


def _kind(name: str, declared: object, item: type[Record] | None) -> Kind:
    if item is not None:
        return Kind.ITEMS
    if typing.get_origin(declared) is dict:
        return Kind.TEXTS
    if name in TIMES:
        return Kind.TIME
    kinds = {str: Kind.TEXT, int: Kind.WHOLE, bool: Kind.FLAG, Decimal: Kind.AMOUNT}
    return kinds[typing.cast("type", declared)]
