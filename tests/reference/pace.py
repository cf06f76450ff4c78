"""More pay above a point of the measure, less below one."""

from collections.abc import Callable
from fractions import Fraction

#: What is paid at a value of the measure.
Pay = Callable[[Fraction], Fraction]


def hastened(pay: Pay, point: Fraction, times: Fraction, everything: bool) -> Pay:
    """Return pay that is multiplied from a point on: all of it, or what is earned above."""

    def more(value: Fraction) -> Fraction:
        if value < point:
            return pay(value)
        if everything:
            return pay(value) * times
        return pay(point) + (pay(value) - pay(point)) * times

    return more


def slowed(pay: Pay, point: Fraction, times: Fraction, everything: bool) -> Pay:
    """Return pay that is multiplied below a point: all of it, or what is earned there."""

    def less(value: Fraction) -> Fraction:
        if value < point:
            return pay(value) * times
        if everything:
            return pay(value)
        return pay(point) * times + (pay(value) - pay(point))

    return less
