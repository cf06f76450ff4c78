"""Curves, ladders and spifs at their edges, worked by hand."""

import pytest

from accolade.streams.rules.formulas import Point, interpolated
from tests.streams.rules.tally_desk import Desk, activity, closing, deal, person, refund, written

SALES = "{sales: {of: deal, sum: amount, where: {status: won}, credit: whole}}"
CALLS = "{calls: {of: activity, sum: quantity, where: {kind: call}}}"


def earned(pays, *facts, measure="sales", measures=SALES, more="", **head):
    """Return what one component earns, by the end of the award id."""
    plan = written(f"{{c: {{measure: {measure}, {more}pays: {pays}}}}}", measures, **head)
    amounts = Desk(plan, person(), *facts).amounts()
    return {key.removeprefix("p/c/2026-Q2/ada"): amount for key, amount in amounts.items()}


CURVE = "{curve: {points: [{from: 0, money: 10}, {from: 3, money: 20}], beyond: %s}}"


@pytest.mark.parametrize(
    ("sold_minor", "beyond", "expected"),
    [
        (0, "flat", 1000),
        (100, "flat", 1333),
        (200, "flat", 1667),
        (299, "flat", 1997),
        (300, "flat", 2000),
        (301, "flat", 2000),
        (301, "extend", 2003),
        (600, "extend", 3000),
    ],
)
def test_a_curve_is_rounded_once_on_the_total(sold_minor, beyond, expected):
    """A third of 10.00 more for each 1.00: exact up to the last step."""
    found = earned(CURVE % beyond, deal("d1", sold_minor))

    assert found == {"": expected}


def test_a_curve_is_the_same_however_its_total_came_about():
    """Three deals, and one of the sum: 10.00 and two thirds of 10.00."""
    parts = [deal(f"d{n}", minor) for n, minor in enumerate((67, 66, 67))]

    assert earned(CURVE % "flat", *parts) == earned(CURVE % "flat", deal("d", 200)) == {"": 1667}


def test_below_zero_a_curve_pays_nothing():
    """More is refunded in the quarter than is sold."""
    sold = deal("d1", 500, "2026-03-20")
    back = refund("r1", sold, 500, "2026-04-10")

    assert earned(CURVE % "flat", sold, back, refunds="in_refund_period") == {}


def test_a_curve_over_attainment_asks_for_the_target():
    """Without a quota nothing is paid; a curve of one's own quota is not rounded before."""
    curve = "{curve: {points: [{from: 0%, money: 0}, {from: 100%, money: 1}], beyond: extend}}"

    found = earned(curve, deal("d1", 500), more="target: {quota: period_start}, ")

    assert found == {}
    assert earned(curve, deal("d1", 500), more="target: 3, ") == {"": 167}


def test_a_curve_has_its_points_and_nothing_before_them():
    """Rising, falling and level pieces."""
    points = [Point(1, 10), Point(2, 40), Point(4, 0), Point(5, 0)]

    assert [interpolated(v, points, extend=True) for v in range(7)] == [0, 10, 40, 20, 0, 0, 0]


LADDER = "{ladder: [{from: 5, money: 100}, {from: 10, money: 150, points: 7}]}"


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        (4, {}),
        (5, {"": 10_000}),
        (9, {"": 10_000}),
        (10, {"": 25_000, "/points": 7}),
        (99, {"": 25_000, "/points": 7}),
    ],
)
def test_each_step_of_a_ladder_pays(calls, expected):
    """A step more adds its own reward."""
    found = earned(LADDER, activity("a1", calls, "2026-05-05"), measure="calls", measures=CALLS)

    assert found == expected


def test_a_refund_takes_the_upper_step_back():
    """Two steps in one sale, one of them lost again."""
    ladder = "{ladder: [{from: 50, money: 1}, {from: 100%, money: 2}]}".replace("100%", "100")
    sold = deal("d1", 10_000)

    assert earned(ladder, sold) == {"": 300}
    assert earned(ladder, sold, refund("r1", sold, 1, "2026-05-05")) == {"": 100}


def test_a_ladders_experiences_are_one_award():
    """Called by all of them, and worth their sum."""
    ladder = (
        "{ladder: [{from: 1, experience: Dinner, value: 60},"
        " {from: 2, experience: Theatre, value: 90.50}]}"
    )
    plan = written(f"{{c: {{measure: sales, pays: {ladder}}}}}")
    desk = Desk(plan, person(), deal("d1", 200))
    [award] = desk.awards().values()

    assert (award.label, award.amount_minor) == ("Dinner, Theatre", 15_050)

    desk.put(closing(), refund("r1", deal("d1", 200), 1, "2026-07-05"))
    late = {key: (a.label, a.amount_minor) for key, a in desk.awards().items() if a.adjusts}

    assert late == {
        "p/c/2026-Q2/ada/adjusts/2026-Q3": ("Dinner, Theatre", -15_050),
        "p/c/2026-Q2/ada/adjusts/2026-Q3/2": ("Dinner", 6_000),
    }


@pytest.mark.parametrize(
    ("times", "calls", "expected"),
    [("every", 0, {}), ("every", 3, {"": 15_000}), ("once", 0, {}), ("once", 3, {"": 5_000})],
)
def test_a_spif_pays_every_time_or_once(times, calls, expected):
    """A record of no calls is none."""
    spif = f"{{spif: {{times: {times}, money: 50}}}}"
    found = earned(spif, activity("a1", calls, "2026-05-05"), measure="calls", measures=CALLS)

    assert found == expected


def test_a_spif_that_pays_once_pays_once_a_period():
    """In each month that has one."""
    plan = written(
        "{c: {measure: calls, pays: {spif: {times: once, points: 5}}}}", CALLS, period="month"
    )
    calls = [activity(f"a{n}", 1, f"2026-0{month}-05") for n, month in enumerate((4, 4, 6))]

    assert Desk(plan, person(), *calls).amounts() == {"p/c/2026-04/ada": 5, "p/c/2026-06/ada": 5}
