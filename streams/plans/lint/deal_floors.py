"""Floors of deals: they stand beside what pays each deal."""

from collections.abc import Iterator

from accolade.streams.plans.findings import Issue, error
from accolade.streams.plans.lint.units import check_money
from accolade.streams.plans.model import PlanFile


def check_deal_floors(plan: PlanFile) -> Iterator[Issue]:
    """Find the least for each deal where deals aren't paid by themselves."""
    for name, component in plan.components.items():
        if component.floor is None:
            continue
        path = ("components", name, "floor")
        yield from check_money(plan, component.floor.money, (*path, "money"))
        if component.pays.on != "each_transaction":
            says = "is the least for each deal, and deals are not paid by themselves"
            fix = "on: each_transaction" if component.pays.on is not None else ""
            yield error(path, says, fix)
