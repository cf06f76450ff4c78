"""What changes the money that a component pays, worked by hand."""

from decimal import Decimal

import pytest

from accolade.streams.records import Quota
from tests.streams.rules.tally_desk import Desk, activity, closing, deal, person, refund, written

MEASURES = (
    "{sales: {of: deal, sum: amount, where: {status: won}, credit: whole},"
    " calls: {of: activity, sum: quantity, where: {kind: call}}}"
)
AWARD = "p/c/2026-Q2/ada"
FLAT = "flat: {on: running_total, rate: 5%}"


def paid(modifiers, *facts, pays=FLAT, target="target: 1000,", **head):
    """Return what a component with modifiers pays Ada, minor units."""
    plan = written(
        f"{{c: {{measure: sales, {target} {modifiers}, pays: {{{pays}}}}}}}", MEASURES, **head
    )
    return Desk(plan, person(), *facts).amounts().get(AWARD, 0)


# --- accelerator and decelerator ---


@pytest.mark.parametrize(
    ("sold", "expected"),
    [
        (99_999, 5000),  # a cent below: 5 % of 999.99, rounded
        (100_000, 5000),  # exactly on the point: nothing is above it
        (100_100, 5008),  # 50.00 and 150 % of 0.05: 50.075
        (200_000, 12_500),  # 50.00 and 150 % of 50.00
    ],
)
def test_what_is_above_the_point_is_accelerated(sold, expected):
    """150 % of 5 % of what is above 1,000."""
    fast = "accelerator: {from: 100%, times: 150%, on: above}"

    assert paid(fast, deal("d1", sold)) == expected


@pytest.mark.parametrize(("sold", "expected"), [(99_999, 5000), (100_000, 7500), (200_000, 15_000)])
def test_everything_is_accelerated_from_the_point_on(sold, expected):
    """150 % of 5 % of all, from 1,000 on."""
    fast = "accelerator: {from: 100%, times: 150%, on: all}"

    assert paid(fast, deal("d1", sold)) == expected


@pytest.mark.parametrize(
    ("sold", "expected"),
    [(0, 0), (40_000, 1000), (79_999, 2000), (80_000, 4000), (100_000, 5000)],
)
def test_everything_is_decelerated_until_the_point(sold, expected):
    """Half of 5 % below 800; 79,999 cents would be 1,999.975, rounded up."""
    slow = "decelerator: {below: 80%, times: 50%, on: all}"

    assert paid(slow, deal("d1", sold)) == expected


@pytest.mark.parametrize(("sold", "expected"), [(40_000, 1000), (80_000, 2000), (100_000, 3000)])
def test_what_is_below_the_point_is_decelerated(sold, expected):
    """Half of 5 % of the first 800, and 5 % of what is above."""
    slow = "decelerator: {below: 80%, times: 50%, on: below}"

    assert paid(slow, deal("d1", sold)) == expected


def test_the_tiers_above_the_point_are_accelerated_as_they_are():
    """5 % to 750, 7 % above: of 1,200 that is 69.00, of 1,000 it is 55.00; 14.00 count double."""
    tiers = "marginal: {on: running_total, tiers: [{from: 0, rate: 5%}, {from: 750, rate: 7%}]}"
    fast = "accelerator: {from: 1000, times: 200%, on: above}"

    assert paid(fast, deal("d1", 120_000), pays=tiers, target="") == 5500 + 2 * 1400


def test_a_point_between_two_cents_is_exact():
    """A third of 100.00: what is above 33.33⅓ of 100.00 counts double, 5 % of 166.66⅔."""
    fast = "accelerator: {from: 33.3333333333%, times: 200%, on: above}"

    assert paid(fast, deal("d1", 10_000), target="target: 100,") == 833


def test_both_are_applied_the_slower_first():
    """Half of 5 % of the first 500 and of nothing else, half as much again above 1,000."""
    both = (
        "accelerator: {from: 100%, times: 150%, on: above},"
        " decelerator: {below: 50%, times: 50%, on: below}"
    )

    assert paid(both, deal("d1", 120_000)) == 1250 + 2500 + 1500


def test_a_refund_takes_back_what_it_had_brought():
    """Back below the point, and below zero."""
    fast = "accelerator: {from: 100%, times: 150%, on: above}"
    sold = deal("d1", 120_000)

    assert paid(fast, sold, refund("r1", sold, 30_000, "2026-05-05")) == 4500
    assert paid(fast, sold, refund("r1", sold, 130_000, "2026-05-05")) == -500


def test_each_deals_own_pay_is_accelerated_together():
    """5 % of 600 and of 500, each rounded, and 150 % of both."""
    fast = "accelerator: {from: 100%, times: 150%, on: all}"
    each = "flat: {on: each_transaction, rate: 5%}"

    assert paid(fast, deal("d1", 60_000), deal("d2", 50_000), pays=each) == 8250


def test_points_of_a_reward_stay_as_they_are():
    """Only money is changed."""
    plan = written(
        "{c: {measure: sales, decelerator: {below: 5000, times: 50%, on: all},"
        " pays: {slabs: [{from: 100, money: 10, points: 7}]}}}"
    )

    assert Desk(plan, person(), deal("d1", 20_000)).amounts() == {
        AWARD: 500,
        f"{AWARD}/points": 7,
    }


# --- gate ---


@pytest.mark.parametrize(("calls", "expected"), [(0, 3000), (49, 3000), (50, 5000), (51, 5000)])
def test_a_gate_pays_a_lower_rate_until_it_opens(calls, expected):
    """60 % of 5 % is 3 %."""
    gate = "gate: {measure: calls, from: 50, otherwise: 60%}"
    made = [activity("a1", calls, "2026-05-05")] if calls else []

    assert paid(gate, deal("d1", 100_000), *made) == expected


def test_a_gate_shuts_again():
    """A day's calls are put right; nothing is left of the award."""
    plan = written(
        f"{{c: {{measure: sales, gate: {{measure: calls, from: 50, otherwise: 0%}},"
        f" pays: {{{FLAT}}}}}}}",
        MEASURES,
    )
    desk = Desk(plan, person(), deal("d1", 100_000), activity("a1", 50, "2026-05-05"))
    assert desk.amounts() == {AWARD: 5000}

    desk.put(activity("a1", 49, "2026-05-05", revision=2))

    assert desk.amounts() == {}


def test_what_opens_the_gate_pays_nothing_by_itself():
    """A component pays where something counts in its own measure."""
    gate = "gate: {measure: calls, from: 5, otherwise: 0%}"
    slabs = "slabs: [{from: 0, money: 10}]"

    assert paid(gate, activity("a1", 50, "2026-05-05"), pays=slabs, target="") == 0


def test_a_gate_without_its_target_stays_shut():
    """No quota, and then one that is reached."""
    plan = written(
        "{c: {measure: calls, gate: {measure: sales, target: {quota: period_start},"
        " from: 100%, otherwise: 50%}, pays: {per_unit: {money: 5}}}}",
        MEASURES,
    )
    quota = (Quota(period="quarter", amount=Decimal(1000), currency="USD"),)
    facts = (deal("d1", 100_000), activity("a1", 3, "2026-05-05"))

    assert Desk(plan, person(), *facts).amounts() == {AWARD: 750}
    assert Desk(plan, person(quotas=quota), *facts).amounts() == {AWARD: 1500}


def test_other_rewards_wait_for_the_gate_too():
    """Points are not divided."""
    plan = written(
        "{c: {measure: sales, gate: {measure: calls, from: 50, otherwise: 0%},"
        " pays: {slabs: [{from: 100, money: 10, points: 7}]}}}",
        MEASURES,
    )
    desk = Desk(plan, person(), deal("d1", 20_000))
    assert desk.amounts() == {}

    desk.put(activity("a1", 50, "2026-05-05"))

    assert desk.amounts() == {AWARD: 1000, f"{AWARD}/points": 7}


# --- cap ---


@pytest.mark.parametrize(
    ("sold", "expected"), [(99_999, 5000), (100_000, 5000), (100_020, 5000), (90_000, 4500)]
)
def test_no_more_than_the_cap_is_paid(sold, expected):
    """50.00 at most."""
    assert paid("cap: {money: 50, above: lost}", deal("d1", sold)) == expected


def test_a_cap_is_applied_after_pace_and_gate():
    """150 % of 100.00 through half a gate is 75.00, of which 60.00 are paid."""
    all_of_it = (
        "accelerator: {from: 100%, times: 150%, on: all}, cap: {money: 60, above: lost},"
        " gate: {measure: calls, from: 50, otherwise: 50%}"
    )

    assert paid(all_of_it, deal("d1", 200_000)) == 6000


def test_what_is_taken_back_has_no_cap():
    """More was refunded than sold."""
    sold = deal("d1", 100_000)
    back = refund("r1", sold, 300_000, "2026-05-05")

    assert paid("cap: {money: 50, above: lost}", sold, back) == -10_000


def test_a_late_fact_above_the_cap_books_nothing():
    """The closed period has paid all that it pays."""
    plan = written(f"{{c: {{measure: sales, cap: {{money: 50, above: lost}}, pays: {{{FLAT}}}}}}}")
    desk = Desk(plan, person(), deal("d1", 120_000), closing(), deal("d2", 50_000))

    assert desk.amounts() == {AWARD: 5000}
