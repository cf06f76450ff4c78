"""Whether the brokers are there, before a command begins its work."""

import logging
import re
import time
from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

import typer
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from accolade.deploy.cli.problems import fail, load_settings
from accolade.streams.catalogue import REFERENCE, Topic
from accolade.streams.kafka_clients import Config, admin_config
from accolade.streams.settings import Settings

T = TypeVar("T")

#: After so long without an answer it is told who is waited for.
SILENCE_SECONDS = 1.5
#: One question takes so long at most: Ctrl-C is heard between two.
_QUESTION_SECONDS = 0.5
#: How soon a broker is noticed that starts meanwhile.
_RECONNECT_MS = 500
#: What waiting doesn't mend.
_REFUSALS = frozenset({KafkaError._AUTHENTICATION, KafkaError._SSL})
#: Says only that all the others have said something.
_ALL_DOWN = KafkaError._ALL_BROKERS_DOWN
#: What the client adds to a reason: `host:port/bootstrap: ` and `(after 0ms in state CONNECT)`.
_CLIENTS_OWN = re.compile(r"^\S+/(bootstrap|[0-9]+): | \(after [0-9]+ms in state \w+\)")


def answering_settings() -> Settings:
    """Return the settings; ends the command unless the brokers answer in time."""
    return reachable_settings(())


def reachable_settings(topics: Iterable[Topic]) -> Settings:
    """Return the settings; ends the command unless the brokers answer and have the topics."""
    settings = load_settings()
    # What the clients say while they try again is nothing a command has to pass on.
    logging.getLogger("kafka").addHandler(logging.NullHandler())
    there = _topics(settings)
    need_topics(settings, [name for name in map(settings.topic_name, topics) if name not in there])
    return settings


def need_topics(settings: Settings, missing: list[str]) -> None:
    """End the command if topics are missing."""
    if missing:
        fail(
            f"topics are missing on {settings.bootstrap_servers}: {', '.join(missing)}\n"
            "Make them with: accolade topics create"
        )


def need_coordinator(settings: Settings) -> None:
    """
    End the command unless the brokers look after the workers' group in time.

    On new brokers that takes a moment, which the first to ask has to wait for.
    """
    wait = _Wait(settings, "no broker looks after consumer groups")
    consumer = Consumer({**wait.config, "group.id": settings.group})
    source = TopicPartition(settings.topic_name(REFERENCE), 0)
    try:
        wait.ask(lambda seconds: consumer.committed([source], seconds), consumer.poll)
    finally:
        consumer.close()


def _topics(settings: Settings) -> set[str]:
    """Return the names of all topics there are."""
    wait = _Wait(settings, "no Kafka broker answers")
    try:
        admin = AdminClient(wait.config)
    except KafkaException as error:
        fail(f"Kafka can't be used with these settings: {error.args[0].str()}")
    return set(wait.ask(lambda seconds: admin.list_topics(timeout=seconds), admin.poll).topics)


class _Wait:
    """A question that is asked until the brokers answer or the time is up."""

    def __init__(self, settings: Settings, what: str) -> None:
        """Take who is asked, and what isn't there while there is no answer."""
        self._servers = settings.bootstrap_servers
        self._wait_seconds = settings.broker_wait_seconds
        self._what = what
        self._reasons: list[KafkaError] = []
        #: For the client that asks: its reasons come here and nowhere else.
        self.config: Config = {
            **admin_config(settings),
            "log_level": 0,
            "error_cb": self._reasons.append,
            "reconnect.backoff.max.ms": _RECONNECT_MS,
        }

    def ask(self, question: Callable[[float], T], serve: Callable[[float], object]) -> T:
        """
        Return the answer; ends the command if there is none.

        Args:
            question: Asks; takes how long that may take, in seconds.
            serve: Has the client call its callbacks, in as many seconds.
        """
        started, told = time.monotonic(), False
        while True:
            try:
                return question(_QUESTION_SECONDS)
            except KafkaException as error:
                # Why nothing answers is told by the callback alone.
                serve(0)
                silent_seconds = time.monotonic() - started
                if silent_seconds >= self._wait_seconds or self._refusals():
                    self._give_up(error.args[0])
            if not told and silent_seconds >= SILENCE_SECONDS:
                told = True
                typer.echo(f"Kafka at {self._servers} doesn't answer yet; waiting ...", err=True)

    def _refusals(self) -> list[KafkaError]:
        return [reason for reason in self._reasons if reason.code() in _REFUSALS]

    def _give_up(self, last: KafkaError) -> NoReturn:
        refusals = self._refusals()
        if refusals:
            fail(
                f"Kafka at {self._servers} refuses: {_plain(refusals[0])}\n"
                "Set ACCOLADE_SECURITY_PROTOCOL and what goes with it; see docs/operating.md."
            )
        told = [reason for reason in self._reasons if reason.code() != _ALL_DOWN]
        fail(
            f"{self._what} at {self._servers}: {_plain((told or [last])[-1])}\n"
            "Start it, or set ACCOLADE_BOOTSTRAP_SERVERS to where it is.\n"
            f"It was tried for {self._wait_seconds:g} s; "
            "ACCOLADE_BROKER_WAIT_SECONDS says how long."
        )


def _plain(error: KafkaError) -> str:
    """Return a reason without the client's names for its connection and state."""
    return _CLIENTS_OWN.sub("", error.str())
