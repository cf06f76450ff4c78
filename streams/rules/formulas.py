"""
What a running total earns: the arithmetic of each formula, exact and before rounding.

Totals are whole minor units (or counts), rates and floors exact fractions. A result is
rounded once, by the caller; so however a total is cut into facts, what they add up to
is the same to the minor unit.
"""

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

#: Exact. Whole numbers are kept as such: reckoning with them is many times faster.
Number = int | Fraction


class Tier(NamedTuple):
    """A rate from a floor up to the next tier's."""

    #: In the unit of the total.
    floor: Number
    rate: Fraction


def flat(total: Number, rate: Fraction) -> Fraction:
    """
    Return the rate on the whole total; negative for a negative one.

    Source:
        docs/plans.md, "Flat rate".
    """
    return total * rate


def marginal(total: Number, tiers: Sequence[Tier]) -> Fraction:
    """
    Return each tier's rate on the part of the total that lies in the tier.

    What lies below the lowest floor earns nothing, and so does a negative total.

    Args:
        total: Running total.
        tiers: By rising floor.

    Source:
        docs/plans.md, "Marginal tiers".
    """
    earned = Fraction(0)
    for tier, above in pairwise(tiers):
        if total <= tier.floor:
            return earned
        earned += (min(total, above.floor) - tier.floor) * tier.rate
    last = tiers[-1]
    return earned + max(total - last.floor, 0) * last.rate


def retroactive(total: Number, tiers: Sequence[Tier]) -> Fraction:
    """
    Return the rate of the tier reached on everything; nothing below the lowest floor.

    Args:
        total: Running total.
        tiers: By rising floor.

    Source:
        docs/plans.md, "Retroactive tiers".
    """
    reached = highest(total, [tier.floor for tier in tiers])
    return total * tiers[reached].rate if reached is not None else Fraction(0)


class Point(NamedTuple):
    """What is paid at one point of a curve."""

    #: In the unit of the value.
    at: Number
    pays: Number


def interpolated(value: Number, points: Sequence[Point], *, extend: bool) -> Number:
    """
    Return what straight lines between points pay; nothing below the first.

    Args:
        value: A total, or an attainment (1 is the whole target).
        points: At least two, rising.
        extend: Whether the last line goes on beyond the last point, where else it pays
            the same all the way.

    Source:
        docs/plans.md, "Curve".
    """
    reached = highest(value, [point.at for point in points])
    if reached is None:
        return 0
    if reached == len(points) - 1:
        if not extend:
            return points[-1].pays
        reached -= 1
    lower, upper = points[reached], points[reached + 1]
    slope = Fraction(upper.pays - lower.pays) / Fraction(upper.at - lower.at)
    return lower.pays + (value - lower.at) * slope


def plain(number: Fraction) -> Number:
    """Return a whole number as an integer, any other as it is."""
    return number.numerator if number.denominator == 1 else number


def highest(value: Number, floors: Sequence[Number]) -> int | None:
    """
    Return which floor was reached last: a floor owns all from itself up to the next.

    Args:
        value: A total, or an attainment (1 is the whole target).
        floors: Rising, in the unit of `value`.

    Returns:
        Index of the floor, or None below the first.

    Source:
        docs/plans.md, "Slabs".
    """
    reached = bisect_right(floors, value)
    return reached - 1 if reached else None
