"""Matrices and scorecards at their edges, worked by hand."""

from decimal import Decimal

import pytest

from accolade.streams.records import Quota
from tests.streams.rules.tally_desk import (
    Desk,
    activity,
    closing,
    deal,
    meeting,
    person,
    refund,
    written,
)

MEASURES = """{
  sales: {of: deal, sum: amount, where: {status: won}, credit: whole},
  calls: {of: activity, sum: quantity, where: {kind: call}},
  held: {of: meeting, count: transactions, where: {status: held}}}"""
AWARD = "p/c/2026-Q2/ada"


def desk(pays, *facts, more="", measures=MEASURES, who=None, **head):
    """Return a desk with one component."""
    plan = written(f"{{c: {{{more}pays: {{{pays}}}}}}}", measures, **head)
    return Desk(plan, who or person(), *facts)


def calls(count, day="2026-05-05"):
    """Return a day's calls."""
    return activity(f"calls-{day}", count, day)


# --- matrix ---

MATRIX = (
    "matrix: {base: %s, rows: {measure: calls, from: [0, 10]},"
    " columns: {measure: held, target: 4, from: [50%%, 100%%]},"
    " times: [[10%%, 20%%], [30%%, 133.333%%]]}"
)
MONEY = MATRIX % "{money: 100}"


@pytest.mark.parametrize(
    ("called", "held", "expected"),
    [
        (0, 1, {}),
        (0, 2, {AWARD: 1000}),
        (9, 3, {AWARD: 1000}),
        (9, 4, {AWARD: 2000}),
        (10, 2, {AWARD: 3000}),
        (10, 4, {AWARD: 13_333}),
        (10, 1, {}),
        (10, 0, {}),
    ],
)
def test_the_floors_of_a_matrix_reach_up_to_the_next(called, held, expected):
    """On each floor and just below it; rows from 0 need no call at all."""
    facts = [meeting(f"m{n}", "2026-05-05") for n in range(held)]

    assert desk(MONEY, calls(called), *facts).amounts() == expected


def test_a_measure_of_a_matrix_that_moves_moves_its_pay():
    """The rows alone, the columns alone, and back below."""
    one = desk(MONEY, *(meeting(f"m{n}", "2026-05-05") for n in range(2)))

    assert one.amounts() == {AWARD: 1000}
    one.put(calls(10))
    assert one.amounts() == {AWARD: 3000}
    one.put(meeting("m0", "2026-05-05", status="no_show"))
    # The same revision is no news; the next one is.
    assert one.amounts() == {AWARD: 3000}
    one.put(activity("m0", 1, "2026-05-05", source="meeting", kind="", revision=2))
    assert one.amounts() == {}


def test_a_matrix_of_a_rate_pays_on_the_components_measure():
    """10 % of 10.05, times 133.333 %: rounded once, and below zero too."""
    rated = MATRIX % "{rate: 10%}"
    held = [meeting(f"m{n}", "2026-05-05") for n in range(4)]
    sold = deal("d1", 1005)
    one = desk(rated, sold, calls(10), *held, more="measure: sales, ", refunds="in_refund_period")

    assert one.amounts() == {AWARD: 134}
    one.put(refund("r1", sold, 2010, "2026-05-09"))
    assert one.amounts() == {AWARD: -134}


def test_a_matrix_without_a_target_pays_nothing():
    """Where someone has no quota, also by floors in units."""
    rows = "rows: {measure: sales, target: {quota: period_end}, from: [0]}"
    pays = f"matrix: {{base: {{money: 9}}, {rows}, columns: {{measure: calls, from: [0]}},"
    pays += " times: [[100%]]}"
    quota = (Quota(period="quarter", amount=Decimal(5), currency="USD"),)

    assert desk(pays, calls(1)).amounts() == {}
    assert desk(pays, calls(1), who=person(quotas=quota)).amounts() == {AWARD: 900}


# --- scorecard ---

HALVES = "parts: [{measure: calls, target: 10, weight: 50%%, pay: %s}, %s]"
SECOND = "{measure: held, target: 4, weight: 50%, pay: attainment}"


def card(capped="capped: never", pay="attainment", second=SECOND, bonus="100"):
    """Return a scorecard of calls and meetings."""
    return f"scorecard: {{bonus: {bonus}, {capped}, {HALVES % (pay, second)}}}"


STEPS = "{steps: [{from: 80%, pay: 50%}, {from: 100%, pay: 90%}]}"
CURVE = "{curve: {points: [{from: 50%%, pay: 0%%}, {from: 100%%, pay: 100%%}], beyond: %s}}"


