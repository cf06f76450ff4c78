"""
The `accolade` command: one module per group of commands, put together here.

The modules import what is slow inside their functions, so that help and usage
errors come at once.
"""

from importlib import import_module
from typing import Annotated

import typer

#: Groups of commands, in the order in which the help lists them.
_GROUPS = ("topics", "publish", "plan", "deadletters", "parked", "payouts", "boards")

app = typer.Typer(
    name="accolade",
    no_args_is_help=True,
    add_completion=False,
    # Plain help: rich gives a flag a type, `<bool>`, as if it took a value.
    rich_markup_mode=None,
    # An unexpected error shows Python's own traceback: whole, and without the
    # values of variables, which may be a person's pay.
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"accolade {version('accolade')}")
        raise typer.Exit


@app.callback()
def accolade(
    shown: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    """
    Real-time sales incentives: turn CRM events into tallies, boards and awards.

    Settings are variables, ACCOLADE_..., or in a file that ACCOLADE_SETTINGS names;
    docs/operating.md lists them. Exit status: 0 done; 1 refused or failed, with the
    reason on stderr; 2 wrong usage; 130 ended by Ctrl-C.
    """


app.command("worker")(import_module(f"{__name__}.worker").run)
app.command("replay")(import_module(f"{__name__}.history").replay)
for _name in _GROUPS:
    app.add_typer(import_module(f"{__name__}.{_name}").app, name=_name)
