"""What forms that look at several measures pay, in parts of their base or bonus."""

from collections.abc import Sequence
from fractions import Fraction

from accolade.streams.plans.matrix import Matrix
from accolade.streams.plans.scorecard import CurvedPay, Scorecard, ScorecardPart
from tests.reference.lines import on_lines


def multiplier(matrix: Matrix, row: int, column: int) -> Fraction:
    """Return the multiplier where so many floors of the rows and of the columns are reached."""
    if row == 0 or column == 0:
        return Fraction(0)
    return matrix.times[row - 1][column - 1].fraction


def part_of_bonus(
    scorecard: Scorecard, values: Sequence[int], targets: Sequence[Fraction | None]
) -> Fraction:
    """Return how much of the bonus is paid, 1 for all of it."""
    most = scorecard.at.fraction if scorecard.at is not None else None
    total = Fraction(0)
    for part, value, target in zip(scorecard.parts, values, targets, strict=True):
        paid = Fraction(0) if target is None else _of_part(part, value / target)
        if most is not None and scorecard.capped == "before_weighting" and paid > most:
            paid = most
        total += part.weight.fraction * paid
    if most is not None and scorecard.capped == "after_weighting" and total > most:
        return most
    return total


def _of_part(part: ScorecardPart, attainment: Fraction) -> Fraction:
    if isinstance(part.pay, str):
        return attainment if attainment > 0 else Fraction(0)
    if isinstance(part.pay, CurvedPay):
        curve = part.pay.curve
        at = [point.from_.fraction for point in curve.points]
        paid = [point.pay.fraction for point in curve.points]
        return on_lines(attainment, at, paid, extend=curve.beyond == "extend")
    reached = [step.pay.fraction for step in part.pay.steps if attainment >= step.from_.fraction]
    return reached[-1] if reached else Fraction(0)
