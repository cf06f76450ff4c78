"""What docs/publishing.md shows works as it is written."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from accolade.streams.catalogue import CONTACTS, DEALS
from accolade.streams.importing.kinds import KINDS
from accolade.streams.importing.load import named_like_fields, parse_mapping
from accolade.streams.outgoing import topic_for
from accolade.streams.records import Deal
from tests.streams.importing.files import csv_checked
from tests.streams.topics_here import records_of, with_topics

TEXT = (Path(__file__).parents[2] / "docs" / "publishing.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    """Return the code blocks of a language."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)
    return [text for name, text in found if name == language]


@pytest.mark.parametrize("text", blocks("yaml"))
def test_mappings_are_right(text):
    """Each for the kind it names."""
    kind = text.partition("record: ")[2].partition("\n")[0]

    assert parse_mapping(text, "docs", kind).record is KINDS[kind]


@pytest.mark.pipeline
def test_programs_run(kafka, prefix):
    """As they stand there."""
    settings = with_topics(kafka, prefix)
    for program in blocks("python"):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, **settings.as_environment()},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
    published = [*records_of(settings, DEALS), *records_of(settings, CONTACTS)]

    assert [type(record).__name__ for record in published] == ["Deal", "Contact"]


def test_the_file_without_mapping_can_be_read():
    """Lists are JSON in their cells."""
    (text,) = (block for block in blocks("") if block.startswith("deal_id,"))

    assert len(csv_checked(text, named_like_fields(Deal)).records) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_in_the_table(kind):
    """With its record and its topic."""
    made = KINDS[kind]
    (row,) = (line for line in TEXT.splitlines() if line.startswith(f"| `{kind}` "))

    assert f"| {made.__name__} |" in row
    assert row.endswith(f"| `{topic_for(made).name}` |")
