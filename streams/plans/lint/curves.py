"""Pay curves: they rise, and what is drawn on never falls below zero."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from accolade.streams.plans.curves import Curve
from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.model import PlanFile


def check_curves(plan: PlanFile) -> Iterator[Issue]:
    """Find curves that fall."""
    for name, component in plan.components.items():
        curve = component.pays.curve
        if curve is not None:
            path = ("components", name, "pays", "curve")
            yield from _check_curve(curve, path)


def _check_curve(curve: Curve, path: Path) -> Iterator[Issue]:
    paid = [Fraction(point.money) for point in curve.points]
    yield from check_falls(paid, (*path, "points"), "money")
    if curve.beyond == "extend" and paid[-1] < paid[-2]:
        yield falls_on((*path, "beyond"))


def check_falls(paid: list[Fraction], path: Path, key: str) -> Iterator[Issue]:
    """Warn of what pays less the further one gets."""
    for index, (before, after) in enumerate(pairwise(paid), start=1):
        if after < before:
            says = "is less than at the point before: one more sale pays less"
            yield warning((*path, index, key), says)


def falls_on(path: Path) -> Issue:
    """Return that a line which falls can't be drawn on."""
    return error(path, "draws on a line that falls, and so below zero", "beyond: flat")
