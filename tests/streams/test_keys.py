"""The one right key of everything from outside."""

from decimal import Decimal

import msgspec
import pytest

from accolade.streams.keys import key_of
from accolade.streams.outgoing import SOURCE_TOPICS
from accolade.streams.records import Demo, Meeting, Quota, Record

from .test_validation import AT, VALID

KEYS = {
    "Deal": "D-1",
    "Demo": "M-1",
    "Meeting": "M-1",
    "Activity": "A-1",
    "Payment": "D-1",
    "LearningModule": "L-1",
    "Contact": "P-1",
    "Person": f"person|P-1|{AT}",
    "Unit": f"unit|west|{AT}",
    "Plan": "plan|q2",
    "ExchangeRate": f"rate|EUR|USD|{AT}",
    "Closing": "closing|q2|2026-Q2",
    "GoalChoice": "goal_choice|P-1|q2|c|2026-Q2",
    "Adjustment": "adjustment|J-1",
}


@pytest.mark.parametrize("record", VALID.values(), ids=lambda record: type(record).__name__)
def test_each_record_has_its_key(record: Record) -> None:
    """By its natural key, and payments by their deal."""
    assert key_of(record) == KEYS[type(record).__name__]


@pytest.mark.parametrize("record", [Demo, Meeting])
def test_linking_to_a_deal_later_moves_nothing(record: type[Record]) -> None:
    """What is in another partition then would be credited in both."""
    assert key_of(msgspec.structs.replace(VALID[record], deal_id="D-9")) == "M-1"


def test_the_catalogue_names_the_same_keys() -> None:
    """What the docs print is what is written."""
    plain = [topic for topic in SOURCE_TOPICS if len(topic.records) == 1]

    for topic in plain:
        record = VALID[topic.records[0]]
        assert key_of(record) == getattr(record, topic.key[0])


def test_a_part_of_a_record_has_no_key() -> None:
    """It is on no topic."""
    with pytest.raises(TypeError, match="Quota doesn't come from outside"):
        key_of(Quota(period="month", amount=Decimal(1), currency="USD"))
