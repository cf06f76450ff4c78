"""What can't be read, or not be counted yet: kept, told, and counted once that is put right."""

import json
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import pytest

from accolade.deploy.simulator.outages import BadRecord, bad_records
from accolade.streams.catalogue import REFERENCE
from accolade.streams.records import Closing, DeadLetter, Deal, Payment
from tests.pipeline.deployment import Deployment
from tests.pipeline.office import deal, deals, office
from tests.pipeline.outcome import computed_from, said_by
from tests.pipeline.raw_records import Raw, raw_of, send
from tests.streams.rules.tally_desk import at, person, rate

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def deployment(running: Deployment) -> Deployment:
    """A deployment that knows the office."""
    running.play(office())
    return running


# --- dead letters ---


class Sent(NamedTuple):
    """A bad record that was sent."""

    record: BadRecord
    dead_letter_id: str


@pytest.fixture(scope="module")
def sent(deployment: Deployment) -> dict[str, Sent]:
    """Every kind of bad record, with a good one behind each, by what is wrong."""
    codec = deployment.codec
    bad = bad_records(codec, deployment.settings.crm_partitions)
    good = deals("beside", len(bad))
    raws: list[Raw] = []
    for record, beside in zip(bad, good, strict=True):
        partition = () if record.partition is None else (record.partition,)
        raws += [Raw(record.topic, record.key, record.value, *partition), raw_of(beside, codec)]
    ids = send(deployment.settings, raws)
    deployment.published += good
    deployment.worker.wait_until_counted()
    return {record.what: Sent(record, ids[2 * number]) for number, record in enumerate(bad)}


def test_each_bad_record_becomes_a_dead_letter_and_the_rest_counts(deployment, sent):
    """With the reason, the stage that refused it, and the record as it came."""
    letters = deployment.results().dead_letters

    assert {
        letter_id: (record.reason, "credit", record.key, record.value)
        for record, letter_id in sent.values()
    } == {letter_id: refusal(letters[letter_id]) for _, letter_id in sent.values()}
    assert computed_from(deployment.published) == said_by(deployment)


def refusal(letter: DeadLetter) -> tuple[str, str, bytes | None, bytes | None]:
    """Return why and where a record was refused, and the record."""
    return letter.reason, letter.stage, letter.key, letter.value


def test_refused_reference_data_names_the_stage_that_refused_it(deployment):
    """The door of the one order, or each task to which it means nothing."""
    codec = deployment.codec
    dana = person("dana", team="north")
    raws = [
        Raw(REFERENCE, b"person|somebody", codec.encode(dana), 0),
        Raw(REFERENCE, raw_of(dana, codec).key, b"?", 0),
        raw_of(msgspec.structs.replace(dana, person_id="unit:dana"), codec),
        raw_of(Closing(plan_id="no-plan", period="2026-Q2", author="max"), codec),
    ]
    before = deployment.results().dead_letters.keys()
    send(deployment.settings, raws)
    deployment.worker.wait_until_counted()
    letters = deployment.results().dead_letters
    new = [letters[letter_id] for letter_id in letters.keys() - before]

    assert Counter((letter.stage, letter.reason) for letter in new) == {
        ("announce", "wrong_key"): 1,
        ("announce", "undecodable"): 1,
        ("announce", "invalid"): 1,
        ("tally", "invalid"): deployment.settings.facts_partitions,
    }


def test_a_misplaced_record_counts_once_it_is_replayed(deployment, sent):
    """As it came, where it belongs."""
    misplaced, letter_id = sent["in another key's partition"]
    result = deployment.command("deadletters", "replay", letter_id, "--by", "ops")
    deployment.worker.wait_until_counted()
    deployment.published.append(deal_in(deployment, misplaced))

    assert 0 == result.exit_code
    assert letter_id not in waiting(deployment)
    assert computed_from(deployment.published) == said_by(deployment)


