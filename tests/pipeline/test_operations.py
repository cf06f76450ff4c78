"""The processes of a deployment: what the worker's pages say, how it ends, boards in outages."""

import pytest

from accolade.deploy.redis_local import LocalRedis
from accolade.sinks.feeds import board_reader, connect_redis
from accolade.streams.catalogue import DEALS
from accolade.streams.secret_url import SecretUrl
from accolade.streams.settings import Settings
from tests.pipeline.boards import Boards, boards_computed, boards_in_redis
from tests.pipeline.deployment import Deployment
from tests.pipeline.office import deals, office
from tests.pipeline.outcome import computed_from, said_by
from tests.pipeline.processes import beside, finished
from tests.pipeline.raw_records import Raw, send
from tests.reference import results
from tests.sinks.broker_log import wait_until

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def deployment(running: Deployment) -> Deployment:
    """A deployment that has counted some deals of the office."""
    running.play(office())
    running.play(deals("sold", 30))
    return running


# --- the worker ---


def test_the_metrics_tell_what_a_worker_has_done(deployment):
    """Events, lag, the time to an award, what was refused and why, and what it holds."""
    worker = deployment.worker
    events = worker.metric("accolade_events_total", stage="credit")
    awards = worker.metric("accolade_event_to_award_seconds_count")
    refused = worker.metric("accolade_dead_letters_total", stage="credit", reason="undecodable")
    held = worker.metric("accolade_table_rows", stage="credit", table="transactions")
    send(deployment.settings, [Raw(DEALS, b"D-1", b"?")])
    deployment.play(deals("measured", 12))

    assert 13 == worker.metric("accolade_events_total", stage="credit") - events
    assert 3 <= worker.metric("accolade_event_to_award_seconds_count") - awards
    assert 1 == (
        worker.metric("accolade_dead_letters_total", stage="credit", reason="undecodable") - refused
    )
    assert 12 == worker.metric("accolade_table_rows", stage="credit", table="transactions") - held
    assert 0 == worker.metric("accolade_lag_records")
    assert all(worker.metric("accolade_events_total", stage=s) for s in ("announce", "rank"))


def test_the_pages_tell_that_a_worker_is_well(deployment):
    """For what watches over it."""
    worker = deployment.worker

    assert ("ok\n", "ready\n") == (worker.page("/healthz"), worker.page("/readyz"))


def test_a_worker_that_is_asked_to_end_does_so_and_the_next_goes_on(deployment):
    """With status 0, and without a long wait; nothing is left open that the next waits for."""
    status = deployment.worker.stop()
    deployment.start()
    deployment.play(deals("afterwards", 12))

    assert 0 == status
    assert computed_from(deployment.published) == said_by(deployment)


def test_a_worker_without_its_topics_says_how_to_make_them(kafka, prefix):
    """And ends with status 1."""
    ended = finished(Settings(bootstrap_servers=kafka, topic_prefix=prefix), "worker")

    assert 1 == ended.returncode
    assert f"{prefix}crm.deals" in ended.stderr
    assert "Make them with: accolade topics create" in ended.stderr


# --- boards in Redis ---


def test_the_boards_are_right_again_after_redis_was_away_or_emptied(deployment):
    """While deals come in: what Redis missed or lost is there again, and nothing else."""
    with LocalRedis() as server:
        url = SecretUrl(server.url)
        settings = deployment.settings.model_copy(update={"redis_url": url})
        with beside(settings, "boards", "run"), connect_redis(settings) as redis:
            reader = board_reader(settings, redis)
            wait_until(lambda: boards_in_redis(reader) == boards_now(deployment))

            server.stop()
            deployment.play(deals("missed", 12))
            server.start()
            wait_until(lambda: boards_in_redis(reader) == boards_now(deployment))

            deployment.publish(deals("half-seen", 12))
            server.flush()
            deployment.play(deals("seen", 12))
            wait_until(lambda: boards_in_redis(reader) == boards_now(deployment))


def boards_now(deployment: Deployment) -> Boards:
    """Return the boards that follow from all that was published."""
    return boards_computed(results(deployment.published), names={})
