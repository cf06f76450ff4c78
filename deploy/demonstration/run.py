"""One run: broker, worker, a history that is played, and what comes of it."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from accolade.deploy.demonstration.collected import Collected
from accolade.deploy.demonstration.history import History
from accolade.deploy.demonstration.player import Player
from accolade.deploy.demonstration.results import Results
from accolade.deploy.demonstration.screen import Screen
from accolade.deploy.demonstration.shows import show_on
from accolade.deploy.demonstration.worker import Worker, settings_for
from accolade.deploy.embedded_broker import EmbeddedBroker
from accolade.deploy.local_process import StartError
from accolade.schemas import codec_for
from accolade.streams.publisher import Publisher
from accolade.streams.settings import Settings
from accolade.streams.topics import all_topic_names

#: How long a look at the results waits for some.
_READ_SECONDS = 0.02


class ForgottenError(RuntimeError):
    """The embedded broker has lost records: what came of the run can't be trusted."""


@dataclass(frozen=True)
class Played:
    """A run that has ended."""

    history: History
    results: Collected
    seconds: float


def run(make_history: Callable[[], History], seconds: float, console: Console) -> Played:
    """
    Play a history on a broker and a worker of its own, which are gone afterwards.

    Args:
        make_history: Makes it, while the worker starts.
        seconds: How long the history shall take; 0 is as fast as it is counted.
        console: Where it is shown.

    Raises:
        ForgottenError: The history is more than the embedded broker keeps.
        StartError: The worker ended, or takes too long.
        PlayError: A record was not accepted by the broker.
    """
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="accolade-demo-") as name, EmbeddedBroker() as broker:
        folder = Path(name)
        settings = settings_for(broker.bootstrap, folder)
        topics = all_topic_names(settings)
        broker.create(topics)
        console.print("Starting an embedded broker and a worker ...", style="dim")
        try:
            with Worker(settings, folder) as worker:
                history = make_history()
                worker.wait_until_ready()
                results = _play(history, settings, worker, seconds, console)
        except StartError:
            # The worker ends when records are gone that it has not counted.
            _refuse_forgotten(broker, topics)
            raise
        _refuse_forgotten(broker, topics)
    return Played(history, results, time.monotonic() - started)


def _refuse_forgotten(broker: EmbeddedBroker, topics: Sequence[str]) -> None:
    forgotten = broker.forgotten(topics)
    if forgotten:
        lost = ", ".join(f"{lost:,} of {topic}" for topic, lost in sorted(forgotten.items()))
        raise ForgottenError(
            f"the embedded broker has forgotten records ({lost}): the history is more than it "
            "keeps. Play a smaller file, or fewer --reps."
        )


def _play(
    history: History, settings: Settings, worker: Worker, seconds: float, console: Console
) -> Results:
    results = Results(settings)
    total = len(history.events)
    screen = Screen(results, history.names, total)
    with (
        Publisher(settings, codec_for(settings)) as publisher,
        show_on(console, screen, results, total) as show,
    ):
        player = Player(publisher, worker, history.events)

        def tick() -> None:
            results.read(_READ_SECONDS)
            show.update(player)

        player.play(seconds, tick)
        results.read_all()
    results.close()
    return results
