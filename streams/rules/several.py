"""What forms earn that look at several measures: a matrix of two, a scorecard of any."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from accolade.streams.rules import formulas
from accolade.streams.rules.case import in_units
from accolade.streams.rules.compiled_pays import (
    AsAttained,
    BySteps,
    Floor,
    Matrix,
    OnLines,
    PartPay,
    Scorecard,
)
from accolade.streams.rules.formulas import Number


class Standing(NamedTuple):
    """Where a participant stands in one measure."""

    #: Minor units or a count.
    value: int
    #: In the unit of the value, more than 0; None where there is none.
    target: Number | None
    #: Whether it is held against a target at all.
    is_held: bool = True


def matrix(pays: Matrix, value: Number, rows: Standing, columns: Standing) -> Number:
    """
    Return the base times the multiplier of the row and the column reached.

    Args:
        pays: The form.
        value: The component's own measure, minor units; of no interest where the base is
            an amount.
        rows: The measure that chooses the row.
        columns: The measure that chooses the column.

    Source:
        docs/plans.md, "Matrix".
    """
    row, column = _reached(pays.rows, rows), _reached(pays.columns, columns)
    if row is None or column is None:
        return 0
    base = pays.base if isinstance(pays.base, int) else value * pays.base
    return base * pays.times[row][column]


def _reached(floors: Sequence[Floor], standing: Standing) -> int | None:
    """Return which floor was reached last; None below the first, or without the target."""
    if standing.is_held and standing.target is None:
        return None
    return formulas.highest(standing.value, [in_units(floor, standing.target) for floor in floors])


def scorecard(pays: Scorecard, parts: Sequence[Standing]) -> Fraction:
    """
    Return the bonus times the weighted sum of what the parts pay.

    A part without a target pays nothing for its weight.

    Source:
        docs/plans.md, "Scorecard".
    """
    total = sum(
        (
            weight * _capped(_part(pay, standing), pays.most_of_part)
            for (weight, pay), standing in zip(pays.parts, parts, strict=True)
        ),
        Fraction(0),
    )
    return pays.bonus_minor * _capped(total, pays.most_of_sum)


def _part(pay: PartPay, standing: Standing) -> Fraction:
    """Return how much of a part is paid, 1 for all of it."""
    if standing.target is None:
        return Fraction(0)
    attainment = Fraction(standing.value) / standing.target
    match pay:
        case AsAttained():
            return max(attainment, Fraction(0))
        case OnLines():
            return Fraction(formulas.interpolated(attainment, pay.points, extend=pay.extend))
        case BySteps():
            reached = formulas.highest(attainment, [step.at for step in pay.steps])
            return Fraction(pay.steps[reached].pays if reached is not None else 0)


def _capped(paid: Fraction, most: Fraction | None) -> Fraction:
    return paid if most is None else min(paid, most)
