"""Runs a sink until it is told to stop."""

import signal
from threading import Event
from types import FrameType

import structlog

from accolade.deploy.cli.problems import fail
from accolade.sinks.follower import Follower
from accolade.streams.settings import Settings

_LOG = structlog.get_logger(__name__)


def follow(follower: Follower, settings: Settings, port: int) -> None:
    """
    Follow, with /metrics served, until SIGTERM or Ctrl-C; the batch under way is finished.

    Raises:
        typer.Exit: It can't go on; the reason was told.
    """
    from prometheus_client import start_http_server

    from accolade.streams.logs import configure_logs

    configure_logs(settings)
    try:
        server, _ = start_http_server(port, settings.metrics_host)
    except OSError as error:
        fail(
            f"metrics can't be served on {settings.metrics_host}:{port}: {error.strerror}\n"
            "Set ACCOLADE_METRICS_HOST, or ACCOLADE_METRICS_PORT or "
            "ACCOLADE_PAYOUTS_METRICS_PORT\n(0: any free port)."
        )
    _LOG.info("ready", metrics=f"{settings.metrics_host}:{server.server_port}")
    try:
        _run(follower, until_end=False)
    finally:
        server.shutdown()
    _LOG.info("stopped")


def follow_to_end(follower: Follower, settings: Settings) -> None:
    """
    Follow to the end of the log.

    Raises:
        typer.Exit: It can't go on, or was told to stop before; the reason was told.
    """
    from accolade.streams.logs import configure_logs

    configure_logs(settings)
    if not _run(follower, until_end=True):
        fail("stopped before the end of the log")


def _run(follower: Follower, *, until_end: bool) -> bool:
    """Return whether the end was reached that it should end at."""
    from confluent_kafka import KafkaException

    from accolade.sinks.ledger import LedgerError
    from accolade.sinks.spans import TopicMissingError

    try:
        return follower.run(_stop_asked(), until_end=until_end)
    except (LedgerError, TopicMissingError) as error:
        fail(str(error))
    except KafkaException as error:
        fail(f"Kafka refuses: {error.args[0].str()}")


def _stop_asked() -> Event:
    """Return what is set once the process is asked to end."""
    stop = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop
