"""Units: rates are of amounts, counts are whole, money has the currency's decimals."""

from collections.abc import Iterator
from decimal import Decimal

from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.held import Held
from accolade.streams.plans.lint.floors import floors_of
from accolade.streams.plans.model import (
    Component,
    Measure,
    PlanFile,
    QuotaTarget,
    SumMeasure,
    WeeksMeasure,
)
from accolade.streams.plans.numbers import number_text

#: Amounts are kept as whole minor units that a double holds exactly.
_LARGEST_MINOR = 2**53
_WHOLE = Decimal(1)


def is_amount(measure: Measure) -> bool:
    """Tell whether a measure is money rather than a count."""
    return isinstance(measure, SumMeasure) and measure.sum == "amount"


def check_units(plan: PlanFile) -> Iterator[Issue]:
    """Find numbers of the wrong unit, or with decimals that their unit hasn't."""
    for name, measure in plan.measures.items():
        if isinstance(measure, WeeksMeasure):
            yield from _check_count(measure.at_least, ("measures", name, "at_least"))
    for name, component in plan.components.items():
        path = ("components", name)
        measure = plan.measure_of(component)
        if component.measure is not None:
            yield from _check_form(component, measure, path)
            yield from _check_rates(component, path)
        if component.board is None:
            for held in component.looked_at:
                yield from _check_target(plan, held, path)
            yield from _check_floors(plan, name, component)
        yield from _check_rewards(plan, component, path)


def wrong_forms(plan: PlanFile) -> Iterator[Issue]:
    """Find rates on counts, and amounts per unit of money: what they came to would be wrong."""
    for name, component in plan.components.items():
        if component.measure is not None:
            yield from _check_form(component, plan.measure_of(component), ("components", name))


def _check_form(component: Component, measure: Measure, path: Path) -> Iterator[Issue]:
    form = component.form
    rated = form in ("flat", "marginal", "retroactive", "matrix")
    if rated and not is_amount(measure):
        says = f"pays a rate on an amount, and `{component.measure}` is a count"
        yield error((*path, "pays", form), says, "per_unit: {money: 5}")
    if form in ("per_unit", "spif") and is_amount(measure):
        says = f"pays for each unit of a count, and `{component.measure}` is an amount"
        yield error((*path, "pays", form), says, "flat: {on: running_total, rate: 5%}")


def _check_rates(component: Component, path: Path) -> Iterator[Issue]:
    form = component.form
    tiers = component.pays.marginal or component.pays.retroactive
    rates = [tier.rate for tier in tiers.tiers] if tiers else []
    for index, rate in enumerate(rates):
        if rate.fraction > 1:
            at = (*path, "pays", form, "tiers", index, "rate")
            yield warning(at, f"pays more than is sold: {rate}")
    if component.pays.flat is not None and component.pays.flat.rate.fraction > 1:
        at = (*path, "pays", form, "rate")
        yield warning(at, f"pays more than is sold: {component.pays.flat.rate}")


def _check_target(plan: PlanFile, held: Held, path: Path) -> Iterator[Issue]:
    target, at, measure = held.target, (*path, *held.path, "target"), plan.measures[held.measure]
    if isinstance(target, QuotaTarget) and not is_amount(measure):
        says = f"is a quota, which is an amount, and `{held.measure}` is a count"
        yield error(at, says, "target: 10")
    if target == "weeks_in_period" and not isinstance(measure, WeeksMeasure):
        yield error(at, f"is for counts of weeks, and `{held.measure}` is none")
    if isinstance(target, Decimal):
        yield from check_number(plan, measure, target, at)


def _check_floors(plan: PlanFile, name: str, component: Component) -> Iterator[Issue]:
    for floors in floors_of(name, component):
        measure = plan.measures[floors.held.measure]
        for path, floor in zip(floors.paths, floors.floors, strict=True):
            if floor.units is not None:
                yield from check_number(plan, measure, floor.units, path)


def _check_rewards(plan: PlanFile, component: Component, path: Path) -> Iterator[Issue]:
    pays, at = component.pays, (*path, "pays", component.form)
    counted = pays.per_unit or pays.spif
    if counted is not None and counted.money is not None:
        yield from check_money(plan, counted.money, (*at, "money"))
    if pays.matrix is not None and pays.matrix.base.money is not None:
        yield from check_money(plan, pays.matrix.base.money, (*at, "base", "money"))
    if pays.scorecard is not None:
        yield from check_money(plan, pays.scorecard.bonus, (*at, "bonus"))
    for index, point in enumerate(pays.curve.points if pays.curve else ()):
        yield from check_money(plan, point.money, (*at, "points", index, "money"))
    for index, tier in enumerate(pays.slabs or pays.ladder or pays.ranks or ()):
        for key in ("money", "gift_card", "value"):
            amount = getattr(tier, key)
            if amount is not None:
                yield from check_money(plan, amount, (*at, index, key))


def check_number(plan: PlanFile, measure: Measure, value: Decimal, path: Path) -> Iterator[Issue]:
    """Find a number that the measure's unit hasn't: money too fine, counts with decimals."""
    return check_money(plan, value, path) if is_amount(measure) else _check_count(value, path)


def _check_count(value: Decimal, path: Path) -> Iterator[Issue]:
    if value % _WHOLE:
        says = f"is not a whole number, and the measure is a count: {number_text(value)}"
        yield error(path, says, number_text(value.to_integral_value()))


def check_money(plan: PlanFile, value: Decimal, path: Path) -> Iterator[Issue]:
    """Find an amount with decimals that the currency hasn't, or too large to be exact."""
    decimals = MINOR_DECIMALS[plan.currency]
    minor = value.scaleb(decimals)
    if minor % _WHOLE:
        says = f"has more than the {decimals} decimals of {plan.currency}: {number_text(value)}"
        yield error(path, says, number_text(round(value, decimals)))
    elif minor > _LARGEST_MINOR:
        yield error(path, f"is more {plan.currency} than can be kept exactly: {number_text(value)}")
