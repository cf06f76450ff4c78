"""
incentive.awards -> the payout ledger: each revision of an award booked once.

The bookings of a batch and the position behind it are one SQL transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import structlog
from msgspec.structs import asdict
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError

from accolade.sinks import metrics
from accolade.sinks.decoding import Decode
from accolade.sinks.following import Batch, Received, Source, Span, UnavailableError
from accolade.sinks.ledger import LedgerError
from accolade.sinks.ledger_bookings import Booking, Line, bookings, problem_of, stand_of
from accolade.sinks.ledger_tables import AWARDS, BOOKINGS, POSITIONS, REFUSED
from accolade.streams.codecs import UNDECODABLE, Undecodable
from accolade.streams.records import Award

_LOG = structlog.get_logger(__name__)
_SINK = "payouts"
#: Databases limit the parameters of a statement.
_IDS_A_QUERY = 500


class LedgerStore:
    """The store of awards and bookings; see `ledger_tables`."""

    def __init__(self, engine: Engine, decode: Decode) -> None:
        """
        Take where it is kept.

        Args:
            engine: From `open_ledger`.
            decode: Makes a record of a topic's bytes; raises `Undecodable`.
        """
        self._engine = engine
        self._decode = decode

    def start(self, source: Source, span: Span) -> int:
        """
        Return the position to read from.

        A topic that was made anew is read from its beginning: what is booked
        already has a revision, so nothing is booked twice.

        Raises:
            UnavailableError: The database can't be reached.
            LedgerError: The log no longer has what follows the position.
        """
        with self._transaction() as connection:
            found = connection.execute(select(POSITIONS).where(*_is(source))).one_or_none()
            if found is None:
                if span.first:
                    _LOG.warning("log_begins_late", **source._asdict(), first=span.first)
                row = {**source._asdict(), "topic_id": span.topic_id, "next_offset": span.first}
                connection.execute(insert(POSITIONS).values(row))
                return span.first
            if found.topic_id and span.topic_id and found.topic_id != span.topic_id:
                _LOG.warning("topic_made_anew", **source._asdict(), position=found.next_offset)
                moved = {"topic_id": span.topic_id, "next_offset": span.first}
                connection.execute(update(POSITIONS).where(*_is(source)).values(moved))
                return span.first
            if not span.first <= found.next_offset <= span.end:
                raise LedgerError(
                    f"the ledger has booked {source.topic}/{source.partition} up to offset "
                    f"{found.next_offset}, but the log holds {span.first} to {span.end}: awards "
                    "were deleted before they were booked, or this is another cluster's log"
                )
            return int(found.next_offset)

    def write(self, batches: Sequence[Batch]) -> Mapping[Source, int | None]:
        """
        Book the batches in one transaction; see `Store.write`.

        Raises:
            UnavailableError: The database can't be reached; nothing is known of the commit.
        """
        with self._transaction() as connection:
            # Always in one order, so that two writers don't wait for each other.
            ordered = sorted(batches, key=lambda batch: batch.source)
            return {batch.source: self._write(connection, batch) for batch in ordered}

    def retry_refused(self) -> int:
        """
        Book what was refused and can be read by now; return how many records that were.

        Raises:
            UnavailableError: The database can't be reached.
        """
        booked = 0
        with self._transaction() as connection:
            # A follower of the same ledger waits until this is done.
            connection.execute(select(POSITIONS).order_by(POSITIONS.c.partition).with_for_update())
            refused = connection.execute(select(REFUSED).order_by(REFUSED.c.offset)).all()
            for row in refused:
                source = Source(row.topic, row.partition)
                record = Received(row.offset, row.time_ms, row.key, row.value)
                if not isinstance(self._read(source, record), Award):
                    continue
                connection.execute(
                    delete(REFUSED).where(
                        REFUSED.c.topic == row.topic,
                        REFUSED.c.partition == row.partition,
                        REFUSED.c.offset == row.offset,
                    )
                )
                self._book(connection, source, [record])
                booked += 1
        return booked

    def _write(self, connection: Connection, batch: Batch) -> int | None:
        if batch.next_position != batch.position:
            moved = connection.execute(
                update(POSITIONS)
                .where(*_is(batch.source), POSITIONS.c.next_offset == batch.position)
                .values(next_offset=batch.next_position)
            )
            if moved.rowcount == 1:
                self._book(connection, batch.source, batch.records)
                return batch.next_position
        return connection.scalar(select(POSITIONS.c.next_offset).where(*_is(batch.source)))

    def _book(self, connection: Connection, source: Source, records: Sequence[Received]) -> None:
        """Book the awards among the records, and keep what can't be booked."""
        read = [(record, self._read(source, record)) for record in records]
        awards = [(record, award) for record, award in read if isinstance(award, Award)]
        stands = _stands(connection, [award.award_id for _, award in awards])
        known = set(stands)
        booked: list[Booking] = []
        latest: dict[str, Award] = {}
        for record, award in awards:
            revision, before = stands.get(award.award_id, (-1, None))
            if award.revision <= revision:
                continue
            booked += bookings(source, record, award, before)
            stands[award.award_id] = award.revision, stand_of(award)
            latest[award.award_id] = award
        _put_awards(connection, latest, known)
        if booked:
            connection.execute(insert(BOOKINGS), [asdict(booking) for booking in booked])
        for record, problem in read:
            if not isinstance(problem, Award):
                _refuse(connection, source, record, problem)

    def _read(self, source: Source, record: Received) -> Award | Undecodable:
        """Return the award, or why there is none."""
        if record.value is None:
            return Undecodable(UNDECODABLE, "has no value")
        try:
            award = self._decode(source.topic, record.value)
        except Undecodable as undecodable:
            return undecodable
        if not isinstance(award, Award):
            return Undecodable(UNDECODABLE, f"is a {type(award).__name__}")
        problem = problem_of(award)
        return award if problem is None else Undecodable("out_of_range", problem)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except (OperationalError, InterfaceError, IntegrityError) as error:
            raise UnavailableError(f"ledger: {error.orig}") from error


