"""When what closed periods rest on occurred: all that an old version of a plan looks at."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from accolade.streams.plans.model import DistinctMeasure, PlanFile
from tests.reference import calendar
from tests.reference.calendar import microseconds
from tests.reference.crediting import Credit


@dataclass(frozen=True)
class Span:
    """A stretch of time, half-open, µs UTC."""

    start: int
    end: int

    def holds(self, credit: Credit) -> bool:
        """Tell whether a credit, or its deal, occurred in it."""
        times = credit.occurred_at, credit.deal_occurred_at
        return any(self.start <= at < self.end for at in times)


def span_of(plan: PlanFile, period_ids: Iterable[str]) -> Span:
    """Return the time from the week of the period before the first on, to the end of the last."""
    window = (plan.effective.from_, plan.effective.to)
    named = [calendar.named(period_id, window) for period_id in period_ids]
    found = [one for one in named if one is not None]
    starts = [calendar.before(period, kind).first for kind, period in found]
    mondays = [day - timedelta(days=day.weekday()) for day in starts]
    start = microseconds(min(mondays), plan.time_zone)
    ever = any(
        isinstance(measure, DistinctMeasure) and measure.first_in == "participant"
        for measure in plan.measures.values()
    )
    end = max(period.end for _, period in found)
    return Span(0 if ever else start, microseconds(end, plan.time_zone))
