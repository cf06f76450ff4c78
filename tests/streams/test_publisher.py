"""On a real broker: nothing is lost, doubled or sent unchecked, and what fails is named."""

import hashlib
import threading
from decimal import Decimal

import msgspec
import pytest

from accolade.deploy.local_process import free_port
from accolade.schemas import codec_for
from accolade.streams.catalogue import CONTACTS, DEALS, DEMOS, PAYMENTS, REFERENCE
from accolade.streams.delivery import PublishingFailed
from accolade.streams.log_reader import latest_by_key
from accolade.streams.partitioning import partition_of
from accolade.streams.publisher import Publisher
from accolade.streams.records import Demo, Payment, Person, Record
from accolade.streams.settings import Settings
from accolade.streams.validation import Invalid
from tests.streams.topics_here import (
    APRIL,
    CONTACT,
    DEAL,
    deals_numbered,
    entries_of,
    ids_of,
    limit_messages,
    records_of,
    settings_for,
    with_topics,
)

pytestmark = pytest.mark.pipeline

PAYMENT = Payment(
    payment_id="P-1",
    revision=1,
    occurred_at=APRIL,
    deal_id="D-1",
    kind="refund",
    amount=Decimal("10.00"),
    currency="EUR",
)
DEMO = Demo(demo_id="M-1", revision=1, occurred_at=APRIL, rep_id="ann", status="held")
PERSON = Person(
    person_id="ann", valid_from=APRIL, revision=1, active=True, role="account_executive"
)


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment of this test's own."""
    return with_topics(kafka, prefix)


def publish(settings: Settings, records: list[Record]) -> None:
    """Publish records, each delivered."""
    with Publisher(settings, codec_for(settings)) as publisher:
        for record in records:
            publisher.publish(record)


def test_a_record_goes_to_its_topic_under_its_key(settings):
    """A deal and its payments under the deal's id, so that they are in one partition."""
    publish(settings, [DEAL, PAYMENT, msgspec.structs.replace(DEMO, deal_id="D-1")])
    deals, payments, demos = (entries_of(settings, t) for t in (DEALS, PAYMENTS, DEMOS))

    assert [entry.record for entry in deals] == [DEAL]
    assert [entry.record for entry in payments] == [PAYMENT]
    assert [entry.key for entry in demos] == [b"M-1"]
    assert deals[0].partition == payments[0].partition == partition_of(b"D-1", 3)


def test_every_key_is_in_the_partition_where_the_flow_expects_it(settings):
    """As Java and Faust choose it; not as the client would by itself."""
    publish(settings, [*deals_numbered(range(200))])

    for entry in entries_of(settings, DEALS):
        assert entry.partition == partition_of(entry.key or b"", 3)


def test_reference_data_is_in_one_order(settings):
    """All in partition 0, whatever the key."""
    people = [msgspec.structs.replace(PERSON, person_id=f"p{n}") for n in range(20)]
    publish(settings, [*people])
    entries = entries_of(settings, REFERENCE)

    assert {entry.partition for entry in entries} == {0}
    assert [entry.record for entry in entries] == people


def test_nothing_is_sent_of_a_record_with_a_wrong_field(settings):
    """The field is named."""
    with Publisher(settings, codec_for(settings)) as publisher:
        with pytest.raises(Invalid, match="amount") as error:
            publisher.publish(msgspec.structs.replace(DEAL, amount=Decimal("-1")))
        assert error.value.field == "amount"
        assert publisher.flush() == (0, (), ())
    assert entries_of(settings, DEALS) == []


def test_a_contact_can_be_erased(settings):
    """The last word on the key is that there is nothing."""
    with Publisher(settings, codec_for(settings)) as publisher:
        publisher.publish(CONTACT)
        publisher.publish(msgspec.structs.replace(CONTACT, person_id="bo"))
        publisher.erase_contact("ann")
        with pytest.raises(Invalid, match="person_id"):
            publisher.erase_contact("unit:x")

    assert latest_by_key(entries_of(settings, CONTACTS)).keys() == {b"bo"}


def test_a_full_queue_makes_the_publisher_wait(settings):
    """However many records are published, only so many are ever on their way."""
    most = 0
    with Publisher(settings, codec_for(settings), queue_records=50) as publisher:
        for deal in deals_numbered(range(2_000)):
            publisher.publish(deal)
            most = max(most, publisher.waiting)
        assert publisher.flush().delivered == 2_000

    assert 1 < most <= 50
    assert len(entries_of(settings, DEALS)) == 2_000


