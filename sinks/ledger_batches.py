"""
Payout batches: what has been booked and was not yet handed to who pays it.

A batch is made once and stored as its rows; exporting it again gives the same
bytes. A booking is settled by one batch, and its key in the table lets no
second one take it.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import asdict
from sqlalchemy import Connection, Engine, and_, func, insert, select
from sqlalchemy.exc import IntegrityError

from accolade.sinks.ledger import LedgerError, reading
from accolade.sinks.ledger_bookings import Booking
from accolade.sinks.ledger_rows import BatchRow, PayoutBatch, Total, batch_of, rows_of, totals_of
from accolade.sinks.ledger_tables import BATCH_ROWS, BATCHES, BOOKINGS, SETTLED


class ListedBatch(NamedTuple):
    """A batch in the list of batches."""

    batch_id: str
    #: µs since 1970 UTC.
    made_at: int
    rows: int


class NoSuchBatchError(LookupError):
    """The ledger has no batch of this id."""


def make_batch(
    engine: Engine, kinds: Sequence[str] = (), until: int | None = None
) -> PayoutBatch | None:
    """
    Make a batch of all bookings that are in none, and return it.

    One row for each award, with what its bookings add up to; an award whose
    bookings add up to nothing has no row and is settled with it.

    Args:
        engine: The ledger.
        kinds: Only these kinds of awards; all where empty.
        until: Only what was booked before this time, µs since 1970 UTC.

    Returns:
        The batch; None, and nothing settled, where no award has anything to be paid.

    Raises:
        LedgerError: Another batch was made at the same moment.
    """
    try:
        with engine.begin() as connection:
            bookings = _open(connection, kinds, until)
            rows = rows_of(bookings)
            if not rows:
                return None
            sequence = 1 + (connection.scalar(select(func.max(BATCHES.c.sequence))) or 0)
            batch = batch_of(sequence, rows)
            _store(connection, sequence, batch, bookings)
            return batch
    except IntegrityError as error:
        raise LedgerError("another batch was made at the same moment; make it again") from error


def load_batch(engine: Engine, batch_id: str) -> PayoutBatch:
    """
    Return a batch as it was made.

    Raises:
        NoSuchBatchError: There is none of this id.
        LedgerError: Its rows are not those that it was made with.
    """
    with reading(engine) as connection:
        sequence = connection.scalar(
            select(BATCHES.c.sequence).where(BATCHES.c.batch_id == batch_id)
        )
        if sequence is None:
            raise NoSuchBatchError(batch_id)
        found = connection.execute(
            select(BATCH_ROWS)
            .where(BATCH_ROWS.c.sequence == sequence)
            .order_by(BATCH_ROWS.c.number)
        )
        names = BatchRow.__struct_fields__
        rows = [BatchRow(**{name: row._mapping[name] for name in names}) for row in found]
    batch = batch_of(sequence, rows)
    if batch.batch_id != batch_id:
        raise LedgerError(
            f"the rows of batch {batch_id} were changed in the ledger since it was made; "
            "put the ledger back from a copy"
        )
    return batch


def list_batches(engine: Engine) -> list[ListedBatch]:
    """Return all batches in the order in which they were made."""
    query = (
        select(BATCHES.c.batch_id, BATCHES.c.made_at, func.count())
        .join(BATCH_ROWS, BATCH_ROWS.c.sequence == BATCHES.c.sequence)
        .group_by(BATCHES.c.sequence, BATCHES.c.batch_id, BATCHES.c.made_at)
        .order_by(BATCHES.c.sequence)
    )
    with reading(engine) as connection:
        return [ListedBatch(*row) for row in connection.execute(query)]


def open_totals(engine: Engine) -> tuple[Total, ...]:
    """Return what all bookings that are in no batch add up to."""
    with reading(engine) as connection:
        return totals_of(rows_of(_open(connection, (), None)))


def _open(connection: Connection, kinds: Sequence[str], until: int | None) -> list[Booking]:
    same = and_(
        SETTLED.c.award_id == BOOKINGS.c.award_id,
        SETTLED.c.revision == BOOKINGS.c.revision,
        SETTLED.c.line == BOOKINGS.c.line,
    )
    query = select(BOOKINGS).outerjoin(SETTLED, same).where(SETTLED.c.award_id.is_(None))
    if kinds:
        query = query.where(BOOKINGS.c.kind.in_(kinds))
    if until is not None:
        query = query.where(BOOKINGS.c.booked_at < until)
    found = [Booking(**row._mapping) for row in connection.execute(query)]
    # Not by the database, whose order of text is its own.
    return sorted(found, key=lambda booking: (booking.award_id, booking.revision, booking.line))


def _store(
    connection: Connection, sequence: int, batch: PayoutBatch, bookings: Sequence[Booking]
) -> None:
    connection.execute(
        insert(BATCHES).values(
            sequence=sequence, batch_id=batch.batch_id, made_at=time.time_ns() // 1_000
        )
    )
    connection.execute(
        insert(BATCH_ROWS),
        [
            {"sequence": sequence, "number": number, **asdict(row)}
            for number, row in enumerate(batch.rows, 1)
        ],
    )
    connection.execute(
        insert(SETTLED),
        [
            {
                "award_id": booking.award_id,
                "revision": booking.revision,
                "line": booking.line,
                "sequence": sequence,
            }
            for booking in bookings
        ],
    )
