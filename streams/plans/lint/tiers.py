"""Tiers: they rise, leave no gap, and each can be reached."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from accolade.streams.plans.findings import Issue, Path, error
from accolade.streams.plans.lint.floors import Floors, floors_of
from accolade.streams.plans.model import (
    BadgeLevel,
    Component,
    Floor,
    PeriodKind,
    PlanFile,
    WeeksMeasure,
)


def check_floors(plan: PlanFile) -> Iterator[Issue]:
    """Find gaps, overlaps, tiers out of order, and floors of no target."""
    for name, component in plan.components.items():
        for floors in floors_of(name, component):
            yield from _check_start(floors)
            yield from _check_kinds(component, floors)
            yield from _check_order(floors)
        if component.pays.badges is not None:
            path = ("components", name, "pays", "badges", "levels")
            yield from _check_badge_names(component.pays.badges.levels, path)


def check_reach(plan: PlanFile) -> Iterator[Issue]:
    """Find tiers that no result reaches."""
    for name, component in plan.components.items():
        for floors in floors_of(name, component):
            yield from _check_weeks(plan, component, floors)


def _check_start(floors: Floors) -> Iterator[Issue]:
    first = floors.floors[0]
    if floors.from_zero and first.value:
        says = f"leaves a gap: no tier is from 0 to {first}; a tier may have `rate: 0%`"
        yield error(floors.paths[0], says, "from: 0")


def _check_kinds(component: Component, floors: Floors) -> Iterator[Issue]:
    in_percent = [index for index, floor in enumerate(floors.floors) if _is_percent(floor)]
    in_units = [i for i, floor in enumerate(floors.floors) if i not in in_percent and floor.value]
    if in_percent and floors.held.target is None:
        yield error(
            floors.paths[in_percent[0]],
            "is a percentage of a target, and the component has none, so it is never reached",
            "target: 50000",
        )
    if in_percent and in_units:
        says = "mixes percentages of the target with plain numbers: write all floors one way"
        yield error(floors.paths[max(in_percent[0], in_units[0])], says)
    if in_percent and component.pays.on == "each_transaction":
        says = "is held against the period's total, and the tiers look at each deal alone"
        yield error(floors.paths[in_percent[0]], says, "on: running_total")


def _is_percent(floor: Floor) -> bool:
    return floor.attainment is not None


def _check_order(floors: Floors) -> Iterator[Issue]:
    for path, (lower, floor) in zip(floors.paths[1:], pairwise(floors.floors), strict=True):
        if _is_percent(lower) != _is_percent(floor) and lower.value and floor.value:
            continue
        if floor.value == lower.value:
            says = f"overlaps: two tiers are from {floor}; a tier owns all from its floor on"
            yield error(path, says)
        elif floor.value < lower.value:
            rising = " < ".join(map(str, sorted(floors.floors, key=_value)))
            says = f"comes after {lower}: tiers must rise, {rising}"
            yield error(path, says)


def _value(floor: Floor) -> Fraction:
    return floor.value


def _check_weeks(plan: PlanFile, component: Component, floors: Floors) -> Iterator[Issue]:
    if not isinstance(plan.measures[floors.held.measure], WeeksMeasure):
        return
    most = most_weeks(plan, plan.period_of(component))
    for path, floor in zip(floors.paths, floors.floors, strict=True):
        if _is_percent(floor):
            if floors.held.target == "weeks_in_period" and floor.value > 1:
                says = "is never reached: no more weeks than there are can be full"
                yield error(path, says, "from: 100%")
        elif floor.value > most:
            says = f"is never reached: at most {most} weeks end in a {plan.period_of(component)}"
            yield error(path, says)


def most_weeks(plan: PlanFile, period: PeriodKind) -> int:
    """Return how many weeks can end in a period of a kind."""
    if period == "window":
        days = (plan.effective.to - plan.effective.from_).days
        return max(0, (days + 6) // 7)
    return {"day": 1, "week": 1, "month": 5, "quarter": 14, "year": 53}[period]


def _check_badge_names(levels: Sequence[BadgeLevel], path: Path) -> Iterator[Issue]:
    seen: dict[str, int] = {}
    for index, level in enumerate(levels):
        if level.badge in seen:
            says = f"is `{level.badge}` on another level too; each is granted once"
            yield error((*path, index, "badge"), says)
        seen[level.badge] = index
