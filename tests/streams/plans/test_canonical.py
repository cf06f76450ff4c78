import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.plans.canonical import (
    PlanBodyError,
    canonical_text,
    content_hash,
    parse_body,
    plan_record,
)
from accolade.streams.plans.load import check
from accolade.streams.plans.model import PlanFile
from tests.streams.plans.drawn_plans import plans
from tests.streams.plans.plan_texts import COMPONENTS, HEAD, MEASURES, of, plan_text


def read(text: str) -> PlanFile:
    """Return the plan of a file that is right."""
    plan = check(text).plan
    assert plan is not None
    return plan


BODY = canonical_text(read(plan_text()))


@given(plans)
def test_the_canonical_text_says_the_whole_plan(said: dict[str, Any]) -> None:
    """Written and read again, a plan is the same, and so is its text."""
    plan = PlanFile.model_validate(said)
    body = canonical_text(plan)

    assert parse_body(body) == plan
    assert canonical_text(parse_body(body)) == body


@given(plans, st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(said: dict[str, Any], random: Any) -> None:
    """But for the roles of a split, whose order has a meaning."""
    again = _shuffled(said, random)

    expected = canonical_text(PlanFile.model_validate(said))
    assert canonical_text(PlanFile.model_validate(again)) == expected


def _shuffled(value: Any, random: Any, key: str = "") -> Any:
    if isinstance(value, list):
        return [_shuffled(inside, random) for inside in value]
    if not isinstance(value, dict):
        return value
    items = [(name, _shuffled(inside, random, name)) for name, inside in value.items()]
    if key != "by_role":
        random.shuffle(items)
    return dict(items)


def test_layout_comments_and_ways_to_write_a_number_change_nothing() -> None:
    """The hash is that of what the plan says."""
    plain = read(plan_text())
    laid_out = read(
        "# A comment\n"
        + plan_text()
        .replace(
            "effective: {from: 2026-04-01, to: 2026-07-01}",
            "effective:\n  to: '2026-07-01'\n  from: 2026-04-01",
        )
        .replace("status: won", "status: [won]")
        .replace("rate: 5%", "rate: 5.00%")
        .replace("money: 5", "money: '5.0'")
        .replace("measure: sales,", "measure: sales, to: participant,")
    )

    assert canonical_text(laid_out) == canonical_text(plain)


def test_the_order_of_roles_is_kept() -> None:
    """Cents that are left over go by it, so another order is another plan."""
    pays = "flat: {on: each_transaction, rate: 2%}, split: {by_role: {ROLES}, unfilled: spread}"
    one = read(of(f"measure: sales, pays: {{{pays.replace('ROLES', 'b: 50%, a: 50%')}}}"))
    other = read(of(f"measure: sales, pays: {{{pays.replace('ROLES', 'a: 50%, b: 50%')}}}"))

    split = parse_body(canonical_text(one)).component("c").pays.split
    assert split is not None
    assert list(split.by_role) == ["b", "a"]
    assert canonical_text(one) != canonical_text(other)


def test_numbers_are_exact_text() -> None:
    """No number of the canonical text is one that a reader could make a float of."""
    plan = read(
        of("measure: sales, target: 0.10, pays: {slabs: [{from: 115.500%, money: 1000.10}]}")
    )
    said = json.loads(canonical_text(plan), parse_float=pytest.fail, parse_int=pytest.fail)

    assert said["components"]["c"]["target"] == "0.1"
    assert said["components"]["c"]["pays"]["slabs"] == [{"from": "115.5%", "money": "1000.1"}]


def test_what_is_not_said_is_left_out() -> None:
    """A key that plans gain later changes the hash of no plan that is without it."""
    said = json.loads(canonical_text(read(plan_text())))

    assert said["components"]["by_weeks"] == {
        "measure": "weeks",
        "pays": {"per_unit": {"money": "5"}},
    }
    assert "boards" not in said


def test_a_canonical_text_stays_what_it_is() -> None:
    """Bodies are kept for good, with the hash of the day they were published."""
    body = canonical_text(
        read(plan_text(COMPONENTS.splitlines()[0] + "\n", measures=MEASURES.splitlines()[0] + "\n"))
    )

    assert body == (
        '{"after_close":"adjust_open_period","clawback":"restate",'
        '"components":{"by_sales":{"measure":"sales",'
        '"pays":{"flat":{"on":"running_total","rate":"5%"}}}},"currency":"USD",'
        '"effective":{"from":"2026-04-01","to":"2026-07-01"},'
        '"measures":{"sales":{"credit":"whole","of":"deal","sum":"amount","where":{"status":["won"]}}},'
        '"period":"quarter","plan":"a-plan","population":{"roles":["account_executive"]},'
        '"refunds":"in_deal_period","rounding":"half_up","time_zone":"America/New_York",'
        '"title":"A plan"}'
    )
    assert content_hash(body) == sha256(body.encode()).hexdigest()


def test_a_body_with_plain_numbers_is_read_exactly() -> None:
    """Others may write numbers as JSON has them; they go by no float either."""
    body = canonical_text(
        read(of("measure: sales, target: 5, pays: {slabs: [{from: 9%, money: 5}]}"))
    )
    plain = body.replace('"target":"5"', '"target":0.1000000001')

    assert parse_body(plain).component("c").target == Decimal("0.1000000001")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("5", "plan: "),
        ("{}", "plan: Field required"),
        (BODY.replace('"measure":"sales"', '"measure":"nix"'), r"by_sales\.measure: names what"),
        ('{"plan": "A B"}', "plan: is not a plan id"),
        (
            BODY.replace('"flat":{"on":"running_total","rate":"5%"}', '"per_unit":{"money":"5"}'),
            r"by_sales\.pays\.per_unit: pays for each unit of a count, and `sales` is an amount",
        ),
        (
            BODY.replace('"per_unit":{"money":"5"}', '"flat":{"on":"running_total","rate":"5%"}'),
            r"by_weeks\.pays\.flat: pays a rate on an amount, and `weeks` is a count",
        ),
    ],
)
def test_what_is_no_body_is_refused(body: str, says: str) -> None:
    """With what is wrong, and nothing but the one kind of error."""
    with pytest.raises(PlanBodyError, match=says):
        parse_body(body)


def test_a_record_carries_the_plan_and_its_hash() -> None:
    """What is published says which text it is."""
    plan = read(plan_text(head=HEAD.replace("A plan", "Pläne")))
    record = plan_record(plan, version=3)

    assert (record.plan_id, record.version, record.active) == ("a-plan", 3, True)
    assert parse_body(record.body) == plan
    assert record.content_hash == sha256(record.body.encode()).hexdigest()
