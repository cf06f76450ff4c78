"""
A YAML text as plain values, each with its place in the file.

Only what a plan needs: mappings, lists and scalars in one document. Numbers are read
exactly as they are written; words like `on` and `no` stay words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import yaml

from accolade.streams.plans.findings import Issue, Path, Place
from accolade.streams.plans.yaml_advice import advice_on

#: The canonical text may be twice as long, and is to be at most 256 KiB.
LARGEST_FILE_BYTES = 128 * 1024
#: Far deeper than any plan.
_DEEPEST = 20

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
#: What a comma in a number leaves behind it in a mapping on one line.
_THOUSANDS = re.compile(r"[0-9]{3}(\.[0-9]+)?")
_BEFORE = re.compile(r"[^0-9]{0,4}[0-9]{1,3}(,[0-9]{3})*")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass
class Document:
    """A file's values, where they stand, and what was wrong already."""

    #: Dictionaries, lists, text, Decimal and bool; None for a file that could not be read.
    value: Any = None
    issues: list[Issue] = field(default_factory=list)
    #: Keys and list items without a value; keys are left out of `value`.
    empty: list[Path] = field(default_factory=list)
    #: Where each key (or list item) begins, and where its value does.
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)

    def place(self, issue: Issue) -> Place:
        """Return where an issue is shown: there, or at the nearest thing around it."""
        if issue.place is not None:
            return issue.place
        places = self.keys if issue.about_key else self.values
        path = issue.path
        if path in places:
            return places[path]
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, Place(1, 1))


def read_document(text: str | bytes) -> Document:
    """Return the values of a YAML text (bytes: UTF-8); what can't be read is an issue."""
    document = Document()
    try:
        _Reader(_decoded(text), document).read()
    except _Unreadable as unreadable:
        document.value = None
        said = Issue((), unreadable.message, unreadable.fix, place=unreadable.place)
        document.issues.append(said)
    return document


def _decoded(text: str | bytes) -> str:
    data = text.encode(errors="surrogatepass") if isinstance(text, str) else text
    if len(data) > LARGEST_FILE_BYTES:
        raise _Unreadable(Place(1, 1), f"is larger than {LARGEST_FILE_BYTES // 1024} KiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _Unreadable(Place(line, 1), "is not text in UTF-8") from error


class _Unreadable(Exception):
    def __init__(self, place: Place, message: str, fix: str = "") -> None:
        super().__init__(message)
        self.place = place
        self.message = message
        self.fix = fix


class _Reader:
    """Reads the parser's events: they know of quotes, tags, anchors and places."""

    def __init__(self, text: str, document: Document) -> None:
        self._events = _events(text)
        self._document = document

    def read(self) -> None:
        first = next(self._events, None)
        if first is None:
            raise _Unreadable(Place(1, 1), "is empty", "plan: my-plan")
        self._document.keys[()] = _start(first)
        self._document.value = self._node(first, ())
        another = next(self._events, None)
        if another is not None:
            raise _Unreadable(
                _start(another), "holds something after the plan: a file has one plan"
            )
        if not isinstance(self._document.value, dict):
            says = "is not a mapping of keys to values"
            raise _Unreadable(_start(first), says, "plan: my-plan")

    def _node(self, event: yaml.Event, path: Path) -> Any:
        if len(path) > _DEEPEST:
            raise _Unreadable(_start(event), "is nested too deeply")
        _refuse_references(event)
        self._document.values[path] = _start(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        raise _Unreadable(_start(event), "has something here that is no value")

    def _mapping(self, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        last = ""
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            _refuse_references(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _Unreadable(_start(event), "has a key here that is not a word")
            key, at = str(event.value), (*path, str(event.value))
            if _THOUSANDS.fullmatch(key) and _BEFORE.fullmatch(_written(found.get(last))):
                # `{from: 75,000}`: to YAML the comma ends the value, and 000 is a key.
                next(self._events)
                found[last] = f"{_written(found[last])},{key}"
                continue
            last = key
            if at in self._document.keys:
                self._skip_twice(at, event)
                continue
            self._document.keys[at] = _start(event)
            found[key] = self._node(next(self._events), at)
            if found[key] is None:
                del found[key]
                self._document.empty.append(at)
        return found

    def _skip_twice(self, at: Path, event: yaml.Event) -> None:
        """Say that a key is there twice; what stands is its first value."""
        line = self._document.keys[at].line
        says = f"is there twice, first on line {line}: keep one of them"
        self._document.issues.append(Issue(at, says, place=_start(event)))
        depth = 0
        for inside in self._events:
            depth += isinstance(inside, yaml.CollectionStartEvent)
            depth -= isinstance(inside, yaml.CollectionEndEvent)
            if not depth:
                return

    def _list(self, path: Path) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            at = (*path, len(found))
            self._document.keys[at] = _start(event)
            found.append(self._node(event, at))
            if found[-1] is None:
                self._document.empty.append(at)
        return found


def _events(text: str) -> Iterator[yaml.Event]:
    """
    Return the events of nodes alone.

    Raises:
        _Unreadable: The text is not YAML.
    """
    framing = (
        yaml.StreamStartEvent,
        yaml.StreamEndEvent,
        yaml.DocumentStartEvent,
        yaml.DocumentEndEvent,
    )
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if not isinstance(event, framing):
                yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        begun = _place(error.context_mark) if error.context_mark else None
        place = _place(mark) if mark else Place(1, 1)
        problem = str(error.problem or error.context)
        advice = advice_on(text, problem, place, begun)
        raise _Unreadable(advice.place, advice.message, advice.fix) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        place = Place(before.count("\n") + 1, len(before) - before.rfind("\n"))
        says = f"is not YAML: the character U+{error.character:04X} is not allowed"
        raise _Unreadable(place, says) from error


def _refuse_references(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        says = "has an anchor or alias here, which are not part of plans: write it out"
        raise _Unreadable(_start(event), says)
    tag = getattr(event, "tag", None)
    if tag is not None:
        raise _Unreadable(_start(event), f"has a tag here, which are not part of plans: `{tag}`")


def _scalar(event: yaml.ScalarEvent) -> Any:
    text = str(event.value)
    # A style is there when the scalar is quoted or a block.
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return Decimal(text) if _NUMBER.fullmatch(text) else text


def _written(value: Any) -> str:
    """Return a scalar as it is written; an empty text for what is none."""
    return f"{value:f}" if isinstance(value, Decimal) else value if isinstance(value, str) else ""


def _start(event: yaml.Event) -> Place:
    return _place(event.start_mark)


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1)
