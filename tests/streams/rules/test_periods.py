from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.rules.periods import (
    Calendar,
    calendar,
    calendar_of,
    kind_of,
    midnight,
    weeks_ending_in,
)

HOUR = 3_600_000_000
FIRST, UNTIL = date(2026, 4, 1), date(2026, 7, 1)

kinds = st.sampled_from(["day", "week", "month", "quarter", "year", "window"])
zones = st.sampled_from(
    ["UTC", "America/New_York", "Europe/Berlin", "America/Sao_Paulo", "America/St_Johns"]
)
times = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))


def at(text, zone="America/New_York"):
    """Return a local time as µs UTC."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return int(local.astimezone(UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("kind", "period_id", "start", "end"),
    [
        ("day", "2026-05-31", "2026-05-31", "2026-06-01"),
        ("week", "2026-W22", "2026-05-25", "2026-06-01"),
        ("month", "2026-05", "2026-05-01", "2026-06-01"),
        ("quarter", "2026-Q2", "2026-04-01", "2026-07-01"),
        ("year", "2026", "2026-01-01", "2027-01-01"),
        ("window", "2026-04-01--2026-07-01", "2026-04-01", "2026-07-01"),
    ],
)
def test_a_time_lies_in_a_period_of_each_kind(kind, period_id, start, end):
    """The last evening of May in New York is June in Greenwich, and May in the plan."""
    found = calendar(kind, "America/New_York", FIRST, UNTIL).at(at("2026-05-31T23:30"))

    assert found == (period_id, at(start), at(end))


def test_bounds_are_half_open():
    """Midnight belongs to the period that begins."""
    months = calendar("month", "America/New_York", FIRST, UNTIL)

    assert months.at(at("2026-05-01")).id == "2026-05"
    assert months.at(at("2026-05-01") - 1).id == "2026-04"


def test_days_are_as_long_as_the_clocks_make_them():
    """23 hours in March, 25 in November."""
    days = calendar("day", "America/New_York", FIRST, UNTIL)
    spring, autumn = days.at(at("2026-03-08T12:00")), days.at(at("2026-11-01T12:00"))

    assert (spring.end - spring.start, autumn.end - autumn.start) == (23 * HOUR, 25 * HOUR)


def test_a_week_has_the_year_of_its_thursday():
    """New Year's Day of 2027 is in the last week of 2026."""
    weeks = calendar("week", "America/New_York", FIRST, UNTIL)

    assert weeks.at(at("2027-01-01")).id == "2026-W53"


def test_windows_repeat_before_and_after():
    """By the same number of days, so that there is one before and one to adjust in."""
    windows = calendar("window", "America/New_York", FIRST, UNTIL)
    window = windows.at(at("2026-05-01"))

    assert windows.before(window).id == "2025-12-31--2026-04-01"
    assert windows.after(window).id == "2026-07-01--2026-09-30"


@pytest.mark.parametrize("until", [date(2100, 1, 1), date(2000, 1, 2)])
def test_a_window_is_found_by_its_id_however_far_it_reaches(until):
    """Also one that begins long before the plan, and nobody has asked for yet."""
    bounds = (ZoneInfo("America/New_York"), date(2000, 1, 1), until)
    ends = Calendar("window", *bounds)
    first, last = ends.at(at("2000-01-01", "UTC")), ends.after(ends.at(at("2099-12-31")))

    assert Calendar("window", *bounds).named(first.id) == first
    assert Calendar("window", *bounds).named(last.id) == last


def test_an_hour_that_comes_again_after_midnight_belongs_to_the_new_day():
    """In St. John's, clocks once went back from 00:01 to 23:01: days don't overlap."""
    zone = ZoneInfo("America/St_Johns")
    days = calendar("day", "America/St_Johns", FIRST, UNTIL)
    again = datetime(2006, 10, 28, 23, 30, tzinfo=zone, fold=1)

    assert days.at(int(again.timestamp()) * 1_000_000).id == "2006-10-29"


@given(kinds, zones, times)
def test_a_period_holds_its_times_and_touches_its_neighbours(kind, zone, time):
    """At every time, in zones whose clocks change at midnight too."""
    micros = int(time.timestamp()) * 1_000_000
    periods = Calendar(kind, ZoneInfo(zone), FIRST, UNTIL)
    period = periods.at(micros)

    assert period.holds(micros)
    assert periods.before(period).end == period.start
    assert periods.after(period).start == period.end
    assert periods.named(period.id) == period
    named = calendar_of(period.id, zone)
    assert named is not None
    assert named.named(period.id) == period
    assert kind_of(period.id) == kind
    assert "/" not in period.id


@given(kinds, zones, st.lists(times, max_size=20))
def test_what_was_looked_up_before_changes_nothing(kind, zone, looked_up):
    """A calendar that is used much answers as a new one does."""
    used = Calendar(kind, ZoneInfo(zone), FIRST, UNTIL)
    for time in looked_up:
        micros = int(time.timestamp()) * 1_000_000

        assert used.at(micros) == Calendar(kind, ZoneInfo(zone), FIRST, UNTIL).at(micros)


def test_a_day_that_a_zone_skipped_is_in_no_calendar():
    """Samoa had no 30 December 2011."""
    days = calendar("day", "Pacific/Apia", FIRST, UNTIL)

    assert days.named("2011-12-30") is None
    assert days.before(days.at(midnight(date(2011, 12, 31), ZoneInfo("Pacific/Apia")))).id == (
        "2011-12-29"
    )


@pytest.mark.parametrize(
    "text",
    ["", "Q2", "2026-13", "2026-Q5", "2026-W54", "2026-02-30", "2026-04-01--2026-04-01", "2026/04"],
)
def test_what_is_no_period_id_is_told(text):
    """Malformed, or a date that isn't there."""
    assert kind_of(text) is None
    assert calendar_of(text, "UTC") is None


@pytest.mark.parametrize(
    ("period_id", "weeks"),
    [("2026-04", 4), ("2026-05", 5), ("2026-06", 4), ("2026-Q2", 13), ("2026-06-30", 0)],
)
def test_weeks_belong_where_they_end(period_id, weeks):
    """The Sundays of May 2026 are five; the week of 29 June ends in July."""
    named = calendar_of(period_id, "America/New_York")
    assert named is not None
    period = named.named(period_id)
    assert period is not None
    calendar_of_weeks = calendar("week", "America/New_York", FIRST, UNTIL)

    assert weeks_ending_in(period.start, period.end, calendar_of_weeks) == weeks


def test_no_time_holds_no_week():
    """Where a plan ends before a period begins."""
    weeks = calendar("week", "UTC", FIRST, UNTIL)
    start = int(datetime(2026, 4, 1, tzinfo=UTC).timestamp()) * 1_000_000

    assert weeks_ending_in(start, start - int(timedelta(days=9).total_seconds()), weeks) == 0
