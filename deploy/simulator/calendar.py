"""Days and moments of the simulated quarter, in the plans' time zone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accolade.deploy.simulator.dice import Dice

ZONE = ZoneInfo("America/New_York")
SECOND_US = 1_000_000
HOUR_US = 3600 * SECOND_US
DAY_US = 24 * HOUR_US
#: Working hours, local.
_OPENS, _CLOSES = 8, 18
_SATURDAY = 5


def at(day: date, hour: int = 0, minute: int = 0) -> int:
    """Return a local time of day as µs UTC."""
    moment = datetime.combine(day, time(hour, minute), tzinfo=ZONE)
    return int(moment.timestamp()) * SECOND_US


def local_day(moment_us: int) -> date:
    """Return the local date of a moment in µs UTC."""
    return datetime.fromtimestamp(moment_us // SECOND_US, tz=ZONE).date()


def workdays(first: date, end: date) -> list[date]:
    """Return the days from Monday to Friday in [first, end)."""
    days = [first + timedelta(days=n) for n in range((end - first).days)]
    return [day for day in days if day.weekday() < _SATURDAY]


def working_moment(dice: Dice, day: date) -> int:
    """Return a moment in the day's working hours, µs UTC."""
    seconds = dice.below((_CLOSES - _OPENS) * 3600)
    return at(day, _OPENS) + seconds * SECOND_US


def closing_day(dice: Dice, days: list[date]) -> date:
    """Return a workday on which a deal closes: the nearer the quarter's end, the likelier."""
    last = len(days) - 1
    # The last ten workdays weigh three to six times an ordinary one.
    weights = [10 + (50 - 3 * (last - n) if last - n < 10 else 0) for n in range(len(days))]
    return dice.weighted(days, weights)
