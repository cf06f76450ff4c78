"""Runs a sink until it is told to stop."""

import signal
from threading import Event
from types import FrameType

import structlog

from accolade.deploy.cli.problems import fail
from accolade.sinks.follower import Follower
from accolade.streams.settings import Settings

_LOG = structlog.get_logger(__name__)


def follow(follower: Follower, settings: Settings, *, until_end: bool = False) -> None:
    """
    Follow, with /metrics served, until SIGTERM or Ctrl-C; the batch under way is finished.

    Raises:
        typer.Exit: It can't go on; the reason was told.
    """
    from confluent_kafka import KafkaException
    from prometheus_client import start_http_server

    from accolade.sinks.ledger import LedgerError
    from accolade.sinks.spans import TopicMissingError
    from accolade.streams.logs import configure_logs

    configure_logs(settings)
    try:
        server, _ = start_http_server(settings.metrics_port, settings.metrics_host)
    except OSError as error:
        place = f"{settings.metrics_host}:{settings.metrics_port}"
        fail(
            f"/metrics can't be served on {place}: {error.strerror}. "
            "Set ACCOLADE_METRICS_PORT (0: any free port)."
        )
    _LOG.info("ready", metrics=f"{settings.metrics_host}:{server.server_port}")
    try:
        at_end = follower.run(_stop_asked(), until_end=until_end)
    except (LedgerError, TopicMissingError) as error:
        fail(str(error))
    except KafkaException as error:
        fail(f"Kafka refuses: {error.args[0].str()}")
    finally:
        server.shutdown()
    _LOG.info("stopped")
    if until_end and not at_end:
        fail("stopped before the end of the log")


def _stop_asked() -> Event:
    """Return what is set once the process is asked to end."""
    stop = Event()

    def ask(number: int, frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop
