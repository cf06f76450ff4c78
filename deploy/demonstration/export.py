"""A CRM export as a history: its deals, who sold them, and plans that fit its dates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from accolade.deploy.cli.tables import counted
from accolade.deploy.demonstration.export_plans import Span, closings, plans_for, span_of
from accolade.deploy.demonstration.history import History, names_in
from accolade.deploy.simulator.world import Event
from accolade.streams.catalogue import REFERENCE
from accolade.streams.importing.checking import check
from accolade.streams.importing.csv_rows import CsvRows
from accolade.streams.importing.fields import fields_of
from accolade.streams.importing.json_rows import JsonRows
from accolade.streams.importing.load import MappingError, load_mapping, named_like_fields
from accolade.streams.importing.mapping import Csv, Mapping, Source
from accolade.streams.importing.problems import Problem
from accolade.streams.importing.rows import Rows, UnusableFile, Written
from accolade.streams.importing.spool import Spool
from accolade.streams.outgoing import topic_for
from accolade.streams.records import Deal, Person, Record, Unit

#: The mappings of the public CRM export; they stand beside the code in a clone alone.
MAPPINGS = Path(__file__).resolve().parents[2] / "docs" / "examples" / "crm-export"
#: The file of the public export that says who is in which team, beside the deals.
TEAMS_FILE = "sales_teams.csv"
#: Mappings for it, in the order in which their records are published.
_ORGANISATION = (
    ("units", "regions.yaml"),
    ("units", "teams.yaml"),
    ("people", "managers.yaml"),
    ("people", "reps.yaml"),
    ("contacts", "manager-contacts.yaml"),
    ("contacts", "rep-contacts.yaml"),
)
#: What the reps of an export are made to be when nothing says who they are.
_ROLE, _TEAM_ID = "account_executive", "team-1"
_JSON_SUFFIXES = frozenset({".jsonl", ".ndjson"})
#: Wrong lines that are named one by one; they mostly have one cause.
_NAMED_PROBLEMS = 3

_NEXT_STEP = "`accolade publish deals FILE` sends them to Kafka; see docs/publishing.md."


class ExportError(Exception):
    """An export that can't be played, and why."""


@dataclass
class _Read:
    """The records of a file, and what was wrong with its other lines."""

    records: list[Record]
    notes: list[str]


def exported(file: Path, mapping_file: Path | None) -> History:
    """
    Return the history that an export tells.

    Args:
        file: CSV, or JSON lines where its name ends so: a deal on each line.
        mapping_file: Which columns the fields come from. Without it, the columns are
            those of the public CRM export, or called like the fields of a deal.

    Raises:
        ExportError: It can't be read, or no line of it is a deal.
    """
    try:
        mapping, is_public = _mapping(file, mapping_file)
        read = _read(file, mapping)
        organisation = _organisation(file.parent) if is_public else _Read([], [])
    except (MappingError, UnusableFile) as error:
        located = error.located(str(file)) if isinstance(error, UnusableFile) else str(error)
        raise ExportError(located) from error
    except OSError as error:
        raise ExportError(f"{error.filename or file}: {error.strerror or error}") from error
    deals = [record for record in read.records if isinstance(record, Deal)]
    if not deals:
        raise ExportError("\n".join([f"{file}: no line of it is a deal", *read.notes]))
    span = span_of(deals, _zone(mapping))
    known = [*organisation.records, *_made_up(deals, organisation.records, span)]
    events = list(_events(known, deals, span))
    notes = (*organisation.notes, *read.notes)
    return History(f"The deals in {file.name}", events, names_in(events), _NEXT_STEP, notes)


