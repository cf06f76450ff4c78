from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.rules.money import rounded, share, split

amounts = st.integers(-(10**12), 10**12)
weights = st.lists(st.integers(0, 10_000), min_size=1, max_size=6).filter(any)

BY_DECIMAL = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}


@pytest.mark.parametrize("rounding", BY_DECIMAL)
@given(thousandths=amounts)
def test_rounding_is_that_of_decimal(rounding, thousandths):
    """Each of the plan's roundings is what the decimal module calls by that name."""
    exact = Decimal(thousandths).scaleb(-3)

    expected = int(exact.quantize(Decimal(1), rounding=BY_DECIMAL[rounding]))

    assert rounded(Fraction(thousandths, 1000), rounding) == expected


@pytest.mark.parametrize(
    ("rounding", "parts"),
    [
        ("half_up", [-3, -2, -1, 1, 2, 3]),
        ("half_even", [-2, -2, 0, 0, 2, 2]),
        ("down", [-2, -1, 0, 0, 1, 2]),
        ("up", [-3, -2, -1, 1, 2, 3]),
    ],
)
def test_halves_round_as_the_plan_says(rounding, parts):
    """-2.5, -1.5, -0.5, 0.5, 1.5, 2.5."""
    halves = [Fraction(number, 2) for number in (-5, -3, -1, 1, 3, 5)]

    assert [rounded(half, rounding) for half in halves] == parts


@given(amounts, weights)
def test_parts_add_up_to_the_whole(amount, parts):
    """To the minor unit, and each within one of its exact share."""
    found = split(amount, parts)

    assert sum(found) == amount
    for part, weight in zip(found, parts, strict=True):
        assert abs(part - Fraction(amount * weight, sum(parts))) < 1


def test_what_is_left_goes_to_the_largest_remainder():
    """10 %, 70 % and 20 % of 1.01: 10.1, 70.7 and 20.2 cents."""
    shares = [Fraction(1, 10), Fraction(7, 10), Fraction(2, 10)]

    assert split(101, shares) == [10, 71, 20]
    assert split(-101, shares) == [-10, -71, -20]


def test_of_equal_remainders_the_first_gets_it():
    """The order is the caller's."""
    assert split(100, [1, 1, 1]) == [34, 33, 33]


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1, 1]])
def test_weights_that_mean_nothing_are_refused(weights):
    """No weights, none above zero, one below."""
    with pytest.raises(ValueError, match="weights"):
        split(100, weights)


@given(amounts, st.integers(1, 20))
def test_equal_shares_are_an_equal_split(amount, parts):
    """Each part on its own is what splitting by equal weights gives."""
    assert [share(amount, parts, at) for at in range(parts)] == split(amount, [1] * parts)
