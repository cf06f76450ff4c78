"""Closed periods: what they cost, and where what comes late is booked."""

import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.records import Record
from accolade.streams.rules.closed_periods import close, open_period
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.periods import calendar
from accolade.streams.rules.tally_plans import PlansCache, put_plan
from accolade.streams.rules.tally_rows import CLOSED_RUNS
from tests.streams.rules.tally_desk import Desk, closing, deal, person, written

TEN_PERCENT = "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}"
BOARD = "{top: {measure: sales, ties: pooled, show: 3}}"
LONG = "{from: 2026-01-01, to: 2060-01-01}"
FIRST = date(2026, 1, 1)
#: Caches and chunks may cost a little more or less; growth would be a multiple.
SLACK = 1.2


def daily(version=1, percent="10%"):
    """Return a version of a plan that pays by the day, for many years."""
    components = TEN_PERCENT.replace("10%", percent)
    return written(components, version=version, period="day", effective=LONG, boards=BOARD)


def days(count):
    """Return so many days."""
    return [(FIRST + timedelta(n)).isoformat() for n in range(count)]


def closed(count):
    """Return a desk with a plan of which so many days are closed."""
    return Desk(daily(), person(), *map(closing, days(count)))


def versioned(count):
    """Return a desk with a plan of which each version was closed with a day."""
    desk = Desk(person())
    for version, day in enumerate(days(count), 1):
        desk.put(daily(version, f"{version}%"), closing(day))
    desk.put(daily(count + 1))
    return desk


class CountingView(MemoryView):
    """A view that counts the rows that are read of many at once."""

    def __init__(self, like: MemoryView) -> None:
        super().__init__()
        self._tables = like._tables
        self.read = 0

    def rows(self, table, owner):
        """Return the rows."""
        found = super().rows(table, owner)
        self.read += len(found)
        return found


def work(desk: Desk, make: Callable[[str], Record]) -> int:
    """Return how many calls and rows a record takes, once another like it has been there."""
    desk.view = view = CountingView(desk.view)
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    desk.put(make("first"))
    record = make("second")
    before = view.read
    sys.setprofile(count)
    try:
        desk.put(record)
    finally:
        sys.setprofile(None)
    return calls + view.read - before


def sold_on(day):
    """Return what makes a deal of that day."""
    return lambda name: deal(name, 1000, day)


@pytest.mark.parametrize(
    ("made", "day"),
    [(closed, "2059-06-01"), (closed, "2026-01-01"), (versioned, "2059-06-01")],
    ids=["closings", "closings since", "versions"],
)
def test_what_a_deal_costs_does_not_grow(made, day):
    """Neither one of today, nor one that is too late for the very first of many periods."""
    costs = [work(made(count), sold_on(day)) for count in (5, 95)]

    assert costs[1] <= SLACK * costs[0]


def test_what_a_closing_costs_does_not_grow_with_the_closings_before():
    """It writes rows of its own, and reads none of the others."""
    next_days = iter(days(1000)[500:])
    costs = [work(closed(count), lambda _: closing(next(next_days))) for count in (5, 400)]

    assert costs[1] <= SLACK * costs[0]


def test_closings_in_a_row_are_one_run():
    """Its row says where they begin and end, in whatever order they came."""
    desk = Desk(daily(), *map(closing, reversed(days(40))))
    chunk = desk.view.get(CLOSED_RUNS, "p", "day")

    assert chunk is not None
    assert (chunk.keys, chunk.totals) == (
        ("2026-01-01",),
        ((FIRST + timedelta(40)).toordinal(),),
    )


# --- the open period ---

KINDS = ("day", "week", "month", "quarter", "year", "window")
ZONES = ("America/New_York", "Pacific/Apia", "Pacific/Kiritimati", "UTC")


def versions_of(kind, zones, first, days_long):
    """Return a version of the plan for each zone, all of one kind of period."""
    effective = f"{{from: {first}, to: {first + timedelta(days_long)}}}"
    return [
        written(TEN_PERCENT, version=n, period=kind, zone=zone, effective=effective)
        for n, zone in enumerate(zones, 1)
    ]