def _events(known: Iterable[Record], deals: Sequence[Deal], span: Span) -> Iterator[Event]:
    """Yield everything in order of arrival: what is known, the deals as they occurred, the end."""
    plans = plans_for(span, _currency(deals))
    first = min(deal.occurred_at for deal in deals)
    for record in [*known, *plans]:
        yield Event(topic_for(type(record)), record, first)
    for deal in sorted(deals, key=lambda deal: deal.occurred_at):
        yield Event(topic_for(Deal), deal, deal.occurred_at)
    for closing in closings(plans, span):
        yield Event(REFERENCE, closing, span.end_us)


# --- what is in the files ---


def _mapping(file: Path, mapping_file: Path | None) -> tuple[Mapping, bool]:
    """Return how to read the deals, and whether they are the public export's."""
    if mapping_file is not None:
        return load_mapping(mapping_file, "deals"), False
    columns = set(_columns(file))
    if columns <= fields_of(Deal).keys():
        return named_like_fields(Deal), False
    if not MAPPINGS.is_dir():
        raise ExportError(
            f"{file}: its columns are not called like the fields of a deal, and the mappings of "
            "the public CRM export are not here; run deploy/demo from a clone of the project, or "
            "give --mapping"
        )
    shipped = load_mapping(MAPPINGS / "deals.yaml", "deals")
    if set(shipped.columns()) <= columns:
        return shipped, True
    return named_like_fields(Deal), False


def _organisation(folder: Path) -> _Read:
    """Return the units, people and names that the public export has beside its deals."""
    file, all_read = folder / TEAMS_FILE, _Read([], [])
    if not file.is_file():
        return all_read
    for kind, name in _ORGANISATION:
        read = _read(file, load_mapping(MAPPINGS / name, kind))
        all_read.records += read.records
        all_read.notes += read.notes
    return all_read


def _columns(file: Path) -> tuple[str, ...]:
    """Return the columns of a file; of JSON lines, those of the first."""
    with file.open("rb") as stream:
        rows = _rows(file, stream, Csv())
        if rows.columns is not None:
            return rows.columns
        return next((tuple(row.cells.values) for row in rows), ())


def _rows(file: Path, stream: BinaryIO, written: Csv) -> Rows:
    is_json = file.suffix.lower() in _JSON_SUFFIXES
    return JsonRows(stream) if is_json else CsvRows(stream, written)


def _read(file: Path, mapping: Mapping) -> _Read:
    """Return what the good lines say; the others are left out and told of."""
    problems: list[Problem] = []

    def refuse(written: Written, found: Sequence[Problem]) -> None:
        problems.extend(found)

    with file.open("rb") as stream, Spool(mapping.record) as spool:
        checked = check(_rows(file, stream, mapping.csv), mapping, spool, refuse)
        records = [record for _, record in spool.records()]
    notes = []
    if checked.refused:
        notes = [f"{checked.refused:,} of {counted(checked.lines, 'line')} left out as wrong:"]
        notes += [problem.located(file.name) for problem in problems[:_NAMED_PROBLEMS]]
    return _Read(records, notes)


# --- what is made up where they don't say ---


def _made_up(deals: Iterable[Deal], organisation: Iterable[Record], span: Span) -> list[Record]:
    """Return people for the reps that nothing tells of: executives, all in one team."""
    known = {record.person_id for record in organisation if isinstance(record, Person)}
    found = {member.rep_id for deal in deals for member in deal.team} - known
    if not found:
        return []
    team = Unit(unit_id=_TEAM_ID, valid_from=span.start_us, revision=1, active=True, level="team")
    people = (
        Person(
            person_id=rep_id,
            valid_from=span.start_us,
            revision=1,
            active=True,
            role=_ROLE,
            team_id=_TEAM_ID,
        )
        for rep_id in sorted(found)
    )
    return [team, *people]


def _currency(deals: Iterable[Deal]) -> str:
    """Return the currency of most deals."""
    return Counter(deal.currency for deal in deals).most_common(1)[0][0]


def _zone(mapping: Mapping) -> str:
    """Return the zone that the deals' times are written in."""
    source = mapping.sources["occurred_at"]
    return (source.zone if isinstance(source, Source) else None) or "UTC"
