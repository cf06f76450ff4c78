from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.importing.load import load_mapping, named_like_fields
from accolade.streams.importing.mapping import Csv, Mapping
from accolade.streams.importing.refused import RefusedLines
from accolade.streams.importing.rows import UnusableFile
from accolade.streams.records import Contact, Deal, Payment, Person, Unit
from tests.crm_export import MAPPINGS, STEPS, crm_export_folder, crm_export_records
from tests.streams.importing.files import (
    Outcome,
    as_json_line,
    csv_checked,
    deals,
    json_checked,
    values_of,
)

CONTACTS = named_like_fields(Contact)
DEALS = named_like_fields(Deal)
#: A line that is wrong in each way there is, and one that isn't.
BAD_CSV = (
    b'person_id,revision,name\nann,1,Ann\nbo,x,Bo\ncy,1\ndi,1,"D"i\ned,1,J\xf6rg\nann,1,Anna\n'
)
BAD_JSON = (
    b'{"person_id": "ann", "revision": 1, "name": "Ann"}\n'
    b'{"person_id": "bo", "revision": 1.5, "name": 0.10}\n'
    b'{"person_id": "cy", "revision": 1, "nam": "Cy"}\n'
    b"[7]\n"
    b'{"person_id": "J\xf6rg"}\n'
)


def refused_file(outcome: Outcome, path: Path, columns: tuple[str, ...] | None) -> bytes:
    """Return the file of what was refused."""
    with RefusedLines(path, columns, Csv()) as lines:
        for written, problems in outcome.refused:
            lines.add(written, problems)
    return path.read_bytes()


def test_lines_that_contradict_each_other_are_all_refused():
    """Nothing tells which is right; a further copy of either is refused as well."""
    outcome = csv_checked(
        "person_id,revision,name\nann,1,Ann\nbo,1,Bo\nann,1,Anna\nann,1,Ann\nann,2,Anna\n", CONTACTS
    )

    assert values_of(outcome, "revision") == [1, 2]
    assert outcome.problems == [
        f"f:{line}: line {other} says something else of the same Contact at the same revision"
        for line, other in ((2, 4), (4, 2), (5, 4))
    ]
    assert outcome.checked.by_reason == {"conflict": 3}


def test_what_several_lines_say_alike_is_sent_once():
    """As the units named on the line of each of their members."""
    outcome = csv_checked("person_id,revision,name\nann,1,Ann\nbo,1,Bo\nann,1,Ann\n", CONTACTS)

    assert (outcome.checked.lines, outcome.checked.repeated, len(outcome.records)) == (3, 1, 2)


def test_payments_of_different_deals_contradict_nothing():
    """An id is a payment's own beside its deal's alone, wherever the one ends."""
    payments = named_like_fields(Payment)
    outcome = csv_checked(
        "payment_id,revision,occurred_at,deal_id,kind,amount,currency\n"
        "1,1,2026-04-01T00:00:00Z,D,refund,5,USD\n"
        "1,1,2026-04-01T00:00:00Z,E,refund,6,USD\n"
        "1 1,1,2026-04-01T00:00:00Z,F,refund,7,USD\n"
        "1,1,2026-04-01T00:00:00Z,F 1,refund,8,USD\n",
        payments,
    )

    assert (outcome.problems, values_of(outcome, "amount")) == ([], [5, 6, 7, 8])


@given(st.lists(deals, max_size=4), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing_but_the_order_of_records(written, random):
    """Contradictions are found wherever they stand."""
    shuffled = random.sample(written, len(written))
    outcomes = [json_checked("".join(map(as_json_line, ds)), DEALS) for ds in (written, shuffled)]

    assert len({repr(sorted(map(repr, outcome.records))) for outcome in outcomes}) == 1
    assert outcomes[0].checked == outcomes[1].checked


@given(st.binary(max_size=200))
def test_every_line_is_read_or_refused_whatever_the_bytes(data):
    """None is lost on the way."""
    for check in (csv_checked, json_checked):
        try:
            outcome = check(b"person_id,revision,name\n" + data, CONTACTS)
        except UnusableFile:
            continue
        found = outcome.checked
        assert len(outcome.records) + found.repeated + found.refused == found.lines
        assert len(outcome.refused) == found.refused


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        (
            "person_id,revision,nam",
            "f:1: column 'nam' is no field of Contact (person_id, revision,",
        ),
        ("person_id,name", "f:1: there is no column 'revision', which Contact needs; or give a m"),
    ],
)
def test_a_file_without_mapping_must_name_its_columns_like_the_fields(header, problem):
    """A misspelt optional field would be lost silently."""
    with pytest.raises(UnusableFile) as error:
        csv_checked(f"{header}\n", CONTACTS)
    assert error.value.located("f").startswith(problem)


