"""The rows of a payout batch, and what they add up to."""

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from accolade.sinks.ledger_bookings import Booking
from accolade.streams.currencies import major_text

_HASH_DIGITS = 12
#: Award, participant, kind, currency, label: what one row is for.
_Group = tuple[str, str, str, str, str]


class BatchRow(msgspec.Struct, frozen=True):
    """What is paid, or taken back, for one award."""

    #: The award's id. Where the award became one of another currency, kind, label or
    #: participant within the batch, `#1` and so on behind it tell the rows apart.
    row_id: str
    award_id: str
    participant: str
    plan_id: str
    component: str
    period: str
    #: `money`, `points`, `gift_card`, `experience` or `training`.
    kind: str
    #: Major units with the currency's decimals; whole points.
    amount: str
    #: Negative where a correction takes back what earlier batches gave.
    amount_minor: int
    #: ISO 4217; empty for points.
    currency: str
    #: What is given in words; empty for money.
    label: str
    #: Experiences or trainings given, negative for taken back; 0 for other kinds.
    items: int


class Total(msgspec.Struct, frozen=True):
    """What all rows of a kind and currency add up to."""

    kind: str
    currency: str
    rows: int
    amount: str
    amount_minor: int
    items: int


class PayoutBatch(msgspec.Struct, frozen=True):
    """A batch as it is handed out."""

    #: `<sequence>-<hash of the rows>`.
    batch_id: str
    rows: tuple[BatchRow, ...]

    @property
    def totals(self) -> tuple[Total, ...]:
        """The control total, by kind and currency."""
        return totals_of(self.rows)


def totals_of(rows: Iterable[BatchRow]) -> tuple[Total, ...]:
    """Return what rows add up to, by kind and currency."""
    groups: dict[tuple[str, str], list[BatchRow]] = {}
    for row in rows:
        groups.setdefault((row.kind, row.currency), []).append(row)
    return tuple(_total(*group, groups[group]) for group in sorted(groups))


def batch_of(sequence: int, rows: Sequence[BatchRow]) -> PayoutBatch:
    """Return the rows as a batch, whose id tells if one of them was changed."""
    content = hashlib.sha256(msgspec.json.encode(rows)).hexdigest()
    return PayoutBatch(f"{sequence:06d}-{content[:_HASH_DIGITS]}", tuple(rows))


def rows_of(bookings: Iterable[Booking]) -> list[BatchRow]:
    """
    Return a row for each award that comes to something.

    Args:
        bookings: In the order in which they were booked, of each award.

    Returns:
        The rows by participant, plan, period, component and row id.
    """
    groups: dict[_Group, list[Booking]] = {}
    for booking in bookings:
        group = _group(booking)
        same = groups.pop(group, [])
        same.append(booking)
        # The newest stands last, so that the award as it is now gets the plain row id.
        groups[group] = same
    seen: dict[str, int] = {}
    rows = []
    for same in reversed(groups.values()):
        row = _row(same, seen.get(same[0].award_id, 0))
        if row.amount_minor or row.items:
            seen[row.award_id] = seen.get(row.award_id, 0) + 1
            rows.append(row)
    order = ("participant", "plan_id", "period", "component", "row_id")
    return sorted(rows, key=lambda row: [getattr(row, name) for name in order])


def _group(booking: Booking) -> _Group:
    return (
        booking.award_id,
        booking.participant,
        booking.kind,
        booking.currency,
        booking.label,
    )


def _row(bookings: Sequence[Booking], number: int) -> BatchRow:
    newest = bookings[-1]
    amount_minor = sum(booking.delta_minor for booking in bookings)
    return BatchRow(
        row_id=f"{newest.award_id}#{number}" if number else newest.award_id,
        award_id=newest.award_id,
        participant=newest.participant,
        plan_id=newest.plan_id,
        component=newest.component,
        period=newest.period,
        kind=newest.kind,
        amount=major_text(amount_minor, newest.currency),
        amount_minor=amount_minor,
        currency=newest.currency,
        label=newest.label,
        items=sum(booking.delta_items for booking in bookings),
    )


def _total(kind: str, currency: str, rows: Sequence[BatchRow]) -> Total:
    amount_minor = sum(row.amount_minor for row in rows)
    return Total(
        kind=kind,
        currency=currency,
        rows=len(rows),
        amount=major_text(amount_minor, currency),
        amount_minor=amount_minor,
        items=sum(row.items for row in rows),
    )
