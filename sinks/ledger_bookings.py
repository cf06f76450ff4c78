"""What a revision of an award books: the change against the revision before it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import msgspec

from accolade.sinks.following import Received, Source
from accolade.streams.records import Award

#: Given as a thing; their amount is what it is worth.
_ITEM_KINDS = frozenset({"experience", "training"})
_POINTS = "points"
_WITHDRAWN = "withdrawn"
_ADJUSTMENT = "adjustment"
#: Differences of amounts below this fit a database's 64-bit integers.
_AMOUNT_LIMIT = 2**62


@dataclass(frozen=True)
class Line:
    """So much of something for a participant: what an award comes to, or a change of it."""

    participant: str
    #: `money`, `points`, `gift_card`, `experience` or `training`.
    kind: str
    #: ISO 4217; empty for points.
    currency: str
    #: What is awarded in words; empty for money.
    label: str
    #: Minor units of `currency`, or whole points.
    amount_minor: int
    #: How many experiences or trainings; 0 for other kinds.
    items: int

    def is_like(self, other: "Line") -> bool:
        """Tell whether both are of the same for the same participant, whatever the amounts."""
        return self._what == other._what

    @property
    def _what(self) -> tuple[str, str, str, str]:
        return self.participant, self.kind, self.currency, self.label


class Booking(msgspec.Struct, frozen=True):
    """What a revision of an award changed: a row of the bookings."""

    award_id: str
    revision: int
    #: Position among the lines of this revision, from 0.
    line: int
    participant: str
    plan_id: str
    component: str
    period: str
    kind: str
    currency: str
    label: str
    #: Minor units of `currency`, or whole points; negative takes back.
    delta_minor: int
    #: Experiences or trainings given; negative takes back.
    delta_items: int
    state: str
    cause: str
    #: The record's own time, µs UTC.
    booked_at: int
    #: Where the record stands in the log.
    log_partition: int
    log_offset: int


def stand_of(award: Award) -> Line:
    """Return what an award comes to."""
    items = 0
    if award.kind in _ITEM_KINDS and award.state != _WITHDRAWN:
        items = -1 if award.state == _ADJUSTMENT and award.amount_minor < 0 else 1
    # Points come with their plan's currency, and are none of it.
    currency = "" if award.kind == _POINTS else award.currency
    return Line(award.participant, award.kind, currency, award.label, award.amount_minor, items)


def lines(before: Line | None, after: Line) -> Iterator[Line]:
    """
    Yield what moves a ledger from one stand of an award to the next.

    One line, also where it changes no amount; where the award became one of
    another currency, kind, label or participant, a line that takes the old back
    and one that gives the new, as far as they come to something.
    """
    if before is None:
        yield after
    elif before.is_like(after):
        yield replace(
            after,
            amount_minor=after.amount_minor - before.amount_minor,
            items=after.items - before.items,
        )
    else:
        yield replace(before, amount_minor=-before.amount_minor, items=-before.items)
        if after.amount_minor or after.items:
            yield after


def bookings(
    source: Source, record: Received, award: Award, before: Line | None
) -> Iterator[Booking]:
    """Yield what a revision of an award books, given what the award came to before."""
    for number, line in enumerate(lines(before, stand_of(award))):
        yield Booking(
            award_id=award.award_id,
            revision=award.revision,
            line=number,
            participant=line.participant,
            plan_id=award.plan_id,
            component=award.component,
            period=award.period,
            kind=line.kind,
            currency=line.currency,
            label=line.label,
            delta_minor=line.amount_minor,
            delta_items=line.items,
            state=award.state,
            cause=award.cause,
            booked_at=record.time_ms * 1_000,
            log_partition=source.partition,
            log_offset=record.offset,
        )


def problem_of(award: Award) -> str | None:
    """Return why a database can't hold the award, or None."""
    if not -_AMOUNT_LIMIT < award.amount_minor < _AMOUNT_LIMIT:
        return f"amount_minor is {award.amount_minor}"
    texts = (award.award_id, award.participant, award.label, award.cause, award.currency)
    return "a text has a NUL" if any("\0" in text for text in texts) else None
