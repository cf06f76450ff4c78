"""A bounded memory of what was used lately."""

from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """
    Values by key; what wasn't used for long is forgotten.

    Two generations: when the younger one is full it becomes the older one, and
    what isn't used by the time the next is full is gone. A lookup costs little
    more than that of a dict, and nothing is sorted.
    """

    def __init__(self, size: int) -> None:
        """Take how much weight a generation has; twice as much is kept at most."""
        self._size = size
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._young: dict[K, tuple[V, int]] = {}
        self._old: dict[K, tuple[V, int]] = {}
        self._weight = 0

    def find(self, key: K) -> tuple[V] | None:
        """Return the value, which may itself be None, in a tuple; None where it isn't known."""
        kept = self._young.get(key)
        if kept is None:
            kept = self._old.pop(key, None)
            if kept is None:
                return None
            self.put(key, *kept)
        return kept[:1]

    def put(self, key: K, value: V, weight: int = 1) -> None:
        """Keep a value."""
        if self._weight >= self._size:
            self._old, self._young, self._weight = self._young, {}, 0
        # One of the two holds it: an old value must not come back.
        self._old.pop(key, None)
        self._young[key] = value, weight
        self._weight += weight
