"""The demo's command line."""

import json
import logging
import os
import signal
import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from accolade.deploy.demonstration.export import ExportError, exported
from accolade.deploy.demonstration.history import simulated
from accolade.deploy.demonstration.player import PlayError
from accolade.deploy.demonstration.report import report
from accolade.deploy.demonstration.run import ForgottenError, run
from accolade.deploy.demonstration.summary import summary
from accolade.deploy.local_process import StartError
from accolade.streams.settings_file import PREFIX

#: How long a history takes on the screen unless told otherwise.
_LIVE_SECONDS = 75.0
_INTERRUPTED, _TERMINATED = 130, 143

app = typer.Typer(
    add_completion=False,
    # Plain help: rich gives a flag a type, `<bool>`, as if it took a value.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="Play as fast as it can.")] = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print a summary for scripts: amounts in minor units."),
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Play a CRM export: CSV or JSON lines, a deal a line."),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="YAML file that says which columns of --data the fields of a deal come from."
            " Without it they are those of the public CRM export, or called like the fields.",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option(help="Seed of the simulation; another is another quarter.")
    ] = 1,
    reps: Annotated[int, typer.Option(min=3, max=40, help="Reps of the simulation.")] = 24,
    seconds: Annotated[
        float, typer.Option(min=1, help="How long it takes on the screen.")
    ] = _LIVE_SECONDS,
) -> None:
    """
    Play a sales quarter through the whole flow and show what it earns.

    It starts an embedded broker and a worker of its own and publishes deals,
    meetings, calls, payments and refunds, some late, some twice: boards, awards
    and badges appear as they are earned. With --data it plays the deals of a
    CRM export; the sample plan is dated to the export's own quarters.
    Nothing is left running, and nothing is kept.
    """
    if mapping is not None and data is None:
        raise typer.BadParameter("it is for --data, which is missing", param_hint="--mapping")
    _stand_alone()
    # With --json standard output is the summary alone.
    console = Console(stderr=as_json, highlight=False, markup=False)
    console.quiet = as_json and not console.is_terminal
    made = partial(simulated, seed, reps) if data is None else partial(exported, data, mapping)
    try:
        played = run(made, 0.0 if once else seconds, console)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise typer.Exit(_INTERRUPTED) from None
    except (
        *(ExportError, ForgottenError, PlayError, StartError),
        *(TimeoutError, OSError, ValueError),
    ) as error:
        print(f"error: {error}", file=sys.stderr)
        raise typer.Exit(1) from None
    for note in played.history.notes:
        print(note, file=sys.stderr)
    if as_json:
        print(json.dumps(summary(played), indent=2))
        return
    for part in report(played):
        console.print(part)


def _stand_alone() -> None:
    """Keep out what the environment says of another installation, and the clients' own logs."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    # The worker's pages are asked for on this machine, never through a proxy.
    os.environ["no_proxy"] = "127.0.0.1"
    # Whoever ends it gets the terminal back, and no worker stays.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(_TERMINATED))
    # What the clients have to say when the broker ends isn't for the screen.
    clients = logging.getLogger("kafka")
    clients.addHandler(logging.NullHandler())
    clients.propagate = False
