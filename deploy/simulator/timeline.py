"""The parts of a quarter's timeline: what reaches the log, and when."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from accolade.deploy.simulator.activities import activities, demos, meetings, modules
from accolade.deploy.simulator.arrival import arriving
from accolade.deploy.simulator.calendar import DAY_US, HOUR_US, at
from accolade.deploy.simulator.closings import closings
from accolade.deploy.simulator.deals import after_leaving
from accolade.deploy.simulator.organisation import ENGINEER, Organisation
from accolade.deploy.simulator.payments import of_no_deal, payments, refund
from accolade.deploy.simulator.rates import rates
from accolade.deploy.simulator.world import Event, Frame
from accolade.streams import catalogue
from accolade.streams.catalogue import Topic
from accolade.streams.records import (
    Activity,
    Deal,
    Demo,
    LearningModule,
    Meeting,
    Payment,
    Plan,
    Record,
)

#: Days after the quarter's end on which its periods are closed.
_CLOSES_AFTER_DAYS = 10
#: Days by which the latecomer's record, and a change of team or a leaving, are late.
_LATECOMER_DAYS, _CHANGE_DAYS = 25, 4

Transaction = Deal | Payment | Activity | Meeting | Demo | LearningModule


def reference(frame: Frame, organisation: Organisation, plans: Sequence[Plan]) -> Iterator[Event]:
    """Yield who there is, what is paid for, and the rates of exchange."""
    known_at = at(frame.before) - DAY_US
    for unit in organisation.units:
        yield Event(catalogue.REFERENCE, unit, known_at)
    for contact in organisation.contacts:
        yield Event(catalogue.CONTACTS, contact, known_at)
    for plan in plans:
        yield Event(catalogue.REFERENCE, plan, known_at)
    for person in organisation.people:
        # Who is there from the beginning was entered before it, a change some days after.
        changes = person.valid_from > at(frame.before)
        arrived_at = person.valid_from + _CHANGE_DAYS * DAY_US if changes else known_at
        if person.person_id == organisation.latecomer:
            arrived_at = frame.start_us + _LATECOMER_DAYS * DAY_US
        yield Event(catalogue.REFERENCE, person, arrived_at)
    yield from rates(frame)


def selling(
    frame: Frame, organisation: Organisation, sold: Iterable[Sequence[Deal]]
) -> Iterator[Event]:
    """Yield the deals and their payments, with one deal and one payment that stay parked."""
    for revisions in sold:
        yield from _arrivals(frame, catalogue.DEALS, revisions, revisions[0].deal_id)
        if revisions[-1].stage == "won":
            for payment in payments(frame, revisions[-1]):
                yield from _arrivals(frame, catalogue.PAYMENTS, [payment], payment.payment_id)
    leaver = next(rep for rep in organisation.reps if rep.person_id == organisation.leaver)
    gone, astray = after_leaving(leaver), of_no_deal(frame)
    yield Event(catalogue.DEALS, gone, gone.occurred_at + HOUR_US)
    yield Event(catalogue.PAYMENTS, astray, astray.occurred_at + HOUR_US)


def working(frame: Frame, organisation: Organisation) -> Iterator[Event]:
    """Yield calls, emails, meetings, demos and learning modules."""
    for rep in organisation.reps:
        for counted in activities(frame, rep):
            yield from _arrivals(frame, catalogue.ACTIVITIES, counted, counted[0].activity_id)
        for meeting in meetings(frame, rep):
            yield from _arrivals(frame, catalogue.MEETINGS, meeting, meeting[0].meeting_id)
        for module in modules(frame, rep):
            yield from _arrivals(frame, catalogue.MODULES, module, module[0].completion_id)
    for engineer in organisation.of_role(ENGINEER):
        for demo in demos(frame, organisation, engineer):
            yield from _arrivals(frame, catalogue.DEMOS, demo, demo[0].demo_id)


def _arrivals(
    frame: Frame, topic: Topic, revisions: Sequence[Transaction], name: str
) -> Iterator[Event]:
    """Yield the arrivals of a transaction's revisions, each entered when it came to be."""
    dice = frame.dice("arrival", topic.name, name)
    moments: list[tuple[int, Record]] = []
    last = 0
    for record in revisions:
        entered_at = record.occurred_at
        if isinstance(record, Meeting | Demo) and record.status == "scheduled":
            entered_at -= dice.between(1, 6) * DAY_US
        if entered_at <= last:
            entered_at = last + dice.between(1, 72) * HOUR_US
        moments.append((entered_at, record))
        last = entered_at
    return arriving(dice, topic, moments)


def closed(frame: Frame, plans: Sequence[Plan], sold: Sequence[Sequence[Deal]]) -> Iterator[Event]:
    """Yield the closings, and the refunds that come too late for them."""
    closed_at = frame.end_us + _CLOSES_AFTER_DAYS * DAY_US
    for number, closing in enumerate(closings(frame, plans)):
        yield Event(catalogue.REFERENCE, closing, closed_at + number)
    won = [deal[-1] for deal in sold if deal[-1].stage == "won"]
    late = [deal for deal in won if frame.start_us <= deal.occurred_at < frame.end_us]
    for number, deal in enumerate(late[:: max(1, len(late) // 3)]):
        dice = frame.dice("too late", deal.deal_id)
        occurred_at = closed_at + (number + 1) * DAY_US
        too_late = msgspec.structs.replace(
            refund(dice, deal),
            payment_id=f"{deal.deal_id}-refund-late",
            occurred_at=occurred_at,
        )
        yield Event(catalogue.PAYMENTS, too_late, occurred_at + HOUR_US)
