"""Chance from a seed: the same on every version of Python and every machine."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """
    A stream of chance that belongs to one thing of the simulated world.

    Each thing (a rep, a deal) has dice of its own, named by what it is, so that one
    more event in one place changes nothing elsewhere. Whole numbers only: what floats
    and their functions give differs between machines.
    """

    def __init__(self, seed: int, *names: str | int) -> None:
        """Take the world's seed and what the dice belong to, e.g. `("deals", "rep-007")`."""
        self._random = Random("/".join(str(name) for name in (seed, *names)))

    def below(self, bound: int) -> int:
        """Return a whole number in [0, bound)."""
        return self._random.randrange(bound)

    def between(self, low: int, high: int) -> int:
        """Return a whole number in [low, high]."""
        return low + self._random.randrange(high - low + 1)

    def happens(self, per_mille: int) -> bool:
        """Return True so many times in a thousand."""
        return self._random.randrange(1000) < per_mille

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, each as likely as the next."""
        return items[self._random.randrange(len(items))]

    def weighted(self, items: Sequence[T], weights: Sequence[int]) -> T:
        """Return one of the items, each as likely as its weight is large."""
        edges = list(accumulate(weights))
        return items[bisect_right(edges, self._random.randrange(edges[-1]))]
