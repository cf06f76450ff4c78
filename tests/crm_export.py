"""The public CRM export as records, by the very mappings that docs/examples ships."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from accolade.streams.importing.checking import check
from accolade.streams.importing.csv_rows import CsvRows
from accolade.streams.importing.load import load_mapping
from accolade.streams.importing.spool import Spool
from accolade.streams.records import Record

#: Names the folder of the export's files; the project doesn't hold them.
VARIABLE = "ACCOLADE_CRM_DATA"
MAPPINGS = Path(__file__).parents[1] / "docs" / "examples" / "crm-export"

#: (kind, mapping, file) in the order in which publish.sh publishes them.
STEPS = (
    ("units", "regions.yaml", "sales_teams.csv"),
    ("units", "teams.yaml", "sales_teams.csv"),
    ("people", "managers.yaml", "sales_teams.csv"),
    ("people", "reps.yaml", "sales_teams.csv"),
    ("contacts", "manager-contacts.yaml", "sales_teams.csv"),
    ("contacts", "rep-contacts.yaml", "sales_teams.csv"),
    ("deals", "deals.yaml", "sales_pipeline.csv"),
)


def crm_export_folder() -> Path:
    """Return the folder of the export; skip the test where the environment names none."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"set {VARIABLE} to the folder of the CRM export's CSV files")
    return Path(folder)


def crm_export_records(directory: Path) -> list[Record]:
    """Return everything the export says: units, people, contacts, then deals."""
    return [record for step in STEPS for record in _records(directory, *step)]


def _records(directory: Path, kind: str, mapping_name: str, file: str) -> Iterator[Record]:
    mapping = load_mapping(MAPPINGS / mapping_name, kind)
    with (directory / file).open("rb") as stream, Spool(mapping.record) as spool:
        checked = check(CsvRows(stream, mapping.csv), mapping, spool, lambda *_: None)
        assert checked.refused == 0
        for _, record in spool.records():
            yield record
