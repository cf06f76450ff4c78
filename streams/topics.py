"""
The catalogue's topics on the broker: what they should be, what they are, and making them so.

Partition counts are never changed: a key would move to another partition, and
what is known of it would stay behind.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from accolade.streams.catalogue import CATALOGUE, CHANGELOGS, Keep
from accolade.streams.settings import Settings
from accolade.streams.topic_admin import TopicAdmin, TopicsError, WantedTopic

_WEEK_MS: Final = 7 * 24 * 60 * 60 * 1000
#: From so many copies on, one may be lost while writing goes on, and nothing is.
_REPLICAS_FOR_TWO_IN_SYNC: Final = 3

#: Broker settings that keep a topic's records as the catalogue says.
_KEPT: Final[Mapping[Keep, Mapping[str, str]]] = {
    Keep.FOREVER: {"cleanup.policy": "delete", "retention.ms": "-1", "retention.bytes": "-1"},
    Keep.COMPACTED: {"cleanup.policy": "compact"},
    Keep.WEEK: {"cleanup.policy": "delete", "retention.ms": str(_WEEK_MS)},
}
#: The last segment is never compacted: a task reads less of it when it starts.
_CHANGELOG: Final[Mapping[str, str]] = {
    **_KEPT[Keep.COMPACTED],
    # A worker that kept its state on disk and comes back later has to read it all.
    "delete.retention.ms": str(_WEEK_MS),
    "segment.bytes": str(64 * 1024 * 1024),
}

#: What to do about another number of partitions.
PARTITIONS_ADVICE: Final = (
    "A topic's partitions are never changed, for its keys would move: set them to what they\n"
    "are, or begin with another topic_prefix."
)

#: What becomes of a topic: made, its settings changed, left as it is, or refused.
Action = Literal["create", "alter", "keep", "refuse"]


@dataclass(frozen=True)
class Finding:
    """How a topic on the broker compares to the wanted one."""

    topic: WantedTopic
    action: Action
    #: Broker settings that differ: their present values and the wanted ones.
    differences: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: Why it is refused.
    problem: str = ""


def wanted_topics(settings: Settings) -> list[WantedTopic]:
    """Return every topic of the catalogue, and the changelogs of the stages."""
    return list(_wanted_topics(settings))


def all_topic_names(settings: Settings) -> list[str]:
    """Return the names on the broker of all topics, changelogs included."""
    return [topic.name for topic in wanted_topics(settings)]


def missing_topics(settings: Settings) -> list[str]:
    """
    Return the names of the topics that the broker doesn't have.

    Raises:
        TopicsError: The broker doesn't answer.
    """
    there = TopicAdmin(settings).partition_counts()
    return [name for name in all_topic_names(settings) if name not in there]


def otherwise_cut(settings: Settings) -> list[str]:
    """
    Return what is wrong with the numbers of partitions; nothing of topics that are missing.

    Of a topic that has one partition the first is used, however many there are.

    Raises:
        TopicsError: The broker doesn't answer.
    """
    there = TopicAdmin(settings).partition_counts()
    return [
        f"{topic.name} has {there[topic.name]} partitions, and the settings say {topic.partitions}"
        for topic in wanted_topics(settings)
        if topic.partitions not in (1, there.get(topic.name, topic.partitions))
    ]


def compare_topics(settings: Settings) -> list[Finding]:
    """
    Return how each wanted topic compares to what the broker has; changes nothing.

    Raises:
        TopicsError: The broker doesn't answer.
    """
    admin = TopicAdmin(settings)
    there = admin.partition_counts()
    wanted = wanted_topics(settings)
    configs = admin.configs([topic.name for topic in wanted if topic.name in there])
    return [_finding(topic, there, configs) for topic in wanted]


def create_topics(settings: Settings) -> list[Finding]:
    """
    Make the topics that are missing, and put right the broker settings that differ.

    Repeating it changes nothing. Nothing is changed at all if one topic is refused.

    Returns:
        What has been done to each topic.

    Raises:
        TopicsError: A topic has another number of partitions, or the broker
            doesn't answer or refuses.
    """
    findings = compare_topics(settings)
    refused = [finding.problem for finding in findings if finding.action == "refuse"]
    if refused:
        raise TopicsError("\n".join([*refused, PARTITIONS_ADVICE, "Nothing was changed."]))
    admin = TopicAdmin(settings)
    admin.create([finding.topic for finding in findings if finding.action == "create"])
    for finding in findings:
        if finding.action == "alter":
            wanted = {key: value for key, (_, value) in finding.differences.items()}
            admin.alter(finding.topic.name, wanted)
    return findings


def _wanted_topics(settings: Settings) -> Iterator[WantedTopic]:
    durable = (
        {"min.insync.replicas": "2"}
        if (settings.replication or 0) >= _REPLICAS_FOR_TWO_IN_SYNC
        else {}
    )
    for topic in CATALOGUE:
        yield WantedTopic(
            settings.topic_name(topic),
            settings.partition_count(topic.partitions),
            {**_KEPT[topic.keep], **topic.config, **durable},
        )
    for changelog in CHANGELOGS:
        yield WantedTopic(
            settings.changelog_name(changelog),
            settings.partition_count(changelog.partitions),
            {**_CHANGELOG, **durable},
        )


def _finding(
    topic: WantedTopic, there: Mapping[str, int], configs: Mapping[str, Mapping[str, str]]
) -> Finding:
    if topic.name not in there:
        return Finding(topic, "create")
    if there[topic.name] != topic.partitions:
        return Finding(
            topic,
            "refuse",
            problem=(
                f"{topic.name} has {there[topic.name]} partitions, and the settings say "
                f"{topic.partitions}"
            ),
        )
    present = configs[topic.name]
    differences = {
        key: (present.get(key, ""), value)
        for key, value in topic.config.items()
        if present.get(key) != value
    }
    return Finding(topic, "alter" if differences else "keep", differences)


__all__ = [
    "PARTITIONS_ADVICE",
    "Action",
    "Finding",
    "TopicsError",
    "WantedTopic",
    "all_topic_names",
    "compare_topics",
    "create_topics",
    "missing_topics",
    "otherwise_cut",
    "wanted_topics",
]
