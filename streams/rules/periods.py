"""
Periods of a calendar: half-open stretches of time in a plan's time zone.

A period id says which one: `2026-04-01`, `2026-W14` (ISO week), `2026-04`, `2026-Q2`,
`2026`, or `2026-04-01--2026-07-01` for a window of dates. Each begins and ends at
midnight of the zone, so a day has 23 or 25 hours where clocks change. Where midnight
itself is skipped, the day begins when the clocks have moved.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

PeriodKind = Literal["day", "week", "month", "quarter", "year", "window"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_MONTHS_IN_QUARTER = 3


class Period(NamedTuple):
    """A period with its half-open bounds, µs UTC."""

    id: str
    start: int
    end: int

    def holds(self, at: int) -> bool:
        """Tell whether a time (µs UTC) is inside."""
        return self.start <= at < self.end


class _Known(NamedTuple):
    """Periods that were needed, by rising start."""

    starts: tuple[int, ...]
    periods: tuple[Period, ...]


class Calendar:
    """
    The periods of one kind in one time zone.

    Looking up a time is a binary search: bounds are kept once they were needed.
    """

    def __init__(self, kind: PeriodKind, zone: ZoneInfo, first: date, until: date) -> None:
        """
        Cut time into periods of `kind`.

        A window is the dates from `first` to before `until`, with windows of as many
        days before and after it; for the other kinds the dates don't matter.
        """
        self.kind = kind
        self._zone = zone
        self._window = (first, until - first)
        self._known = _Known((), ())
        self._by_id: dict[str, Period] = {}

    def at(self, at: int) -> Period:
        """Return the period that a time (µs UTC) is in."""
        starts, periods = self._known
        index = bisect_right(starts, at) - 1
        if index >= 0 and at < periods[index].end:
            return periods[index]
        day = (_EPOCH + at * _MICROSECOND).astimezone(self._zone).date()
        found = self._starting(self._floor(day))
        # Where midnight is skipped or comes twice, the date alone may name a neighbour.
        if at < found.start:
            found = self._starting(self._floor(self._floor(day) - timedelta(days=1)))
        elif at >= found.end:
            found = self._starting(self._next(self._floor(day)))
        self._keep(found)
        return found

    def before(self, period: Period) -> Period:
        """Return the period before."""
        return self.at(period.start - 1)

    def after(self, period: Period) -> Period:
        """Return the period after."""
        return self.at(period.end)

    def on(self, day: date) -> Period:
        """Return the period that a day begins in."""
        return self.at(midnight(day, self._zone))

    def named(self, period_id: str) -> Period | None:
        """Return the period with this id, or None if the calendar has none."""
        known = self._by_id.get(period_id)
        if known is not None:
            return known
        says = _read(period_id)
        if says is None or says.kind != self.kind:
            return None
        found = self.at(midnight(says.first, self._zone))
        return found if found.id == period_id else None

    def _keep(self, period: Period) -> None:
        # Put in place at once: several tasks may look at a calendar.
        self._by_id[period.id] = period
        starts, periods = self._known
        place = bisect_right(starts, period.start)
        if place and starts[place - 1] == period.start:
            return
        self._known = _Known(
            (*starts[:place], period.start, *starts[place:]),
            (*periods[:place], period, *periods[place:]),
        )

    def _starting(self, day: date) -> Period:
        after = self._next(day)
        start, end = midnight(day, self._zone), midnight(after, self._zone)
        return Period(_id(self.kind, day, after), start, end)

    def _floor(self, day: date) -> date:
        """Return the first day of the period that the day is in."""
        if self.kind == "window":
            first, length = self._window
            return first + (day - first) // length * length
        return _FLOORS[self.kind](day)

    def _next(self, day: date) -> date:
        """Return the first day of the period after the one that begins at `day`."""
        if self.kind == "window":
            return day + self._window[1]
        # No period but a window is longer than 366 days, and each later one begins before.
        return _FLOORS[self.kind](day + timedelta(days=_REACH[self.kind]))


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return when the day begins in the zone, µs UTC."""
    begins = datetime(day.year, day.month, day.day, tzinfo=zone)
    return (begins.astimezone(UTC) - _EPOCH) // _MICROSECOND


_FLOORS: dict[str, Callable[[date], date]] = {
    "day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
    "quarter": lambda day: day.replace(month=day.month - (day.month - 1) % 3, day=1),
    "year": lambda day: day.replace(month=1, day=1),
}

