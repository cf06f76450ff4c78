"""What was booked between two looks at a ledger."""

from collections.abc import Mapping

from sqlalchemy import Engine, func, select

from accolade.sinks.ledger import reading
from accolade.sinks.ledger_rows import Total
from accolade.sinks.ledger_tables import BOOKINGS
from accolade.streams.currencies import major_text

#: Number of bookings, their minor units and their items, by kind and currency.
Booked = Mapping[tuple[str, str], tuple[int, int, int]]


def booked(engine: Engine) -> Booked:
    """Return what all bookings come to."""
    kind, currency = BOOKINGS.c.kind, BOOKINGS.c.currency
    sums = (func.sum(BOOKINGS.c.delta_minor), func.sum(BOOKINGS.c.delta_items))
    query = select(kind, currency, func.count(), *sums).group_by(kind, currency)
    with reading(engine) as connection:
        return {
            (row[0], row[1]): (int(row[2]), int(row[3]), int(row[4]))
            for row in connection.execute(query)
        }


def booked_between(before: Booked, after: Booked) -> tuple[Total, ...]:
    """Return what came to be booked, by kind and currency; `rows` are bookings."""
    found = []
    for (kind, currency), now in sorted(after.items()):
        then = before.get((kind, currency), (0, 0, 0))
        rows, amount_minor, items = (new - old for new, old in zip(now, then, strict=True))
        if rows:
            amount = major_text(amount_minor, currency)
            found.append(Total(kind, currency, rows, amount, amount_minor, items))
    return tuple(found)
