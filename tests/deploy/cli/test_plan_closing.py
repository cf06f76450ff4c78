"""`accolade plan close`, and what the other commands make of a version that the flow refuses."""

import json
from pathlib import Path

import pytest
from confluent_kafka import Producer
from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.schemas import codec_for
from accolade.streams.catalogue import PARKED, REFERENCE
from accolade.streams.kafka_clients import producer_config
from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.catalogue import catalogue_text
from accolade.streams.plans.load import check
from accolade.streams.publisher import Publisher
from accolade.streams.records import Closing, Parked, Plan
from accolade.streams.settings import Settings
from tests.streams.topics_here import records_of, with_topics

pytestmark = pytest.mark.pipeline

#: Quarters long past, and some that no run of this test sees the end of.
TEXT = catalogue_text("badge-rush").replace(
    "{from: 2026-04-01, to: 2026-07-01}", "{from: 2020-01-01, to: 2099-01-01}"
)
RERANKED = TEXT.replace("rush: {measure", "rush: {population: {units: team}, measure")
#: 5 January 2020, 12:00 UTC, in µs.
IN_FIRST_QUARTER = 1_578_225_600_000_000


def record_of(text: str, version: int) -> Plan:
    """Return a version of the plan."""
    plan = check(text).plan
    assert plan is not None
    return plan_record(plan, version)


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment in which the plan is published."""
    settings = with_topics(kafka, prefix)
    put(settings, record_of(TEXT, 1))
    return settings


def put(settings: Settings, record: Plan) -> None:
    """Publish a version past the command line."""
    with Publisher(settings, codec_for(settings)) as publisher:
        publisher.publish(record)


def run(settings: Settings, *arguments: str) -> Result:
    """Run `accolade plan`."""
    return CliRunner().invoke(app, ["plan", *arguments], env=settings.as_environment())


def closings(settings: Settings) -> list[Closing]:
    """Return what was published of closings."""
    return [record for record in records_of(settings, REFERENCE) if isinstance(record, Closing)]


def test_a_period_is_closed_once(settings: Settings) -> None:
    """Again it changes nothing, and tells who closed it."""
    first = run(settings, "close", "badge-rush", "2020-Q1", "--by", "ann")
    again = run(settings, "close", "badge-rush", "2020-Q1", "--by", "ben", "--json")

    assert (first.exit_code, first.stdout) == (0, "badge-rush: 2020-Q1 closed by ann\n")
    assert (again.exit_code, json.loads(again.stdout)) == (
        0,
        {
            "plan": "badge-rush",
            "period": "2020-Q1",
            "period_start": 1_577_854_800_000_000,
            "period_end": 1_585_713_600_000_000,
            "author": "ann",
            "new": False,
        },
    )
    assert closings(settings) == [Closing(plan_id="badge-rush", period="2020-Q1", author="ann")]


def test_what_cannot_be_closed_is_refused_with_what_to_do(settings: Settings) -> None:
    """And nothing is published."""
    refused = {
        ("nothing", "2020-Q1"): "no plan nothing is published; `accolade plan list --published`",
        ("badge-rush", "2020-01"): "has no period '2020-01'; it has 2020-Q1 and so on",
        ("badge-rush", "spring"): "has no period 'spring'; it has 2020-Q1 and so on",
        ("badge-rush", "2019-Q4"): "'2019-Q4' is before the first day",
        ("badge-rush", "2098-Q4"): "it ends at 2099-01-01 00:00 (America/New_York)",
    }
    results = {wanted: run(settings, "close", *wanted) for wanted in refused}
    told = run(settings, "close", "badge-rush", "2020-Q1", "--by", "a\n" * 1000)
    withdrawn = run(settings, "withdraw", "badge-rush")
    after = run(settings, "close", "badge-rush", "2020-Q1")

    assert dict.fromkeys(refused, (1, True)) == {
        wanted: (result.exit_code, refused[wanted] in result.stderr)
        for wanted, result in results.items()
    }
    assert (told.exit_code, "author: " in told.stderr) == (1, True)
    assert withdrawn.exit_code == 0
    assert (after.exit_code, "plan badge-rush is withdrawn" in after.stderr) == (1, True)
    assert closings(settings) == []


def test_what_is_parked_keeps_its_period_from_being_closed(settings: Settings) -> None:
    """Unless the one who closes it says so; what is of another period does not."""
    waits = Parked(
        parked_id="credit/deal:D-1",
        stage="credit",
        reason="unknown_person",
        message="ann isn't known",
        occurred_at=IN_FIRST_QUARTER,
        waits_for="ann",
    )
    producer = Producer(producer_config(settings))
    value = codec_for(settings).encode(waits)
    producer.produce(settings.topic_name(PARKED), value=value, key=waits.parked_id)
    assert producer.flush(30) == 0

    refused = run(settings, "close", "badge-rush", "2020-Q1")
    other = run(settings, "close", "badge-rush", "2020-Q2", "--by", "ann")
    wanted = run(settings, "close", "badge-rush", "2020-Q1", "--by", "ann", "--with-parked")

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "1 that occurred in it are parked" in refused.stderr
    assert "accolade parked list" in refused.stderr
    assert [other.exit_code, wanted.exit_code] == [0, 0]
    assert {closing.period for closing in closings(settings)} == {"2020-Q1", "2020-Q2"}


def test_a_version_that_the_flow_refuses_counts_for_no_command(
    settings: Settings, tmp_path: Path
) -> None:
    """Whatever published it: the version before is listed, closed and withdrawn."""
    put(settings, record_of(RERANKED, 2))
    file = tmp_path / "plan.yaml"
    file.write_text(TEXT, encoding="utf-8")

    listed = json.loads(run(settings, "list", "--published", "--json").stdout)
    same = run(settings, "publish", str(file))
    withdrawn = run(settings, "withdraw", "badge-rush")
    again = run(settings, "publish", str(file))
    plans = [record for record in records_of(settings, REFERENCE) if isinstance(record, Plan)]

    assert [(row["version"], row["active"]) for row in listed] == [(1, True)]
    assert same.stdout == "badge-rush: already published as version 1\n"
    assert withdrawn.stdout == "badge-rush: withdrawn as version 3\n"
    assert again.stdout == "badge-rush: published as version 4\n"
    assert plans[2].content_hash == plans[0].content_hash
