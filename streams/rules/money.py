"""Exact money: fractions of a minor unit are rounded once, or shared out to the last one."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

#: How a plan rounds to minor units: `half_up` away from zero, `half_even` to the even
#: neighbour, `down` towards zero, `up` away from zero.
Rounding = Literal["half_up", "half_even", "down", "up"]


def rounded(amount: Fraction | int, rounding: Rounding) -> int:
    """
    Return the amount in whole units as the plan rounds.

    The sign makes no difference: what -0.5 rounds to is what 0.5 does, negated.

    Args:
        amount: Exact, in minor units.
        rounding: The plan's rounding.

    Source:
        docs/plans.md, "Rounding".
    """
    whole, rest = divmod(abs(amount.numerator), amount.denominator)
    if rest:
        whole += _carries(whole, 2 * rest - amount.denominator, rounding)
    return whole if amount >= 0 else -whole


def _carries(whole: int, over_half: int, rounding: Rounding) -> int:
    """Return 1 where a remainder (by its sign below, at or over a half) rounds up."""
    if rounding == "down":
        return 0
    if rounding == "up":
        return 1
    if rounding == "half_up":
        return int(over_half >= 0)
    return int(over_half > 0 or (over_half == 0 and whole % 2 == 1))


def split(amount: int, weights: Sequence[Fraction | int]) -> list[int]:
    """
    Share an amount out by weights so that the parts add up to it.

    By largest remainder: each part gets its whole minor units, and those that are left
    go one each to the largest remainders; of equal ones to the first. A negative
    amount is shared as its opposite is.

    Args:
        amount: Minor units.
        weights: One per part, none negative; not all zero.

    Returns:
        Minor units for each part, in the order of the weights.

    Raises:
        ValueError: The weights are empty, all zero, or one is negative.

    Source:
        docs/plans.md, "Shares".
    """
    whole = sum(weights, Fraction(0))
    if whole <= 0 or min(weights) < 0:
        raise ValueError(f"weights must not be negative nor all zero: {list(weights)}")
    exact = [abs(amount) * Fraction(weight) / whole for weight in weights]
    parts = [part.numerator // part.denominator for part in exact]
    left = abs(amount) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda at: (parts[at] - exact[at], at))
    for at in by_remainder[:left]:
        parts[at] += 1
    return parts if amount >= 0 else [-part for part in parts]


def share(amount: int, parts: int, index: int) -> int:
    """
    Return one of several equal parts of an amount; the first ones get what is left over.

    Args:
        amount: Minor units.
        parts: How many share it.
        index: Which of them, from 0.

    Source:
        docs/plans.md, "Contests".
    """
    each, left = divmod(abs(amount), parts)
    part = each + (index < left)
    return part if amount >= 0 else -part
