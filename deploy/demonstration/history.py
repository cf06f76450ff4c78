"""What the demo plays: a simulated quarter, or a CRM export."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accolade.deploy.simulator.quarter import simulate
from accolade.deploy.simulator.world import Event
from accolade.streams.records import Contact


@dataclass(frozen=True)
class History:
    """Events in order of arrival, and what people call the participants."""

    events: Sequence[Event]
    names: Mapping[str, str]

    def counts(self) -> Counter[str]:
        """Return how many events go to each topic."""
        return Counter(event.topic.name for event in self.events)


def simulated(seed: int, reps: int) -> History:
    """Return a simulated quarter, the same for the same seed and size."""
    events = simulate(seed, reps).events
    return History(events, _names(events))


def _names(events: Sequence[Event]) -> dict[str, str]:
    contacts = (event.record for event in events if isinstance(event.record, Contact))
    return {contact.person_id: contact.name for contact in contacts}