@given(
    st.sampled_from(KINDS),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=2),
    st.dates(date(2011, 12, 1), date(2012, 1, 10)),
    st.integers(1, 40),
    st.lists(st.integers(0, 12), max_size=12, unique=True),
    st.randoms(use_true_random=False),
)
def test_the_open_period_is_the_first_that_is_not_closed(
    kind, zones, first, days_long, places, random
):
    """Whichever are closed, in whatever order, and with another time zone since."""
    plans = versions_of(kind, zones, first, days_long)
    until = first + timedelta(days_long)
    periods = [calendar(kind, zones[0], first, until).on(first)]
    for _ in range(14):
        periods.append(calendar(kind, zones[0], first, until).after(periods[-1]))
    chosen = [periods[place].id for place in places]
    views = [_closed_in_order(plans, chosen), _closed_in_order(plans, sorted(chosen))]
    random.shuffle(chosen)
    views.append(_closed_in_order(plans, chosen))
    now = calendar(kind, zones[-1], first, until)
    found = open_period(views[0], "p", now, now.on(first))

    assert found == _walked(now, now.on(first), set(chosen))
    assert list(views[0].items()) == list(views[1].items()) == list(views[2].items())


def _closed_in_order(plans, periods):
    """Return a state in which the first version was closed with periods, before the others."""
    view, cache = MemoryView(), PlansCache()
    put_plan(view, plans[0])
    for period in periods:
        close(view, cache.plans(view, 0), closing(period))
    for plan in plans[1:]:
        put_plan(view, plan)
    return view


def _walked(now, period, closed_ids):
    later = now.after(period)
    while later.id in closed_ids:
        later = now.after(later)
    return later


def test_windows_of_another_length_or_place_are_no_run():
    """What is closed by the dates of an earlier version says nothing of other windows."""
    ten = partial(written, TEN_PERCENT, period="window")
    first, second = (
        "{from: 2026-01-01, to: 2026-01-11}",
        "{from: 2026-01-06, to: 2026-01-16}",
    )
    desk = Desk(ten(effective=first), person(), closing("2026-01-01--2026-01-11"))
    desk.put(closing("2026-01-11--2026-01-21"), closing("2026-01-21--2026-01-31"))
    desk.put(ten(effective=second, version=2), closing("2026-01-06--2026-01-16"))
    desk.put(closing("2026-01-16--2026-01-26"), deal("late", 1000, "2026-01-08"))

    assert "p/c/2026-01-06--2026-01-16/ada/adjusts/2026-01-26--2026-02-05" in desk.amounts()


# --- what an old version looks at ---


def test_an_old_version_waits_for_no_rate_of_what_occurs_later():
    """April was closed in euros; what is sold in dollars in June needs none."""
    euros = written(TEN_PERCENT, period="month", currency="EUR")
    dollars = written(TEN_PERCENT, period="month", version=2)
    desk = Desk(euros, person(), closing("2026-04"), dollars, deal("d1", 1000, "2026-06-10"))

    assert desk.parked() == {}
    assert desk.amounts() == {"p/c/2026-06/ada": 100}

    desk.put(deal("d1", 1000, "2026-04-10", revision=2))

    assert [parked.waits_for for parked in desk.parked().values()] == ["USD/EUR"]

    desk.put(deal("d1", 1000, "2026-06-10", revision=3))

    assert desk.parked() == {}
    assert desk.amounts() == {"p/c/2026-06/ada": 100}


def test_an_old_version_knows_all_customers_that_there_ever_were():
    """Who bought years ago is no new customer of the closed quarter, whenever that is told."""
    new = "{new: {of: deal, distinct: account, where: {status: won}, first_in: participant}}"
    each = partial(written, "{c: {measure: new, pays: {per_unit: {money: 1}}}}", new)
    desk = Desk(each(), person(), deal("d1", 1000, account="a"), closing(), each(version=2))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 100}

    desk.put(written(TEN_PERCENT, version=3), deal("d0", 1000, "2024-01-10", account="a"))

    assert desk.amounts() == {
        "p/c/2026-Q2/ada": 100,
        "p/c/2026-Q2/ada/adjusts/2026-Q3": -100,
    }


def test_a_version_that_comes_back_counts_everything_again():
    """Of the second version only what its closed month rests on was kept in between."""
    five = partial(written, TEN_PERCENT.replace("10%", "5%"), period="month")
    deals = [deal("d1", 1000, "2026-04-10"), deal("d2", 1000, "2026-05-10")]
    desk = Desk(five(), person(), *deals, closing("2026-04"))
    desk.put(written(TEN_PERCENT, period="month", version=2), deal("d3", 1000, "2026-06-10"))
    desk.put(five(version=3), deal("d4", 1000, "2026-04-11"))

    assert desk.amounts() == {
        "p/c/2026-04/ada": 50,
        "p/c/2026-04/ada/adjusts/2026-05": 50,
        "p/c/2026-05/ada": 50,
        "p/c/2026-06/ada": 50,
    }
