from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.plans.document import LARGEST_FILE_BYTES, Document, read_document
from accolade.streams.plans.findings import Place


def test_a_number_is_what_is_written() -> None:
    """No digit goes by way of a float, and none is added."""
    document = read_document("a: 0.1000000000000000055511151231257827\nb: 75000\nc: -1.50\n")

    assert document.value == {
        "a": Decimal("0.1000000000000000055511151231257827"),
        "b": Decimal(75000),
        "c": Decimal("-1.50"),
    }
    assert str(document.value["c"]) == "-1.50"


def test_words_of_old_yaml_stay_words() -> None:
    """`on` is a key of plans, `no` a country, and 1:30 no number of seconds."""
    text = "on: no\nyes: off\ntime: 1:30\nunder: 1_000\nexponent: 1e3\nday: 2026-04-01\n"

    assert read_document(text).value == {
        "on": "no",
        "yes": "off",
        "time": "1:30",
        "under": "1_000",
        "exponent": "1e3",
        "day": "2026-04-01",
    }


def test_quoted_scalars_are_text() -> None:
    """Quotes turn what looks like a number or nothing into text."""
    assert read_document("a: \"5\"\nb: 'true'\nc: ''\n").value == {"a": "5", "b": "true", "c": ""}


def test_each_value_knows_its_place() -> None:
    """Lines and columns count from 1, for keys and for values."""
    document = read_document("# a comment\nouter:\n  - {inner: 5%}\n")

    assert document.value == {"outer": [{"inner": "5%"}]}
    assert document.keys["outer", 0, "inner"] == Place(3, 6)
    assert document.values["outer", 0, "inner"] == Place(3, 13)


def test_a_key_that_is_there_twice_is_refused() -> None:
    """What it holds the second time is not taken for a part of the plan."""
    document = read_document("a: 1\nb: 2\na: {c: [1, 2], b: 3}\nd: 4\n")

    assert _said(document) == [(3, 1, "is there twice, first on line 1: keep one of them")]
    assert document.value == {"a": Decimal(1), "b": Decimal(2), "d": Decimal(4)}


def test_keys_and_items_without_a_value_are_listed() -> None:
    """Nothing is not taken for a choice."""
    document = read_document("a:\nb: null\nc: [1, ~]\n")

    assert document.empty == [("a",), ("b",), ("c", 1)]


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "is empty"),
        ("# nothing\n", 1, 1, "is empty"),
        ("- a\n- b\n", 1, 1, "is not a mapping"),
        ("a: 1\n---\nb: 2\n", 3, 1, "something after the plan"),
        ("a: &x {b: 1}\n", 1, 4, "anchor or alias"),
        ("a: *x\n", 1, 4, "anchor or alias"),
        ("a: !!float 5\n", 1, 4, "has a tag here"),
        ("a: !!python/object:os.system x\n", 1, 4, "has a tag here"),
        ("{a: 1}: b\n", 1, 1, "a key here that is not a word"),
        ("a: [1, 2\nb: 3\n", 1, 4, "has a bracket here that is not closed"),
        ("a: 1\n\tb: 2\n", 2, 1, "has a tab here"),
        ("a: 1\nb: \x01\n", 2, 4, "U+0001"),
        ("a: " + "[" * 40 + "]" * 40, 1, 24, "is nested too deeply"),
        ("a: " + "x" * LARGEST_FILE_BYTES, 1, 1, "is larger than 128 KiB"),
    ],
)
def test_what_is_no_plan_file_is_refused(text: str, line: int, column: int, says: str) -> None:
    """The place and the reason are said."""
    document = read_document(text)

    assert document.value is None
    [(at_line, at_column, message)] = _said(document)
    assert (at_line, at_column) == (line, column)
    assert says in message


def test_bytes_are_utf_8() -> None:
    """Other bytes are refused with their line; a byte order mark does no harm."""
    assert read_document(b"\xef\xbb\xbfa: \xc3\xa9\n").value == {"a": "é"}
    assert _said(read_document(b"a: 1\nb: \xe9\n")) == [(2, 1, "is not text in UTF-8")]


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing that someone writes ends in a traceback."""
    document = read_document(text)

    assert (document.value is None) == bool(_said(document)) or document.value is not None


def _said(document: Document) -> list[tuple[int, int, str]]:
    return [(*document.place(issue), issue.message) for issue in document.issues]
