"""Reads a cell's text as the value of a field."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Unreadable(Exception):
    """A text that isn't what its field holds."""

    def __init__(self, reason: str, message: str) -> None:
        """Take a word to count by, and what is wrong."""
        super().__init__(message)
        self.reason = reason
        self.message = message


class DecimalFormat(NamedTuple):
    """How decimal numbers are written in a file."""

    #: Between whole and fraction.
    point: str = "."
    #: Between groups of digits; empty for none.
    group: str = ""
    #: Characters that may stand around the number, e.g. `$`; spaces always may.
    strip: str = ""


class TimeFormat(NamedTuple):
    """How times are written in a file."""

    #: `iso`, `epoch_s`, `epoch_ms`, `epoch_us`, or a pattern as Python's `strptime` takes it.
    pattern: str = "iso"
    #: The time zone of a time that names none.
    zone: ZoneInfo | None = None


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Microseconds in one unit of the epoch formats.
EPOCH_FORMATS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}
#: How many digits microseconds since 1970 have between 2000 and 2100.
EPOCH_US_DIGITS = (15, 16)

_WHOLE = re.compile(r"[+-]?[0-9]{1,18}")
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
#: Accents of Latin, Greek and Cyrillic letters once they are taken apart.
_ACCENTS = re.compile("[\u0300-\u036f]")


def whole(text: str) -> int:
    """
    Return a whole number.

    Raises:
        Unreadable: It isn't one of at most 18 digits.
    """
    if _WHOLE.fullmatch(text) is None:
        raise Unreadable("not_a_number", "not a whole number")
    return int(text)


def flag(text: str) -> bool:
    """
    Return true, yes, 1 as True and false, no, 0 as False, in any case of letters.

    Raises:
        Unreadable: It is none of them.
    """
    found = _FLAGS.get(text.lower())
    if found is None:
        raise Unreadable("not_a_flag", "neither true nor false")
    return found


def amount(text: str, written: DecimalFormat) -> Decimal:
    """
    Return a decimal number exactly as it is written.

    Powers of ten (`1E+05`) are refused: a spreadsheet that writes them has
    already dropped digits.

    Raises:
        Unreadable: It isn't written as the format says.
    """
    bare = text.strip(written.strip + " ")
    if _amount_pattern(written).fullmatch(bare) is None:
        raise Unreadable("not_a_number", f"not a decimal number written like {_example(written)}")
    if written.group:
        bare = bare.replace(written.group, "")
    return Decimal(bare.replace(written.point, "."))


@cache
def _amount_pattern(written: DecimalFormat) -> re.Pattern[str]:
    whole_part = "[0-9]+"
    if written.group:
        # Groups of two are India's: 12,34,567.
        group = re.escape(written.group)
        whole_part = f"(?:[0-9]+|[0-9]{{1,3}}(?:{group}[0-9]{{2,3}})*{group}[0-9]{{3}})"
    return re.compile(f"[+-]?{whole_part}(?:{re.escape(written.point)}[0-9]+)?")


def _example(written: DecimalFormat) -> str:
    return f"1{written.group}234{written.point}50"


def time(text: str, written: TimeFormat) -> int:
    """
    Return a time in microseconds since 1970 UTC.

    A day without a time of day is its first instant in the zone. A local time
    that comes twice when clocks go back is the first of the two.

    Raises:
        Unreadable: It isn't written as the format says, or no zone is known.
    """
    if written.pattern in EPOCH_FORMATS:
        return whole(text) * EPOCH_FORMATS[written.pattern]
    if written.pattern == "iso" and text.isdigit() and len(text) in EPOCH_US_DIGITS:
        return int(text)
    moment = _moment(text, written.pattern)
    if moment.tzinfo is None:
        if written.zone is None:
            raise Unreadable("no_zone", "has no time zone: add it, or give `zone:` in the mapping")
        moment = moment.replace(tzinfo=written.zone)
    return (moment - EPOCH) // timedelta(microseconds=1)


def _moment(text: str, pattern: str) -> datetime:
    if pattern != "iso":
        try:
            return datetime.strptime(text, pattern)
        except ValueError as error:
            raise Unreadable("not_a_time", f"not a time written like {pattern}") from error
    if text.isdigit():
        raise Unreadable("not_a_time", "only digits: say what they mean with `time:` in a mapping")
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        wanted = "not a time like 2026-04-01T09:30:00+02:00"
        raise Unreadable("not_a_time", wanted) from error


def slug(text: str) -> str:
    """
    Return a name as an id: small letters and digits with single hyphens between.

    Letters of every script stay; accents go. `Renée O'Neil` is `renee-o-neil`.

    Raises:
        Unreadable: No letter and no digit is in it.
    """
    # Apart, folded, and apart again: each may show what the other works on.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    composed = unicodedata.normalize("NFC", _ACCENTS.sub("", folded))
    kept = (c if unicodedata.category(c)[0] in "LMN" else " " for c in composed)
    made = "-".join("".join(kept).split())
    if not made:
        raise Unreadable("no_slug", "has no letter or digit to make an id of")
    return made
