"""A simulated quarter: everything that reaches the log, in order of arrival."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from accolade.deploy.simulator.deals import deals
from accolade.deploy.simulator.organisation import Organisation, organise
from accolade.deploy.simulator.timeline import closed, reference, selling, working
from accolade.deploy.simulator.world import Event, Frame
from accolade.streams.plans.catalogue import catalogue_plans
from accolade.streams.records import Plan, Record


@dataclass(frozen=True)
class Quarter:
    """A simulated quarter and what it was made of."""

    organisation: Organisation
    plans: tuple[Plan, ...]
    #: In order of arrival; equal times stand as they are to be published.
    events: tuple[Event, ...]

    def records(self) -> list[Record]:
        """Return the events' records, in order of arrival."""
        return [event.record for event in self.events]


def simulate(
    seed: int,
    reps: int = 24,
    start: date = date(2026, 4, 1),
    weeks: int = 13,
    plans: Sequence[Plan] | None = None,
    close: bool = True,
) -> Quarter:
    """
    Return a quarter of a sales organisation, the same for the same arguments.

    A period of as many weeks before it has deals as well, for targets that look back.
    Where `close`, all periods of the plans are closed ten days after the end; a few
    refunds follow, which become adjustments.

    Args:
        seed: Any whole number; another one is another quarter.
        reps: How many reps, from 3; about 330 events each in thirteen weeks.
        start: First day of the quarter.
        weeks: How long it lasts, from 4.
        plans: The plans to publish; by default the whole catalogue.
        close: Whether to close the plans' periods at the end.

    Raises:
        ValueError: There are too few reps or weeks for a world.
    """
    if reps < 3 or weeks < 4:
        raise ValueError(f"a quarter needs 3 reps and 4 weeks at least, not {reps} and {weeks}")
    frame = Frame(seed, start, weeks)
    organisation = organise(seed, reps, start, weeks, frame.before)
    published = tuple(catalogue_plans() if plans is None else plans)
    sold = list(deals(frame, organisation))
    events = [
        *reference(frame, organisation, published),
        *selling(frame, organisation, sold),
        *working(frame, organisation),
    ]
    if close:
        events += closed(frame, published, sold)
    return Quarter(organisation, published, tuple(sorted(events, key=attrgetter("arrived_at"))))
