"""Decimals are exact or refused."""

from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.decimals import DecimalType

AMOUNT = DecimalType(24, 4)
LARGEST = 10**24 - 1


@given(st.integers(-LARGEST, LARGEST))
def test_a_decimal_survives(unscaled: int) -> None:
    """Every value of the type, to the last digit."""
    value = AMOUNT.from_bytes(unscaled.to_bytes(11, "big", signed=True))

    assert AMOUNT.from_bytes(AMOUNT.to_bytes(value)) == value
    assert int(value.scaleb(4)) == unscaled


@given(st.integers(-LARGEST, LARGEST))
def test_the_surrounding_precision_rounds_nothing(unscaled: int) -> None:
    """A caller's decimal context is not ours."""
    value = Decimal(f"{unscaled}E-4")

    with localcontext(Context(prec=3)):
        assert AMOUNT.to_bytes(value) == unscaled.to_bytes(
            unscaled.bit_length() // 8 + 1, "big", signed=True
        )
        assert AMOUNT.from_bytes(AMOUNT.to_bytes(value)) == value


@pytest.mark.parametrize(
    ("value", "data"),
    [("0", "00"), ("-0", "00"), ("1.5", "3a98"), ("0.0127", "7f"), ("0.0128", "0080")],
)
def test_the_bytes_are_twos_complement(value: str, data: str) -> None:
    """The highest byte first, with a sign bit."""
    assert AMOUNT.to_bytes(Decimal(value)).hex() == data


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("0.00001", "0.00001 has more than 4 decimals"),
        ("100000000000000000000", "100000000000000000000 is larger than 20 digits"),
        ("-1E+999999", "-1E+999999 is larger than 20 digits"),
        ("NaN", "NaN is not a number"),
        ("-Infinity", "-Infinity is not a number"),
    ],
)
def test_what_does_not_fit_is_refused(value: str, problem: str) -> None:
    """Nothing is rounded."""
    with pytest.raises(ValueError, match=f"^{problem.replace('+', '[+]')}$"):
        AMOUNT.to_bytes(Decimal(value))


@pytest.mark.parametrize("data", [b"", b"\x7f" * 25, b"\x7f" * 1_000_000, b"\x7f" * 11])
def test_bytes_of_too_many_digits_are_refused(data: bytes) -> None:
    """However long they are, at once."""
    with pytest.raises(ValueError, match="a decimal"):
        AMOUNT.from_bytes(data)
