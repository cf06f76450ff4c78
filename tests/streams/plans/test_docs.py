import json
import re
from pathlib import Path
from typing import Any

import pytest

from accolade.streams.plans.canonical import parse_body
from accolade.streams.plans.catalogue import catalogue_plans
from accolade.streams.plans.document import read_document
from accolade.streams.plans.load import check
from accolade.streams.plans.reserved import RESERVED_KEYS, RESERVED_VALUES

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "plans.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
HEADINGS = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)


def completed(example: str) -> str:
    """Return an example with what it leaves out from the whole plan at the top of the page."""
    whole, said = read_document(EXAMPLES[0]).value, read_document(example).value
    assert said is not None, example
    plan: dict[str, Any] = {**whole, **said}
    for parts in ("measures", "boards"):
        plan[parts] = {**whole[parts], **said.get(parts, {})}
    return json.dumps(plan, default=str)


def section(name: str) -> str:
    """Return what is generated for a part of the page."""
    found = re.search(rf"<!-- {name}: begin -->\n(.*?)<!-- {name}: end -->", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "example", EXAMPLES, ids=lambda example: example.split("\n")[-2].strip()[:40]
)
def test_each_example_is_a_right_plan(example: str) -> None:
    """Read and checked without an error."""
    checked = check(completed(example))

    assert checked.plan is not None, checked.findings


def test_the_whole_plan_is_whole() -> None:
    """It is the first example, and needs nothing added."""
    assert check(EXAMPLES[0]).findings == ()


def test_what_is_reserved_is_listed() -> None:
    """Each key and value, with its meaning and how it will be written."""
    rows = ["| where | key | meaning | will be written |", "| --- | --- | --- | --- |"]
    for key in RESERVED_KEYS:
        place = f"`{'.'.join(key.place)}`" if key.place else "the head"
        rows.append(f"| {place} | `{key.key}` | {key.meaning} | `{key.key}: {key.example}` |")
    for value in RESERVED_VALUES:
        place = ".".join(value.place)
        rows.append(f"| `{place}` | | {value.meaning} | `{value.place[-1]}: {value.value}` |")

    assert section("reserved").splitlines() == rows


def test_the_plans_of_the_catalogue_are_listed() -> None:
    """Each with its title and a link to its file."""
    rows = ["| id | title |", "| --- | --- |"]
    for record in catalogue_plans():
        file = f"../streams/plans/catalogue/{record.plan_id}.yaml"
        assert (ROOT / "docs" / file).exists()
        rows.append(f"| [`{record.plan_id}`]({file}) | {parse_body(record.body).title} |")

    assert section("catalogue").splitlines() == rows


def test_links_within_the_page_lead_somewhere() -> None:
    """Each to a heading."""
    anchors = {
        re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in HEADINGS
    }

    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= anchors


def test_rules_cite_headings_that_are_there() -> None:
    """Each `docs/plans.md, "…"` in the code."""
    cited = {
        heading
        for file in (ROOT / "streams").rglob("*.py")
        for heading in re.findall(r'docs/plans\.md, "([^"]+)"', file.read_text(encoding="utf-8"))
    }

    assert cited
    assert cited <= set(HEADINGS)
