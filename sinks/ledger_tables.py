"""
The tables of the payout ledger.

Bookings and what settles them are only ever inserted, never changed. All times
are µs since 1970 UTC; amounts are minor units of their currency (whole points
where there is none).
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

#: Rises with every change of the tables.
VERSION = 1

METADATA = MetaData()


def _text(name: str, *, optional: bool = False) -> Column[str]:
    return Column(name, Text, nullable=optional)


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False)


#: One row: the version of the tables.
LEDGER = Table("ledger", METADATA, Column("version", Integer, primary_key=True))

#: Each award as it was last seen.
AWARDS = Table(
    "awards",
    METADATA,
    Column("award_id", Text, primary_key=True),
    _number("revision"),
    _text("participant"),
    _text("earner"),
    _text("plan_id"),
    _number("plan_version"),
    _text("plan_hash"),
    _text("rules_version"),
    _text("component"),
    _text("period"),
    _number("period_start"),
    _number("period_end"),
    _text("kind"),
    _number("amount_minor"),
    _text("currency"),
    _text("label"),
    _text("state"),
    _text("adjusts", optional=True),
    _text("cause"),
)

#: What each revision of an award changed. Line 0 alone, unless the award became one of
#: another currency, kind, label or participant: then one line takes back, the next gives.
BOOKINGS = Table(
    "bookings",
    METADATA,
    Column("award_id", Text, primary_key=True),
    Column("revision", BigInteger, primary_key=True),
    Column("line", Integer, primary_key=True),
    _text("participant"),
    _text("plan_id"),
    _text("component"),
    _text("period"),
    _text("kind"),
    _text("currency"),
    _text("label"),
    _number("delta_minor"),
    #: Experiences and trainings given (1) or taken back (-1).
    _number("delta_items"),
    _text("state"),
    _text("cause"),
    #: The record's own time.
    _number("booked_at"),
    #: Where the record stands in the log.
    _number("log_partition"),
    _number("log_offset"),
)
Index("bookings_by_participant", BOOKINGS.c.participant)

#: Payout batches, in the order in which they were made.
BATCHES = Table(
    "batches",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("batch_id", Text, nullable=False, unique=True),
    _number("made_at"),
)

#: The rows of each batch as they were handed out.
BATCH_ROWS = Table(
    "batch_rows",
    METADATA,
    Column("sequence", Integer, primary_key=True),
    #: From 1, in the order of the file.
    Column("number", Integer, primary_key=True),
    _text("row_id"),
    _text("award_id"),
    _text("participant"),
    _text("plan_id"),
    _text("component"),
    _text("period"),
    _text("kind"),
    _text("currency"),
    _text("label"),
    _number("amount_minor"),
    #: The amount in major units, as it was printed.
    _text("amount"),
    _number("items"),
    ForeignKeyConstraint(["sequence"], [BATCHES.c.sequence]),
)

#: Which batch settled a booking; its key lets no booking be settled twice.
SETTLED = Table(
    "settled",
    METADATA,
    Column("award_id", Text, primary_key=True),
    Column("revision", BigInteger, primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("sequence", Integer, nullable=False),
    ForeignKeyConstraint(
        ["award_id", "revision", "line"],
        [BOOKINGS.c.award_id, BOOKINGS.c.revision, BOOKINGS.c.line],
    ),
    ForeignKeyConstraint(["sequence"], [BATCHES.c.sequence]),
)

#: The next offset to read of each partition.
POSITIONS = Table(
    "positions",
    METADATA,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    #: Changes when the topic is made anew; empty where the broker doesn't tell.
    _text("topic_id"),
    _number("next_offset"),
)

#: Records that couldn't be booked, as they came.
REFUSED = Table(
    "refused",
    METADATA,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("offset", BigInteger, primary_key=True),
    _number("time_ms"),
    Column("key", LargeBinary),
    Column("value", LargeBinary),
    _text("reason"),
    _text("message"),
)
