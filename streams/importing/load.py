"""Reads a mapping file, and says with its line what is wrong with it."""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from accolade.streams.importing.fields import Field, Kind, fields_of
from accolade.streams.importing.kinds import KINDS
from accolade.streams.importing.mapping import (
    AnySource,
    Each,
    Head,
    Items,
    Mapping,
    ShortSource,
    Source,
    Texts,
)
from accolade.streams.records import Record

#: Where something stands in the file, from the top: keys, and positions in lists.
Path_ = tuple[str | int, ...]


class MappingError(Exception):
    """A mapping file that can't be used; its text names every line at fault."""


def load_mapping(path: Path, kind: str) -> Mapping:
    """
    Read the mapping file for a kind of record.

    Raises:
        MappingError: It can't be read, or is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError(f"{path}: can't be read: {error}") from error
    return parse_mapping(text, str(path), kind)


def parse_mapping(text: str, file: str, kind: str) -> Mapping:
    """
    Read the text of a mapping file for a kind of record.

    Raises:
        MappingError: It is wrong; `file` is named in front of each line at fault.
    """
    try:
        # The base loader leaves `no` and `2026-04-01` the texts that they are.
        node = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise MappingError(f"{file}:{line}: not YAML: {error.problem}") from error
    reading = _Reading(file)
    plain = reading.plain(node, ())
    reading.stop_if_wrong()
    return reading.mapping(plain, kind)


def named_like_fields(record: type[Record]) -> Mapping:
    """Return the mapping of a file whose columns are called like the record's fields."""
    sources: dict[str, AnySource] = {name: Source(column=(name,)) for name in fields_of(record)}
    return Mapping(record, sources, own_names=True)


class _Reading:
    """One reading of a file: the line of each place, and what is wrong so far."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lines: dict[Path_, int] = {}
        self._wrong: list[tuple[int, str]] = []

    def plain(self, node: yaml.Node | None, path: Path_) -> Any:
        """Return the node as dicts, lists and texts, remembering the lines."""
        self._lines[path] = node.start_mark.line + 1 if node else 1
        if isinstance(node, yaml.MappingNode):
            return self._plain_mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, i)) for i, item in enumerate(node.value)]
        return node.value if node else {}

    def _plain_mapping(self, node: yaml.MappingNode, path: Path_) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in found:
                self._wrong.append((key.start_mark.line + 1, f"`{name}` stands here twice"))
            found[name] = self.plain(value, (*path, name))
            self._lines[(*path, name)] = key.start_mark.line + 1
        return found

    def mapping(self, plain: Any, kind: str) -> Mapping:
        """Return the mapping, or raise with all that is wrong."""
        head: Head | None = self._validated(TypeAdapter(Head), plain, ())
        self.stop_if_wrong()
        assert head is not None  # it stops otherwise
        if head.record != kind:
            self._add(("record",), f"it makes {head.record}, and {kind} are being published")
            self.stop_if_wrong()
        record = KINDS[kind]
        sources = self._sources(head.fields, record, ("fields",))
        self.stop_if_wrong()
        return Mapping(record, sources, head.csv)

    def _sources(
        self, given: dict[str, Any], record: type[Record], path: Path_
    ) -> dict[str, AnySource]:
        names = fields_of(record)
        self._names_are_fields(given, names, record, path)
        sources = {}
        for name in (name for name in names if name in given):
            adapter, prepared, depth = _form(names[name], given[name])
            source = self._validated(adapter, prepared, (*path, name), depth)
            if source is None:
                continue
            self._items_are_fields(source, names[name], (*path, name))
            sources[name] = source
        return sources

    def _names_are_fields(
        self, given: Iterable[str], names: dict[str, Field], record: type[Record], path: Path_
    ) -> None:
        given = set(given)
        for name in sorted(given - names.keys()):
            close = difflib.get_close_matches(name, names, n=1)
            hint = f"; did you mean `{close[0]}`?" if close else f"; it has {', '.join(names)}"
            self._add((*path, name), f"{record.__name__} has no field `{name}`{hint}")
        for name in names:
            if names[name].required and name not in given:
                self._add(path, f"`{name}` is missing: {record.__name__} needs it")

    def _items_are_fields(self, source: AnySource, field: Field, path: Path_) -> None:
        if field.item is None:
            return
        names = fields_of(field.item)
        if isinstance(source, Each):
            self._names_are_fields(source.item, names, field.item, path)
        if isinstance(source, Items):
            for position, item in enumerate(source.items):
                self._names_are_fields(item, names, field.item, (*path, position))

    def _validated(self, adapter: TypeAdapter[Any], value: Any, path: Path_, depth: int = 0) -> Any:
        """Return the value as its model; None once what is wrong has been noted."""
        try:
            return adapter.validate_python(value)
        except ValidationError as error:
            for one in error.errors():
                self._add((*path, *one["loc"][depth:]), _message(one["type"], one["msg"]))
            return None

    def _add(self, path: Path_, message: str) -> None:
        """Note what is wrong at a place, or at the nearest one above it that stands in the file."""
        place = path
        while place not in self._lines:
            place = place[:-1]
        name = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
        self._wrong.append((self._lines[place], f"{name}: {message}" if name else message))

    def stop_if_wrong(self) -> None:
        """Raise with everything that is wrong by rising line, if anything is."""
        if self._wrong:
            lines = (f"{self._file}:{line}: {message}" for line, message in sorted(self._wrong))
            raise MappingError("\n".join(dict.fromkeys(lines)))


def _form(field: Field, value: Any) -> tuple[TypeAdapter[Any], Any, int]:
    """Return how to read a field's source, what to read, and how many places that adds to paths."""
    if field.kind is Kind.ITEMS and isinstance(value, list):
        return TypeAdapter(Items), {"items": value}, 1
    if field.kind is Kind.ITEMS and isinstance(value, dict):
        return TypeAdapter(Each), value, 0
    if field.kind is Kind.TEXTS and isinstance(value, dict):
        return TypeAdapter(Texts), {"texts": value}, 1
    return TypeAdapter(ShortSource), value, 0


def _message(kind: str, message: str) -> str:
    """Return pydantic's message in the words of the mapping file."""
    if kind == "extra_forbidden":
        return "there is no such key"
    if kind == "missing":
        return "is missing"
    if kind in {"dict_type", "model_type"}:
        return "must be a list of `key: value` lines"
    return message.removeprefix("Value error, ")
