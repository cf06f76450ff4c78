"""Publishes a file: checks all of it, then sends it."""

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

from accolade.deploy.cli.brokers import reachable_settings
from accolade.deploy.cli.problems import fail
from accolade.deploy.cli.publishing_summary import Summary, show
from accolade.schemas import codec_for
from accolade.streams.bounds import Invalid
from accolade.streams.catalogue import CONTACTS
from accolade.streams.delivery import FlushResult, PublishingFailed
from accolade.streams.importing.checking import Checked, check
from accolade.streams.importing.csv_rows import CsvRows
from accolade.streams.importing.json_rows import JsonRows
from accolade.streams.importing.kinds import KINDS
from accolade.streams.importing.load import MappingError, load_mapping, named_like_fields
from accolade.streams.importing.mapping import Mapping
from accolade.streams.importing.problems import Problem
from accolade.streams.importing.refused import RefusedLines
from accolade.streams.importing.rows import Rows, UnusableFile, Written
from accolade.streams.importing.spool import Spool
from accolade.streams.outgoing import topic_for
from accolade.streams.publisher import Publisher
from accolade.streams.settings import Settings

_STDIN = "-"
#: What a file's name may end with, and the format it means.
_FORMATS = {"csv": "csv", "jsonl": "jsonl", "ndjson": "jsonl"}


class Request(NamedTuple):
    """What the command line asks for."""

    kind: str
    file: Path
    mapping: Path | None
    format: str | None
    skip_bad: bool
    refused: Path | None
    dry_run: bool
    as_json: bool

    @property
    def name(self) -> str:
        """What the file is called in messages."""
        return "stdin" if str(self.file) == _STDIN else str(self.file)


def publish_file(request: Request) -> None:
    """Publish a file as asked; ends the command with status 1 if it can't."""
    form = _format_of(request)
    mapping = _mapping_of(request)
    settings = None if request.dry_run else reachable_settings([topic_for(mapping.record)])
    bar = _progress()
    with bar, Spool(mapping.record) as spool:
        target = _refused_path(request, form) if request.skip_bad and settings else None
        checked = _check(request, form, mapping, spool, target, bar)
        is_sent = settings is not None and (request.skip_bad or not checked.refused)
        result = _send(spool, settings, bar) if settings and is_sent else None
        summary = Summary(
            request.kind, request.name, checked, spool.count(), request.dry_run, target, result
        )
    show(summary, request.as_json)
    if summary.failed or (checked.refused and not is_sent):
        raise typer.Exit(1)


def erase_contacts(person_ids: Sequence[str]) -> None:
    """Erase persons' contact data; ends the command if it can't."""
    settings = reachable_settings([CONTACTS])
    try:
        with Publisher(settings, codec_for(settings)) as publisher:
            for person_id in person_ids:
                publisher.erase_contact(person_id)
    except (Invalid, PublishingFailed) as error:
        fail(str(error))
    typer.echo(f"erased: {', '.join(person_ids)}")


def _format_of(request: Request) -> str:
    name = request.format or request.file.suffix.lstrip(".").lower()
    if name in _FORMATS:
        return _FORMATS[name]
    raise typer.BadParameter(
        f"can't tell the format of {request.name} by its name: give --format csv or jsonl"
        if request.format is None
        else f"{name} is none of csv, jsonl",
        param_hint="--format",
    )


def _mapping_of(request: Request) -> Mapping:
    if request.mapping is None:
        return named_like_fields(KINDS[request.kind])
    try:
        return load_mapping(request.mapping, request.kind)
    except MappingError as error:
        fail(f"the mapping can't be used\n{error}")


def _refused_path(request: Request, form: str) -> Path:
    """Return where wrong lines go; ends the command if somebody may be repairing them there."""
    beside = Path("stdin") if request.name == "stdin" else request.file
    path = request.refused or beside.with_name(f"{beside.stem}.refused.{form}")
    if path.exists():
        fail(f"{path} is there already; move it away, or name another file with --refused")
    return path


def _check(
    request: Request,
    form: str,
    mapping: Mapping,
    spool: Spool,
    refused: Path | None,
    bar: Progress,
) -> Checked:
    """Check the whole file, and name all that is wrong on stderr."""
    with ExitStack() as stack:
        try:
            rows = _rows(stack.enter_context(_opened(request, bar)), form, mapping)
            lines = RefusedLines(refused, rows.columns, mapping.csv) if refused else None
            if lines is not None:
                stack.enter_context(lines)

            def refuse(written: Written, problems: Sequence[Problem]) -> None:
                for problem in problems:
                    bar.console.print(problem.located(request.name))
                if lines is not None:
                    lines.add(written, problems)

            return check(rows, mapping, spool, refuse)
        except OSError as error:
            fail(f"{error.filename or request.name}: {error.strerror or error}")
        except UnusableFile as error:
            fail(error.located(request.name))


def _opened(request: Request, bar: Progress) -> BinaryIO:
    """Return the file, its reading shown on the bar."""
    if request.name == "stdin":
        stream, size = sys.stdin.buffer, None
    else:
        stream = request.file.open("rb")
        size = request.file.stat().st_size
    return bar.wrap_file(stream, total=size or 1, description="Checking")


def _rows(stream: BinaryIO, form: str, mapping: Mapping) -> Rows:
    return CsvRows(stream, mapping.csv) if form == "csv" else JsonRows(stream)


def _send(spool: Spool, settings: Settings, bar: Progress) -> FlushResult:
    """Send what is in the spool, up to the first failure."""
    publisher = Publisher(settings, codec_for(settings))
    for _, record in bar.track(spool.records(), total=spool.count(), description="Sending"):
        if publisher.failures:
            break
        publisher.publish(record)
    return publisher.flush()


def _progress() -> Progress:
    """Return a bar on stderr; none where that is no terminal."""
    console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
