"""What a broker is asked about topics, with errors that give its reason."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ResourceType,
)

from accolade.streams.kafka_clients import Config, admin_config
from accolade.streams.settings import Settings

BROKER_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.05
#: Leaves the number of copies to the broker.
_BROKERS_REPLICATION: Final = -1


class TopicsError(Exception):
    """Topics that can't be made or looked at, and what to do about it."""


@dataclass(frozen=True)
class WantedTopic:
    """A topic as the settings and the catalogue want it."""

    #: Its name on the broker.
    name: str
    partitions: int
    config: Mapping[str, str]


class TopicAdmin:
    """Looks at topics, makes and changes them; every method may raise `TopicsError`."""

    def __init__(self, settings: Settings, timeout_seconds: float = BROKER_SECONDS) -> None:
        """Take how the broker is reached, and how long it may take."""
        self._settings = settings
        self._timeout_seconds = timeout_seconds
        self._reasons: list[KafkaError] = []
        # Its reasons come into the errors; a log line for each attempt says no more.
        quiet: Config = {"log_level": 0, "error_cb": self._reasons.append}
        self._admin = AdminClient({**admin_config(settings), **quiet})

    def partition_counts(self) -> dict[str, int]:
        """Return the number of partitions of every topic on the broker."""
        try:
            topics = self._admin.list_topics(timeout=self._timeout_seconds).topics
        except KafkaException as error:
            raise self._failed("can't be asked for its topics", error) from None
        return {name: len(found.partitions) for name, found in topics.items()}

    def configs(self, names: list[str]) -> dict[str, dict[str, str]]:
        """Return the settings of some topics, by topic."""
        if not names:
            return {}
        asked = [ConfigResource(ResourceType.TOPIC, name) for name in names]
        configs: dict[str, dict[str, str]] = {}
        try:
            answers = self._admin.describe_configs(asked, request_timeout=self._timeout_seconds)
            for resource, answer in answers.items():
                entries = answer.result().values()
                configs[resource.name] = {entry.name: str(entry.value) for entry in entries}
        except KafkaException as error:
            raise self._failed("doesn't tell how its topics are set", error) from None
        return configs

    def create(self, topics: list[WantedTopic]) -> None:
        """Make topics, and wait until the broker itself knows what its controller has made."""
        if not topics:
            return
        copies = self._settings.replication or _BROKERS_REPLICATION
        new = [NewTopic(t.name, t.partitions, copies, config=dict(t.config)) for t in topics]
        asked = self._admin.create_topics(new, operation_timeout=self._timeout_seconds)
        for name, answer in asked.items():
            try:
                answer.result()
            except KafkaException as error:
                raise self._failed(f"doesn't make {name}", error) from None
        self._await({topic.name for topic in topics})

    def alter(self, name: str, config: Mapping[str, str]) -> None:
        """Change some of a topic's settings."""
        entries = [
            ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
            for key, value in config.items()
        ]
        change = ConfigResource(ResourceType.TOPIC, name, incremental_configs=entries)
        asked = self._admin.incremental_alter_configs(
            [change], request_timeout=self._timeout_seconds
        )
        try:
            asked[change].result()
        except KafkaException as error:
            raise self._failed(f"doesn't change {name}", error) from None

    def _await(self, names: set[str]) -> None:
        deadline = time.monotonic() + self._timeout_seconds
        while absent := names - self.partition_counts().keys():
            if time.monotonic() > deadline:
                raise TopicsError(
                    f"the broker at {self._settings.bootstrap_servers} has made "
                    f"{', '.join(sorted(absent))}, and doesn't know them yet. "
                    "Look again with: accolade topics check"
                )
            time.sleep(_POLL_SECONDS)

    def _failed(self, what: str, error: KafkaException) -> TopicsError:
        # Serves the callback: a refused password is told by it alone.
        self._admin.poll(0)
        reason = self._reasons[0] if self._reasons else error.args[0]
        return TopicsError(
            f"the broker at {self._settings.bootstrap_servers} {what}: {reason.str()}"
        )