def _is(source: Source) -> tuple[Any, Any]:
    return POSITIONS.c.topic == source.topic, POSITIONS.c.partition == source.partition


def _stands(connection: Connection, award_ids: Sequence[str]) -> dict[str, tuple[int, Line | None]]:
    """Return the revision and stand of each of the awards that are known."""
    ids = sorted(set(award_ids))
    stands: dict[str, tuple[int, Line | None]] = {}
    for first in range(0, len(ids), _IDS_A_QUERY):
        wanted = AWARDS.c.award_id.in_(ids[first : first + _IDS_A_QUERY])
        for row in connection.execute(select(AWARDS).where(wanted)):
            stands[row.award_id] = row.revision, stand_of(Award(**row._mapping))
    return stands


def _put_awards(connection: Connection, latest: Mapping[str, Award], known: set[str]) -> None:
    rows = [(award_id in known, asdict(award)) for award_id, award in latest.items()]
    new = [row for is_known, row in rows if not is_known]
    if new:
        connection.execute(insert(AWARDS), new)
    changed = [{"is_id": row["award_id"], **row} for is_known, row in rows if is_known]
    if changed:
        same = AWARDS.c.award_id == bindparam("is_id")
        connection.execute(update(AWARDS).where(same), changed)


def _refuse(connection: Connection, source: Source, record: Received, problem: Undecodable) -> None:
    """Keep a record that can't be booked, as it came."""
    metrics.REFUSED.labels(_SINK, problem.reason).inc()
    place = {**source._asdict(), "offset": record.offset}
    _LOG.error("record_refused", sink=_SINK, **place, reason=problem.reason, message=str(problem))
    connection.execute(
        delete(REFUSED).where(
            *(REFUSED.c[column] == value for column, value in place.items()),
        )
    )
    connection.execute(
        insert(REFUSED).values(
            **place,
            time_ms=record.time_ms,
            key=record.key,
            value=record.value,
            reason=problem.reason,
            message=problem.message,
        )
    )
