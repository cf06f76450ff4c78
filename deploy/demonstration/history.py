"""What the demo plays: a simulated quarter, or a CRM export."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accolade.deploy.simulator.quarter import simulate
from accolade.deploy.simulator.world import Event
from accolade.streams.records import Contact, Record

_NEXT_STEP = "`deploy/demo --data FILE` plays the deals of a CRM export of your own."


@dataclass(frozen=True)
class History:
    """Events in order of arrival, and what people call the participants."""

    #: What it is, for people.
    title: str
    events: Sequence[Event]
    names: Mapping[str, str]
    #: What to try after it, for people.
    next_step: str
    #: What is to be said of how it was read.
    notes: tuple[str, ...] = ()

    def counts(self) -> Counter[str]:
        """Return how many events go to each topic."""
        return Counter(event.topic.name for event in self.events)

    def records(self) -> list[Record]:
        """Return the events' records, in order of arrival."""
        return [event.record for event in self.events]


def simulated(seed: int, reps: int) -> History:
    """Return a simulated quarter, the same for the same seed and size."""
    events = simulate(seed, reps).events
    title = f"A simulated quarter of {reps} reps"
    return History(title, events, names_in(events), _NEXT_STEP)


def names_in(events: Sequence[Event]) -> dict[str, str]:
    """Return what the contacts among the events call the participants."""
    contacts = (event.record for event in events if isinstance(event.record, Contact))
    return {contact.person_id: contact.name for contact in contacts}
