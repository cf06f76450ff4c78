"""
The one right key of a record from outside, on whatever topic it is.

A deal and its payments are keyed by the deal's id, so that they are in one
partition; reference data by its kind and natural key. A demo or meeting is keyed
by its own id, with a deal behind it or not: one that is linked to a deal later
would otherwise move to another partition and be credited in both.
"""

from accolade.streams import records
from accolade.streams.records import Record

_SEPARATOR = "|"


def key_of(record: Record) -> str:
    """
    Return the key of a record, e.g. `D-7` for a deal, `person|P-1|<valid_from>` for a person.

    Raises:
        TypeError: The record doesn't come from outside.
    """
    match record:
        case records.Deal() | records.Payment():
            return record.deal_id
        case records.Demo():
            return record.demo_id
        case records.Meeting():
            return record.meeting_id
        case records.Activity():
            return record.activity_id
        case records.LearningModule():
            return record.completion_id
        case records.Contact():
            return record.person_id
    return _SEPARATOR.join(map(str, _reference_key(record)))


def _reference_key(record: Record) -> tuple[str | int, ...]:
    match record:
        case records.Person():
            return ("person", record.person_id, record.valid_from)
        case records.Unit():
            return ("unit", record.unit_id, record.valid_from)
        case records.Plan():
            return ("plan", record.plan_id)
        case records.ExchangeRate():
            return ("rate", record.from_currency, record.to_currency, record.valid_from)
        case records.Closing():
            return ("closing", record.plan_id, record.period)
        case records.GoalChoice():
            owner = (record.participant, record.plan_id)
            return ("goal_choice", *owner, record.component, record.period)
        case records.Adjustment():
            return ("adjustment", record.adjustment_id)
        case _:
            raise TypeError(f"{type(record).__name__} doesn't come from outside")
