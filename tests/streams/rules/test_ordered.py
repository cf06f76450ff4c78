from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.ordered import Chunk, Ordered, ascended, ascending, descending
from accolade.streams.rules.ordered_chunks import SMALL
from accolade.streams.rules.state import Table

TABLE = Table("ordered", Chunk)

values = st.integers(-1000, 1000)
keys = st.integers(0, 400).map(lambda number: f"k{number:03}")
changes = st.lists(st.tuples(keys, st.none() | values), max_size=30)
# Enough entries that several chunks and levels stand, with others in the way.
many = st.integers(0, 2**32).flatmap(
    lambda seed: st.integers(0, 300).map(
        lambda count: {
            f"k{(seed + n * 7919) % 401:03}": (seed >> (n % 24)) % 2001 - 1000 for n in range(count)
        }
    )
)


def index(entries):
    """Return a view and an index with the entries, put in by the given order."""
    view = MemoryView()
    ordered = Ordered(view, TABLE, "owner", "name")
    for key, value in entries.items():
        ordered.add(key, value)
    return view, ordered


@settings(max_examples=60)
@given(many, changes)
def test_rows_depend_on_the_entries_alone(entries, history):
    """Whatever came and went in between, equal entries are equal rows."""
    view, ordered = index(entries)
    wanted = dict(entries)
    for key, value in history:
        if value is None:
            ordered.remove(key)
            wanted.pop(key, None)
        else:
            ordered.add(key, value)
            wanted[key] = value

    again, _ = index(dict(sorted(wanted.items(), reverse=True)))

    assert list(view.items()) == list(again.items())


@settings(max_examples=60)
@given(many, keys)
def test_it_reads_as_a_sorted_list(entries, key):
    """Count, total, rank, places and pages are those of the sorted entries."""
    _, ordered = index(entries)
    expected = sorted(entries.items())

    assert ordered.count() == len(expected)
    assert ordered.total() == sum(entries.values())
    assert ordered.get(key) == entries.get(key)
    assert ordered.rank(key) == sum(other < key for other in entries)
    assert ordered.first() == (expected[0] if expected else None)
    assert ordered.last() == (expected[-1] if expected else None)
    assert ordered.page(0, 1000) == expected
    assert ordered.page(70, 40) == expected[70:110]
    assert ordered.nth(len(expected)) is None


@settings(max_examples=60)
@given(many, st.integers(-5000, 5000))
def test_running_totals_are_those_of_a_sorted_list(entries, total):
    """The highest running total, and the first entry that reaches a total."""
    _, ordered = index(entries)
    expected = sorted(entries.items())
    running = list(accumulate(value for _, value in expected))
    reached = [entry for entry, sum_ in zip(expected, running, strict=True) if sum_ >= total]

    assert ordered.max_prefix_total() == max([0, *running])
    assert ordered.first_prefix_at_least(total) == (reached[0] if reached else None)


def test_few_entries_are_one_row():
    """Up to the bound, and again after there were more."""
    names = [f"k{number:03}" for number in range(SMALL + 40)]
    view, ordered = index(dict.fromkeys(names[:SMALL], 1))
    alone = list(view.items())
    for name in names[SMALL:]:
        ordered.add(name, 1)
    grown = list(view.items())
    for name in names[SMALL:]:
        ordered.remove(name)

    assert len(alone) == 1
    assert len(grown) > 1
    assert list(view.items()) == alone


def test_deep_indexes_grow_and_shrink_level_by_level():
    """Thousands come in one order and go in another; the rows are always those of a new one."""
    names = [f"k{number * 7919 % 5003:04}" for number in range(5003)]
    view, ordered = index({name: int(name[1:]) - 2500 for name in names})
    deepest = max(chunk.level for _, _, _, chunk in view.items())
    for left in (2000, 300, 20, 0):
        for name in sorted(names)[left:][::-1]:
            ordered.remove(name)
        again, _ = index({name: int(name[1:]) - 2500 for name in sorted(names)[:left]})

        assert list(view.items()) == list(again.items())

    assert deepest >= 2


def test_an_emptied_index_leaves_no_row():
    """Nothing is kept of what went."""
    names = [f"k{number:03}" for number in range(200)]
    view, ordered = index(dict.fromkeys(names, 1))
    for name in names:
        ordered.remove(name)

    assert list(view.items()) == []
    assert ordered.count() == 0


def test_a_change_among_many_touches_few_rows():
    """One row of each level is written, two where a chunk is cut or joined."""

    class Counting(MemoryView):
        writes = 0

        def put(self, table, owner, key, row):
            self.writes += 1
            super().put(table, owner, key, row)

    view = Counting()
    ordered = Ordered(view, TABLE, "owner", "name")
    for number in range(20_000):
        ordered.add(ascending(number * 7919 % 20_011), 1)
    view.writes = 0
    for number in range(1000):
        ordered.add(descending(number), 1)

    assert view.writes / 1000 < 5
    chunks = [row for _, _, _, row in view.items() if isinstance(row, Chunk)]
    assert max(len(chunk.keys) for chunk in chunks) < 500


def test_an_entry_that_comes_again_is_replaced():
    """At every size, the boundary of a single row included."""
    for size in (1, SMALL - 1, SMALL, SMALL + 1, 300):
        names = [f"k{number:03}" for number in range(size)]
        _, ordered = index(dict.fromkeys(names, 1))
        for name in names:
            ordered.add(name, 2)

        assert (ordered.count(), ordered.total()) == (size, 2 * size)


numbers = st.integers(-(2**79) + 1, 2**79 - 1)


@given(numbers, numbers)
def test_encoded_integers_sort_as_integers(one, other):
    """Rising and falling."""
    assert (ascending(one) < ascending(other)) == (one < other)
    assert (descending(one) < descending(other)) == (one > other)
    assert ascended(ascending(one) + "behind it") == one


@pytest.mark.parametrize("encoded", [ascending, descending])
def test_integers_beyond_all_amounts_are_refused(encoded):
    """They would not sort."""
    with pytest.raises(OverflowError, match="does not fit"):
        encoded(2**80)
