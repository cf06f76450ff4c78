"""What makes two records from outside the same fact: natural key and revision."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from accolade.streams import records
from accolade.streams.records import Record

#: The fields of each natural key, in order.
NATURAL_KEYS: dict[type[Record], tuple[str, ...]] = {
    records.Deal: ("deal_id",),
    records.Demo: ("demo_id",),
    records.Meeting: ("meeting_id",),
    records.Activity: ("activity_id",),
    # Payments are keyed by their deal: two of one id on two deals never meet in a task.
    records.Payment: ("deal_id", "payment_id"),
    records.LearningModule: ("completion_id",),
    records.Contact: ("person_id",),
    records.Person: ("person_id", "valid_from"),
    records.Unit: ("unit_id", "valid_from"),
    records.Plan: ("plan_id",),
    records.ExchangeRate: ("from_currency", "to_currency", "valid_from"),
    records.Closing: ("plan_id", "period"),
    records.GoalChoice: ("participant", "plan_id", "component", "period"),
    records.Adjustment: ("adjustment_id",),
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Identity(NamedTuple):
    """A record from outside, named as its source and people know it."""

    #: The record's class, e.g. `Deal`.
    record: str
    #: The fields of its natural key as text, times in ISO 8601.
    natural_key: tuple[str, ...]
    #: None where there is but one, as of a closing.
    revision: int | None

    def __str__(self) -> str:
        """Return it as one line, e.g. `Deal D-7, revision 3`."""
        name = f"{self.record} {' '.join(self.natural_key)}"
        return name if self.revision is None else f"{name}, revision {self.revision}"


def identity_of(record: Record) -> Identity:
    """
    Return what a record is the same fact by.

    Raises:
        KeyError: The record doesn't come from outside.
    """
    names = NATURAL_KEYS[type(record)]
    key = tuple(_text(name, getattr(record, name)) for name in names)
    revision = getattr(record, "version" if isinstance(record, records.Plan) else "revision", None)
    return Identity(type(record).__name__, key, revision)


def _text(name: str, value: str | int) -> str:
    if name != "valid_from":
        return str(value)
    return (_EPOCH + timedelta(microseconds=int(value))).isoformat()
