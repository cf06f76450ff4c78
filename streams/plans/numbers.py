"""Exact numbers and percentages of a plan file, never a float; and how a value is refused."""

import re
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from fractions import Fraction
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

#: Whole digits and decimals that a number may have: with two decimals its minor units
#: stay within 2**53; `lint` looks closer where a currency has more.
WHOLE_DIGITS, DECIMALS = 13, 10

NUMBER = re.compile(rf"[0-9]{{1,{WHOLE_DIGITS}}}(\.[0-9]{{1,{DECIMALS}}})?")
PERCENT = re.compile(rf"([0-9]{{1,6}}(?:\.[0-9]{{1,{DECIMALS}}})?) ?%")
#: Stands before or behind an amount; a plan says its currency once.
_CURRENCY = re.compile(r"^([A-Z]{3}|[$€£¥])\s*|\s*([A-Z]{3}|[$€£¥])$")
#: As in `50.000,00`: the comma is the decimal point.
_COMMA_LAST = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}|[0-9]+,[0-9]{1,2}")
_EXACT = Context(prec=60, traps=[Inexact])


def refusal(message: str, fix: str = "", *, key: str = "") -> PydanticCustomError:
    """
    Return the error that refuses a value.

    Args:
        message: What is wrong, a sentence without a full stop.
        fix: What to write instead, as in the file.
        key: The key of the mapping that it is about, where it is about one.
    """
    about = {"message": message, "fix": fix, "key": key}
    return PydanticCustomError("refused", "{message}", about)


# --- numbers ---


def number(value: Any) -> Decimal:
    """
    Return a number that is not negative, exactly as it is written.

    Raises:
        PydanticCustomError: It is none, is negative, or has more digits than any plan needs.
    """
    text = value if isinstance(value, str) else plain_text(value)
    if text is None or NUMBER.fullmatch(text) is None:
        raise _no_number(value, text)
    return Decimal(text)


def number_text(value: Decimal) -> str:
    """Return the one way a number is written: no exponent, no zeros at the end."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_text(value: Any) -> str | None:
    """Return a number as it is written, or None for what isn't one."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _no_number(value: Any, text: str | None) -> PydanticCustomError:
    if text is not None and text.startswith("-"):
        return refusal(f"must not be negative: {shown(value)}", text.removeprefix("-"))
    bare = bare_number(text or "")
    if bare:
        return refusal(f"is not a plain number: {shown(value)}", bare)
    if text is not None and re.fullmatch(r"[0-9.]+", text):
        limits = f"at most {WHOLE_DIGITS} digits and {DECIMALS} decimals"
        return refusal(f"is not a number of {limits}: {shown(value)}")
    return refusal(f"is not a number: {shown(value)}")


def bare_number(text: str) -> str:
    """Return a number without its currency and thousands, or an empty text if that is none."""
    said = _CURRENCY.sub("", text.strip())
    if _COMMA_LAST.fullmatch(said):
        said = said.replace(".", "").replace(",", ".")
    bare = re.sub(r"[,_ ']", "", said)
    return bare if NUMBER.fullmatch(bare) else ""


def _positive(value: Any) -> Decimal:
    amount = number(value)
    if not amount:
        raise refusal("must be more than 0")
    return amount


def _whole(value: Any) -> int:
    amount = number(value)
    if amount != amount.to_integral_value():
        raise refusal(f"must be a whole number: {shown(value)}")
    return int(amount)


def _positive_whole(value: Any) -> int:
    return _whole(_positive(value))


def shown(value: Any) -> str:
    """Return a value as it may stand in the file, shortened, for a message."""
    text = value if isinstance(value, str) else plain_text(value)
    if text is None:
        return _shown_other(value)
    return f"`{text[:60]}…`" if len(text) > 60 else f"`{text}`"


def _shown_other(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, dict):
        return "a mapping"
    return "a list" if isinstance(value, list | tuple) else f"a {type(value).__name__}"


_NUMBER_SCHEMA = {"type": ["number", "string"], "minimum": 0, "pattern": f"^{NUMBER.pattern}$"}
_WHOLE_SCHEMA = {"type": ["integer", "string"], "pattern": f"^[0-9]{{1,{WHOLE_DIGITS}}}$"}

#: Units of a measure: major units of money, or a count. Not negative.
Units = Annotated[
    Decimal,
    PlainValidator(number),
    PlainSerializer(number_text),
    WithJsonSchema(_NUMBER_SCHEMA),
]
#: As `Units`, more than 0.
PositiveUnits = Annotated[
    Decimal,
    PlainValidator(_positive),
    PlainSerializer(number_text),
    WithJsonSchema({**_NUMBER_SCHEMA, "exclusiveMinimum": 0}),
]
#: A whole number of at least 1.
PositiveWhole = Annotated[
    int,
    PlainValidator(_positive_whole),
    PlainSerializer(str),
    WithJsonSchema({**_WHOLE_SCHEMA, "minimum": 1}),
]


# --- percentages ---


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage, exact: `7.5%` is the fraction 3/40."""

    fraction: Fraction

    def __str__(self) -> str:
        """Return it as a plan writes it, e.g. `7.5%`."""
        return percent_text(self.fraction)


def percent_text(fraction: Fraction) -> str:
    """
    Return a fraction as an exact percentage without zeros at the end.

    Raises:
        decimal.Inexact: It has no finite number of decimals.
    """
    hundredfold = fraction * 100
    exact = _EXACT.divide(Decimal(hundredfold.numerator), Decimal(hundredfold.denominator))
    return f"{number_text(exact)}%"


def percent(value: Any) -> Fraction:
    """
    Return a percentage as an exact fraction.

    Raises:
        PydanticCustomError: It is not a number with `%` behind it, or is negative.
    """
    found = PERCENT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        text = value if isinstance(value, str) else plain_text(value)
        raise refusal(f"is not a percentage: {shown(value)}", _as_percentage(text))
    return Fraction(found[1]) / 100


def _as_percentage(text: str | None) -> str:
    """Return what to write for a number without `%`: who writes 0.06 means 6 %."""
    found = PERCENT.fullmatch(f"{text}%") if text else None
    if found is None:
        return ""
    if 0 < Fraction(found[1]) <= 1:
        return f"{percent_text(Fraction(found[1]))}, or {text}% if that is meant"
    return f"{text}%"


def _rate(value: Any) -> Rate:
    return value if isinstance(value, Rate) else Rate(percent(value))


_PERCENT_SCHEMA = {"type": "string", "pattern": f"^{PERCENT.pattern}$"}

Percent = Annotated[
    Rate,
    PlainValidator(_rate),
    PlainSerializer(str),
    WithJsonSchema(_PERCENT_SCHEMA),
]
