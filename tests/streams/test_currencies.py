"""Amounts in minor units, by ISO 4217."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.currencies import MINOR_DECIMALS, minor_units, to_minor


@pytest.mark.parametrize(
    ("currency", "decimals"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)]
)
def test_the_decimals_of_the_minor_unit(currency: str, decimals: int) -> None:
    """As ISO 4217 lists them."""
    assert minor_units(currency) == decimals


def test_codes_are_those_of_the_standard() -> None:
    """A code has three letters; the well-known are there."""
    assert {len(code) for code in MINOR_DECIMALS} == {3}
    assert {"CHF", "GBP", "INR", "XOF", "ZWG"} <= set(MINOR_DECIMALS)


@pytest.mark.parametrize("currency", ["usd", "XXX", "XAU", "HRK", "", "US"])
def test_what_is_no_active_currency_is_refused(currency: str) -> None:
    """Test codes, metals and currencies of the past are none."""
    with pytest.raises(ValueError, match="is no active currency of ISO 4217"):
        minor_units(currency)


@given(st.integers(-(2**53), 2**53), st.sampled_from(sorted(MINOR_DECIMALS)))
def test_an_amount_is_its_minor_units(minor: int, currency: str) -> None:
    """To the last one, whatever the currency."""
    assert to_minor(Decimal(f"{minor}E-{minor_units(currency)}"), currency) == minor


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("0.001", "USD"), ("0.5", "JPY"), ("1.0001", "KWD"), ("NaN", "USD"), ("1E+999999", "USD")],
)
def test_what_has_no_whole_minor_units_is_refused(amount: str, currency: str) -> None:
    """Rather than rounded."""
    with pytest.raises(ValueError, match=amount.replace("+", "[+]")):
        to_minor(Decimal(amount), currency)


def test_zeros_behind_the_minor_unit_are_nothing() -> None:
    """1.5000 USD is 1.50 USD."""
    assert to_minor(Decimal("1.5000"), "USD") == 150
