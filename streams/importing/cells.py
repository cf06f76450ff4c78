"""What stands in a row: texts, and in JSON lists and objects too."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from accolade.streams.importing import values
from accolade.streams.importing.fields import Kind
from accolade.streams.importing.json_text import NotJson, read_json
from accolade.streams.importing.mapping import Source
from accolade.streams.importing.values import Unreadable


@dataclass(frozen=True)
class Cells:
    """What stands in the columns of a row, or in the fields of an object inside one."""

    values: Mapping[str, object]
    #: What is in front of a column's name when it is spoken of, e.g. `members[1].`.
    prefix: str = ""

    def get(self, column: str) -> object:
        """Return what stands in a column, None for nothing; `a.b` is `b` of the object `a`."""
        if column in self.values or "." not in column:
            return self.values.get(column)
        found: object = self.values
        for part in column.split("."):
            if not isinstance(found, dict):
                return None
            found = found.get(part)
        return found


class Found(NamedTuple):
    """A text, and the columns it came from."""

    text: str
    columns: tuple[str, ...]


def cell_text(cell: object) -> str | None:
    """Return what stands in a cell as text, empty for nothing; None for a list or an object."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return str(cell) if isinstance(cell, int) else None


def text_of(source: Source, cells: Cells) -> Found:
    """
    Return a source's text, empty for nothing.

    Raises:
        Unreadable: A list or an object stands there.
    """
    if source.constant is not None:
        return Found(source.constant, ())
    texts = {column: _plain_text(cells, column) for column in source.columns()}
    if source.template is None:
        filled = (Found(text, (column,)) for column, text in texts.items() if text)
        return next(filled, Found("", source.column))
    if not all(texts.values()):
        return Found("", source.columns())
    # Not `str.format`: a column may be called `a.b`.
    text = "".join(part + texts.get(column, "") for part, column in source.template_parts())
    return Found(text, source.columns())


def _plain_text(cells: Cells, column: str) -> str:
    text = cell_text(cells.get(column))
    if text is None:
        raise Unreadable("not_plain", f"'{column}' holds a list or an object, not a plain value")
    return text


def read_text(kind: Kind, source: Source, text: str) -> object:
    """
    Return a source's text as a field's value; None for nothing.

    Raises:
        Unreadable: It isn't what the field holds.
    """
    if not text:
        return _read(kind, source, source.default) if source.default else None
    if source.values is not None:
        text = _looked_up(text, source.values)
        if not text:
            return None
    return _read(kind, source, values.slug(text) if source.slug else text)


def _looked_up(text: str, known: dict[str, str]) -> str:
    if text not in known:
        message = f"none of the `values:` of the mapping ({', '.join(known)})"
        raise Unreadable("unknown_value", message)
    return known[text]


def _read(kind: Kind, source: Source, text: str) -> object:
    match kind:
        case Kind.TIME:
            return values.time(text, source.time_format())
        case Kind.AMOUNT:
            return values.amount(text, source.decimal.format())
        case Kind.FLAG:
            return values.flag(text)
        case Kind.WHOLE if source.time == "iso":
            return values.whole(text)
        case Kind.WHOLE:
            # A revision may be the time of the last change.
            return values.time(text, source.time_format())
        case _:
            return text


def json_of(cells: Cells, column: str) -> object:
    """
    Return the list or object in a column, None for nothing; in a CSV file it is written as JSON.

    Raises:
        Unreadable: It isn't JSON.
    """
    found = cells.get(column)
    if not isinstance(found, str):
        return found
    if not found.strip():
        return None
    try:
        return read_json(found)
    except NotJson as error:
        raise Unreadable("not_json", f"not JSON: {error}") from error
