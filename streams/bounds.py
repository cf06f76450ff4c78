"""
What a single value of a record from outside must be: ids, texts, times, amounts.

Each check takes the field's name, for the message, and the value. Python
doesn't hold a value to its annotation, so the type is looked at as well: a
float must not become an amount.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from accolade.streams.currencies import minor_units
from accolade.streams.rules.state import Rejected

ID_CHARACTERS: Final = 128
TEXT_CHARACTERS: Final = 1_000
#: 2000-01-01 and 2100-01-01 UTC, µs: what lies outside is a wrong unit or a placeholder.
TIME_FIRST: Final = 946_684_800_000_000
TIME_END: Final = 4_102_444_800_000_000
#: The same as days: the first, and the first no longer.
FIRST_DAY: Final = date(2000, 1, 1)
END_DAY: Final = date(2100, 1, 1)
#: Doubles, as Redis keeps them, are exact for integers up to here.
LARGEST: Final = 2**53
#: What an organisation unit's participant id begins with.
UNIT_PREFIX: Final = "unit:"

_SHOWN_CHARACTERS = 60
# Ids are parts of keys and of longer ids, which are cut at `|` and `/`.
_ID = re.compile(rf"[^|/\x00-\x1f\x7f-\x9f\ud800-\udfff]{{1,{ID_CHARACTERS}}}")
_TEXT = re.compile(rf"[^\x00\ud800-\udfff]{{0,{TEXT_CHARACTERS}}}")
_PLAN_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
# The years of the times above: what lies outside has no period.
_PERIOD = re.compile(r"20[0-9]{2}(-(Q[1-4]|W(0[1-9]|[1-4][0-9]|5[0-3])|(0[1-9]|1[0-2])))?")


class Invalid(Rejected):
    """A record with a field out of its bounds."""

    def __init__(self, field: str, problem: str) -> None:
        """Take the field, e.g. `team[1].rep_id`, and what is wrong with it."""
        super().__init__("invalid", f"{field}: {problem}")
        self.field = field


def shown(value: object) -> str:
    """Return a value as messages show it: quoted, and cut when it is long."""
    text = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def check_id(field: str, value: object) -> None:
    """Refuse what is no id: 1 to 128 characters without `|`, `/` and control characters."""
    if not isinstance(value, str) or _ID.fullmatch(value) is None:
        raise Invalid(
            field,
            f"{shown(value)} is no id of 1 to {ID_CHARACTERS} characters without "
            "'|', '/' and control characters",
        )


def check_person_id(field: str, value: object) -> None:
    """Refuse what is no id, or that of a unit as a participant."""
    check_id(field, value)
    if isinstance(value, str) and value.startswith(UNIT_PREFIX):
        raise Invalid(
            field, f"{shown(value)} is a unit; a person's id must not begin with {UNIT_PREFIX!r}"
        )


def check_participant(field: str, value: object) -> None:
    """Refuse what is neither a person id nor `unit:` and an id."""
    check_id(field, value.removeprefix(UNIT_PREFIX) if isinstance(value, str) else value)


def check_plan_id(field: str, value: object) -> None:
    """Refuse what is no plan id: small letters, digits and hyphens, at most 64."""
    if not isinstance(value, str) or _PLAN_ID.fullmatch(value) is None:
        raise Invalid(field, f"{shown(value)} is no plan id of small letters, digits and hyphens")


def check_period(field: str, value: object) -> None:
    """Refuse what is no period id, see `accolade.streams.rules.periods`."""
    if not isinstance(value, str) or not _is_period(value):
        raise Invalid(
            field,
            f"{shown(value)} is no period, like 2026-04-01, 2026-W14, 2026-04, 2026-Q2, 2026 "
            "or 2026-04-01--2026-07-01",
        )


def check_text(field: str, value: object) -> None:
    """Refuse what is no text of at most 1,000 characters."""
    if not isinstance(value, str) or _TEXT.fullmatch(value) is None:
        raise Invalid(field, f"{shown(value)} is no text of at most {TEXT_CHARACTERS:,} characters")


def check_word(field: str, value: object, words: Sequence[str]) -> None:
    """Refuse what is none of the words."""
    if value not in words:
        raise Invalid(field, f"{shown(value)} is none of {', '.join(words)}")


def check_flag(field: str, value: object) -> None:
    """Refuse what is neither true nor false."""
    if not isinstance(value, bool):
        raise Invalid(field, f"{shown(value)} is neither true nor false")


def check_whole(field: str, value: object, least: int, most: int) -> None:
    """Refuse what is no whole number from `least` to `most`."""
    # Not isinstance: True is an int to Python.
    if type(value) is not int or not least <= value <= most:
        raise Invalid(field, f"{shown(value)} is no whole number from {least:,} to {most:,}")


def check_revision(field: str, value: object) -> None:
    """Refuse what is no revision: a whole number from 0."""
    check_whole(field, value, 0, LARGEST)


def check_optional(check: Callable[[str, object], None], field: str, value: object) -> None:
    """Refuse what is neither None nor passes the check."""
    if value is not None:
        check(field, value)


def check_time(field: str, value: object) -> None:
    """Refuse what is no time from 2000 to before 2100, µs UTC."""
    if type(value) is not int or not TIME_FIRST <= value < TIME_END:
        raise Invalid(field, f"{shown(value)} is no time from 2000 to 2099 in µs since 1970 UTC")


def check_currency(field: str, value: object) -> int:
    """Refuse what is no currency of ISO 4217; return the decimals of its minor unit."""
    if not isinstance(value, str):
        raise Invalid(field, f"{shown(value)} is no active currency of ISO 4217")
    try:
        return minor_units(value)
    except ValueError as error:
        raise Invalid(field, str(error)) from None


def check_amount(field: str, value: object, decimals: int, *, negative: bool = False) -> None:
    """
    Refuse what is no amount of money of a currency.

    Args:
        field: The amount's name.
        value: Major units.
        decimals: How many its currency's minor unit has.
        negative: Whether it may be below 0.
    """
    check_decimal(field, value, decimals, Decimal(LARGEST).scaleb(-decimals))
    if isinstance(value, Decimal) and value < 0 and not negative:
        raise Invalid(field, f"{value} is below 0")


def check_decimal(field: str, value: object, decimals: int, most: Decimal) -> None:
    """Refuse what is no exact number up to `most`, either sign, with so many decimals at most."""
    if not isinstance(value, Decimal) or not value.is_finite():
        raise Invalid(field, f"{shown(value)} is no decimal number")
    # Before anything is computed with it: 1E+999999 has a million digits.
    if value.copy_abs() > most:
        raise Invalid(field, f"{shown(value)} is larger than {most:,}")
    if _decimals(value) > decimals:
        raise Invalid(field, f"{shown(value)} has more than {decimals} decimals")


def _decimals(value: Decimal) -> int:
    """Return how many decimals the value needs; 1.50 needs one."""
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or exponent >= 0:
        return 0
    needed = -exponent
    for digit in reversed(digits):
        if digit or not needed:
            return needed
        needed -= 1
    return 0


def _is_period(text: str) -> bool:
    if _PERIOD.fullmatch(text) is not None:
        return True
    first, dashes, until = text.partition("--")
    return _is_date(first) and (_is_date(until) and first < until if dashes else True)


def _is_date(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and FIRST_DAY <= day <= END_DAY
