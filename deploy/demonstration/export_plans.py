"""Plans of the catalogue, dated anew to an export's own quarters, and their closings."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from accolade.streams.plans.canonical import parse_body, plan_record
from accolade.streams.plans.catalogue import catalogue_plans
from accolade.streams.plans.model import Effective
from accolade.streams.records import Closing, Deal, Plan
from accolade.streams.rules.periods import calendar

#: The plans that an export alone can earn by: the others need quotas, meetings or roles.
_PLANS = ("q2-sales-performance", "badge-rush")
_MICROSECONDS = 1_000_000
_AUTHOR = "sales operations"
#: Calendars of quarters take dates for the sake of windows, which they don't look at.
_ANY_DAY = date(2000, 1, 1)


class Span(NamedTuple):
    """The whole quarters that an export's deals are in."""

    zone: str
    #: Half-open, µs UTC.
    start_us: int
    end_us: int

    @property
    def dates(self) -> Effective:
        """The first day, and the one after the last."""
        return Effective(from_=self._day(self.start_us), to=self._day(self.end_us))

    def _day(self, at_us: int) -> date:
        return datetime.fromtimestamp(at_us // _MICROSECONDS, ZoneInfo(self.zone)).date()


def span_of(deals: Iterable[Deal], zone: str) -> Span:
    """Return the whole quarters, in a time zone, that deals occurred in."""
    occurred = [deal.occurred_at for deal in deals]
    quarters = calendar("quarter", zone, _ANY_DAY, _ANY_DAY)
    return Span(zone, quarters.at(min(occurred)).start, quarters.at(max(occurred)).end)


def plans_for(span: Span, currency: str) -> list[Plan]:
    """Return the plans for an export's quarters, its currency and its time zone."""
    changes = {"effective": span.dates, "currency": currency, "time_zone": span.zone}
    return [
        plan_record(parse_body(record.body).model_copy(update=changes), version=1)
        for record in catalogue_plans()
        if record.plan_id in _PLANS
    ]


def closings(plans: Sequence[Plan], span: Span) -> Iterator[Closing]:
    """Yield the closing of each period of the plans, plan by plan, the earliest first."""
    for record in plans:
        plan = parse_body(record.body)
        dates = plan.effective
        periods = calendar(plan.period, plan.time_zone, dates.from_, dates.to)
        period = periods.at(span.start_us)
        while period.start < span.end_us:
            yield Closing(plan_id=plan.plan, period=period.id, author=_AUTHOR)
            period = periods.after(period)
