"""Dates, periods, populations and recipients: what a component asks for is there."""

from collections.abc import Iterator

from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.held import Held
from accolade.streams.plans.model import (
    LEVELS,
    Board,
    Component,
    Measure,
    PeriodKind,
    PlanFile,
    PreviousPeriodTarget,
    QuotaTarget,
    ToMembers,
    WeeksMeasure,
)

#: The longest that a period of each kind can be, days; a window is as long as the plan.
_DAYS = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365}
#: Periods that quotas are for.
_QUOTA_PERIODS = ("month", "quarter", "year")


def check_calendar(plan: PlanFile) -> Iterator[Issue]:
    """Find periods, targets, boards and recipients that the plan's calendar or people lack."""
    yield from _check_effective(plan)
    yield from _check_length(plan, plan.period, ("period",))
    for name, board in plan.boards.items():
        yield from _check_board(plan, board, ("boards", name))
    for name, component in plan.components.items():
        path, period = ("components", name), plan.period_of(component)
        if component.period is not None:
            yield from _check_length(plan, component.period, (*path, "period"))
        for held in component.looked_at:
            yield from _check_target(plan.measures[held.measure], period, held, path)
        yield from _check_recipient(plan, component, path)


def _check_effective(plan: PlanFile) -> Iterator[Issue]:
    if plan.effective.from_ >= plan.effective.to:
        says = (
            f"is not after the first day, {plan.effective.from_}: it is the day after the last one"
        )
        yield error(("effective", "to"), says)


def _check_length(plan: PlanFile, period: PeriodKind, path: Path) -> Iterator[Issue]:
    days = (plan.effective.to - plan.effective.from_).days
    if 0 < days < _DAYS.get(period, 0):
        says = f"is longer than the plan: a {period}, and it holds for {days} days"
        yield warning(path, says, f"{path[-1]}: window")


def _check_board(plan: PlanFile, board: Board, path: Path) -> Iterator[Issue]:
    if board.period is not None:
        yield from _check_length(plan, board.period, (*path, "period"))
    measure = plan.measures[board.measure]
    yield from _check_weeks(measure, plan.period_of(board), (*path, "measure"))
    units = plan.population_of(board).units
    if board.each is None or units is None:
        return
    if LEVELS.index(board.each) <= LEVELS.index(units):
        says = f"is not above the participants: a {board.each}, and they are {units}s"
        above = LEVELS[LEVELS.index(units) + 1 :]
        yield error((*path, "each"), says, f"each: {above[0]}" if above else "")


def _check_target(measure: Measure, period: PeriodKind, held: Held, path: Path) -> Iterator[Issue]:
    target, at = held.target, (*path, *held.path, "target")
    if isinstance(target, QuotaTarget) and period not in _QUOTA_PERIODS:
        says = f"is a quota, of a month, quarter or year, and the period is a {period}"
        yield error(at, says, "period: quarter")
    if isinstance(target, PreviousPeriodTarget) and period == "window":
        says = "asks for the period before, and none is before a window, the whole plan"
        yield error(at, says, "period: quarter")
    yield from _check_weeks(measure, period, (*path, *held.path, "measure"))


def _check_weeks(measure: Measure, period: PeriodKind, path: Path) -> Iterator[Issue]:
    if isinstance(measure, WeeksMeasure) and period == "day":
        says = "counts weeks, and on most days none ends: they need a longer period"
        yield error(path, says, "period: month")


def _check_recipient(plan: PlanFile, component: Component, path: Path) -> Iterator[Issue]:
    units = plan.population_of(component).units
    if isinstance(component.to, ToMembers) and units is None:
        says = "is for the members of a unit, and the population are people"
        yield error((*path, "to"), says, "population: {units: team}")
    if component.pays.badges is not None and component.to != "participant":
        yield error(
            (*path, "to"),
            "must be the participant: badges are granted to who earns them",
            "to: participant",
        )
