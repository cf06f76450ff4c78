"""What the parts of the simulator share: the world's frame, and what is published in it."""

from dataclasses import dataclass
from datetime import date, timedelta

from accolade.deploy.simulator.calendar import at
from accolade.deploy.simulator.dice import Dice
from accolade.streams.catalogue import Topic
from accolade.streams.records import Record


@dataclass(frozen=True)
class Event:
    """A record on its way into a topic, and when it gets there."""

    topic: Topic
    record: Record
    #: µs UTC; the timeline's order.
    arrived_at: int


@dataclass(frozen=True)
class Frame:
    """What bounds a simulated world."""

    seed: int
    #: First day of the simulated quarter, and the first no longer in it.
    start: date
    weeks: int

    @property
    def end(self) -> date:
        """The first day after the simulated quarter."""
        return self.start + timedelta(weeks=self.weeks)

    @property
    def before(self) -> date:
        """The first day of the period before, as many weeks long."""
        return self.start - timedelta(weeks=self.weeks)

    @property
    def start_us(self) -> int:
        """The quarter's first moment, µs UTC."""
        return at(self.start)

    @property
    def end_us(self) -> int:
        """The first moment after the quarter, µs UTC."""
        return at(self.end)

    def dice(self, *names: str | int) -> Dice:
        """Return the dice of one thing in this world."""
        return Dice(self.seed, *names)
