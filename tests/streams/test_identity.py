from decimal import Decimal

import pytest

from accolade.streams.catalogue import CATALOGUE
from accolade.streams.identity import NATURAL_KEYS, identity_of
from accolade.streams.outgoing import SOURCE_TOPICS
from accolade.streams.records import Closing, Credit, Payment, Person, Plan
from tests.streams.topics_here import APRIL, DEAL

PERSON = Person(person_id="ann", valid_from=APRIL, revision=2, active=True, role="sdr")


def test_a_record_is_named_as_its_source_knows_it():
    """Times are readable; a plan's revision is its version, and a closing has none."""
    plan = Plan(plan_id="spif", version=3, content_hash="", body="")

    payment = Payment(
        payment_id="P-1",
        revision=2,
        occurred_at=APRIL,
        deal_id="D-1",
        kind="refund",
        amount=Decimal(5),
        currency="USD",
    )

    assert [str(identity_of(record)) for record in (DEAL, payment, PERSON, plan)] == [
        "Deal D-1, revision 1",
        "Payment D-1 P-1, revision 2",
        "Person ann 2026-04-01T00:00:00+00:00, revision 2",
        "Plan spif, revision 3",
    ]
    assert str(identity_of(Closing(plan_id="spif", period="2026-Q2"))) == "Closing spif 2026-Q2"


def test_every_record_from_outside_has_a_natural_key():
    """And none that the flow derives."""
    from_outside = {record for topic in SOURCE_TOPICS for record in topic.records}
    derived = {record for topic in CATALOGUE for record in topic.records} - from_outside

    assert NATURAL_KEYS.keys() == from_outside
    assert Credit in derived


@pytest.mark.parametrize("record", NATURAL_KEYS)
def test_natural_keys_are_fields(record):
    """Of the record they are of."""
    assert set(NATURAL_KEYS[record]) <= set(record.__struct_fields__)
