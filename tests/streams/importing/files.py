"""What the tests of importing share: files made of records, and files checked."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from hypothesis import strategies as st

from accolade.streams.importing.checking import Checked, check
from accolade.streams.importing.csv_rows import CsvRows
from accolade.streams.importing.json_rows import JsonRows
from accolade.streams.importing.mapping import Mapping
from accolade.streams.importing.problems import Problem
from accolade.streams.importing.rows import Rows, Written
from accolade.streams.importing.spool import Spool
from accolade.streams.records import Deal, Record, TeamMember
from accolade.streams.validation import DEAL_KINDS, STAGES

#: Ids and texts as they may stand in a cell: what surrounds them is no part of them.
texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="|/"),
    min_size=1,
    max_size=20,
).filter(lambda text: text == text.strip() and not text.startswith("unit:"))
times = st.integers(946_684_800_000_000, 4_102_444_799_999_999)
members = st.builds(
    TeamMember, rep_id=texts, role=texts, share_bp=st.none() | st.integers(0, 5_000)
)
deals = st.builds(
    Deal,
    deal_id=texts,
    revision=st.integers(0, 5),
    occurred_at=times,
    stage=st.sampled_from(STAGES),
    amount=st.decimals(0, 10**9, places=2),
    currency=st.sampled_from(["EUR", "USD", "INR"]),
    account_id=st.none() | texts,
    team=st.lists(members, min_size=1, max_size=2, unique_by=lambda member: member.rep_id).map(
        tuple
    ),
    kind=st.none() | st.sampled_from(DEAL_KINDS),
    product=st.none() | texts,
    logged_at=st.none() | times,
    dimensions=st.dictionaries(texts, texts, max_size=2),
    source=texts,
)


@dataclass
class Outcome:
    """What a file was found to hold."""

    checked: Checked
    records: list[Record]
    refused: list[tuple[Written, Sequence[Problem]]] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        """All problems, as they are shown."""
        return [problem.located("f") for _, problems in self.refused for problem in problems]


def values_of(outcome: Outcome, name: str) -> list[object]:
    """Return one field of all records."""
    return [getattr(record, name) for record in outcome.records]


def checked(rows: Rows, mapping: Mapping) -> Outcome:
    """Check a file and take what it holds."""
    refused: list[tuple[Written, Sequence[Problem]]] = []
    with Spool(mapping.record) as spool:
        found = check(
            rows, mapping, spool, lambda written, problems: refused.append((written, problems))
        )
        return Outcome(found, [record for _, record in spool.records()], refused)


def csv_checked(text: str | bytes, mapping: Mapping) -> Outcome:
    """Check a CSV file."""
    data = text.encode() if isinstance(text, str) else text
    return checked(CsvRows(io.BytesIO(data), mapping.csv), mapping)


def json_checked(text: str | bytes, mapping: Mapping) -> Outcome:
    """Check a JSON lines file."""
    data = text.encode() if isinstance(text, str) else text
    return checked(JsonRows(io.BytesIO(data)), mapping)


def as_json_line(record: Record) -> str:
    """Return a record as a line of JSON whose names are its fields."""
    return msgspec.json.encode(record).decode() + "\n"
