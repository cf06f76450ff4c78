"""What the tests of publishing share: a deployment's topics on the shared broker."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from accolade.schemas import codec_for
from accolade.streams.catalogue import Topic
from accolade.streams.kafka_clients import admin_config
from accolade.streams.log_reader import Entry, read_all
from accolade.streams.records import Contact, Deal, Record, TeamMember
from accolade.streams.settings import Settings
from accolade.streams.topics import create_topics

APRIL = 1_775_001_600_000_000
DEAL = Deal(
    deal_id="D-1",
    revision=1,
    occurred_at=APRIL,
    stage="won",
    amount=Decimal("1000.00"),
    currency="EUR",
    team=(TeamMember(rep_id="ann", role="account_executive"),),
)
CONTACT = Contact(person_id="ann", revision=1, name="Ann Lee")


def settings_for(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment of its own."""
    return Settings(
        bootstrap_servers=kafka,
        topic_prefix=f"{prefix}.",
        crm_partitions=3,
        facts_partitions=2,
        boards_partitions=1,
        replication=1,
    )


def with_topics(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment whose topics there are."""
    settings = settings_for(kafka, prefix)
    create_topics(settings)
    return settings


def entries_of(settings: Settings, topic: Topic) -> list[Entry]:
    """Return what is in a topic."""
    return list(read_all(settings, codec_for(settings), topic))


def records_of(settings: Settings, topic: Topic) -> list[Record]:
    """Return the records in a topic; each can be read."""
    records = [entry.record for entry in entries_of(settings, topic)]
    return [record for record in records if isinstance(record, Record)]


def deals_numbered(numbers: Sequence[int]) -> list[Deal]:
    """Return deals that differ by their id."""
    return [
        Deal(
            deal_id=f"D-{number}",
            revision=1,
            occurred_at=APRIL,
            stage="won",
            amount=Decimal(number),
            currency="EUR",
            team=DEAL.team,
        )
        for number in numbers
    ]


def ids_of(deals: Iterable[Record]) -> list[str]:
    """Return the deals' ids, sorted."""
    return sorted(deal.deal_id for deal in deals if isinstance(deal, Deal))


def limit_messages(settings: Settings, topic: str, size_bytes: int) -> None:
    """Make the broker refuse larger messages."""
    entry = ConfigEntry(
        "max.message.bytes", str(size_bytes), incremental_operation=AlterConfigOpType.SET
    )
    change = ConfigResource(ResourceType.TOPIC, topic, incremental_configs=[entry])
    admin = AdminClient(admin_config(settings))
    admin.incremental_alter_configs([change])[change].result()
