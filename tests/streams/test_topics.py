"""The topics on a real broker are made as the catalogue says, and only ever so."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)
from typer.testing import CliRunner

from accolade.deploy.cli.topics import app
from accolade.deploy.local_process import free_port
from accolade.streams.catalogue import (
    ACTIVITIES,
    ANNOUNCEMENTS,
    CATALOGUE,
    CHANGELOGS,
    DEADLETTERS,
    DEALS,
    DEMOS,
    LEADERBOARDS,
    MEETINGS,
    MODULES,
    PAYMENTS,
    STANDINGS,
    changelog_name,
)
from accolade.streams.kafka_clients import admin_config
from accolade.streams.settings import Settings
from accolade.streams.topic_admin import TopicAdmin
from accolade.streams.topics import (
    TopicsError,
    all_topic_names,
    compare_topics,
    create_topics,
    missing_topics,
    wanted_topics,
)

T = TypeVar("T")

ANSWER_SECONDS = 30.0
#: Each asks the broker.
ATTEMPTS = 300
ALL = len(CATALOGUE) + len(CHANGELOGS)
DOCS = Path(__file__).parents[2] / "docs" / "topics.md"
WEEK_MS = "604800000"


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Settings whose topics nobody else has."""
    return Settings(
        bootstrap_servers=kafka,
        topic_prefix=f"{prefix}.",
        crm_partitions=2,
        facts_partitions=3,
        boards_partitions=1,
    )


def settled(read: Callable[[], T], expected: T) -> T:
    """Return what is read, again until it is as expected: brokers learn of changes later."""
    for _ in range(ATTEMPTS):
        found = read()
        if found == expected:
            break
    return found


def configs(settings: Settings, name: str) -> dict[str, str]:
    """Return a topic's settings on the broker."""
    resource = ConfigResource(ResourceType.TOPIC, name)
    admin = AdminClient(admin_config(settings))
    entries = admin.describe_configs([resource])[resource].result(ANSWER_SECONDS)
    return {entry.name: entry.value for entry in entries.values()}


def partitions(settings: Settings) -> dict[str, int]:
    """Return the partition counts of this installation's topics on the broker."""
    found = AdminClient(admin_config(settings)).list_topics(timeout=ANSWER_SECONDS).topics
    return {
        name: len(topic.partitions)
        for name, topic in found.items()
        if name.startswith(settings.topic_prefix)
    }


def make(settings: Settings, name: str, count: int) -> None:
    """Make a topic by hand, and see the broker have it."""
    admin = AdminClient(admin_config(settings))
    admin.create_topics([NewTopic(name, count)])[name].result(ANSWER_SECONDS)
    assert settled(lambda: partitions(settings).get(name, 0), count) == count


def alter(settings: Settings, name: str, key: str, value: str) -> None:
    """Change a topic's setting by hand."""
    entry = ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, name, incremental_configs=[entry])
    admin = AdminClient(admin_config(settings))
    admin.incremental_alter_configs([resource])[resource].result(ANSWER_SECONDS)
    assert settled(lambda: configs(settings, name)[key], value) == value


def test_co_partitioned_topics_have_equal_partitions() -> None:
    """A deal, its demos and its payments meet in one task."""
    counts = {topic.name: topic.partitions for topic in wanted_topics(Settings())}
    together = (DEALS, DEMOS, MEETINGS, ACTIVITIES, PAYMENTS, MODULES, ANNOUNCEMENTS)

    assert {counts[topic.name] for topic in together} == {Settings().crm_partitions}


@pytest.mark.parametrize(("replication", "in_sync"), [(None, None), (1, None), (3, "2")])
def test_one_of_three_copies_may_be_lost(replication: int | None, in_sync: str | None) -> None:
    """With fewer, writing would stop with the first."""
    wanted = wanted_topics(Settings(replication=replication))

    assert {topic.config.get("min.insync.replicas") for topic in wanted} == {in_sync}


@pytest.mark.pipeline
def test_all_topics_are_made_with_their_partitions(settings: Settings) -> None:
    """Those of the catalogue, and the changelogs of the stages."""
    findings = create_topics(settings)

    assert {finding.action for finding in findings} == {"create"}
    assert partitions(settings) == {t.name: t.partitions for t in wanted_topics(settings)}
    assert len(partitions(settings)) == ALL
    assert missing_topics(settings) == []


@pytest.mark.pipeline
def test_topics_are_kept_as_the_catalogue_says(settings: Settings) -> None:
    """For good, by their last record, or a week."""
    create_topics(settings)

    deals = configs(settings, settings.topic_name(DEALS))
    assert (deals["cleanup.policy"], deals["retention.ms"]) == ("delete", "-1")
    assert configs(settings, settings.topic_name(STANDINGS))["cleanup.policy"] == "compact"
    assert configs(settings, settings.topic_name(LEADERBOARDS))["retention.ms"] == WEEK_MS
    assert configs(settings, settings.topic_name(DEADLETTERS))["max.message.bytes"] == "4194304"
    changelog = configs(settings, settings.changelog_name(CHANGELOGS[0]))
    assert (changelog["cleanup.policy"], changelog["delete.retention.ms"]) == ("compact", WEEK_MS)


