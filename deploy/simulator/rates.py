"""Rates of exchange to US dollars: by quarter or month, one put right, one weeks late."""

from datetime import date, timedelta
from decimal import Decimal

from accolade.deploy.simulator.calendar import DAY_US, at
from accolade.deploy.simulator.world import Event, Frame
from accolade.streams.catalogue import REFERENCE
from accolade.streams.records import ExchangeRate

#: When the pound's rate gets to the log, days after the quarter began.
_POUND_LATE_DAYS = 30


def rates(frame: Frame) -> list[Event]:
    """Return the rates of exchange in order of arrival."""
    month = timedelta(weeks=4)
    second = frame.start + month
    return [
        _known(_rate("EUR", frame.before, "1.0815"), frame.before),
        _known(_rate("JPY", frame.before, "0.0067215"), frame.before),
        _known(_rate("EUR", frame.start, "1.0921"), frame.start),
        _known(_rate("EUR", second, "1.1034"), second),
        # Put right after deals were counted with it.
        _known(_rate("EUR", second, "1.1043", revision=2), second + month),
        Event(
            REFERENCE,
            _rate("GBP", frame.before, "1.2694"),
            frame.start_us + _POUND_LATE_DAYS * DAY_US,
        ),
    ]


def _known(rate: ExchangeRate, day: date) -> Event:
    """Return the rate's arrival in the night before a day."""
    return Event(REFERENCE, rate, at(day) - 1)


def _rate(currency: str, valid_from: date, rate: str, revision: int = 1) -> ExchangeRate:
    return ExchangeRate(
        from_currency=currency,
        to_currency="USD",
        valid_from=at(valid_from),
        revision=revision,
        rate=Decimal(rate),
    )
