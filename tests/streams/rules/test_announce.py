from decimal import Decimal

import pytest

from accolade.streams.catalogue import ANNOUNCEMENTS, FACTS, REFERENCE
from accolade.streams.records import (
    Adjustment,
    Closing,
    Deal,
    ExchangeRate,
    GoalChoice,
    Person,
    Unit,
)
from accolade.streams.rules.announce import TABLES, make_announce
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Partitioning, Position, Rejected

AT = 1_775_000_000_000_000

announce = make_announce(Partitioning(crm=2, facts=3, boards=1))

PERSON = Person(person_id="ann", valid_from=AT, revision=1, active=True, role="sdr")
RECORDS = [
    PERSON,
    Unit(unit_id="east", valid_from=AT, revision=1, active=True, level="team"),
    ExchangeRate(
        from_currency="EUR", to_currency="USD", valid_from=AT, revision=1, rate=Decimal("1.1")
    ),
    Closing(plan_id="q2", period="2026-Q2"),
    GoalChoice(
        participant="ann",
        plan_id="q2",
        component="goals",
        period="2026-Q2",
        revision=1,
        choice="deals",
        chosen_at=AT,
    ),
    Adjustment(
        adjustment_id="X1",
        revision=1,
        participant="ann",
        plan_id="q2",
        period="2026-Q2",
        occurred_at=AT,
        amount=Decimal(-5),
        currency="USD",
        author="cyd",
        reason="typing error",
    ),
]


def said(record, offset=0):
    """Announce a record; return its outputs."""
    return list(announce(MemoryView(), record, Position(REFERENCE.name, 0, offset, 2)))


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_is_copied_to_each_partition_of_facts_and_announcements(record):
    """Each task finds it in its own log, unchanged."""
    outputs = said(record)

    assert [(output.topic.name, output.partition) for output in outputs] == [
        (FACTS.name, 0),
        (FACTS.name, 1),
        (FACTS.name, 2),
        (ANNOUNCEMENTS.name, 0),
        (ANNOUNCEMENTS.name, 1),
    ]
    assert all(output.record == record for output in outputs)


def test_copies_are_keyed_as_the_record():
    """Who reads a partition finds the natural key."""
    assert {output.key for output in said(PERSON)} == {f"person|ann|{AT}"}


def test_two_records_in_one_batch_are_both_said_in_each_partition():
    """Nothing that was published is dropped, a duplicate neither: the log is the audit."""
    outputs = [*said(PERSON, offset=0), *said(PERSON, offset=1)]

    assert len({(output.topic.name, output.id) for output in outputs}) == 10


def test_an_invalid_record_is_refused():
    """It becomes a dead letter instead of reaching every task."""
    with pytest.raises(Rejected) as refused:
        said(Closing(plan_id="q2", period="soon"))

    assert refused.value.reason == "invalid"


def test_it_keeps_nothing():
    """Announcing needs no state."""
    view = MemoryView()
    list(announce(view, PERSON, Position(REFERENCE.name, 0, 0)))

    assert TABLES == ()
    assert list(view.items()) == []


def test_a_transaction_is_no_reference_data():
    """Its topic lets none through: here it is a bug."""
    deal = Deal(
        deal_id="D1", revision=1, occurred_at=AT, stage="open", amount=Decimal(1), currency="USD"
    )

    with pytest.raises(TypeError, match="Deal is no reference data"):
        said(deal)
