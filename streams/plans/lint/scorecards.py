"""Scorecards: weights add up, and no part pays less the further one gets."""

from collections.abc import Iterator
from fractions import Fraction

from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.lint.curves import check_falls, falls_on
from accolade.streams.plans.model import PlanFile
from accolade.streams.plans.numbers import percent_text
from accolade.streams.plans.scorecard import CurvedPay, PartPay, Scorecard


def check_scorecards(plan: PlanFile) -> Iterator[Issue]:
    """Find weights that are not the whole, parts without any, and pay that falls."""
    for name, component in plan.components.items():
        scorecard = component.pays.scorecard
        if scorecard is not None:
            path = ("components", name, "pays", "scorecard", "parts")
            yield from _check_weights(scorecard, path)
            for index, part in enumerate(scorecard.parts):
                yield from _check_pay(part.pay, (*path, index, "pay"))


def _check_weights(scorecard: Scorecard, path: Path) -> Iterator[Issue]:
    total = sum((part.weight.fraction for part in scorecard.parts), Fraction(0))
    if total != 1:
        off = percent_text(abs(total - 1))
        says = f"adds up to {percent_text(total)}, {off} {'over' if total > 1 else 'short'}"
        yield error(path, f"{says}: weights must be 100% together")
    for index, part in enumerate(scorecard.parts):
        if not part.weight.fraction:
            yield warning((*path, index, "weight"), "is 0%: the part pays nothing")


def _check_pay(pay: PartPay, path: Path) -> Iterator[Issue]:
    if isinstance(pay, str):
        return
    if not isinstance(pay, CurvedPay):
        steps = [step.pay.fraction for step in pay.steps]
        yield from check_falls(steps, (*path, "steps"), "pay")
        return
    paid = [point.pay.fraction for point in pay.curve.points]
    yield from check_falls(paid, (*path, "curve", "points"), "pay")
    if pay.curve.beyond == "extend" and paid[-1] < paid[-2]:
        yield falls_on((*path, "curve", "beyond"))