@pytest.mark.parametrize(
    ("pay", "called", "part_percent"),
    [
        ("attainment", 0, 0),
        ("attainment", 7, 70),
        ("attainment", 23, 230),
        (STEPS, 7, 0),
        (STEPS, 8, 50),
        (STEPS, 9, 50),
        (STEPS, 10, 90),
        (STEPS, 99, 90),
        (CURVE % "flat", 4, 0),
        (CURVE % "flat", 5, 0),
        (CURVE % "flat", 6, 20),
        (CURVE % "flat", 20, 100),
        (CURVE % "extend", 15, 200),
    ],
)
def test_a_part_pays_by_its_attainment(pay, called, part_percent):
    """The other part is at 25 %: half of 100.00 by each."""
    found = desk(card(pay=pay), calls(called), meeting("m1", "2026-05-05")).amounts()

    assert found == {AWARD: 50 * part_percent + 1250}


@pytest.mark.parametrize(
    ("capped", "expected"),
    [
        ("capped: never", 17_500),
        ("capped: before_weighting, at: 120%", 8_500),
        ("capped: after_weighting, at: 120%", 12_000),
        ("capped: after_weighting, at: 180%", 17_500),
    ],
)
def test_pay_is_capped_where_the_plan_says(capped, expected):
    """300 % and 50 %: weighted 175 %; the first capped alone, 120 % and 50 % are 85 %."""
    held = [meeting(f"m{n}", "2026-05-05") for n in range(2)]

    assert desk(card(capped), calls(30), *held).amounts() == {AWARD: expected}


def test_a_scorecard_is_rounded_once():
    """Two parts of a third of 0.05 each: 0.0333, where 0.02 each would be 0.04."""
    third = "{measure: held, target: 3, weight: 50%, pay: attainment}"
    pays = card(second=third, bonus="0.05").replace("target: 10", "target: 3")

    assert desk(
        pays, calls(2), meeting("m", "2026-05-05"), meeting("n", "2026-05-05")
    ).amounts() == {AWARD: 3}


def test_a_part_without_a_target_pays_nothing_for_its_weight():
    """The other part pays its own all the same."""
    quota = "{measure: sales, target: {quota: period_start}, weight: 50%, pay: attainment}"

    assert desk(card(second=quota), calls(10), deal("d1", 100)).amounts() == {AWARD: 5000}


def test_an_attainment_below_zero_pays_nothing():
    """And takes nothing from the other parts."""
    sales = "{measure: sales, target: 100, weight: 50%, pay: attainment}"
    sold = deal("d1", 10_000, "2026-03-20")
    back = refund("r1", sold, 10_000, "2026-04-10")
    facts = (calls(10), sold, back)

    assert desk(card(second=sales), *facts, refunds="in_refund_period").amounts() == {AWARD: 5000}


def test_a_scorecard_pays_where_anything_counts():
    """Steps from 0 % pay for what was not begun, once something else was."""
    pays = card(pay="{steps: [{from: 0%, pay: 10%}]}")

    assert desk(pays).amounts() == {}
    assert desk(pays, meeting("m1", "2026-05-05")).amounts() == {AWARD: 500 + 1250}


def test_a_parts_target_can_be_the_period_before():
    """What moves in one quarter moves what the next one earns."""
    last = "{measure: calls, target: {previous_period: 100%}, weight: 100%, pay: attainment}"
    pays = f"scorecard: {{bonus: 100, capped: never, parts: [{last}]}}"
    one = desk(pays, calls(10, "2026-05-05"))

    assert one.amounts() == {}
    one.put(calls(4, "2026-02-05"))
    assert one.amounts() == {AWARD: 25_000}


def test_a_late_fact_of_a_part_is_booked_in_the_open_period():
    """Five calls more of ten, of a quarter that is closed."""
    one = desk(card(), calls(10), closing(), calls(5, "2026-06-05"))

    assert one.amounts() == {AWARD: 5000, f"{AWARD}/adjusts/2026-Q3": 2500}


def test_several_parts_of_one_measure_are_paid_by_themselves():
    """A low and a high target for the same calls."""
    high = "{measure: calls, target: 20, weight: 50%, pay: {steps: [{from: 100%, pay: 100%}]}}"

    assert desk(card(second=high), calls(19)).amounts() == {AWARD: 9500}
    assert desk(card(second=high), calls(20)).amounts() == {AWARD: 15_000}


def test_a_figure_too_large_to_be_exact_pays_nothing_at_all():
    """The other parts neither, until it is put right."""
    sales = "{measure: sales, target: 100, weight: 50%, pay: attainment}"
    large = [deal(f"d{n}", 2**53 - 1) for n in range(2)]
    one = desk(card("capped: after_weighting, at: 100%", second=sales), calls(10), *large)

    assert one.amounts() == {}
    one.put(deal("d0", 1, revision=2), deal("d1", 9_999, revision=2))
    assert one.amounts() == {AWARD: 10_000}
