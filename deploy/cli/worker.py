"""`accolade worker`: runs every stage of the flow."""

import socket
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from accolade.streams.settings import Settings


def run() -> None:
    """
    Run a worker: every stage of the flow.

    It credits, tallies, ranks and announces for the partitions it is given.
    Start as many as you like with the same settings; they share the partitions.

    Needed: Kafka (ACCOLADE_BOOTSTRAP_SERVERS, 127.0.0.1:9092 unless set) with
    the topics that `accolade topics create` makes. The numbers of partitions
    (ACCOLADE_CRM_PARTITIONS, ACCOLADE_FACTS_PARTITIONS,
    ACCOLADE_BOARDS_PARTITIONS) must be those the topics were made with.

    /metrics, /healthz and /readyz are on ACCOLADE_WEB_HOST (127.0.0.1 unless
    set), port ACCOLADE_WEB_PORT (6066 unless set, 0 for a free one); each worker
    on a machine needs a port of its own. ACCOLADE_DATA_DIR is a folder it may
    write to. docs/operating.md lists all settings.

    It logs `ready` once it counts, and `stopped` when Ctrl-C or SIGTERM has
    ended it, with status 0. Status 1 and the reason: it can't start, or can't go
    on without losing a record.
    """
    from accolade.agents.app import make_app
    from accolade.deploy.cli.brokers import answering_settings, need_coordinator, need_topics
    from accolade.deploy.cli.problems import fail
    from accolade.streams.engine.worker import run_worker
    from accolade.streams.logs import configure_logs
    from accolade.streams.settings_file import SettingsError
    from accolade.streams.topics import (
        PARTITIONS_ADVICE,
        TopicsError,
        missing_topics,
        otherwise_cut,
    )

    settings = answering_settings()
    try:
        need_topics(settings, missing_topics(settings))
        cut = otherwise_cut(settings)
    except TopicsError as error:
        fail(str(error))
    if cut:
        fail("\n".join([*cut, PARTITIONS_ADVICE]))
    need_coordinator(settings)
    settings = _with_port(settings)
    configure_logs(settings)
    try:
        app = make_app(settings)
    except SettingsError as error:
        fail(f"the settings can't be used\n{error}")
    raise typer.Exit(run_worker(app, override_logging=False))


def _with_port(settings: "Settings") -> "Settings":
    """Return the settings with a web port that can be had; ends the command if none can."""
    from accolade.deploy.cli.problems import fail

    host, port = settings.web_host, settings.web_port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        with socket.create_server((address[0], port), family=family) as server:
            # Faust takes no 0 for any free one.
            return settings.model_copy(update={"web_port": server.getsockname()[1]})
    except OSError as error:
        reason = (error.strerror or str(error)).partition(" (")[0]
        fail(
            f"metrics can't be served on {host}:{port}: {reason}\n"
            "Set ACCOLADE_WEB_HOST or ACCOLADE_WEB_PORT (0: any free port); "
            "each worker on a\nmachine needs a port of its own."
        )
