from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.rules.formulas import Tier, flat, highest, marginal, plain, retroactive
from accolade.streams.rules.money import rounded

#: 5 % from 0, 7 % from 75,000.00.
SAMPLE = (Tier(Fraction(0), Fraction(5, 100)), Tier(Fraction(7_500_000), Fraction(7, 100)))

rates = st.integers(0, 200).map(lambda permille: Fraction(permille, 1000))
floors = st.lists(st.integers(0, 10**7), min_size=1, max_size=5, unique=True).map(sorted)
tiers = floors.flatmap(
    lambda rising: st.lists(rates, min_size=len(rising), max_size=len(rising)).map(
        lambda found: tuple(map(Tier, map(Fraction, rising), found))
    )
)
sales = st.lists(st.integers(-(10**6), 10**7), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("sales_minor", "earned_minor"),
    [
        (9_000_000, 480_000),
        (7_500_000, 375_000),
        (7_499_999, Fraction("374999.95")),
        (7_500_001, Fraction("375000.07")),
        (0, 0),
        (-100_000, 0),
    ],
)
def test_marginal_tiers_of_the_sample_plan(sales_minor, earned_minor):
    """90,000 earns 4,800; on the edge and a cent beside it."""
    assert marginal(sales_minor, SAMPLE) == earned_minor


@pytest.mark.parametrize(
    ("sales_minor", "earned_minor"),
    [(9_000_000, 630_000), (7_500_000, 525_000), (7_499_999, Fraction("374999.95")), (-1, 0)],
)
def test_retroactive_tiers_pay_the_reached_rate_on_everything(sales_minor, earned_minor):
    """Crossing the edge trues up what was below it."""
    assert retroactive(sales_minor, SAMPLE) == earned_minor


def test_nothing_below_the_lowest_floor_earns():
    """Neither marginal nor retroactive."""
    above = (Tier(Fraction(100), Fraction(1, 10)),)

    assert [marginal(100, above), marginal(110, above)] == [Fraction(0), Fraction(1)]
    assert [retroactive(99, above), retroactive(110, above)] == [Fraction(0), Fraction(11)]


def test_a_flat_rate_takes_back_what_it_gave():
    """It is the same rate below zero."""
    assert flat(-1000, Fraction(5, 100)) == -flat(1000, Fraction(5, 100)) == -50


@given(sales, tiers)
def test_cutting_a_total_into_sales_changes_no_cent(sales_minor, rows):
    """What each sale moves the pay by adds up to the pay for their total."""
    totals = [0, *accumulate(sales_minor)]

    def earned(total):
        return rounded(marginal(total, rows), "half_up")

    assert sum(earned(after) - earned(before) for before, after in pairwise(totals)) == earned(
        totals[-1]
    )


@given(st.integers(0, 10**8), tiers)
def test_marginal_tiers_lie_between_their_rates(total, rows):
    """More never earns less, and never more than the best rate on everything."""
    best = max(tier.rate for tier in rows)

    assert 0 <= marginal(total, rows) <= total * best
    assert marginal(total, rows) <= marginal(total + 1, rows)


@pytest.mark.parametrize(
    ("value", "slab"),
    [
        (Fraction("9999.99"), None),
        (Fraction(10_000), 0),
        (Fraction("10500.50"), 0),
        (Fraction(10_501), 1),
        (Fraction(99_999), 5),
    ],
)
def test_a_slab_owns_everything_up_to_the_next_floor(value, slab):
    """10,500.50 pays what 10,000 does."""
    slabs = [Fraction(floor) for floor in (10_000, 10_501, 11_001, 11_501, 12_001, 12_501)]

    assert highest(value, slabs) == slab


def test_whole_numbers_are_plain():
    """And parts of one are kept exactly."""
    assert type(plain(Fraction(6, 2))) is int
    assert plain(Fraction(1, 3)) == Fraction(1, 3)
