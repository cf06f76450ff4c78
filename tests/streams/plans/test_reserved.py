from typing import Any

import pytest

from accolade.streams.plans.json_schema import known_keys, schema_at
from accolade.streams.plans.reserved import RESERVED_KEYS, RESERVED_VALUES, ReservedKey
from tests.streams.plans.plan_texts import (
    COMPONENTS,
    HEAD,
    MEASURES,
    findings,
    of,
    plan_text,
    pointed_at,
)


def using(key: ReservedKey) -> str:
    """Return a plan that uses a reserved key where it will belong."""
    said = f"{key.key}: {key.example}"
    match key.place:
        case ():
            return plan_text(head=f"{HEAD}{said}\n")
        case ("clawback",):
            return plan_text(head=HEAD.replace("clawback: restate", f"clawback: {{{said}}}"))
        case ("measures", "*"):
            return plan_text(measures=f"{MEASURES}m: {{{said}}}\n")
        case ("components", "*"):
            return of(
                f"measure: weeks, target: 3, {said}, pays: {{slabs: [{{from: 9, money: 5}}]}}"
            )
        case ("components", "*", "target"):
            return of(
                f"measure: sales, target: {{{said}}}, pays: {{slabs: [{{from: 9%, money: 5}}]}}"
            )
        case ("components", "*", "pays"):
            return of(f"measure: sales, pays: {{{said}}}")
    raise AssertionError(key.place)


@pytest.mark.parametrize("key", RESERVED_KEYS, ids=lambda key: ".".join((*key.place, key.key)))
def test_what_is_not_evaluated_yet_is_refused_by_name(key: ReservedKey) -> None:
    """And nothing else is complained about for want of it."""
    text = using(key)

    errors = [found for found in findings(text) if found.severity == "error"]

    assert [found.message for found in errors] == [
        f"`{key.key}` is not supported yet ({key.meaning})"
    ]
    assert pointed_at(text, errors[0]).startswith(f"{key.key}:")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (plan_text(head=HEAD.replace("restate", "original_rate")), "original_rate"),
        (
            plan_text(measures=f"{MEASURES}m: {{of: payment, sum: amount, credit: whole}}\n"),
            "payment",
        ),
        (
            of(
                "measure: sales, cap: {money: 5, above: carry_over},"
                " pays: {flat: {on: running_total, rate: 2%}}"
            ),
            "carry_over",
        ),
    ],
)
def test_a_value_that_is_not_evaluated_yet_is_refused_by_name(text: str, value: str) -> None:
    """With what it will be."""
    [found] = [f for f in findings(text) if f.severity == "error"]

    assert f"is not supported yet as `{value}`" in found.message
    assert pointed_at(text, found).startswith(value)


def test_each_reserved_value_is_tried_above() -> None:
    """One that is added needs its plan."""
    tried = {"original_rate", "payment", "carry_over"}

    assert {value.value for value in RESERVED_VALUES} == tried


@pytest.mark.parametrize("key", RESERVED_KEYS, ids=lambda key: ".".join((*key.place, key.key)))
def test_no_reserved_key_is_known_to_the_models(key: ReservedKey) -> None:
    """What the models come to know is no longer refused."""
    schema: dict[str, Any] = schema_at(key.place)

    assert key.key not in known_keys(schema)


def test_components_are_the_same_with_and_without_a_reserved_one() -> None:
    """The rest of the plan is looked at in spite of it."""
    broken = COMPONENTS.replace("5%", "5")
    found = findings(
        plan_text(broken.replace("measure: sales,", "measure: sales, draw: {money: 5},"))
    )

    assert [f.path[-1] for f in found] == ["draw", "rate"]
