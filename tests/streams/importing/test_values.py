from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.importing.values import (
    EPOCH,
    DecimalFormat,
    TimeFormat,
    Unreadable,
    amount,
    flag,
    slug,
    time,
    whole,
)

BERLIN = ZoneInfo("Europe/Berlin")
decimals = st.decimals(allow_nan=False, allow_infinity=False, places=4, max_value=Decimal(10**15))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))


@given(decimals)
def test_an_amount_is_read_exactly_as_it_is_written(number):
    """Not a digit is lost or added."""
    assert str(amount(f"{number:f}", DecimalFormat())) == f"{number:f}"


@given(decimals)
def test_an_amount_may_have_groups_and_another_point(number):
    """A German `1.234.567,8900` is the number it says."""
    german = f"{number:,f}".translate(str.maketrans(",.", ".,"))

    assert amount(german, DecimalFormat(point=",", group=".")) == number


def test_an_amount_may_have_indian_groups_and_a_sign_of_its_currency():
    """Groups of two are groups as well."""
    assert amount("₹ 12,34,567.50", DecimalFormat(group=",", strip="₹")) == Decimal("1234567.50")


@pytest.mark.parametrize(
    "text", ["1E+05", "1e5", "NaN", "Infinity", "", "-", "1,5", "1.2.3", "12 USD", "0x10", "١٢"]
)
def test_what_is_no_plain_decimal_number_is_refused(text):
    """Powers of ten too: a spreadsheet that writes them has dropped digits already."""
    with pytest.raises(Unreadable, match=r"not a decimal number written like 1234\.50"):
        amount(text, DecimalFormat())


@pytest.mark.parametrize("text", ["1,23,4", "12,3", "1,2345", ",123", "1,,234"])
def test_digits_that_are_grouped_wrongly_are_refused(text):
    """`12,3` is more likely a decimal comma than a hundred and twenty-three."""
    with pytest.raises(Unreadable, match="not a decimal number"):
        amount(text, DecimalFormat(group=","))


@given(st.integers(min_value=-(10**17), max_value=10**17))
def test_a_whole_number_is_read_as_it_is_written(number):
    """With or without a sign."""
    assert whole(str(number)) == number


@pytest.mark.parametrize("text", ["1.0", "1_000", "", "٣", "9" * 19])
def test_what_is_no_whole_number_is_refused(text):
    """Nor are digits of other scripts, underscores and more than 18 digits taken."""
    with pytest.raises(Unreadable, match="not a whole number"):
        whole(text)


def test_yes_and_no_are_true_and_false():
    """In any case of letters."""
    assert [flag(text) for text in ("Yes", "TRUE", "1", "no", "False", "0")] == [True] * 3 + [
        False
    ] * 3
    with pytest.raises(Unreadable, match="neither true nor false"):
        flag("maybe")


@given(moments)
def test_a_time_with_an_offset_is_read_to_the_microsecond(moment):
    """The zone of the mapping doesn't matter then."""
    text = moment.astimezone(BERLIN).isoformat()

    assert time(text, TimeFormat(zone=ZoneInfo("Asia/Tokyo"))) == microseconds(moment)


@given(st.dates(datetime(2000, 1, 2).date(), datetime(2099, 12, 31).date()))
def test_a_day_is_its_first_instant_in_the_zone(day):
    """Whether by a pattern or in ISO 8601."""
    expected = microseconds(datetime(day.year, day.month, day.day, tzinfo=BERLIN))

    assert time(f"{day:%d.%m.%Y}", TimeFormat("%d.%m.%Y", BERLIN)) == expected
    assert time(day.isoformat(), TimeFormat(zone=BERLIN)) == expected


@given(moments)
def test_an_epoch_is_read_in_its_unit(moment):
    """Seconds, milliseconds, and microseconds, which need no mention."""
    us = microseconds(moment)

    assert time(str(us), TimeFormat("epoch_us")) == us
    assert time(str(us // 1_000), TimeFormat("epoch_ms")) == us // 1_000 * 1_000
    assert time(str(us // 1_000_000), TimeFormat("epoch_s")) == us // 1_000_000 * 1_000_000
    assert time(str(us), TimeFormat()) == us


def test_a_time_without_zone_is_refused():
    """No zone is assumed: a day off can be a quarter off."""
    with pytest.raises(Unreadable, match="no time zone"):
        time("2026-04-01T09:00:00", TimeFormat())


@pytest.mark.parametrize("text", ["20260401", "1775001600", "1775001600000"])
def test_bare_digits_other_than_microseconds_are_refused(text):
    """They may be days, seconds or milliseconds."""
    with pytest.raises(Unreadable, match="only digits"):
        time(text, TimeFormat(zone=BERLIN))


@pytest.mark.parametrize("pattern", ["iso", "%Y-%m-%d"])
def test_a_day_that_does_not_exist_is_refused(pattern):
    """Whatever the pattern."""
    with pytest.raises(Unreadable, match="not a time"):
        time("2026-02-30", TimeFormat(pattern, BERLIN))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Donn Cantrell", "donn-cantrell"),
        ("  Renée  O'Neil ", "renee-o-neil"),
        ("Łukasz Żółć", "łukasz-zołc"),
        ("李雷", "李雷"),
        ("हिन्दी नाम", "हिन्दी-नाम"),
        ("a|b/c", "a-b-c"),
    ],
)
def test_a_slug_is_a_name_as_an_id(name, expected):
    """Letters of every script stay; what separates becomes one hyphen."""
    assert slug(name) == expected


@given(st.text())
def test_a_slug_of_a_slug_is_itself(name):
    """So an id may be given where a name is expected."""
    try:
        once = slug(name)
    except Unreadable:
        return

    assert slug(once) == once


def test_a_name_without_letters_has_no_slug():
    """An empty id names nobody."""
    with pytest.raises(Unreadable, match="no letter"):
        slug("--")


def microseconds(moment: datetime) -> int:
    """Return microseconds since 1970 UTC."""
    return (moment - EPOCH) // timedelta(microseconds=1)
