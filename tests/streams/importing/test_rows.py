import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.importing.csv_rows import CsvRows
from accolade.streams.importing.json_rows import JsonRows
from accolade.streams.importing.mapping import Csv
from accolade.streams.importing.rows import LINE_CHARACTERS_MAX, Row, UnusableFile


def csv_rows(data: bytes, written: Csv | None = None) -> list[Row]:
    """Return the rows of a CSV file."""
    return list(CsvRows(io.BytesIO(data), written or Csv()))


def json_rows(data: bytes) -> list[Row]:
    """Return the rows of a JSON lines file."""
    return list(JsonRows(io.BytesIO(data)))


def problem_of(row: Row) -> str:
    """Return what keeps a row from being read."""
    assert row.problem is not None
    return f"{row.problem.line}: {row.problem.message}"


def test_a_row_has_the_line_it_begins_on():
    """Also behind cells of several lines, and behind empty lines."""
    rows = csv_rows(b'a,b\r\n1,"x\r\ny"\r\n\r\n2,z\r\n')

    assert [(row.line, dict(row.cells.values)) for row in rows] == [
        (2, {"a": "1", "b": "x\r\ny"}),
        (5, {"a": "2", "b": "z"}),
    ]


def test_a_byte_order_mark_is_no_part_of_the_first_column():
    """Spreadsheets write one."""
    assert csv_rows(b"\xef\xbb\xbfa\n1\n")[0].cells.get("a") == "1"
    assert json_rows(b'\xef\xbb\xbf{"a": 1}')[0].cells.get("a") == 1


def test_another_delimiter_and_encoding_are_the_mappings():
    """As a spreadsheet in Europe writes them."""
    written = Csv(delimiter=";", encoding="cp1252")

    assert csv_rows("name;city\nJosé;Köln\n".encode("cp1252"), written)[0].written == [
        "José",
        "Köln",
    ]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"1", "3: has 1 cells, and the header names 2"),
        (b"1,2,3", "3: has 3 cells, and the header names 2"),
        (b"1,J\xf6rg", "3: column 'b': not utf-8-sig text"),
        (b'1,"a"b', "3: not CSV: ',' expected after '\"'"),
        (b'1,"never closed', "3: not CSV: unexpected end of data"),
        (b"1," + b"x" * 200_000, "3: not CSV: field larger than field limit (131072)"),
    ],
)
def test_a_line_that_is_no_csv_is_named_and_the_others_are_read(line, problem):
    """A bad line hides none of those before it, nor behind it unless it swallowed them."""
    rows = csv_rows(b"a,b\n1,2\n" + line + b"\n")

    assert [row.problem is None for row in rows] == [True, False]
    assert problem_of(rows[1]) == problem


def test_a_line_that_is_no_csv_is_kept_as_it_was():
    """Bytes of another encoding too."""
    (row,) = csv_rows(b'a,b\n1,"J\xf6rg"x\n')

    assert row.written[0].encode("utf-8", "surrogateescape") == b'1,"J\xf6rg"x\n'


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "f: empty: its first line must name the columns"),
        (b"a,b,a\n", "f:1: the header names column 'a' 2 times"),
        (b"a,\xff\n", "f:1: not utf-8-sig text"),
        (b'"a"b\n', "f:1: not CSV: ',' expected after '\"'"),
        (b"a\n" + b"x" * LINE_CHARACTERS_MAX, "f:2: longer than 4,194,304 characters"),
    ],
)
def test_a_file_that_is_no_csv_at_all_is_refused(data, problem):
    """Nothing can be said of its single lines."""
    with pytest.raises(UnusableFile) as error:
        csv_rows(data)
    assert error.value.located("f") == problem


def test_numbers_in_json_are_exact():
    """No binary fraction comes between."""
    (row,) = json_rows(b'{"a": 0.1, "b": 12345678901234567.89, "c": 1e2}')

    assert [row.cells.get(name) for name in "abc"] == [
        Decimal("0.1"),
        Decimal("12345678901234567.89"),
        Decimal("1E+2"),
    ]


def test_a_dot_reaches_into_an_object_unless_a_column_is_called_so():
    """As in `owner.name`."""
    nested, flat = json_rows(b'{"owner": {"name": "Ann"}}\n{"owner.name": "Bob", "owner": 1}')

    assert nested.cells.get("owner.name") == "Ann"
    assert flat.cells.get("owner.name") == "Bob"
    assert flat.cells.get("owner.name.first") is None


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"[1]", "2: not a JSON object"),
        (b'{"a": NaN}', "2: not JSON: "),
        (b'{"a": 1', "2: not JSON: "),
        (b'{"a": "\xf6"}', "2: not UTF-8 text"),
        (b'{"a": "\\ud800"}', "2: not JSON: "),
        (b"[" * 100_000, "2: not JSON: "),
        (b'{"a": 1, "a": 2}', "2: not JSON: 'a' stands twice in one object"),
    ],
)
def test_a_line_that_is_no_json_object_is_named(line, problem):
    """The others are read."""
    rows = json_rows(b'{"a": 1}\n' + line + b'\n\n{"a": 2}\n')

    assert problem_of(rows[1]).startswith(problem)
    assert [row.line for row in rows if row.problem is None] == [1, 4]


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reading_of_lines(data):
    """Every line is read, or told to be wrong, or the file is refused as a whole."""
    for read in (csv_rows, json_rows):
        try:
            rows = read(data)
        except UnusableFile:
            continue
        lines = [row.line for row in rows]
        assert lines == sorted(set(lines))
