"""The records that couldn't be booked, as the ledger keeps them."""

import msgspec
from sqlalchemy import Engine, select

from accolade.sinks.ledger import reading
from accolade.sinks.ledger_tables import REFUSED


class RefusedRecord(msgspec.Struct, frozen=True):
    """A record that couldn't be booked; its bytes are in the ledger."""

    topic: str
    partition: int
    offset: int
    #: ms since 1970 UTC.
    time_ms: int
    key: str
    #: A word for metrics, e.g. `undecodable`.
    reason: str
    message: str


def list_refused(engine: Engine) -> list[RefusedRecord]:
    """Return the refused records, in the order of the log."""
    query = select(REFUSED).order_by(REFUSED.c.topic, REFUSED.c.partition, REFUSED.c.offset)
    with reading(engine) as connection:
        return [
            RefusedRecord(
                topic=row.topic,
                partition=row.partition,
                offset=row.offset,
                time_ms=row.time_ms,
                key=(row.key or b"").decode(errors="replace"),
                reason=row.reason,
                message=row.message,
            )
            for row in connection.execute(query)
        ]
