"""What was used lately is known, and no more than fits."""

from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.engine.recent import Recent

SIZE = 3

turns = st.lists(st.tuples(st.sampled_from(["put", "find"]), st.integers(0, 9), st.integers()))


@given(turns)
def test_what_is_found_is_what_was_put_last(some):
    """An older value never comes back."""
    recent: Recent[int, int] = Recent(SIZE)
    last: dict[int, int] = {}
    for kind, key, value in some:
        if kind == "put":
            recent.put(key, value)
            last[key] = value
        else:
            assert recent.find(key) in (None, (last.get(key),))


@given(st.lists(st.integers(0, 9), min_size=1))
def test_the_latest_are_kept(keys):
    """As many as a generation holds, at least."""
    recent: Recent[int, None] = Recent(SIZE)
    for key in keys:
        recent.put(key, None)
    latest = list(dict.fromkeys(reversed(keys[-SIZE:])))

    assert [(None,)] * len(latest) == [recent.find(key) for key in latest]


def test_what_is_not_used_is_forgotten():
    """Two generations are all there is."""
    recent: Recent[int, str] = Recent(SIZE)
    recent.put(0, "first")
    for key in range(1, 3 * SIZE):
        recent.put(key, "later")

    assert recent.find(0) is None