def test_a_restart_of_the_broker_loses_and_doubles_nothing(settings, kafka_server):
    """The client tries again by itself, and the broker knows what it has already."""
    deals = deals_numbered(range(20_000))
    under_way = threading.Event()

    def restart() -> None:
        under_way.wait()
        kafka_server.restart()

    restarter = threading.Thread(target=restart)
    restarter.start()
    with Publisher(settings, codec_for(settings), queue_records=500) as publisher:
        for number, deal in enumerate(deals):
            publisher.publish(deal)
            if number == 2_000:
                under_way.set()
            # The second half only once the broker has been away.
            if number == 10_000:
                restarter.join()
        assert publisher.flush().complete

    assert ids_of(records_of(settings, DEALS)) == ids_of(deals)


def test_what_the_brokers_never_took_is_named(prefix):
    """With the record, to be published again, and where the brokers should have been."""
    address = f"127.0.0.1:{free_port()}"
    settings = settings_for(address, prefix)
    publisher = Publisher(settings, codec_for(settings), delivery_seconds=0.5)
    publisher.publish(DEAL)
    result = publisher.flush()

    assert [(f.name, f.record) for f in result.failed] == [("Deal D-1, revision 1", DEAL)]
    assert address in result.failed[0].reason
    assert publisher.flush() == (0, (), ())


def test_what_is_still_on_its_way_when_the_time_is_up_is_named(prefix):
    """It is neither delivered nor failed."""
    settings = settings_for(f"127.0.0.1:{free_port()}", prefix)
    publisher = Publisher(settings, codec_for(settings), delivery_seconds=0.5)
    publisher.publish(DEAL)

    assert publisher.flush(timeout_seconds=0.01) == (0, (), ("Deal D-1, revision 1",))
    assert len(publisher.flush().failed) == 1


def test_leaving_without_looking_at_failures_raises_them(prefix):
    """A connector that forgets to flush doesn't lose them silently."""
    settings = settings_for(f"127.0.0.1:{free_port()}", prefix)
    publisher = Publisher(settings, codec_for(settings), delivery_seconds=0.5)
    failed = "1 record was not delivered; Deal D-1, revision 1: the brokers"
    with pytest.raises(PublishingFailed, match=failed), publisher:
        publisher.publish(DEAL)


def test_an_error_under_way_is_not_replaced(prefix):
    """What went wrong first is what is to be seen."""
    settings = settings_for(f"127.0.0.1:{free_port()}", prefix)
    publisher = Publisher(settings, codec_for(settings), delivery_seconds=0.5)
    publisher.publish(DEAL)
    with pytest.raises(Invalid), publisher:
        publisher.publish(msgspec.structs.replace(DEAL, stage="lead"))


def test_a_record_that_is_too_large_is_named(settings):
    """The others go through."""
    topic = settings.topic_name(DEALS)
    limit_messages(settings, topic, 20_000)
    # Such as no compression makes small.
    noise = {f"d{n}": hashlib.shake_128(bytes([n])).hexdigest(500) for n in range(100)}
    large = msgspec.structs.replace(DEAL, revision=2, dimensions=noise)
    with Publisher(settings, codec_for(settings)) as publisher:
        publisher.publish(large)
        result = publisher.flush()
        publisher.publish(DEAL)

    assert [failure.record for failure in result.failed] == [large]
    assert f"bytes are more than topic {topic} takes" in result.failed[0].reason
    assert records_of(settings, DEALS) == [DEAL]


def test_a_topic_that_is_not_there_is_named_with_what_to_do(kafka, prefix):
    """Nothing makes topics behind an operator's back."""
    settings = settings_for(kafka, prefix)
    publisher = Publisher(settings, codec_for(settings), delivery_seconds=2)
    publisher.publish(DEAL)

    (failure,) = publisher.flush().failed
    assert failure.reason == (
        f"there is no topic {prefix}.crm.deals; make it with: accolade topics create"
    )


def test_a_failed_record_may_be_published_again(settings, prefix):
    """As it is."""
    unreachable = settings_for(f"127.0.0.1:{free_port()}", prefix)
    publisher = Publisher(unreachable, codec_for(settings), delivery_seconds=0.5)
    publisher.publish(DEAL)
    (failure,) = publisher.flush().failed
    assert failure.record is not None
    publish(settings, [failure.record])

    assert records_of(settings, DEALS) == [DEAL]
