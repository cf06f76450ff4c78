"""Reads a history, folds it, and shows what has come of it."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from accolade.deploy.cli.history_shown import (
    show_comparison,
    show_outcome,
    show_sheet,
)
from accolade.deploy.cli.problems import fail
from accolade.streams.history.comparison import BadSheet, cells_of, read_sheet
from accolade.streams.history.fact_files import BadLine, Line, lines_of, read_lines
from accolade.streams.history.flow import Flow
from accolade.streams.history.fold import Fold
from accolade.streams.history.outcome import Refused, Replayed
from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.load import check
from accolade.streams.records import Plan
from accolade.streams.rules.state import Rejected

_STDIN = Path("-")
#: Lines between two steps of the progress bar.
_STEP = 2_000


class Asked(NamedTuple):
    """What the command line asks for."""

    #: None for the deployment's own log.
    facts: tuple[Path, ...]
    plans: Path | None
    compare: Path | None
    against: Path | None
    #: µs UTC.
    as_of: int | None
    as_json: bool


def run(asked: Asked) -> None:
    """Replay as asked; ends the command."""
    partitions = 1 if asked.facts else _facts_partitions()
    plans = None if asked.plans is None else read_plans(asked.plans)
    fold = Fold(plans, partitions)
    other = None
    if asked.compare is not None:
        other = Fold(read_plans(asked.compare), partitions)
    folds = [fold] if other is None else [fold, other]
    replayed = _of_files(asked, folds) if asked.facts else _of_log(asked, folds)
    outcome = fold.finish()
    cells = cells_of(outcome.standing_awards())
    differs = False
    if other is not None:
        show_comparison(replayed, cells, cells_of(other.finish().standing_awards()), asked.as_json)
    elif asked.against is not None:
        try:
            sheet = read_sheet(asked.against, cells)
        except BadSheet as error:
            fail(str(error))
        differs = show_sheet(replayed, sheet, cells, asked.as_json)
    else:
        show_outcome(replayed, outcome, asked.as_json)
    raise typer.Exit(1 if replayed.refused or differs else 0)


def read_plans(folder: Path) -> list[Plan]:
    """Return the plans of a folder; ends the command with all findings if one is wrong."""
    files = sorted([*folder.glob("*.yaml"), *folder.glob("*.yml")])
    if not files:
        fail(f"{folder}: there is no plan file (*.yaml) in it")
    plans: dict[str, Plan] = {}
    wrong: list[str] = []
    for file in files:
        checked = check(file.read_bytes())
        errors = [finding for finding in checked.findings if finding.severity == "error"]
        wrong += [f"{file}:{f.line}:{f.column}: {f.message}" for f in errors]
        if checked.plan is None:
            continue
        if checked.plan.plan in plans:
            wrong.append(f"{file}: another file has the plan {checked.plan.plan} too")
        plans[checked.plan.plan] = plan_record(checked.plan, version=1)
    if wrong:
        fail("the plans can't be used\n" + "\n".join(wrong))
    return list(plans.values())


# --- files ---


def _of_files(asked: Asked, folds: Sequence[Fold]) -> Replayed:
    flow = Flow(folds)
    refused: list[Refused] = []
    count = 0
    for line in _lines(asked.facts):
        if isinstance(line.fact, BadLine):
            refused.append(Refused(f"{line.file}:{line.number}", str(line.fact)))
            continue
        if asked.as_of is not None and line.arrived_at > asked.as_of:
            continue
        count += 1
        try:
            flow.put(line.fact)
        except Rejected as rejected:
            refused.append(Refused(f"{line.file}:{line.number}", rejected.message))
    return Replayed(count, refused)


def _lines(files: Sequence[Path]) -> Iterator[Line]:
    """Yield the lines of all files, with a progress bar where somebody looks at one."""
    try:
        total = sum(file.stat().st_size for file in files if file != _STDIN)
        several = [
            lines_of(sys.stdin.buffer, "-") if file == _STDIN else read_lines(file)
            for file in files
        ]
        with _progress() as progress:
            task = progress.add_task("reading", total=total or None)
            for lines in several:
                yield from _counted(lines, progress, task)
    except OSError as error:
        fail(f"{error.filename}: can't be read: {error.strerror}")


def _counted(lines: Iterable[Line], progress: Progress, task: TaskID) -> Iterator[Line]:
    before = last = 0
    for at, line in enumerate(lines):
        last = line.bytes_read
        if at % _STEP == 0:
            progress.advance(task, last - before)
            before = last
        yield line
    progress.advance(task, last - before)


# --- the log ---


def _facts_partitions() -> int:
    from accolade.deploy.cli.problems import load_settings

    return load_settings().facts_partitions


def _of_log(asked: Asked, folds: Sequence[Fold]) -> Replayed:
    from accolade.deploy.cli.brokers import reachable_settings
    from accolade.schemas import codec_for
    from accolade.streams.catalogue import FACTS
    from accolade.streams.history.log_facts import logged_facts
    from accolade.streams.log_reader import LogUnavailable

    settings = reachable_settings([FACTS])
    refused: list[Refused] = []
    count = 0
    try:
        with _progress() as progress:
            task = progress.add_task("reading", total=None)
            for entry in logged_facts(settings, codec_for(settings)):
                if asked.as_of is not None and entry.appended_at > asked.as_of:
                    continue
                count += 1
                if count % _STEP == 0:
                    progress.update(task, completed=count, description=f"{count:,} facts")
                try:
                    for fold in folds:
                        fold.put(entry.fact, entry.partition)
                except Rejected as rejected:
                    place = f"{FACTS.name}/{entry.partition}/{entry.offset}"
                    refused.append(Refused(place, rejected.message))
    except LogUnavailable as error:
        fail(str(error))
    return Replayed(count, refused)


def _progress() -> Progress:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)
