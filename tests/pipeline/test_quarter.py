"""A simulated quarter on the real broker ends in what the reference computes, everywhere."""

import json
import uuid
from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from sqlalchemy import Engine, select
from typer.testing import CliRunner

from accolade.deploy.cli import app
from accolade.deploy.simulator import simulate
from accolade.sinks.feeds import board_reader, connect_redis
from accolade.sinks.ledger import open_ledger, reading
from accolade.sinks.ledger_tables import AWARDS as BOOKED_AWARDS
from accolade.sinks.ledger_tables import BOOKINGS
from accolade.streams.catalogue import AWARDS
from accolade.streams.records import Award, Closing, Contact, Record
from tests.pipeline.boards import boards_computed, boards_in_redis
from tests.pipeline.deployment import Deployment
from tests.pipeline.outcome import AwardSaid, outcome_of, said_by
from tests.pipeline.processes import beside, finished
from tests.reference import Results, results
from tests.sinks.broker_log import wait_until

pytestmark = pytest.mark.pipeline

_SEED, _REPS = 5, 12


@pytest.fixture(scope="module")
def quarter() -> list[Record]:
    """The quarter, in order of arrival."""
    return simulate(_SEED, reps=_REPS).records()


@pytest.fixture(scope="module")
def due(quarter: list[Record]) -> Results:
    """What the reference computes from the quarter."""
    return results(quarter)


@pytest.fixture(scope="module")
def deployment(
    kafka: str,
    redis_url: str,
    quarter: list[Record],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Deployment]:
    """A deployment that has counted the quarter."""
    folder = tmp_path_factory.mktemp("quarter")
    name = f"t{uuid.uuid4().hex[:10]}"
    ledger_url = f"sqlite:///{folder}/ledger.db"
    with Deployment(kafka, name, folder, redis_url=redis_url, ledger_url=ledger_url) as made:
        made.start()
        made.play(quarter)
        yield made


def test_a_quarter_comes_to_the_reference(deployment, quarter, due):
    """Awards, badges, tallies, final standings, and what is parked."""
    assert outcome_of(due, quarter) == said_by(deployment)


def test_everything_a_second_time_in_another_order_changes_nothing(deployment, quarter, due):
    """Nothing is even said again: not what the closings froze, not what was booked since."""
    before = deployment.results()
    closing = next(at for at, record in enumerate(quarter) if isinstance(record, Closing))
    deployment.play(Random(_SEED).sample(quarter[:closing], closing))
    after = deployment.results()

    assert before.records == after.records
    assert outcome_of(due, quarter) == said_by(deployment)


def test_a_replay_of_the_log_comes_to_what_the_flow_has_said(deployment):
    """By the facts alone: awards, badges and final standings."""
    said = deployment.results()
    done = CliRunner().invoke(
        app, ["replay", "--from-kafka", "--json"], env=deployment.settings.as_environment()
    )
    replayed = json.loads(done.stdout)

    assert (done.exit_code, replayed["refused"]) == (0, [])
    assert {
        (award.award_id, award.participant, award.amount_minor, award.state)
        for award in said.standing_awards()
    } == {
        (award["award_id"], award["participant"], award["amount_minor"], award["state"])
        for award in replayed["awards"]
    }
    assert {badge.badge_id for badge in said.granted_badges()} == {
        badge["badge_id"] for badge in replayed["badges"]
    }
    assert {
        standing.board: [(place.participant, place.rank, place.value) for place in standing.top]
        for standing in said.standings.values()
        if standing.size
    } == {
        standing["board"]: [(p["participant"], p["rank"], p["value"]) for p in standing["top"]]
        for standing in replayed["standings"]
    }


# --- boards in Redis ---


def test_the_boards_in_redis_are_the_references(deployment, quarter, due):
    """Every participant of every board, at the final rank, under the contact's name."""
    names = {record.person_id: record.name for record in quarter if isinstance(record, Contact)}
    boards = boards_computed(due, names)
    settings = deployment.settings
    with beside(settings, "boards", "run"), connect_redis(settings) as redis:
        reader = board_reader(settings, redis)
        wait_until(lambda: boards_in_redis(reader) == boards)
        final = {part.info.board: part.final for part in reader.boards()}

    assert dict.fromkeys(boards, True) == final


# --- the ledger ---


def test_the_ledger_books_every_award_of_the_log_once(deployment, due):
    """The awards that stand are the reference's, the bookings add up to them, nothing is twice."""
    assert 0 == finished(deployment.settings, "payouts", "run", "--once").returncode
    ledger = open_ledger(deployment.settings.ledger_url.get_secret_value())
    booked = bookings(ledger)
    said = [entry.record for entry in deployment.log(AWARDS)]

    assert {
        award_id: AwardSaid(*(getattr(award, name) for name in AwardSaid._fields))
        for award_id, award in due.awards.items()
    } == standing_awards(ledger)
    assert Counter(
        (award.award_id, award.revision) for award in said if isinstance(award, Award)
    ) == Counter((award_id, revision) for award_id, revision, line, *_ in booked if line == 0)
    totals: Counter[tuple[str, str]] = Counter()
    for *_, kind, currency, delta_minor in booked:
        totals[kind, currency] += delta_minor
    assert totals == sum_of(due)

    assert 0 == finished(deployment.settings, "payouts", "run", "--once").returncode
    assert booked == bookings(ledger)


def bookings(ledger: Engine) -> list[tuple[str, int, int, str, str, int]]:
    """Return all bookings, in one order."""
    names = ("award_id", "revision", "line", "kind", "currency", "delta_minor")
    with reading(ledger) as connection:
        rows = connection.execute(select(*(BOOKINGS.c[name] for name in names)))
        return sorted((row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows)


def standing_awards(ledger: Engine) -> dict[str, AwardSaid]:
    """Return the awards that stand in the ledger."""
    wanted = [BOOKED_AWARDS.c[name] for name in ("award_id", *AwardSaid._fields)]
    with reading(ledger) as connection:
        rows = connection.execute(select(*wanted).where(BOOKED_AWARDS.c.state != "withdrawn"))
        return {row.award_id: AwardSaid(*row[1:]) for row in rows}


def sum_of(due: Results) -> Counter[tuple[str, str]]:
    """Return what awards add up to by kind and currency; points are booked in none."""
    totals: Counter[tuple[str, str]] = Counter()
    for award in due.awards.values():
        currency = "" if award.kind == "points" else award.currency
        totals[award.kind, currency] += award.amount_minor
    return totals
