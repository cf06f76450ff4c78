"""Tiers: they rise, leave no gap, and each can be reached."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from accolade.streams.plans.findings import Issue, Path, error
from accolade.streams.plans.model import (
    BadgeLevel,
    Component,
    Floor,
    PeriodKind,
    PlanFile,
    Slab,
    Tier,
    WeeksMeasure,
)


class Floors(NamedTuple):
    """The floors of a component's tiers, wherever its form keeps them."""

    #: Path of the list they are in.
    path: Path
    tiers: Sequence[Tier | Slab | BadgeLevel]
    #: Whether all from 0 on has to lie in one of them.
    from_zero: bool

    def at(self, index: int) -> Path:
        """Return the path of a floor."""
        return (*self.path, index, "from")


def floors_of(name: str, component: Component) -> Floors | None:
    """Return a component's floors, or None for a form without."""
    path, pays = ("components", name, "pays", component.form), component.pays
    rates = pays.marginal or pays.retroactive
    if rates is not None:
        return Floors((*path, "tiers"), rates.tiers, from_zero=True)
    if pays.slabs is not None:
        return Floors(path, pays.slabs, from_zero=False)
    if pays.badges is not None:
        return Floors((*path, "levels"), pays.badges.levels, from_zero=False)
    return None


def check_floors(plan: PlanFile) -> Iterator[Issue]:
    """Find gaps, overlaps, tiers out of order, and floors of no target."""
    for name, component in plan.components.items():
        floors = floors_of(name, component)
        if floors is not None:
            yield from _check_start(floors)
            yield from _check_kinds(component, floors)
            yield from _check_order(floors)
        if component.pays.badges is not None and floors is not None:
            yield from _check_badge_names(component.pays.badges.levels, floors.path)


def check_reach(plan: PlanFile) -> Iterator[Issue]:
    """Find tiers that no result reaches."""
    for name, component in plan.components.items():
        floors = floors_of(name, component)
        if floors is not None:
            yield from _check_weeks(plan, component, floors)


def _check_start(floors: Floors) -> Iterator[Issue]:
    first = floors.tiers[0].from_
    if floors.from_zero and first.value:
        says = f"leaves a gap: no tier is from 0 to {first}; a tier may have `rate: 0%`"
        yield error(floors.at(0), says, "from: 0")


def _check_kinds(component: Component, floors: Floors) -> Iterator[Issue]:
    in_percent = [index for index, tier in enumerate(floors.tiers) if _is_percent(tier.from_)]
    in_units = [
        i for i, tier in enumerate(floors.tiers) if i not in in_percent and tier.from_.value
    ]
    if in_percent and component.target is None:
        yield error(
            floors.at(in_percent[0]),
            "is a percentage of a target, and the component has none, so it is never reached",
            "target: 50000",
        )
    if in_percent and in_units:
        says = "mixes percentages of the target with plain numbers: write all floors one way"
        yield error(floors.at(max(in_percent[0], in_units[0])), says)
    rates = component.pays.marginal or component.pays.retroactive
    if in_percent and rates is not None and rates.on == "each_transaction":
        says = "is held against the period's total, and the tiers look at each deal alone"
        yield error(floors.at(in_percent[0]), says, "on: running_total")


def _is_percent(floor: Floor) -> bool:
    return floor.attainment is not None


def _check_order(floors: Floors) -> Iterator[Issue]:
    for index, (before, tier) in enumerate(pairwise(floors.tiers), start=1):
        lower, floor = before.from_, tier.from_
        if _is_percent(lower) != _is_percent(floor) and lower.value and floor.value:
            continue
        if floor.value == lower.value:
            says = f"overlaps: two tiers are from {floor}; a tier owns all from its floor on"
            yield error(floors.at(index), says)
        elif floor.value < lower.value:
            rising = " < ".join(str(t.from_) for t in sorted(floors.tiers, key=_floor_value))
            says = f"comes after {lower}: tiers must rise, {rising}"
            yield error(floors.at(index), says)


def _floor_value(tier: Tier | Slab | BadgeLevel) -> Fraction:
    return tier.from_.value


def _check_weeks(plan: PlanFile, component: Component, floors: Floors) -> Iterator[Issue]:
    measure = plan.measure_of(component)
    if not isinstance(measure, WeeksMeasure):
        return
    most = most_weeks(plan, plan.period_of(component))
    for index, tier in enumerate(floors.tiers):
        if _is_percent(tier.from_):
            if component.target == "weeks_in_period" and tier.from_.value > 1:
                says = "is never reached: no more weeks than there are can be full"
                yield error(floors.at(index), says, "from: 100%")
        elif tier.from_.value > most:
            says = f"is never reached: at most {most} weeks end in a {plan.period_of(component)}"
            yield error(floors.at(index), says)


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
