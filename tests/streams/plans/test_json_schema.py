from pathlib import Path

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from accolade.streams.plans.catalogue import catalogue_names, catalogue_text
from accolade.streams.plans.document import read_document
from accolade.streams.plans.json_schema import plan_schema, schema_text
from tests.streams.plans.drawn_plans import plans
from tests.streams.plans.plan_texts import COMPONENTS, HEAD, MEASURES, of, plan_text

PUBLISHED = Path(__file__).parents[3] / "docs" / "plan.schema.json"
VALIDATOR = Draft202012Validator(plan_schema())


def accepts(text: str) -> bool:
    """Tell whether the schema accepts a plan file, its numbers as an editor sees them."""
    return VALIDATOR.is_valid(_as_seen(read_document(text).value))


def _as_seen(value: object) -> object:
    if isinstance(value, dict):
        return {key: _as_seen(inside) for key, inside in value.items()}
    if isinstance(value, list):
        return [_as_seen(inside) for inside in value]
    if value is None or isinstance(value, str | bool):
        return value
    number = float(str(value))
    return int(number) if number.is_integer() else number


def test_the_published_schema_is_current() -> None:
    """`accolade plan schema > docs/plan.schema.json` makes it so."""
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text()


def test_the_schema_is_one() -> None:
    """Every keyword is used as JSON Schema has it."""
    Draft202012Validator.check_schema(plan_schema())


@pytest.mark.parametrize("name", catalogue_names())
def test_the_schema_accepts_the_plans_of_the_catalogue(name: str) -> None:
    """An editor must not complain about a right plan."""
    assert accepts(catalogue_text(name))


@given(plans)
def test_the_schema_accepts_what_the_models_do(said: dict[str, object]) -> None:
    """Whatever is right in structure."""
    assert VALIDATOR.is_valid(said), list(VALIDATOR.iter_errors(said))


@pytest.mark.parametrize(
    "text",
    [
        plan_text(head=HEAD.replace("rounding: half_up\n", "")),
        plan_text(head=HEAD.replace("USD", "DOLLARS")),
        plan_text(head=HEAD.replace("refunds", "refund")),
        plan_text(head=f"{HEAD}grace: {{days: 5}}\n"),
        plan_text(head=HEAD.replace("{roles: [account_executive]}", "{}")),
        plan_text(measures=MEASURES.replace(", credit: whole", "")),
        plan_text(measures="Sales: {of: activity, sum: quantity}\n"),
        plan_text(COMPONENTS.replace("5%", "5")),
        plan_text(COMPONENTS.replace("money: 5", "money: -5")),
        of("measure: sales, pays: {slabs: [{from: 1}]}"),
        of("measure: sales, pays: {slabs: [{from: 1, training: T}]}"),
        of("measure: sales, pays: {}"),
        of("measure: sales, board: b, pays: {per_unit: {money: 5}}"),
        of("measure: sales, pays: {curve: {}}"),
        of("measure: sales, gate: {}, pays: {per_unit: {money: 5}}"),
    ],
)
def test_the_schema_refuses_what_is_wrong_in_structure(text: str) -> None:
    """As far as an editor can see it."""
    assert not accepts(text)
