"""The simulated quarter: the same for the same seed, and with something in it for every plan."""

from collections import Counter
from hashlib import sha256

import msgspec
import pytest

from accolade.deploy.simulator import Event, Quarter, bad_records, simulate
from accolade.deploy.simulator.outages import BadRecord
from accolade.schemas import codec_for
from accolade.streams.catalogue import CONTACTS
from accolade.streams.codecs import Codec, Undecodable
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Activity, Closing, Contact, Deal, Person, Plan
from accolade.streams.rules.door import check_source
from accolade.streams.rules.state import Position, Rejected
from accolade.streams.settings import Settings
from accolade.streams.validation import Invalid, validate
from tests.reference import Results, results

PARTITIONS = 4


@pytest.fixture(scope="module")
def quarter() -> Quarter:
    """The quarter that the demo plays."""
    return simulate(7)


@pytest.fixture(scope="module")
def found(quarter: Quarter) -> Results:
    """What follows from it."""
    return results(quarter.records())


@pytest.fixture(scope="module")
def codec() -> Codec:
    """What writes and reads records without a registry."""
    return codec_for(Settings())


# --- the same for the same seed ---


def test_a_seed_gives_the_same_events_every_time() -> None:
    """Equal arguments, equal quarters."""
    assert simulate(3, reps=5) == simulate(3, reps=5)


def test_another_seed_gives_another_quarter() -> None:
    """The seed is all that differs."""
    assert simulate(3, reps=5).events != simulate(4, reps=5).events


def test_every_version_of_python_plays_the_same_quarter() -> None:
    """The bytes of a small quarter are these; they change with the simulator alone."""
    digest = sha256()
    for event in simulate(3, reps=5, plans=()).events:
        digest.update(msgspec.json.encode(event.record, order="deterministic"))
        digest.update(event.arrived_at.to_bytes(8, "big"))

    assert "0d6ab92c35bde3b3" == digest.hexdigest()[:16]


def test_an_event_more_changes_no_other_rep() -> None:
    """Each has dice of its own: a larger organisation begins with the same calls."""
    small, large = (_activities_of("rep-001", simulate(3, reps)) for reps in (12, 24))

    assert small == large


def _activities_of(rep_id: str, quarter: Quarter) -> list[Event]:
    return [e for e in quarter.events if isinstance(r := e.record, Activity) if r.rep_id == rep_id]


# --- what is in it ---


def test_it_is_as_large_as_an_embedded_broker_holds(quarter: Quarter) -> None:
    """About eight thousand events of two dozen reps."""
    assert 7_500 <= len(quarter.events) <= 9_500


@pytest.mark.parametrize("reps", [3, 4, 100])
def test_it_is_of_any_size(reps: int) -> None:
    """The events grow with the reps."""
    assert 200 * reps <= len(simulate(1, reps).events) <= 600 * reps


def test_too_small_a_world_is_refused() -> None:
    """Two reps are no organisation."""
    with pytest.raises(ValueError, match="3 reps"):
        simulate(1, reps=2)


def test_every_record_is_within_its_bounds(quarter: Quarter) -> None:
    """The door refuses none of it."""
    for record in quarter.records():
        validate(record)


def test_events_come_in_order_of_arrival(quarter: Quarter) -> None:
    """A player can publish them as they stand."""
    arrivals = [event.arrived_at for event in quarter.events]

    assert sorted(arrivals) == arrivals


def test_names_travel_apart_from_facts(quarter: Quarter) -> None:
    """Each person has a contact, in the topic that can be erased."""
    named = {e.record.person_id for e in quarter.events if isinstance(e.record, Contact)}
    people = {e.record.person_id for e in quarter.events if isinstance(e.record, Person)}

    assert people == named
    assert all(e.topic is CONTACTS for e in quarter.events if isinstance(e.record, Contact))


