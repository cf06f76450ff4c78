"""The state of a task: committed rows, and the view of a step that writes on top of them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

#: What a table or an owner without rows has; nothing is ever written to it.
_NOTHING: dict[str, Any] = {}


class TableLike(Protocol):
    """What the engine asks of a table: a name and the type of its rows."""

    @property
    def name(self) -> str:
        """Name, unique in its stage, without a NUL."""
        ...

    @property
    def row(self) -> type[Any]:
        """A msgspec Struct."""
        ...


class RowsLike(Protocol):
    """Committed rows, as a step's view reads them."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Number of rows of each table."""
        ...

    def get(self, table: str, owner: str, key: str) -> Any:
        """Return the row or None."""
        ...

    def of(self, table: str, owner: str) -> Mapping[str, Any]:
        """Return the owner's rows by key."""
        ...

    def owners(self, table: str) -> set[str]:
        """Return who has rows in the table."""
        ...

    def keys(self) -> Iterator[tuple[str, str, str]]:
        """Iterate over (table, owner, key) of all rows."""
        ...


class Rows:
    """
    Rows by table, owner and key, in memory.

    A restored row stays encoded until it is read: a restore need not decode what
    may not be read for months, and encoded rows take less memory.
    """

    def __init__(self, decoders: Mapping[str, Callable[[bytes], Any]] | None = None) -> None:
        """Start empty; the decoders are for tables whose rows are loaded encoded."""
        self._tables: dict[str, dict[str, dict[str, Any]]] = {}
        self._encoded: dict[str, dict[str, dict[str, bytes]]] = {}
        self._decoders = decoders or {}
        #: Number of rows of each table.
        self.sizes: dict[str, int] = {}

    def get(self, table: str, owner: str, key: str) -> Any:
        """Return the row or None."""
        rows = self._tables.get(table, _NOTHING).get(owner)
        if rows is not None:
            row = rows.get(key)
            if row is not None:
                return row
        encoded = self._encoded.get(table, _NOTHING).get(owner)
        if encoded is None or key not in encoded:
            return None
        row = self._decoders[table](encoded[key])
        self._forget_encoded(table, owner, key)
        self._tables.setdefault(table, {}).setdefault(owner, {})[key] = row
        return row

    def of(self, table: str, owner: str) -> Mapping[str, Any]:
        """Return the owner's rows by key; not to be changed."""
        encoded = self._encoded.get(table, _NOTHING).pop(owner, None)
        if encoded is not None:
            decode = self._decoders[table]
            rows = self._tables.setdefault(table, {}).setdefault(owner, {})
            rows.update({key: decode(value) for key, value in encoded.items()})
        known: dict[str, Any] = self._tables.get(table, _NOTHING).get(owner, _NOTHING)
        return known

    def owners(self, table: str) -> set[str]:
        """Return who has rows in the table."""
        return self._tables.get(table, _NOTHING).keys() | self._encoded.get(table, _NOTHING).keys()

    def set(self, table: str, owner: str, key: str, row: Any) -> None:
        """Write a row; None removes it."""
        before = self._forget_encoded(table, owner, key)
        owners = self._tables.setdefault(table, {})
        rows = owners.setdefault(owner, {})
        before += len(rows)
        if row is None:
            rows.pop(key, None)
        else:
            rows[key] = row
        if not rows:
            del owners[owner]
        self.sizes[table] = self.sizes.get(table, 0) + len(rows) - before

    def load(self, table: str, owner: str, key: str, value: bytes | None) -> None:
        """Write an encoded row; None removes it."""
        if owner in self._tables.get(table, _NOTHING):
            self.set(table, owner, key, None)
        owners = self._encoded.get(table)
        if owners is None:
            owners = self._encoded[table] = {}
        rows = owners.get(owner)
        if rows is None:
            rows = owners[owner] = {}
        before = len(rows)
        if value is None:
            rows.pop(key, None)
        else:
            rows[key] = value
        if not rows:
            del owners[owner]
        self.sizes[table] = self.sizes.get(table, 0) + len(rows) - before

    def keys(self) -> Iterator[tuple[str, str, str]]:
        """Iterate over (table, owner, key) of all rows."""
        for tables in (self._tables, self._encoded):
            for table, owners in tables.items():
                for owner, rows in owners.items():
                    for key in rows:
                        yield table, owner, key

    def _forget_encoded(self, table: str, owner: str, key: str) -> int:
        """Remove an encoded row; return how many that were."""
        owners = self._encoded.get(table, _NOTHING)
        rows = owners.get(owner)
        if rows is None or rows.pop(key, None) is None:
            return 0
        if not rows:
            del owners[owner]
        return 1


class Overlay:
    """
    A step's view: committed rows under its own writes, until these are committed.

    `savepoint` and `roll_back` undo what a single refused record wrote.
    """

    def __init__(self, committed: RowsLike) -> None:
        """Start without writes on top of the committed rows, which stay as they are."""
        self._committed = committed
        self._writes: dict[tuple[str, str], dict[str, Any]] = {}
        self._journal: list[tuple[tuple[str, str], str, bool, Any]] = []

    def get(self, table: TableLike, owner: str, key: str = "") -> Any:
        """Return the row or None."""
        written = self._writes.get((table.name, owner))
        if written is not None and key in written:
            return written[key]
        return self._committed.get(table.name, owner, key)

    def put(self, table: TableLike, owner: str, key: str, row: Any) -> None:
        """Write a row."""
        self._write(table, owner, key, row)

    def delete(self, table: TableLike, owner: str, key: str = "") -> None:
        """Remove a row."""
        if self.get(table, owner, key) is not None:
            self._write(table, owner, key, None)

    def rows(self, table: TableLike, owner: str) -> list[tuple[str, Any]]:
        """Return the owner's rows by rising key."""
        written = self._writes.get((table.name, owner))
        rows = self._committed.of(table.name, owner)
        if written:
            rows = {k: row for k, row in {**rows, **written}.items() if row is not None}
        return sorted(rows.items(), key=_first)

    def owners(self, table: TableLike) -> list[str]:
        """Return who has rows in the table, rising."""
        owners = self._committed.owners(table.name)
        for (name, owner), written in self._writes.items():
            if name != table.name:
                continue
            rows = {**self._committed.of(name, owner), **written}
            if any(row is not None for row in rows.values()):
                owners.add(owner)
            else:
                owners.discard(owner)
        return sorted(owners)

    def savepoint(self) -> None:
        """Keep what was written so far, whatever comes next."""
        self._journal.clear()

    def roll_back(self) -> None:
        """Undo what was written since the savepoint."""
        while self._journal:
            place, key, was_written, before = self._journal.pop()
            if was_written:
                self._writes[place][key] = before
            else:
                del self._writes[place][key]

    def writes(self) -> list[tuple[str, str, str, Any]]:
        """Return all writes as (table, owner, key, row or None)."""
        return [
            (table, owner, key, row)
            for (table, owner), written in self._writes.items()
            for key, row in written.items()
        ]

    def _write(self, table: TableLike, owner: str, key: str, row: Any) -> None:
        place = (table.name, owner)
        written = self._writes.setdefault(place, {})
        self._journal.append((place, key, key in written, written.get(key)))
        written[key] = row


def _first(item: tuple[str, Any]) -> str:
    return item[0]
