"""`python -m accolade.deploy.demonstration`: what `deploy/demo` runs in its environment."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated
from urllib.error import URLError
from urllib.request import urlopen

import typer
from rich.console import Console
from rich.live import Live

from accolade.deploy.demonstration.history import History, simulated
from accolade.deploy.demonstration.player import Player, PlayError
from accolade.deploy.demonstration.results import Results
from accolade.deploy.demonstration.screen import Screen
from accolade.deploy.demonstration.summary import summary
from accolade.deploy.embedded_broker import PARTITIONS, EmbeddedBroker
from accolade.deploy.local_process import LocalProcess, StartError, free_port
from accolade.deploy.quiet import Quiet
from accolade.schemas import codec_for
from accolade.streams.publisher import Publisher
from accolade.streams.settings import Settings
from accolade.streams.topics import all_topic_names

#: How long the quarter takes on the screen unless told otherwise.
_LIVE_SECONDS = 75.0
_WORKER_READY_SECONDS = 90.0
_SCREEN_TIMES_A_SECOND = 8
_READ_SECONDS = 0.02


class DemoError(RuntimeError):
    """The demo can't go on, and why."""


def demo(
    once: Annotated[bool, typer.Option("--once", help="Play as fast as it can and exit.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print a summary for scripts at the end.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(help="Play a CRM export (CSV or JSON lines of deals) instead."),
    ] = None,
    mapping: Annotated[
        Path | None, typer.Option(help="Mapping of --data; see docs/publishing.md.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed is another quarter.")] = 1,
    reps: Annotated[int, typer.Option(min=3, max=40, help="Reps in the simulation.")] = 24,
    seconds: Annotated[
        float, typer.Option(min=1, help="How long the quarter takes on the screen.")
    ] = _LIVE_SECONDS,
) -> None:
    """
    Play a sales quarter through the whole flow, with nothing but pip's packages.

    Starts an embedded broker and a worker, publishes deals, meetings, calls,
    refunds, late and duplicate events, and shows boards, awards and badges as
    they are earned.
    """
    try:
        history = simulated(seed, reps)
        told = _run(history, 0.0 if once else seconds, show=not as_json)
    except (DemoError, PlayError, StartError, TimeoutError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    if as_json:
        print(json.dumps(told, indent=2))


def _run(history: History, seconds: float, show: bool) -> dict[str, object]:
    started = time.monotonic()
    console = Console(stderr=True, quiet=not show)
    with tempfile.TemporaryDirectory(prefix="accolade-demo-") as folder, EmbeddedBroker() as broker:
        settings = _settings(broker, Path(folder))
        names = all_topic_names(settings)
        broker.create(names)
        console.print("Starting the worker on the embedded broker ...", style="dim")
        with _worker(settings, Path(folder)) as metrics_url:
            results = Results(settings)
            _play(history, settings, metrics_url, results, seconds, console)
            results.read_all()
            results.close()
        forgotten = broker.forgotten(names)
        if forgotten:
            raise DemoError(
                f"the embedded broker forgot records ({forgotten}); play less at once: "
                "fewer --reps or a smaller file"
            )
        sent = history.counts()
        return summary(results, sent, time.monotonic() - started)


def _play(
    history: History,
    settings: Settings,
    metrics_url: str,
    results: Results,
    seconds: float,
    console: Console,
) -> None:
    quiet = Quiet(settings, metrics_url)
    screen = Screen(results, history.names)
    total = len(history.events)
    with Publisher(settings, codec_for(settings)) as publisher, Live(console=console, auto_refresh=False) as live:
        player = Player(publisher, quiet, history.events)
        drawn = 0.0

        def tick(_: int | None = None) -> None:
            nonlocal drawn
            results.read(_READ_SECONDS)
            if time.monotonic() - drawn > 1 / _SCREEN_TIMES_A_SECOND:
                drawn = time.monotonic()
                live.update(screen.draw(player.now_us, player.sent.total(), total), refresh=True)

        player.play(seconds, tick)
        quiet.wait(tick)
        results.read_all()
        live.update(screen.draw(player.now_us, player.sent.total(), total), refresh=True)


def _settings(broker: EmbeddedBroker, folder: Path) -> Settings:
    return Settings(
        bootstrap_servers=broker.bootstrap,
        crm_partitions=PARTITIONS,
        facts_partitions=PARTITIONS,
        boards_partitions=PARTITIONS,
        # The embedded broker edits transactional batches and leaves their checksum as it was.
        check_crcs=False,
        web_host="127.0.0.1",
        web_port=free_port(),
        data_dir=folder,
    )


@contextmanager
def _worker(settings: Settings, folder: Path) -> Iterator[str]:
    """Run a worker as a process of its own; gives the URL of its metrics."""
    address = f"http://127.0.0.1:{settings.web_port}"
    command = [sys.executable, "-m", "accolade.deploy.cli", "worker"]
    worker = LocalProcess(command, folder, settings.as_environment())
    try:
        worker.wait_until(lambda: _answers(f"{address}/readyz"), _WORKER_READY_SECONDS)
        yield f"{address}/metrics"
    finally:
        worker.stop()


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=1.0) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    # librdkafka and Rich ask the terminal; a pipe is no terminal.
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    typer.run(demo)
