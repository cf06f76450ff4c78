"""Where a record from outside must be before a step sees it: under its own key, in its place."""

from accolade.streams.bounds import shown
from accolade.streams.keys import key_of
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Record
from accolade.streams.rules.credit_state import SOURCE_RECORDS
from accolade.streams.rules.state import Position, Rejected

#: Reference data has one order, that of this partition.
REFERENCE_PARTITION = 0


def check_source(record: Record, key: str, position: Position, partitions: int) -> None:
    """
    Refuse a transaction whose key isn't its own, or that came in a partition not its key's.

    Under another key its revisions, or a deal and its payments, would live in two
    tasks that don't know of each other. Announcements are the flow's own and pass.

    Args:
        record: What came.
        key: The key of the Kafka record.
        position: Where it came.
        partitions: How many partitions the CRM topics have.

    Raises:
        Rejected: `wrong_key` or `misplaced_key`.
    """
    if not isinstance(record, SOURCE_RECORDS):
        return
    _check_key(record, key)
    home = partition_of(key.encode(), partitions)
    if home != position.partition:
        raise Rejected(
            "misplaced_key",
            f"key {shown(key)} belongs to partition {home} of {partitions}, came in "
            f"{position.partition}: publish with the murmur2_random partitioner",
        )


def check_reference(record: Record, key: str, position: Position) -> None:
    """
    Refuse reference data whose key isn't its own, or that came outside the one order.

    Raises:
        Rejected: `wrong_key` or `misplaced_key`.
    """
    _check_key(record, key)
    if position.partition != REFERENCE_PARTITION:
        raise Rejected(
            "misplaced_key",
            f"reference data belongs to partition {REFERENCE_PARTITION}, came in "
            f"{position.partition}: publish to partition {REFERENCE_PARTITION}",
        )


def _check_key(record: Record, key: str) -> None:
    own = key_of(record)
    if key != own:
        kind = type(record).__name__
        raise Rejected("wrong_key", f"the key is {shown(key)}; this {kind}'s is {own!r}")