#: Days from a period's first day that always lie in the period after it.
_REACH = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}


def _id(kind: PeriodKind, day: date, after: date) -> str:
    """Return the id of the period of `kind` from `day` to before `after`."""
    if kind == "week":
        year, week, _ = day.isocalendar()
        return f"{year:04}-W{week:02}"
    if kind == "month":
        return f"{day.year:04}-{day.month:02}"
    if kind == "quarter":
        return f"{day.year:04}-Q{(day.month - 1) // _MONTHS_IN_QUARTER + 1}"
    if kind == "year":
        return f"{day.year:04}"
    if kind == "window":
        return f"{day.isoformat()}--{after.isoformat()}"
    return day.isoformat()


# Times are of the years 2000 to 2099 in UTC; in a plan's zone they reach a day further, and
# windows as far again as a plan may be long.
_ID = re.compile(
    r"(?P<year>(?:18|19|20)[0-9]{2}|2100)(?:-W(?P<week>[0-9]{2})|-Q(?P<quarter>[1-4])"
    r"|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})(?:--(?P<until>(?:19|20|21|22)[0-9]{2}-[0-9]{2}-[0-9]{2}))?)?)?"
)


class _Named(NamedTuple):
    """What an id says: a kind, its first day, and the day after a window's last."""

    kind: PeriodKind
    first: date
    until: date


def calendar_of(period_id: str, time_zone: str) -> Calendar | None:
    """
    Return the calendar in a time zone that has such an id, or None if it isn't an id.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: There is no such zone.
    """
    says = _read(period_id)
    return None if says is None else calendar(says.kind, time_zone, says.first, says.until)


def kind_of(period_id: str) -> PeriodKind | None:
    """Return of which kind a period is by its id; None for what isn't written as one."""
    says = _read(period_id)
    return None if says is None else says.kind


class Stretch(NamedTuple):
    """The days of a period, whatever the time zone."""

    #: What cuts time into such periods: a kind, or the length of a window and where one begins.
    cut: str
    first: date
    #: The day after the last.
    until: date


def stretch_of(period_id: str) -> Stretch:
    """
    Return the days that a period id says.

    Raises:
        ValueError: It is no period id.
    """
    says = _read(period_id)
    if says is None:
        raise ValueError(f"{period_id!r} is not the id of a period")
    if says.kind == "window":
        days = (says.until - says.first).days
        cut = f"window of {days} from {says.first.toordinal() % days}"
        return Stretch(cut, says.first, says.until)
    until = _FLOORS[says.kind](says.first + timedelta(days=_REACH[says.kind]))
    return Stretch(says.kind, says.first, until)


@lru_cache(maxsize=1024)
def calendar(kind: PeriodKind, time_zone: str, first: date, until: date) -> Calendar:
    """
    Return the calendar of a plan for a kind of period.

    Args:
        kind: What time is cut into.
        time_zone: IANA name.
        first: The plan's first day; matters for windows alone.
        until: The day after its last; as `first`.

    Raises:
        zoneinfo.ZoneInfoNotFoundError: There is no such zone.
    """
    return Calendar(kind, ZoneInfo(time_zone), first, until)


def weeks_ending_in(start: int, end: int, weeks: Calendar) -> int:
    """Return how many of a calendar's weeks have their last instant in [start, end), µs UTC."""
    if start >= end:
        return 0
    count = 0
    week = weeks.at(start)
    while week.end <= end:
        count += 1
        week = weeks.after(week)
    return count


def _read(period_id: str) -> _Named | None:
    found = _ID.fullmatch(period_id)
    if found is None:
        return None
    year, month = int(found["year"]), int(found["month"] or 1)
    try:
        if found["week"]:
            return _alone("week", date.fromisocalendar(year, int(found["week"]), 1))
        if found["quarter"]:
            first_month = _MONTHS_IN_QUARTER * (int(found["quarter"]) - 1) + 1
            return _alone("quarter", date(year, first_month, 1))
        if found["until"]:
            first, until = date(year, month, int(found["day"])), date.fromisoformat(found["until"])
            return _Named("window", first, until) if first < until else None
        if found["day"]:
            return _alone("day", date(year, month, int(found["day"])))
        return _alone("month" if found["month"] else "year", date(year, month, 1))
    except ValueError:
        return None


def _alone(kind: PeriodKind, first: date) -> _Named:
    return _Named(kind, first, first + timedelta(days=1))
