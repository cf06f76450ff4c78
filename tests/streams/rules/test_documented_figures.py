"""The figures of docs/plans.md, computed by the plans that stand beside them."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from accolade.streams.plans.document import read_document
from tests.streams.rules.tally_desk import Desk, activity, deal, person, plan_of, refund

TEXT = (Path(__file__).parents[3] / "docs" / "plans.md").read_text(encoding="utf-8")


def example(heading, change=None):
    """Return the plan of the first example under a heading, completed from the first of all."""
    whole, said = (
        read_document(re.findall(rf"^#+ {name}\n.*?```yaml\n(.*?)```", TEXT, re.S | re.M)[0]).value
        for name in ("A whole plan", heading)
    )
    plan = {**whole, **said}
    for parts in ("measures", "boards"):
        plan[parts] = {**whole[parts], **said.get(parts, {})}
    text = json.dumps(plan, default=str)
    if change is not None:
        assert change[0] in text
        text = text.replace(*change)
    return plan_of(text)


def paid(plan, *facts):
    """Return what each component pays Ada, in major units; points and experiences by kind."""
    desk = Desk(plan, person(), *facts)
    found = {}
    for award in desk.awards().values():
        kind = "" if award.kind == "money" else f" {award.kind}"
        amount = award.amount_minor if award.kind == "points" else award.amount_minor / Decimal(100)
        found[award.component + kind] = f"{amount:,}"
    return found


def sold(amount):
    """Return a deal of an amount written as in the page."""
    return deal("d1", int(Decimal(amount.replace(",", "")) * 100))


def demos(count):
    """Return held demos."""
    return [
        activity(f"d{n}", 1, "2026-05-05", source="demo", kind="", status="held")
        for n in range(count)
    ]


def test_a_spif_pays_every_demo_or_the_first():
    """Three demos."""
    assert paid(example("Spif"), *demos(3)) == {"each_demo": "150", "first_demo points": "100"}


def rows_under(heading):
    """Return the cells of the table under a heading."""
    section = re.findall(rf"^## {heading}\n(.*?)^## ", TEXT, re.S | re.M)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(
    ("amount", "above", "behind"), rows_under("Threshold and cliff"), ids=lambda cell: cell
)
def test_a_threshold_pays_above_it_and_a_cliff_on_everything(amount, above, behind):
    """Exactly on the floor, a cent below, and above."""
    found = paid(example("Threshold and cliff"), sold(amount))

    assert f"{Decimal(found.get('above_the_threshold', '0').replace(',', '')):,.2f}" == above
    assert f"{Decimal(found.get('behind_the_cliff', '0').replace(',', '')):,.2f}" == behind


@pytest.mark.parametrize(
    ("amount", "pays"),
    [
        ("24,999.99", None),
        ("25,000", "200"),
        ("37,500", "600"),
        ("50,000", "1,000"),
        ("55,000", "1,500"),
        ("60,000", "2,000"),
        ("65,000", "2,000"),
    ],
)
def test_a_curve_pays_on_the_lines_between_its_points(amount, pays):
    """50, 75, 100, 110, 120 and 130 per cent of 50,000."""
    assert paid(example("Curve"), sold(amount)).get("bonus") == pays


def test_a_curve_can_be_drawn_on():
    """130 per cent: half as far again as the last piece."""
    extended = example("Curve", ('"flat"', '"extend"'))

    assert paid(extended, sold("65,000")) == {"bonus": "2,500"}


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (4, {}),
        (5, {"new_business": "100"}),
        (10, {"new_business": "250"}),
        (15, {"new_business": "450", "new_business experience": "120"}),
    ],
)
def test_the_steps_of_a_ladder_add_up(accounts, expected):
    """Each that is reached pays."""
    deals = [deal(f"d{n}", 100, account=f"a{n}") for n in range(accounts)]

    assert paid(example("Ladder"), *deals) == expected


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        (10, {"new_business": "150"}),
        (15, {"new_business": "200", "new_business experience": "120"}),
    ],
)
def test_the_same_rows_as_slabs_pay_the_highest_alone(accounts, expected):
    """What a ladder is not."""
    deals = [deal(f"d{n}", 100, account=f"a{n}") for n in range(accounts)]

    assert paid(example("Ladder", ('"ladder"', '"slabs"')), *deals) == expected


def customers(count, amount):
    """Return so many deals, each with an account of its own, that come to an amount."""
    first = deal("d0", int(Decimal(amount.replace(",", "")) * 100) - count + 1, account="a0")
    return [first, *(deal(f"d{n}", 1, account=f"a{n}") for n in range(1, count))]


@pytest.mark.parametrize(
    ("amount", "count", "pays"),
    [
        ("45,000", 10, "750"),
        ("50,000", 9, "1,000"),
        ("50,000", 10, "1,500"),
        ("49,999.99", 9, "500"),
        ("39,999.99", 10, None),
        ("50,000", 4, None),
    ],
)
def test_a_matrix_pays_by_the_row_and_the_column_reached(amount, count, pays):
    """At the floors of both, and a cent or a customer below."""
    assert paid(example("Matrix"), *customers(count, amount)).get("growth") == pays


def test_a_matrix_can_be_of_a_rate():
    """5 % of 45,000 times 75 %."""
    rated = example("Matrix", ('{"pays": {"matrix": {"base": {"money": "1000"}', RATED))

    assert paid(rated, *customers(10, "45,000")) == {"growth": "1,687.5"}


RATED = '{"measure": "sales", "pays": {"matrix": {"base": {"rate": "5%"}'


@pytest.mark.parametrize(
    ("capped", "pays"),
    [("before_weighting", "850"), ("after_weighting", "1,000")],
)
def test_a_scorecard_pays_its_parts_by_weight(capped, pays):
    """150 % of sales, 90 % of demos, 75 % of deals."""
    plan = example("Scorecard", ("before_weighting", capped))
    deals = [deal("big", 7_499_995), *(deal(f"d{n}", 1) for n in range(5))]

    assert paid(plan, *deals, *demos(18)) == {"super_closers": pays}


@pytest.mark.parametrize(
    ("amount", "pays"),
    [("500", "10"), ("1,000", "10"), ("1,500", "15"), ("0.01", "10"), ("0", None)],
)
def test_each_deal_pays_its_floor_at_least(amount, pays):
    """Where it brings anything."""
    assert paid(example("Floor of each deal"), sold(amount)).get("commission") == pays


def test_a_deal_that_was_refunded_pays_nothing():
    """And one that was refunded in part pays the floor still."""
    small, gone = deal("d1", 50_000), deal("d2", 50_000)
    back = [refund("r1", small, 49_999, "2026-05-05"), refund("r2", gone, 50_000, "2026-05-05")]

    assert paid(example("Floor of each deal"), small, gone, *back) == {"commission": "10"}
