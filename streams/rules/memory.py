"""State in plain dictionaries: for replays, backtests and tests."""

from collections.abc import Iterator

from accolade.streams.rules.state import R, Row, Table


class MemoryView:
    """A view whose writes are the state at once; nothing is kept anywhere else."""

    def __init__(self) -> None:
        """Start without rows."""
        self._tables: dict[str, dict[str, dict[str, Row]]] = {}

    def get(self, table: Table[R], owner: str, key: str = "") -> R | None:
        """Return the row, or None."""
        rows = self._tables.get(table.name, {}).get(owner, {})
        return rows.get(key)  # type: ignore[return-value]  # a table's rows are of its type

    def put(self, table: Table[R], owner: str, key: str, row: R) -> None:
        """Write the row."""
        self._tables.setdefault(table.name, {}).setdefault(owner, {})[key] = row

    def delete(self, table: Table[R], owner: str, key: str = "") -> None:
        """Remove the row, if there is one."""
        owners = self._tables.get(table.name, {})
        rows = owners.get(owner)
        if rows is None:
            return
        rows.pop(key, None)
        if not rows:
            del owners[owner]

    def rows(self, table: Table[R], owner: str) -> list[tuple[str, R]]:
        """Return the owner's rows as (key, row) by rising key."""
        rows = self._tables.get(table.name, {}).get(owner, {})
        return sorted(rows.items())  # type: ignore[arg-type]  # as above

    def owners(self, table: Table[R]) -> list[str]:
        """Return the owners that have rows in the table, rising."""
        return sorted(self._tables.get(table.name, {}))

    def items(self) -> Iterator[tuple[str, str, str, Row]]:
        """Iterate over all rows as (table, owner, key, row) by rising name, owner and key."""
        for name in sorted(self._tables):
            for owner, rows in sorted(self._tables[name].items()):
                for key, row in sorted(rows.items()):
                    yield name, owner, key, row
