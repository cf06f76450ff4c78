"""What lies on straight lines between points."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise


def on_lines(
    value: Fraction, at: Sequence[Fraction], pays: Sequence[Fraction], *, extend: bool
) -> Fraction:
    """Return what lines from point to point pay; 0 before the first."""
    if value < at[0]:
        return Fraction(0)
    for (a, b), (low, high) in zip(pairwise(at), pairwise(pays), strict=True):
        if a <= value <= b:
            return (low * (b - value) + high * (value - a)) / (b - a)
    if not extend:
        return pays[-1]
    return pays[-1] + (value - at[-1]) * (pays[-1] - pays[-2]) / (at[-1] - at[-2])
