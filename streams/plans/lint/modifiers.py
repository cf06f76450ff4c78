"""Modifiers: what they stand beside, and the numbers in them."""

from collections.abc import Iterator

from accolade.streams.plans.findings import Issue, Path, error
from accolade.streams.plans.lint.units import check_money, check_number
from accolade.streams.plans.model import Component, Floor, PlanFile
from accolade.streams.plans.modifiers import Accelerator, Decelerator, Gate
from accolade.streams.plans.targets import Target

#: Forms whose pay at any point of the measure is known, so that a part of it can be told.
_OF_TOTALS = ("flat", "marginal", "retroactive", "curve")


def check_modifiers(plan: PlanFile) -> Iterator[Issue]:
    """Find modifiers where there is no money to modify, and points that can't be told."""
    for name, component in plan.components.items():
        path = ("components", name)
        for key in component.modifiers:
            yield from _check_money_paid(component, (*path, key))
        if component.gate is not None:
            yield from _check_gate(plan, component, component.gate, (*path, "gate"))
        for key, pace in component.paces.items():
            yield from _check_pace(plan, component, pace, (*path, key))
        if component.cap is not None:
            yield from check_money(plan, component.cap.money, (*path, "cap", "money"))


def _check_money_paid(component: Component, path: Path) -> Iterator[Issue]:
    if component.board is not None:
        yield error(path, "is for what a measure pays, and a contest pays by rank")
    elif "money" not in component.pays.reward_kinds:
        yield error(path, "changes money, and the component pays none")


def _check_gate(plan: PlanFile, component: Component, gate: Gate, path: Path) -> Iterator[Issue]:
    yield from _check_point(plan, gate.measure, gate.target, gate.from_, (*path, "from"))
    if gate.otherwise.fraction and component.pays.reward_kinds != ("money",):
        says = "pays a part of the money while the gate is shut, and the rest can't be divided"
        yield error((*path, "otherwise"), says, "otherwise: 0%")


def _check_pace(
    plan: PlanFile, component: Component, pace: Accelerator | Decelerator, path: Path
) -> Iterator[Issue]:
    key = "from" if isinstance(pace, Accelerator) else "below"
    point = pace.from_ if isinstance(pace, Accelerator) else pace.below
    if component.measure is None:
        yield error(path, f"is a point of the measure, and the {component.form} names several")
        return
    yield from _check_point(plan, component.measure, component.target, point, (*path, key))
    if not point.value:
        yield error((*path, key), "is 0: everything is on one side of it", f"{key}: 100%")
    by_totals = component.form in _OF_TOTALS and component.pays.on != "each_transaction"
    if pace.on != "all" and not by_totals:
        says = "needs pay that is known at each point: a rate on running totals, or a curve"
        yield error((*path, "on"), says, "on: all")


def _check_point(
    plan: PlanFile, measure: str, target: Target | None, point: Floor, path: Path
) -> Iterator[Issue]:
    if point.units is not None:
        yield from check_number(plan, plan.measures[measure], point.units, path)
    elif target is None:
        says = "is a percentage of a target, and there is none, so it is never reached"
        yield error(path, says, "target: 50000")
