"""`accolade parked`: what waits, and for what."""

import json

import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.schemas import codec_for
from accolade.streams.catalogue import PARKED
from accolade.streams.kafka_clients import producer_config
from accolade.streams.records import Parked
from accolade.streams.settings import Settings
from tests.streams.topics_here import APRIL, with_topics

pytestmark = pytest.mark.pipeline


def parked(number: int, reason: str, waits_for: str) -> Parked:
    """Return something that is parked."""
    return Parked(
        parked_id=f"credit/deal:D-{number}",
        stage="credit",
        reason=reason,
        message=f"{waits_for} isn't known",
        occurred_at=APRIL,
        waits_for=waits_for,
    )


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment where three things wait, and one no longer does."""
    settings = with_topics(kafka, prefix)
    codec = codec_for(settings)
    producer = Producer(producer_config(settings))
    rows = [
        parked(1, "unknown_person", "ann"),
        parked(2, "unknown_person", "bo"),
        parked(3, "missing_rate", "EUR/USD"),
        parked(4, "unknown_person", "bo"),
    ]
    for at, row in enumerate(rows):
        producer.produce(
            settings.topic_name(PARKED),
            value=codec.encode(row),
            key=row.parked_id,
            timestamp=1_000 * at + 1,
        )
    producer.produce(settings.topic_name(PARKED), value=None, key="credit/deal:D-1")
    assert producer.flush(30) == 0
    return settings


def run(settings: Settings, *arguments: str) -> Result:
    """Run `accolade parked`."""
    return CliRunner().invoke(app, ["parked", *arguments], env=settings.as_environment())


def test_what_is_parked_is_listed_with_what_it_waits_for(settings):
    """The longest first; totals below."""
    lines = run(settings, "list").stdout.splitlines()

    assert lines[:2] == [
        "credit/deal:D-2  1970-01-01 00:00:01Z  unknown_person bo",
        "    bo isn't known",
    ]
    assert [line.split() for line in lines if line.split()[-1].isdigit()] == [
        ["bo", "unknown_person", "2"],
        ["EUR/USD", "missing_rate", "1"],
    ]
    assert lines[-1] == "3 parked"


def test_a_script_reads_what_is_parked_as_json(settings):
    """Of one reason where one is given."""
    found = json.loads(run(settings, "list", "--reason", "missing_rate", "--json").stdout)

    assert found == {
        "parked": [
            {
                "parked_id": "credit/deal:D-3",
                "stage": "credit",
                "reason": "missing_rate",
                "message": "EUR/USD isn't known",
                "occurred_at": APRIL,
                "waits_for": "EUR/USD",
                "since_ms": 2_001,
            }
        ],
        "totals": [{"reason": "missing_rate", "waits_for": "EUR/USD", "parked": 1}],
    }


def test_nothing_parked_is_no_error(settings):
    """It is what one hopes for."""
    result = run(settings, "list", "--reason", "unknown_deal")

    assert (result.exit_code, result.stdout) == (0, "0 parked\n")
