"""Makes a record of a row, or says all that is wrong with it."""

from accolade.streams.importing.cells import Cells, cell_text, json_of, read_text, text_of
from accolade.streams.importing.fields import Field, Kind, fields_of
from accolade.streams.importing.mapping import AnySource, Each, Items, Mapping, Source, Texts
from accolade.streams.importing.problems import Problem
from accolade.streams.importing.rows import REFUSED_COLUMN, Row
from accolade.streams.importing.values import Unreadable
from accolade.streams.records import Record
from accolade.streams.validation import Invalid, validate


class Wrong(Exception):
    """A row that makes no record."""

    def __init__(self, problems: list[Problem]) -> None:
        """Take all that is wrong with it."""
        super().__init__("; ".join(problem.described() for problem in problems))
        self.problems = problems


def build(row: Row, mapping: Mapping) -> Record:
    """
    Return the record that a row says, checked as every record is before it is sent.

    Raises:
        Wrong: With all that is wrong with the row.
    """
    if row.problem is not None:
        raise Wrong([row.problem])
    attempt = _Attempt(row.line)
    if mapping.own_names:
        attempt.refuse_others(row.cells, fields_of(mapping.record))
    record = attempt.record(mapping.record, mapping.sources, row.cells)
    if record is None:
        raise Wrong(attempt.problems)
    try:
        validate(record)
    except Invalid as error:
        columns = mapping.columns_of(error.field)
        raise Wrong([Problem(row.line, "invalid", error.message, columns)]) from error
    return record


class _Attempt:
    """The making of one record: what was wrong so far."""

    def __init__(self, line: int) -> None:
        self._line = line
        self.problems: list[Problem] = []

    def refuse_others(self, cells: Cells, fields: dict[str, Field]) -> None:
        """Note every column that is no field: a misspelt one would be lost silently."""
        for column in cells.values.keys() - fields.keys() - {REFUSED_COLUMN}:
            message = f"no such field; there are {', '.join(fields)}"
            self._add("unknown_column", message, (cells.prefix + column,))

    def record(
        self, made: type[Record], sources: dict[str, AnySource], cells: Cells
    ) -> Record | None:
        """Return the record, or None once something was wrong."""
        given = {}
        for field in fields_of(made).values():
            if field.name not in sources:
                continue
            value = self._value(field, sources[field.name], cells)
            if value is not None:
                given[field.name] = value
        return None if self.problems else made(**given)

    def _value(self, field: Field, source: AnySource, cells: Cells) -> object:
        """Return a field's value; None to leave it to the record's default."""
        noted = len(self.problems)
        value: object
        if field.kind is Kind.ITEMS:
            value = self._items(field, source, cells)
        elif field.kind is Kind.TEXTS:
            value = self._texts(source, cells)
        else:
            value = self._scalar(field, source, cells)
        if value is None and field.required and len(self.problems) == noted:
            names = tuple(cells.prefix + column for column in source.columns())
            self._add("empty", f"empty, and `{field.name}` is needed", names)
        return value

    def _scalar(self, field: Field, source: AnySource, cells: Cells) -> object:
        assert isinstance(source, Source)  # the mapping's reader sees to it
        columns = source.columns()
        text = None
        try:
            text, columns = text_of(source, cells)
            return read_text(field.kind, source, text)
        except Unreadable as error:
            names = tuple(cells.prefix + column for column in columns)
            self._add(error.reason, error.message, names, text)
            return None

    def _texts(self, source: AnySource, cells: Cells) -> dict[str, str] | None:
        text = Field("", Kind.TEXT, required=False, optional=True)
        if isinstance(source, Texts):
            named = {n: self._scalar(text, s, cells) for n, s in source.texts.items()}
            return {name: str(found) for name, found in named.items() if found is not None}
        column = source.columns()[0]
        inside = self._json(column, cells, dict, "an object")
        if not isinstance(inside, dict):
            return None
        within = Cells(inside, f"{cells.prefix}{column}.")
        named = {n: self._scalar(text, Source(column=(n,)), within) for n in inside}
        return {name: str(found) for name, found in named.items() if found is not None}

    def _items(
        self, field: Field, source: AnySource, cells: Cells
    ) -> tuple[Record | None, ...] | None:
        made = field.item
        assert made is not None  # the kind says so
        if isinstance(source, Items):
            present = [item for item in source.items if not _is_empty(item, cells)]
            return tuple(self.record(made, dict(item), cells) for item in present)
        column = source.columns()[0]
        inside = self._json(column, cells, list, "a list")
        if not isinstance(inside, list):
            return None
        return tuple(
            self._item(made, source, found, f"{cells.prefix}{column}[{position}]")
            for position, found in enumerate(inside)
        )

    def _item(
        self, made: type[Record], source: AnySource, found: object, name: str
    ) -> Record | None:
        if not isinstance(found, dict):
            self._add("not_json", "not a JSON object", (name,))
            return None
        within = Cells(found, f"{name}.")
        if isinstance(source, Each):
            return self.record(made, dict(source.item), within)
        fields = fields_of(made)
        self.refuse_others(within, fields)
        return self.record(made, {n: Source(column=(n,)) for n in fields}, within)

    def _json(self, column: str, cells: Cells, wanted: type, named: str) -> object:
        """Return what a column holds if it is of the wanted type; else None, noted if need be."""
        name = (cells.prefix + column,)
        try:
            found = json_of(cells, column)
        except Unreadable as error:
            self._add(error.reason, error.message, name)
            return None
        if found is not None and not isinstance(found, wanted):
            self._add("not_json", f"not {named} in JSON", name)
            return None
        return found

    def _add(
        self, reason: str, message: str, columns: tuple[str, ...], value: str | None = None
    ) -> None:
        self.problems.append(Problem(self._line, reason, message, columns, value))


def _is_empty(item: dict[str, Source], cells: Cells) -> bool:
    """Return whether an item has columns and nothing stands in any of them."""
    columns = [column for source in item.values() for column in source.columns()]
    return bool(columns) and all(cell_text(cells.get(column)) == "" for column in columns)