def test_records_come_twice_late_and_out_of_order(quarter: Quarter) -> None:
    """As connectors deliver them."""
    deals = [record for record in quarter.records() if isinstance(record, Deal)]
    seen: Counter[str] = Counter()
    overtaken = 0
    for deal in deals:
        overtaken += deal.revision < seen[deal.deal_id]
        seen[deal.deal_id] = max(seen[deal.deal_id], deal.revision)

    assert len({(deal.deal_id, deal.revision) for deal in deals}) < len(deals)
    assert overtaken
    assert {"USD", "EUR", "GBP", "JPY"} == {deal.currency for deal in deals}


def test_people_change_teams_leave_and_are_known_late(quarter: Quarter) -> None:
    """A latecomer's first deal is there before the latecomer."""
    late = quarter.organisation.latecomer
    records = quarter.records()
    known = next(n for n, r in enumerate(records) if isinstance(r, Person) and r.person_id == late)
    sold = next(
        n
        for n, r in enumerate(records)
        if isinstance(r, Deal) and late in {member.rep_id for member in r.team}
    )
    versions = Counter(r.person_id for r in records if isinstance(r, Person))

    assert sold < known
    assert [2, 2] == sorted(versions.values())[-2:]


def test_all_periods_are_closed_at_the_end(quarter: Quarter) -> None:
    """Quarters and months; a few refunds come too late."""
    closings = [event.record for event in quarter.events if isinstance(event.record, Closing)]
    last = max(n for n, e in enumerate(quarter.events) if isinstance(e.record, Closing))
    plans = {event.record.plan_id for event in quarter.events if isinstance(event.record, Plan)}

    assert plans == {closing.plan_id for closing in closings}
    periods = {"2026-04", "2026-05", "2026-06", "2026-Q2", "2026-05-11--2026-05-18"}
    assert periods == {c.period for c in closings}
    assert quarter.events[last + 1 :]


# --- what follows from it ---


def test_every_plan_pays_somebody_and_none_pays_everybody(quarter: Quarter, found: Results) -> None:
    """Of every plan some component pays, and one doesn't pay all."""
    paid: dict[str, dict[str, set[str]]] = {}
    for award in found.awards.values():
        if award.state == "earned":
            component = paid.setdefault(award.plan_id, {}).setdefault(award.component, set())
            component.add(award.participant)
    badged = {badge.split("/")[0] for badge in found.badges}
    everybody = {rep.person_id for rep in quarter.organisation.reps}

    assert {plan.plan_id for plan in quarter.plans} == paid.keys() | badged
    assert not any(everybody < receivers for plan in paid.values() for receivers in plan.values())


def test_what_stays_parked_is_what_was_meant_to(found: Results) -> None:
    """A deal dated after its rep left, and a payment for a deal that never was."""
    assert {"unknown_person": 1, "unknown_deal": 1} == Counter(found.parked.values())


def test_late_refunds_are_booked_in_the_next_quarter(found: Results) -> None:
    """Closed periods stand."""
    adjusted = {award.period for award in found.awards.values() if award.state == "adjustment"}

    assert "2026-Q3" in adjusted


# --- bad records ---


def _refusal(codec: Codec, bad: BadRecord) -> str | None:
    """Return why the door of the flow refuses a record, as its stage would say."""
    home = partition_of(bad.key, PARTITIONS)
    partition = home if bad.partition is None else bad.partition
    try:
        if bad.value is None:
            raise Rejected("empty", "no value")
        record = codec.decode(bad.value, bad.topic.records)
        check_source(record, bad.key.decode(), Position(bad.topic.name, partition, 0), PARTITIONS)
        validate(record)
    except (Undecodable, Rejected) as refused:
        return refused.reason
    except Invalid:
        return "invalid"
    return None


def test_each_bad_record_is_refused_for_its_reason(codec: Codec) -> None:
    """By the codec, by its place, or by its content."""
    bad = bad_records(codec, PARTITIONS)

    assert [(b.what, b.reason) for b in bad] == [(b.what, _refusal(codec, b)) for b in bad]


def test_there_are_bad_records_of_every_reason(codec: Codec) -> None:
    """All that a dead letter can be for."""
    reasons = {"undecodable", "unknown_schema", "empty", "invalid", "misplaced_key", "wrong_key"}

    assert reasons == {bad.reason for bad in bad_records(codec, PARTITIONS)}
