"""Splits: shares add up, and those who hold a share are in the plan."""

from collections.abc import Iterator
from fractions import Fraction

from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.model import Component, PlanFile, Split, SumMeasure
from accolade.streams.plans.numbers import percent_text


def check_shares(plan: PlanFile) -> Iterator[Issue]:
    """Find shares that are not the whole."""
    for name, component in plan.components.items():
        if component.pays.split is not None:
            path = ("components", name, "pays", "split")
            yield from _check_shares(component.pays.split, path)


def check_holders(plan: PlanFile) -> Iterator[Issue]:
    """Find splits among those who can't be paid, or of what is shared already."""
    for name, component in plan.components.items():
        split = component.pays.split
        if split is not None:
            path = ("components", name, "pays", "split")
            yield from _check_people(plan, component, split, path)
            yield from _check_whole(plan, component, path)


def _check_shares(split: Split, path: Path) -> Iterator[Issue]:
    total = sum((share.fraction for share in split.by_role.values()), Fraction(0))
    if total != 1:
        off = percent_text(abs(total - 1))
        says = f"adds up to {percent_text(total)}, {off} {'over' if total > 1 else 'short'}"
        yield error((*path, "by_role"), f"{says}: shares must be 100% together")
    for role, share in split.by_role.items():
        if not share.fraction:
            yield warning((*path, "by_role", role), "gets nothing, as a role without a share does")


def _check_people(
    plan: PlanFile, component: Component, split: Split, path: Path
) -> Iterator[Issue]:
    population = plan.population_of(component)
    if population.roles is None:
        says = "is for the people of a deal's team, and the population are units"
        yield error(path, says, "population: {roles: [account_executive]}")
        return
    for role in split.by_role:
        if role not in population.roles:
            says = "is not a role of the population, so who has it gets nothing"
            yield warning((*path, "by_role", role), says, f"roles: [{role}]")


def _check_whole(plan: PlanFile, component: Component, path: Path) -> Iterator[Issue]:
    measure = plan.measure_of(component)
    if isinstance(measure, SumMeasure) and measure.credit == "share":
        says = f"shares the whole deal, and `{component.measure}` counts shares of it already"
        yield error(path, says, "credit: whole")
