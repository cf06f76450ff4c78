"""When records get to the log: mostly at once, some late, some twice, some out of order."""

from collections.abc import Iterator, Sequence

from accolade.deploy.simulator.calendar import DAY_US, HOUR_US, SECOND_US
from accolade.deploy.simulator.dice import Dice
from accolade.deploy.simulator.world import Event
from accolade.streams.catalogue import Topic
from accolade.streams.records import Record

#: Per mille of records that arrive days late, twice, or before the revision before them.
_LATE, _TWICE, _OVERTAKEN = 25, 20, 40
_LATE_DAYS = 12


def arriving(dice: Dice, topic: Topic, revisions: Sequence[tuple[int, Record]]) -> Iterator[Event]:
    """
    Yield the arrivals of one transaction's revisions.

    Args:
        dice: The transaction's own.
        topic: Where they arrive.
        revisions: When each came to be (µs UTC) and the record, in order.
    """
    last = 0
    for happened_at, record in revisions:
        arrived_at = max(last + 1, happened_at + _delay(dice))
        if last and dice.happens(_OVERTAKEN):
            # The one before is still under way when this one is there.
            arrived_at = last - 1
        yield Event(topic, record, arrived_at)
        if dice.happens(_TWICE):
            yield Event(topic, record, arrived_at + 1 + dice.below(2 * DAY_US))
        last = max(last, arrived_at)


def _delay(dice: Dice) -> int:
    if dice.happens(_LATE):
        return dice.below(_LATE_DAYS * DAY_US)
    if dice.happens(100):
        return dice.below(12 * HOUR_US)
    return dice.below(90 * SECOND_US)
