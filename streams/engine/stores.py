"""
Where a worker keeps the state of a task: rows, source positions, and how far it read.

A store holds what stood in the changelog at its mark, never more than was
committed. The changelog is the truth: what a store lacks is read from there, and
a store whose mark can't be trusted is cleared.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from accolade.streams.engine.changelog import Change, RowDecoders
from accolade.streams.engine.tables import Rows, RowsLike, TableLike

#: A write of a step: table, owner, key, and the row or None.
Write = tuple[str, str, str, Any]


class Mark(NamedTuple):
    """Up to where a store holds its changelog."""

    #: The broker's id of the changelog; another one if it was made anew.
    topic_id: str
    #: The next changelog offset to read.
    offset: int
    #: When the last record before it was appended, in milliseconds since 1970.
    at_ms: int


class Committed(NamedTuple):
    """What a transaction of a task has committed."""

    #: As it stands in the changelog, source positions among it.
    changes: Sequence[Change]
    #: The rows again, as the step wrote them.
    writes: Sequence[Write]
    #: The source positions that moved, by topic.
    positions: Mapping[str, int]


class StateStore(Protocol):
    """Rows and source positions of a task, and the mark up to which they are whole."""

    @property
    def rows(self) -> RowsLike:
        """The rows."""
        ...

    @property
    def positions(self) -> Mapping[str, int]:
        """The next offset to count, by source topic."""
        ...

    @property
    def mark(self) -> Mark | None:
        """How far it read; None for an empty one."""
        ...

    @property
    def outlives_process(self) -> bool:
        """Whether the next process finds it."""
        ...

    def put(self, changes: Sequence[Change], mark: Mark) -> None:
        """
        Apply committed records of the changelog.

        Raises:
            ValueError: A record is of a table this stage doesn't have.
        """
        ...

    def settle(self) -> None:
        """Bring a restore to its end: everything was put up to the end of the changelog."""
        ...

    def commit(self, committed: Committed, mark: Mark) -> None:
        """Apply what a transaction of the task itself has committed."""
        ...

    def clear(self) -> None:
        """Forget everything: the changelog is read from its beginning."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class StoreMaker(Protocol):
    """Opens the store of a task of this worker."""

    def __call__(self, changelog: str, partition: int, tables: Sequence[TableLike]) -> StateStore:
        """Return it, with what it still holds."""
        ...


class MemoryStore:
    """Everything in memory, as rows; gone with the process."""

    outlives_process = False

    def __init__(self, tables: Sequence[TableLike]) -> None:
        """Start empty."""
        self._decoders = RowDecoders(tables)
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.rows = Rows(self._decoders)
        self.positions: dict[str, int] = {}
        self.mark: Mark | None = None

    def put(self, changes: Sequence[Change], mark: Mark) -> None:
        """Apply records of the changelog."""
        decoders, load = self._decoders, self.rows.load
        for raw_key, value in changes:
            table, owner, key = raw_key.decode().split("\0")
            if not table:
                self.positions[key] = int(value or b"0")
                continue
            if table not in decoders:
                decoders[table]
            load(table, owner, key, value)
        self.mark = mark

    def settle(self) -> None:
        """Do nothing: rows are whole as they are put."""

    def commit(self, committed: Committed, mark: Mark) -> None:
        """Take the rows as they were written."""
        for table, owner, key, row in committed.writes:
            self.rows.set(table, owner, key, row)
        self.positions.update(committed.positions)
        self.mark = mark

    def close(self) -> None:
        """Do nothing: memory ends with the last reference."""


def in_memory(changelog: str, partition: int, tables: Sequence[TableLike]) -> StateStore:
    """Return an empty store in memory."""
    return MemoryStore(tables)
