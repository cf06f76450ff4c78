"""`accolade publish`: records from a file, or the erasure of a contact."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from accolade.streams.importing.fields import fields_of
from accolade.streams.importing.kinds import KINDS

app = typer.Typer(
    no_args_is_help=True,
    help="Publish records from a CSV or JSON lines file. See docs/publishing.md.",
)

_File = Annotated[Path, typer.Argument(help="The file; - for standard input.", metavar="FILE")]
_MappingFile = Annotated[
    Path | None,
    typer.Option(
        "--mapping",
        "-m",
        metavar="FILE",
        help="YAML file that says which column each field comes from. Without it,"
        " the columns must be called like the fields.",
    ),
]
_Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="FORMAT",
        help="csv or jsonl; by default what the file's name ends with.",
    ),
]
_SkipBad = Annotated[
    bool,
    typer.Option("--skip-bad", help="Send the good lines even if others are wrong."),
]
_Refused = Annotated[
    Path | None,
    typer.Option(
        "--refused",
        metavar="FILE",
        help="Where --skip-bad writes the wrong lines with their reasons, to be put right"
        " and published again; FILE.refused.csv or .jsonl by default.",
    ),
]
_DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only check the file; status 1 if a line is wrong.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print the summary as JSON for scripts.")]


def _help(kind: str) -> str:
    record = KINDS[kind]
    fields = fields_of(record).values()
    needed = ", ".join(field.name for field in fields if field.required)
    others = ", ".join(field.name for field in fields if not field.required)
    return (
        f"Publish {kind}.\n\n"
        "The whole file is checked first: nothing is sent if a line is wrong.\n\n"
        f"Needed: {needed}.\n\nOptional: {others or 'none'}."
    )


def _command(kind: str) -> Callable[..., None]:
    def publish(
        file: _File,
        mapping: _MappingFile = None,
        form: _Format = None,
        skip_bad: _SkipBad = False,
        refused: _Refused = None,
        dry_run: _DryRun = False,
        as_json: _Json = False,
    ) -> None:
        from accolade.deploy.cli.publishing import Request, publish_file

        publish_file(Request(kind, file, mapping, form, skip_bad, refused, dry_run, as_json))

    return publish


for _kind in KINDS:
    app.command(_kind, help=_help(_kind), short_help=f"Publish {_kind} from a file.")(
        _command(_kind)
    )


@app.command()
def erase(
    person_ids: Annotated[list[str], typer.Argument(help="Ids of the persons.", metavar="ID")],
) -> None:
    """
    Erase persons' names and addresses.

    The brokers drop what was in the topic of contacts when they next compact it.
    Results stay: they name persons by their ids only.
    """
    from accolade.deploy.cli.publishing import erase_contacts

    erase_contacts(person_ids)
