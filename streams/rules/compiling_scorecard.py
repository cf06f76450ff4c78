"""A scorecard, from the plan file's words to its compiled form."""

from itertools import pairwise

from accolade.streams.plans.scorecard import CurvedPay, PartPay, PayPoint, Scorecard
from accolade.streams.rules import compiled_pays
from accolade.streams.rules.compiling_units import minor_units
from accolade.streams.rules.formulas import Point, plain


def compile_scorecard(scorecard: Scorecard, currency: str) -> compiled_pays.Scorecard:
    """
    Return the compiled scorecard.

    Raises:
        ValueError: A bonus finer than the currency's minor unit, or points that don't rise.
    """
    most = scorecard.at.fraction if scorecard.at is not None else None
    return compiled_pays.Scorecard(
        bonus_minor=minor_units(scorecard.bonus, currency),
        parts=tuple((part.weight.fraction, _pay(part.pay)) for part in scorecard.parts),
        most_of_part=most if scorecard.capped == "before_weighting" else None,
        most_of_sum=most if scorecard.capped == "after_weighting" else None,
    )


def _pay(pay: PartPay) -> compiled_pays.PartPay:
    if isinstance(pay, str):
        return compiled_pays.AsAttained()
    if isinstance(pay, CurvedPay):
        return compiled_pays.OnLines(_points(pay.curve.points), pay.curve.beyond == "extend")
    return compiled_pays.BySteps(_points(pay.steps))


def _points(points: tuple[PayPoint, ...]) -> tuple[Point, ...]:
    for lower, upper in pairwise(points):
        if lower.from_.fraction >= upper.from_.fraction:
            raise ValueError(f"pays: {upper.from_} comes after {lower.from_}, and points must rise")
    return tuple(Point(plain(p.from_.fraction), plain(p.pay.fraction)) for p in points)
