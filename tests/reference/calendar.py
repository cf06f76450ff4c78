"""Periods, cut by walking through days: slow, and plain to see."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True)
class Period:
    """Half-open local dates."""

    first: date
    end: date
    id: str


def microseconds(day: date, zone: str) -> int:
    """Return the local midnight that a day begins with, µs UTC."""
    moment = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return round(moment.astimezone(UTC).timestamp()) * 1_000_000


@cache
def local_date(at: int, zone: str) -> date:
    """Return the local date of a time in µs UTC."""
    return datetime.fromtimestamp(at // 1_000_000, tz=ZoneInfo(zone)).date()


def period_of(day: date, kind: str, window: tuple[date, date]) -> Period:
    """Return the period of a kind that a day is in."""
    if kind == "window":
        return _window(day, *window)
    return _walked(day, kind)


@cache
def _walked(day: date, kind: str) -> Period:
    first = end = day
    while _name(first - timedelta(days=1), kind) == _name(day, kind):
        first -= timedelta(days=1)
    while _name(end, kind) == _name(day, kind):
        end += timedelta(days=1)
    return Period(first, end, _name(day, kind))


def after(period: Period, kind: str) -> Period:
    """Return the next period."""
    return period_of(period.end, kind, (period.first, period.end))


def before(period: Period, kind: str) -> Period:
    """Return the period before."""
    return period_of(period.first - timedelta(days=1), kind, (period.first, period.end))


def named(period_id: str, window: tuple[date, date]) -> tuple[str, Period] | None:
    """Return the kind of a period and the period itself, by its id; None if there is none."""
    for kind in ("day", "week", "month", "quarter", "year", "window"):
        day = date(int(period_id[:4]), 1, 1) - timedelta(days=7)
        while day.year <= int(period_id[:4]):
            period = period_of(day, kind, window)
            if period.id == period_id:
                return kind, period
            day = period.end
    return None


def _window(day: date, first: date, end: date) -> Period:
    length = end - first
    while day < first:
        first, end = first - length, end - length
    while day >= end:
        first, end = first + length, end + length
    return Period(first, end, f"{first}--{end}")


def _name(day: date, kind: str) -> str:
    year, week, _ = day.isocalendar()
    return {
        "day": f"{day}",
        "week": f"{year}-W{week:02}",
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day.year}",
    }[kind]
