"""
Reference data to every partition that needs it, so that each task has it in its own log.

The copies of one record stand in one transaction: all tasks see all reference data
in the one order in which it was published.
"""

from collections.abc import Iterable

from accolade.streams.catalogue import ANNOUNCEMENTS, FACTS, REFERENCE
from accolade.streams.keys import key_of
from accolade.streams.records import Record
from accolade.streams.rules.door import check_reference
from accolade.streams.rules.state import Output, Partitioning, Position, Row, Step, Table, View
from accolade.streams.validation import validate

#: It keeps nothing.
TABLES: tuple[Table[Row], ...] = ()


def make_announce(partitioning: Partitioning) -> Step:
    """Return the step that copies reference data to all partitions of facts and announcements."""

    def announce(view: View, record: Record, position: Position) -> Iterable[Output]:
        """
        Return a copy of the record for each partition.

        Raises:
            Rejected: `invalid`, for a record with a field out of its bounds.
            TypeError: A record that is no reference data.
        """
        if not isinstance(record, REFERENCE.records):
            raise TypeError(f"{type(record).__name__} is no reference data")
        validate(record)
        key = key_of(record)
        # Two revisions in one batch are two facts: both are said, each by its own place.
        said = f"{position.partition}/{position.epoch}/{position.offset}"
        return [
            Output(topic, key, record, id=f"{said}/{partition}", partition=partition)
            for topic, count in ((FACTS, partitioning.facts), (ANNOUNCEMENTS, partitioning.crm))
            for partition in range(count)
        ]

    return announce


__all__ = ["TABLES", "check_reference", "make_announce"]