@pytest.mark.parametrize(
    ("what", "repair"),
    [
        ("negative amount", {"amount": "800.00"}),
        ("a megabyte of text", {"segment": "enterprise"}),
    ],
)
def test_a_repaired_record_counts_once_it_is_replayed(deployment, sent, tmp_path, what, repair):
    """What `show` gives, put right, in its place."""
    bad, letter_id = sent[what]
    change = {**repair, "deal_id": f"deal-{what.split()[1]}"}
    shown = deployment.command("deadletters", "show", letter_id, "--json")
    file = tmp_path / "repaired.json"
    file.write_text(json.dumps({**json.loads(shown.stdout)["fields"], **change}))
    result = deployment.command("deadletters", "replay", letter_id, "--with", str(file))
    deployment.worker.wait_until_counted()
    fields: dict[str, Any] = {**change, "amount": Decimal(change.get("amount", "1200.00"))}
    deployment.published.append(msgspec.structs.replace(deal_in(deployment, bad), **fields))

    assert (0, "1 replayed") == (result.exit_code, result.stdout.splitlines()[-1])
    assert letter_id not in waiting(deployment)
    assert computed_from(deployment.published) == said_by(deployment)


def test_what_is_replayed_unrepaired_is_refused_again(deployment, sent):
    """As a new dead letter, for the same reason; what has no value can't be replayed."""
    undecodable = {s.dead_letter_id for s in sent.values() if s.record.reason == "undecodable"}
    result = deployment.command("deadletters", "replay", *undecodable)
    empty = deployment.command("deadletters", "replay", sent["a tombstone"].dead_letter_id)
    deployment.worker.wait_until_counted()
    again = waiting(deployment, "--topic", "crm.deals")

    assert (0, 1) == (result.exit_code, empty.exit_code)
    assert not undecodable & again.keys()
    assert len(undecodable) == Counter(again.values())["undecodable"]
    assert computed_from(deployment.published) == said_by(deployment)


def deal_in(deployment: Deployment, bad: BadRecord) -> Deal:
    """Return the deal that a bad record says."""
    assert bad.value is not None
    record = deployment.codec.decode(bad.value, bad.topic.records)
    assert isinstance(record, Deal)
    return record


def waiting(deployment: Deployment, *options: str) -> dict[str, str]:
    """Return the reasons of the dead letters that wait to be dealt with, by id."""
    result = deployment.command("deadletters", "list", "--json", *options)
    return {row["id"]: row["reason"] for row in json.loads(result.stdout)}


# --- parked ---


def test_what_is_parked_is_listed_and_counts_by_itself_once_it_can(deployment):
    """A rep and a rate of exchange that aren't known yet, and a deal that comes after its money."""
    refund = Payment(
        payment_id="early",
        revision=1,
        occurred_at=at("2026-04-20T12:00"),
        deal_id="of-ben",
        kind="refund",
        amount=Decimal("20.00"),
        currency="USD",
    )
    deployment.play([deal("of-dee", "400.00", "dee"), deal("abroad", "300.00", currency="CHF")])
    deployment.play([refund])
    listed = parked(deployment)
    outcome = computed_from(deployment.published)

    assert outcome == said_by(deployment)
    assert outcome.parked == {row["parked_id"]: row["reason"] for row in listed}
    assert {
        ("unknown_person", "dee"),
        ("missing_rate", "CHF/USD"),
        ("unknown_deal", "of-ben"),
    } == {(row["reason"], row["waits_for"]) for row in listed}

    deployment.play([person("dee", team="south"), rate("CHF", "1.25")])
    deployment.play([deal("of-ben", "200.00", "ben")])
    assert [] == parked(deployment)
    assert computed_from(deployment.published) == said_by(deployment)


def parked(deployment: Deployment) -> Sequence[dict[str, Any]]:
    """Return what `accolade parked list` shows."""
    result = deployment.command("parked", "list", "--json")
    listed: Sequence[dict[str, Any]] = json.loads(result.stdout)["parked"]
    return listed
