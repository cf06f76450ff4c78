"""A participant's statement: every booking, with a balance that adds up to the total."""

from collections import defaultdict
from collections.abc import Iterable

import msgspec
from sqlalchemy import Engine, and_, select

from accolade.sinks.ledger import reading
from accolade.sinks.ledger_bookings import Booking
from accolade.sinks.ledger_tables import BATCHES, BOOKINGS, SETTLED
from accolade.streams.currencies import major_text


class StatementLine(msgspec.Struct, frozen=True):
    """One booking of a participant."""

    #: µs since 1970 UTC.
    booked_at: int
    award_id: str
    revision: int
    plan_id: str
    component: str
    period: str
    #: `money`, `points`, `gift_card`, `experience` or `training`.
    kind: str
    currency: str
    label: str
    #: `earned`, `withdrawn` or `adjustment`.
    state: str
    #: The source record behind it, `<source>:<source_id>`.
    cause: str
    #: Major units with the currency's decimals; negative takes back.
    amount: str
    amount_minor: int
    items: int
    #: What all lines of this kind and currency come to, up to this one.
    balance: str
    balance_minor: int
    #: The batch that paid it; None for not yet.
    batch_id: str | None


class Balance(msgspec.Struct, frozen=True):
    """What a participant's lines of a kind and currency come to."""

    kind: str
    currency: str
    #: Everything that was booked, and what of it is in a batch.
    amount: str
    amount_minor: int
    paid: str
    paid_minor: int
    items: int


class Statement(msgspec.Struct, frozen=True):
    """All that was ever booked for a participant."""

    participant: str
    lines: tuple[StatementLine, ...]
    balances: tuple[Balance, ...]


def statement_of(engine: Engine, participant: str) -> Statement:
    """Return the participant's statement, in the order in which it was booked."""
    same = and_(
        SETTLED.c.award_id == BOOKINGS.c.award_id,
        SETTLED.c.revision == BOOKINGS.c.revision,
        SETTLED.c.line == BOOKINGS.c.line,
    )
    query = (
        select(BOOKINGS, BATCHES.c.batch_id)
        .outerjoin(SETTLED, same)
        .outerjoin(BATCHES, BATCHES.c.sequence == SETTLED.c.sequence)
        .where(BOOKINGS.c.participant == participant)
    )
    with reading(engine) as connection:
        found = [
            (Booking(**{name: row._mapping[name] for name in Booking.__struct_fields__}), row[-1])
            for row in connection.execute(query)
        ]
    found.sort(key=lambda pair: _order(pair[0]))
    lines = tuple(_lines(found))
    return Statement(participant, lines, _balances(lines))


def _order(booking: Booking) -> tuple[int, int, int, int]:
    return booking.booked_at, booking.log_partition, booking.log_offset, booking.line


def _lines(found: Iterable[tuple[Booking, str | None]]) -> Iterable[StatementLine]:
    balances: dict[tuple[str, str], int] = defaultdict(int)
    for booking, batch_id in found:
        balances[booking.kind, booking.currency] += booking.delta_minor
        balance_minor = balances[booking.kind, booking.currency]
        yield StatementLine(
            booked_at=booking.booked_at,
            award_id=booking.award_id,
            revision=booking.revision,
            plan_id=booking.plan_id,
            component=booking.component,
            period=booking.period,
            kind=booking.kind,
            currency=booking.currency,
            label=booking.label,
            state=booking.state,
            cause=booking.cause,
            amount=major_text(booking.delta_minor, booking.currency),
            amount_minor=booking.delta_minor,
            items=booking.delta_items,
            balance=major_text(balance_minor, booking.currency),
            balance_minor=balance_minor,
            batch_id=batch_id,
        )


def _balances(lines: Iterable[StatementLine]) -> tuple[Balance, ...]:
    groups: dict[tuple[str, str], list[StatementLine]] = defaultdict(list)
    for line in lines:
        groups[line.kind, line.currency].append(line)
    return tuple(_balance(*group, groups[group]) for group in sorted(groups))


def _balance(kind: str, currency: str, lines: Iterable[StatementLine]) -> Balance:
    amounts = [(line.amount_minor, line.items, line.batch_id is not None) for line in lines]
    amount_minor = sum(amount for amount, _, _ in amounts)
    paid_minor = sum(amount for amount, _, is_paid in amounts if is_paid)
    return Balance(
        kind=kind,
        currency=currency,
        amount=major_text(amount_minor, currency),
        amount_minor=amount_minor,
        paid=major_text(paid_minor, currency),
        paid_minor=paid_minor,
        items=sum(items for _, items, _ in amounts),
    )
