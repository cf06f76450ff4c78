"""The closings of all periods of the published plans that the quarter has seen."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from accolade.deploy.simulator.world import Frame
from accolade.streams.plans.canonical import parse_body
from accolade.streams.plans.model import Board, Component, PlanFile
from accolade.streams.records import Closing, Plan
from accolade.streams.rules.periods import Period, calendar, midnight

_AUTHOR = "sales operations"


def closings(frame: Frame, plans: Sequence[Plan]) -> Iterator[Closing]:
    """Yield the closings, plan by plan, the earliest period first."""
    for record in plans:
        plan = parse_body(record.body)
        for period in _periods(frame, plan):
            yield Closing(plan_id=plan.plan, period=period.id, author=_AUTHOR)


def _periods(frame: Frame, plan: PlanFile) -> list[Period]:
    """Return the plan's periods of all kinds that begin in it or reach into it, by their ends."""
    parts: tuple[Board | Component, ...] = (*plan.boards.values(), *plan.components.values())
    zone = ZoneInfo(plan.time_zone)
    found = []
    for kind in {plan.period_of(part): None for part in parts}:
        periods = calendar(kind, plan.time_zone, plan.effective.from_, plan.effective.to)
        first, last = midnight(plan.effective.from_, zone), midnight(plan.effective.to, zone) - 1
        period = periods.at(frame.start_us)
        while period.start < frame.end_us:
            if periods.at(first).start <= period.start <= last:
                found.append(period)
            period = periods.after(period)
    return sorted(found, key=lambda period: (period.end, period.id))
