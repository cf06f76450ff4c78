"""The rows of a task and a step's view of them."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.engine.changelog import position_key, row_key, row_value
from accolade.streams.engine.stores import Mark, MemoryStore
from accolade.streams.engine.tables import Overlay, Rows


class Number(msgspec.Struct, frozen=True):
    """A row."""

    n: int


class Numbers(msgspec.Struct, frozen=True):
    """A table of numbers."""

    name: str
    row: type[Number] = Number


TABLES = (Numbers("first"), Numbers("second"))

MARK = Mark("", 1, 1)

names = st.sampled_from(["", "a", "b", "c"])
owners = st.sampled_from(["x", "y"])
changes = st.lists(
    st.tuples(st.sampled_from(TABLES), owners, names, st.none() | st.integers(0, 9)), max_size=20
)


def write(view: Overlay, some: list[tuple[Numbers, str, str, int | None]]) -> None:
    """Apply changes to a view; None deletes."""
    for table, owner, key, n in some:
        if n is None:
            view.delete(table, owner, key)
        else:
            view.put(table, owner, key, Number(n))


def contents(view: Overlay) -> dict[tuple[str, str], list[tuple[str, Number]]]:
    """Return everything a view shows."""
    return {
        (table.name, owner): view.rows(table, owner)
        for table in TABLES
        for owner in view.owners(table)
    }


def committed(some: list[tuple[Numbers, str, str, int | None]]) -> Rows:
    """Return rows after these changes."""
    rows = Rows()
    for table, owner, key, n in some:
        rows.set(table.name, owner, key, None if n is None else Number(n))
    return rows


@given(changes, changes)
def test_a_view_shows_its_writes_over_what_was_committed(before, after):
    """Writing through a view and committing it gives the same rows."""
    view = Overlay(committed(before))
    write(view, after)
    assert contents(Overlay(committed(before + after))) == contents(view)


@given(changes, changes, changes)
def test_rolling_back_leaves_what_stood_at_the_savepoint(before, kept, undone):
    """A refused record's writes are gone, those of the records before it are not."""
    view = Overlay(committed(before))
    write(view, kept)
    expected = contents(view)
    view.savepoint()
    write(view, undone)
    view.roll_back()
    assert expected == contents(view)


@given(changes)
def test_the_changelog_gives_the_rows_back(some):
    """Rows survive being written as records and read again."""
    view = Overlay(Rows())
    write(view, some)
    store = MemoryStore(TABLES)
    store.put([(row_key(t, o, k), row_value(row)) for t, o, k, row in view.writes()], MARK)
    assert contents(view) == contents(Overlay(store.rows))


@given(changes)
def test_the_sizes_are_the_numbers_of_rows(some):
    """The counts kept beside the rows agree with them."""
    rows = committed(some)
    counted = dict.fromkeys(rows.sizes, 0)
    for name, _, _ in rows.keys():  # noqa: SIM118 # not a mapping
        counted[name] += 1
    assert counted == rows.sizes


def test_the_changelog_keeps_source_positions_beside_the_rows():
    """A position is read back by topic."""
    store = MemoryStore(TABLES)
    store.put([(position_key("crm.deals"), b"42")], MARK)
    assert {"crm.deals": 42} == store.positions
