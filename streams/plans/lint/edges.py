"""Edges where one more sale pays less, or more than it brings; and what is paid twice."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from accolade.streams.plans.findings import Issue, Path, warning
from accolade.streams.plans.lint.units import is_amount
from accolade.streams.plans.model import Component, Floor, PlanFile, Slab, Tier


def check_edges(plan: PlanFile) -> Iterator[Issue]:
    """Warn of edges that pay oddly, and of components that pay the same thing the same way."""
    for name, component in plan.components.items():
        path = ("components", name, "pays", component.form)
        if component.pays.retroactive is not None:
            tiers = component.pays.retroactive.tiers
            yield from _check_retroactive(plan, component, tiers, (*path, "tiers"))
        if component.pays.marginal is not None:
            yield from _check_marginal(component.pays.marginal.tiers, (*path, "tiers"))
        if component.pays.slabs is not None:
            yield from _check_slabs(plan, component, component.pays.slabs, path)
    yield from _check_twice(plan)


def _check_retroactive(
    plan: PlanFile, component: Component, tiers: tuple[Tier, ...], path: Path
) -> Iterator[Issue]:
    for index, (before, tier) in enumerate(pairwise(tiers), start=1):
        edge = _units(component, tier.from_)
        step = tier.rate.fraction - before.rate.fraction
        jump = "" if edge is None else f"{_money(abs(step) * edge)} {plan.currency} "
        if step < 0:
            says = f"falls on everything sold before too: one more sale pays {jump}less"
            yield warning((*path, index, "rate"), says, "marginal")
        if step > 0:
            says = f"raises the rate on everything before: one more sale pays {jump}more at once"
            yield warning((*path, index, "from"), says, "marginal")


def _check_marginal(tiers: tuple[Tier, ...], path: Path) -> Iterator[Issue]:
    for index, (before, tier) in enumerate(pairwise(tiers), start=1):
        if tier.rate.fraction < before.rate.fraction:
            says = f"is lower than the {before.rate} below it: right if it is to slow pay down"
            yield warning((*path, index, "rate"), f"{says} (a decelerator), else probably not")


def _check_slabs(
    plan: PlanFile, component: Component, slabs: tuple[Slab, ...], path: Path
) -> Iterator[Issue]:
    for index, (before, slab) in enumerate(pairwise(slabs), start=1):
        if before.money is None or slab.money is None:
            continue
        at, step = (*path, index, "money"), slab.money - before.money
        if step < 0:
            says = f"is {_money(Fraction(-step))} {plan.currency} less than in the slab before"
            yield warning(at, f"{says}: one more sale pays less")
        lower, upper = _units(component, before.from_), _units(component, slab.from_)
        if lower is None or upper is None or not is_amount(plan.measure_of(component)):
            continue
        if step > upper - lower > 0:
            more = f"{_money(Fraction(step))} {plan.currency}"
            says = f"{more} more for {_money(upper - lower)} more sold"
            yield warning(at, f"pays more than it brings: {says}")


def _units(component: Component, floor: Floor) -> Fraction | None:
    """Return a floor in units of the measure, or None where each has another target."""
    if floor.units is not None:
        return Fraction(floor.units)
    if isinstance(component.target, Decimal) and floor.attainment is not None:
        return floor.attainment * Fraction(component.target)
    return None


def _money(amount: Fraction) -> str:
    """Return an amount for people, to two decimals."""
    whole, hundredths = divmod(round(amount * 100), 100)
    return f"{whole:,}.{hundredths:02}" if hundredths else f"{whole:,}"


def _check_twice(plan: PlanFile) -> Iterator[Issue]:
    seen: dict[tuple[str, ...], str] = {}
    for name, component in plan.components.items():
        if component.board is not None:
            continue
        same = (
            plan.measure_name_of(component),
            component.form,
            _applies_to(component),
            str(component.pays.split is not None),
            plan.period_of(component),
            plan.population_of(component).model_dump_json(),
            str([(held.measure, str(held.target)) for held in component.looked_at]),
            str(component.to),
            str([(key, getattr(component, key)) for key in component.modifiers]),
        )
        if same in seen:
            says = f"pays the same measure the same way as `{seen[same]}`: both are paid"
            yield warning(("components", name), says)
        seen.setdefault(same, name)


def _applies_to(component: Component) -> str:
    pays = component.pays
    if pays.spif is not None:
        return pays.spif.times
    return pays.on or ""