@pytest.mark.pipeline
def test_repeating_it_changes_nothing(settings: Settings) -> None:
    """What is there stays."""
    create_topics(settings)

    assert {finding.action for finding in create_topics(settings)} == {"keep"}


@pytest.mark.pipeline
def test_another_number_of_partitions_is_refused_and_nothing_is_changed(
    settings: Settings,
) -> None:
    """Keys would move to other tasks."""
    name = settings.topic_name(DEALS)
    make(settings, name, 5)

    with pytest.raises(TopicsError) as refused:
        create_topics(settings)

    assert f"{name} has 5 partitions, and the settings say 2" in str(refused.value)
    assert str(refused.value).endswith("Nothing was changed.")
    assert partitions(settings) == {name: 5}


@pytest.mark.pipeline
def test_a_differing_retention_is_put_right_and_told(settings: Settings) -> None:
    """Facts that expire would be lost."""
    create_topics(settings)
    name = settings.topic_name(DEALS)
    alter(settings, name, "retention.ms", "1000")

    told = {f.topic.name: f.differences for f in create_topics(settings) if f.differences}

    assert told == {name: {"retention.ms": ("1000", "-1")}}
    assert settled(lambda: configs(settings, name)["retention.ms"], "-1") == "-1"


@pytest.mark.pipeline
def test_comparing_changes_nothing(settings: Settings) -> None:
    """It only looks."""
    assert {finding.action for finding in compare_topics(settings)} == {"create"}
    assert partitions(settings) == {}
    assert missing_topics(settings) == all_topic_names(settings)


def run(settings: Settings, *arguments: str) -> tuple[int, str, str]:
    """Return the status, the output and the errors of the command."""
    ran = CliRunner().invoke(app, arguments, env=settings.as_environment())
    return ran.exit_code, ran.stdout, ran.stderr


@pytest.mark.pipeline
def test_the_command_makes_and_checks_the_topics(settings: Settings) -> None:
    """Missing before, then made, then as they should be."""
    assert run(settings, "check")[0] == 1
    assert run(settings, "create")[0] == 0
    assert run(settings, "check") == (0, f"{ALL} of {ALL} topics: as it should be\n", "")


@pytest.mark.pipeline
def test_a_dry_run_only_tells(settings: Settings) -> None:
    """As JSON, for a script to look at."""
    status, output, _ = run(settings, "create", "--dry-run", "--json")

    assert status == 0
    assert [(row["topic"], row["action"]) for row in json.loads(output)] == [
        (name, "create") for name in all_topic_names(settings)
    ]
    assert partitions(settings) == {}


@pytest.mark.pipeline
@pytest.mark.parametrize("arguments", [["create"], ["create", "--dry-run"], ["check"]])
def test_the_command_fails_with_the_reason(settings: Settings, arguments: list[str]) -> None:
    """On stderr, with status 1."""
    make(settings, settings.topic_name(DEALS), 5)

    status, _, errors = run(settings, *arguments)

    assert status == 1
    assert errors.startswith(f"error: {settings.topic_name(DEALS)} has 5 partitions")


def test_a_broker_that_is_not_there_is_named() -> None:
    """With its address and the reason."""
    settings = Settings(bootstrap_servers=f"127.0.0.1:{free_port()}")

    with pytest.raises(TopicsError) as refused:
        TopicAdmin(settings, timeout_seconds=0.5).partition_counts()

    assert str(refused.value).startswith(
        f"the broker at {settings.bootstrap_servers} can't be asked for its topics: "
    )
    assert "Connection refused" in str(refused.value)


def test_the_list_needs_no_broker() -> None:
    """It is the catalogue, for whoever writes access rules."""
    status, output, _ = run(Settings(topic_prefix="eu."), "list", "--json")

    rows = json.loads(output)
    assert status == 0
    assert [row["topic"] for row in rows] == all_topic_names(Settings(topic_prefix="eu."))
    assert rows[0] == {
        "topic": "eu.crm.deals",
        "key": "deal_id",
        "records": ["Deal"],
        "partitions": 6,
        "kept": "forever",
    }


def test_the_list_fits_a_terminal() -> None:
    """In 80 columns, with whole names."""
    _, output, _ = run(Settings(), "list")

    assert max(map(len, output.splitlines())) <= 80
    assert all(name in output for name in all_topic_names(Settings()))


def test_the_docs_list_the_catalogue() -> None:
    """Line by line; a `|` within a cell has a backslash in front."""
    rows = [
        f"| `{topic.name}` | `{'|'.join(topic.key)}` | "
        f"{', '.join(record.__name__ for record in topic.records)} | "
        f"{topic.partitions.value} | {topic.keep.value} |"
        for topic in CATALOGUE
    ]
    changelogs = [
        f"| `{changelog_name('accolade', log.stage)}` | {log.partitions.value} |"
        for log in CHANGELOGS
    ]
    lines = DOCS.read_text("utf-8").replace("\\|", "|").splitlines()

    assert [line for line in lines if line.startswith("| `")][:ALL] == [*rows, *changelogs]