def test_a_column_that_the_mapping_reads_must_be_there():
    """The columns that there are are named."""
    mapping = load_mapping(MAPPINGS / "regions.yaml", "units")
    with pytest.raises(UnusableFile, match=r"no column 'regional_office', .* there are 'a', 'b'"):
        csv_checked("a,b\n", mapping)


def test_refused_lines_are_written_as_they_came_with_the_reasons_in_front(tmp_path):
    """Bytes that aren't text, and lines that aren't CSV, too."""
    outcome = csv_checked(BAD_CSV, CONTACTS)

    assert refused_file(outcome, tmp_path / "r.csv", ("person_id", "revision", "name")) == (
        b"refused_because,person_id,revision,name\n"
        b"column 'revision': not a whole number (value 'x'),bo,x,Bo\n"
        b'"has 2 cells, and the header names 3",cy,1\n'
        b'"not CSV: \',\' expected after \'""\'","di,1,""D""i\n"\n'
        b"column 'name': not utf-8-sig text,ed,1,J\xf6rg\n"
        b"line 7 says something else of the same Contact at the same revision,ann,1,Ann\n"
        b"line 2 says something else of the same Contact at the same revision,ann,1,Anna\n"
    )


def test_refused_json_is_written_as_json(tmp_path):
    """Numbers stay as they are; what is no object is kept as text."""
    outcome = json_checked(BAD_JSON, CONTACTS)
    lines = refused_file(outcome, tmp_path / "r.jsonl", None).decode().splitlines()

    assert lines[0] == (
        "{\"refused_because\":\"column 'revision': not a whole number (value '1.5')\","
        '"person_id":"bo","revision":1.5,"name":0.10}'
    )
    assert lines[2:] == [
        '{"refused_because":"not a JSON object","malformed_line":"[7]"}',
        '{"refused_because":"not UTF-8 text",'
        '"malformed_line":"{\\"person_id\\": \\"J\\\\xf6rg\\"}"}',
    ]


@pytest.mark.parametrize(
    ("check", "data", "columns"),
    [
        (csv_checked, BAD_CSV, ("person_id", "revision", "name")),
        (json_checked, BAD_JSON, None),
    ],
)
def test_a_refused_file_that_is_not_repaired_is_refused_again(tmp_path, check, data, columns):
    """Line by line; its own first column is no field."""
    once = refused_file(check(data, CONTACTS), tmp_path / "1", columns)
    again = check(once, CONTACTS)

    assert again.records == []
    assert again.checked.refused == check(data, CONTACTS).checked.refused


def test_a_refused_file_that_is_repaired_is_read(tmp_path):
    """With the reasons still in it."""
    once = refused_file(
        csv_checked("person_id,revision,name\nbo,x,Bo\n", CONTACTS),
        tmp_path / "r.csv",
        ("person_id", "revision", "name"),
    )
    repaired = csv_checked(once.replace(b",x,", b",3,"), CONTACTS)

    assert repaired.records == [Contact(person_id="bo", revision=3, name="Bo")]


def test_a_file_without_refused_lines_is_not_left_behind(tmp_path):
    """Nor is a file overwritten in which somebody may be repairing."""
    with RefusedLines(tmp_path / "r.csv", ("a",), Csv()):
        pass
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "r.csv").write_text("mine")
    with pytest.raises(FileExistsError):
        RefusedLines(tmp_path / "r.csv", ("a",), Csv())


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step[1])
def test_the_shipped_mappings_are_right(step):
    """Each for its kind."""
    kind, name, _ = step
    assert isinstance(load_mapping(MAPPINGS / name, kind), Mapping)


def test_every_opportunity_of_the_crm_export_goes_in():
    """With the reps, managers, teams and regions that its deals are credited to."""
    records = crm_export_records(crm_export_folder())
    found = [record for record in records if isinstance(record, Deal)]
    people = {record.person_id: record for record in records if isinstance(record, Person)}
    units = {record.unit_id: record for record in records if isinstance(record, Unit)}

    assert [sum(deal.stage == stage for deal in found) for stage in ("won", "lost", "open")] == [
        6_438,
        3_493,
        4_346,
    ]
    assert {member.rep_id for deal in found for member in deal.team} <= people.keys()
    assert {person.team_id for person in people.values()} <= units.keys()
    assert {unit.parent_id for unit in units.values()} <= units.keys() | {None}
    assert min(deal.occurred_at for deal in found) > max(p.valid_from for p in people.values())
    assert (len(people), len(units)) == (36, 9)
