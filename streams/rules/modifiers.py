"""
How the money that a component pays is changed: by pace, by a gate.

All of it is exact; rounding and the cap come after. A pace is a function of a function:
what its part of the measure earns follows from what the form pays at the point.
"""

from collections.abc import Callable
from fractions import Fraction

from accolade.streams.rules.case import Case, in_units
from accolade.streams.rules.compiled import Gate, Pace
from accolade.streams.rules.formulas import Number

#: What is paid at a value of the measure, exact minor units.
Pay = Callable[[Number], Number]


def paced(pay: Pay, pace: Pace, at: Number) -> Pay:
    """
    Return pay with a multiplier on one side of a point.

    Args:
        pay: What is paid without it.
        pace: The multiplier.
        at: The point, in units of the measure.

    Source:
        docs/plans.md, "Accelerator and decelerator".
    """

    def changed(value: Number) -> Number:
        is_above = value >= at
        if pace.on_all:
            return pay(value) * pace.times if is_above == pace.above else pay(value)
        below = pay(min(value, at))
        above = pay(value) - below
        return below + above * pace.times if pace.above else below * pace.times + above

    return changed


def let_through(case: Case, gate: Gate) -> Fraction:
    """
    Return how much of the money a gate lets through: all once its measure is reached.

    Source:
        docs/plans.md, "Gate".
    """
    target = case.target_of(gate.held)
    if gate.held.target is not None and target is None:
        return gate.otherwise
    reached = case.value(gate.held.slot) >= in_units(gate.floor, target)
    return Fraction(1) if reached else gate.otherwise
