from decimal import Decimal

import pytest

from accolade.streams.partitioning import partition_of
from accolade.streams.records import Activity, Closing, Credit, Deal, Demo, Payment, Person
from accolade.streams.rules.door import check_reference, check_source
from accolade.streams.rules.state import Position, Rejected

PARTITIONS = 4
AT = 1_775_000_000_000_000


def deal(deal_id="D1"):
    """Return an open deal."""
    return Deal(
        deal_id=deal_id,
        revision=1,
        occurred_at=AT,
        stage="open",
        amount=Decimal(1),
        currency="USD",
    )


def demo(deal_id):
    """Return a demo, of a deal or of none."""
    return Demo(
        demo_id="M1", revision=1, occurred_at=AT, rep_id="ann", status="held", deal_id=deal_id
    )


PAYMENT = Payment(
    payment_id="P1",
    revision=1,
    occurred_at=AT,
    deal_id="D1",
    kind="refund",
    amount=Decimal(1),
    currency="USD",
)
ACTIVITY = Activity(activity_id="A1", revision=1, occurred_at=AT, rep_id="ann", kind="call")
PERSON = Person(person_id="ann", valid_from=AT, revision=1, active=True, role="sdr")
CREDIT = Credit(
    credit_id="deal:D1:ann",
    participant="ann",
    revision=1,
    active=True,
    source="deal",
    source_id="D1",
    source_revision=1,
    occurred_at=AT,
    deal_occurred_at=AT,
)


def home_of(key):
    """Return where a record with this key belongs."""
    return Position("crm", partition_of(key.encode(), PARTITIONS), 0)


@pytest.mark.parametrize(
    ("record", "key"),
    [(deal(), "D1"), (PAYMENT, "D1"), (demo("D1"), "M1"), (demo(None), "M1"), (ACTIVITY, "A1")],
)
def test_a_transaction_under_its_key_in_its_partition_passes(record, key):
    """A deal and its payments are keyed by the deal, the rest by its own id."""
    check_source(record, key, home_of(key), PARTITIONS)


@pytest.mark.parametrize("key", ["P1", "", "D1 "])
def test_a_transaction_under_another_key_is_refused(key):
    """A payment keyed by itself would not meet its deal."""
    with pytest.raises(Rejected) as refused:
        check_source(PAYMENT, key, home_of(key), PARTITIONS)

    assert refused.value.reason == "wrong_key"
    assert refused.value.message == f"the key is {key!r}; this Payment's is 'D1'"


def test_a_key_in_a_partition_that_is_not_its_own_is_refused():
    """Another partitioner than Kafka's own tears a deal apart; the message says what to use."""
    home = home_of("D1").partition
    other = (home + 1) % PARTITIONS

    with pytest.raises(Rejected) as refused:
        check_source(deal(), "D1", Position("crm.deals", other, 7), PARTITIONS)

    assert refused.value.reason == "misplaced_key"
    assert refused.value.message == (
        f"key 'D1' belongs to partition {home} of 4, came in {other}: "
        "publish with the murmur2_random partitioner"
    )


def test_announcements_pass_in_every_partition():
    """They are copies that the flow itself places."""
    for partition in range(PARTITIONS):
        check_source(PERSON, "any", Position("announcements", partition, 0), PARTITIONS)


def test_reference_data_passes_in_its_one_partition():
    """There it has one order."""
    check_reference(PERSON, f"person|ann|{AT}", Position("incentive.reference", 0, 0))


def test_reference_data_elsewhere_is_refused():
    """In another partition it would have no place in the order."""
    with pytest.raises(Rejected) as refused:
        check_reference(PERSON, f"person|ann|{AT}", Position("incentive.reference", 3, 0))

    assert refused.value.reason == "misplaced_key"
    assert refused.value.message == (
        "reference data belongs to partition 0, came in 3: publish to partition 0"
    )


def test_reference_data_under_another_key_is_refused():
    """A wrong key is a sign of a publisher that takes it for something else."""
    closing = Closing(plan_id="q2", period="2026-Q2")

    with pytest.raises(Rejected) as refused:
        check_reference(closing, "q2", Position("incentive.reference", 0, 0))

    assert refused.value.reason == "wrong_key"


def test_a_record_of_the_flows_own_is_no_reference_data():
    """It has no key from outside: a bug, not something to refuse."""
    with pytest.raises(TypeError):
        check_reference(CREDIT, "ann", Position("incentive.reference", 0, 0))
