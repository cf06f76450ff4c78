"""When a plan holds, in which zone and currency."""

import re
from datetime import date
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema

from accolade.streams.bounds import END_DAY, FIRST_DAY
from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.plans.base import PlanModel
from accolade.streams.plans.numbers import refusal, shown
from accolade.streams.plans.suggest import nearest

#: Kinds of period; `window` is the plan's whole effective range.
PeriodKind = Literal["day", "week", "month", "quarter", "year", "window"]
#: Which instant of a period decides about a quota.
PeriodEdge = Literal["period_start", "period_end"]


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _date(value: Any) -> date:
    day = value if isinstance(value, date) else _day_of(value)
    if not FIRST_DAY <= day <= END_DAY:
        raise refusal(f"is not between {FIRST_DAY} and {END_DAY}: {day}")
    return day


def _day_of(value: Any) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise refusal(f"is no day of the calendar: {shown(value)}") from None
    raise refusal(f"is not a date: {shown(value)}", "2026-04-01")


def _currency(value: Any) -> str:
    if isinstance(value, str) and value in MINOR_DECIMALS:
        return value
    near = nearest(str(value).upper(), MINOR_DECIMALS)
    raise refusal(f"is not an ISO 4217 currency: {shown(value)}", near)


def _time_zone(value: Any) -> str:
    try:
        ZoneInfo(value)
    except (OSError, TypeError, ValueError, LookupError):
        raise refusal(f"is not an IANA time zone: {shown(value)}", _zone_near(value)) from None
    return str(value)


def _zone_near(value: Any) -> str:
    """Return the zone whose city looks most like the text."""
    zones = {zone.rpartition("/")[2]: zone for zone in sorted(available_timezones())}
    near = nearest(str(value).replace(" ", "_").rpartition("/")[2], zones)
    return zones.get(near, "")


Date = Annotated[
    date,
    PlainValidator(_date),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "pattern": f"^{_DATE.pattern}$"}),
]
Currency = Annotated[
    str, PlainValidator(_currency), WithJsonSchema({"enum": sorted(MINOR_DECIMALS)})
]
TimeZone = Annotated[str, PlainValidator(_time_zone), WithJsonSchema({"type": "string"})]


class Effective(PlanModel):
    """The plan's dates, half-open, in its time zone."""

    from_: Date = Field(alias="from", description="The first day.", examples=["2026-04-01"])
    to: Date = Field(description="The day after the last day.", examples=["2026-07-01"])
