from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from accolade.streams.plans.catalogue import catalogue_text
from accolade.streams.plans.floors import Floor, RankRange, Ranks, TierFloor
from accolade.streams.plans.load import check
from accolade.streams.plans.model import (
    Effective,
    PlanFile,
    PreviousPeriodTarget,
    QuotaTarget,
    RankReward,
    Tier,
)
from accolade.streams.plans.numbers import (
    Percent,
    PositiveWhole,
    Rate,
    Units,
    number_text,
    percent_text,
)
from accolade.streams.plans.rewards import Reward
from tests.streams.plans.drawn_plans import plans
from tests.streams.plans.plan_texts import COMPONENTS, of, plan_text

units = TypeAdapter(Units)
percent = TypeAdapter(Percent)
floor = TypeAdapter(TierFloor)
ranks = TypeAdapter(Ranks)


def plan_of(text: str) -> PlanFile:
    """Return the plan of a file that is right."""
    plan = check(text).plan
    assert plan is not None
    return plan


@given(plans)
def test_no_value_of_a_plan_is_a_float(said: dict[str, Any]) -> None:
    """Not in the model, nor in what it is dumped as."""
    plan = PlanFile.model_validate(said)

    assert not list(_floats(plan.model_dump()))
    assert not list(_floats(plan.model_dump(mode="json")))


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for inside in value:
            yield from _floats(inside)
    elif isinstance(value, float):
        yield value


@pytest.mark.parametrize(
    "value", [0.1, 5.0, float("nan"), True, None, "0x10", "1e3", "٣", " 5", "5 ", "NaN"]
)
def test_what_is_not_written_as_a_number_is_none(value: object) -> None:
    """Floats least of all: their digits are not those that someone wrote."""
    with pytest.raises(ValidationError):
        units.validate_python(value)


@given(st.decimals(0, 10**12, places=9))
def test_a_number_keeps_its_value(value: Decimal) -> None:
    """Written in the one way there is, it is the same number."""
    assert units.validate_python(number_text(value)) == value
    assert units.validate_python(value) == value


@given(st.decimals(0, 10**5, places=10))
def test_a_percentage_is_an_exact_fraction(value: Decimal) -> None:
    """And is written again without another digit."""
    rate = percent.validate_python(f"{value:f}%")

    assert rate == Rate(Fraction(value) / 100)
    assert percent.validate_python(percent_text(rate.fraction)) == rate


def test_a_floor_is_an_attainment_or_units() -> None:
    """The two are told apart by the per cent sign."""
    assert floor.validate_python("115%") == Floor(attainment=Fraction(23, 20))
    assert floor.validate_python(75000) == Floor(units=Decimal(75000))
    assert floor.validate_python("0.5").value == Fraction(1, 2)


def test_ranks_are_one_or_a_range() -> None:
    """Both ends included."""
    assert ranks.validate_python(1) == RankRange(1, 1)
    assert ranks.validate_python("1-3") == RankRange(1, 3)
    assert str(RankRange(2, 5)) == "2-5"
    for wrong in ("3-1", 0, "0-2", "first", "1.5", [1]):
        with pytest.raises(ValidationError):
            ranks.validate_python(wrong)


def test_a_plan_cannot_be_changed() -> None:
    """Rules share plans; nobody writes to one."""
    plan = plan_of(plan_text())

    with pytest.raises(ValidationError):
        plan.rounding = "up"  # type: ignore[misc]


def test_rewards_come_in_one_order_whatever_the_files() -> None:
    """The first kind has the plain award id, so the order must not be that of keys."""
    plan = plan_of(
        of(
            "measure: sales, pays: {slabs: [{from: 1, training: T, value: 7, gift_card: 5},"
            " {from: 2, points: 3, money: 0.50}]}"
        )
    )
    pays = plan.component("c").pays

    assert pays.rewards == (
        Reward("gift_card", Decimal(5), "", None),
        Reward("training", None, "T", Decimal(7)),
        Reward("money", Decimal("0.5"), "", None),
        Reward("points", Decimal(3), "", None),
    )
    assert pays.reward_kinds == ("money", "points", "gift_card", "training")


@pytest.mark.parametrize(
    ("component", "kinds"),
    [
        ("measure: calls, pays: {per_unit: {points: 5}}", ("points",)),
        (
            "measure: sales, pays: {marginal: {on: running_total, tiers: [{from: 0, rate: 5%}]}}",
            ("money",),
        ),
        ("measure: sales, pays: {badges: {on_refund: keep, levels: [{from: 5, badge: B}]}}", ()),
    ],
)
def test_kinds_of_reward_follow_from_the_form(component: str, kinds: tuple[str, ...]) -> None:
    """Rates pay money, badges are no award."""
    assert plan_of(of(component)).component("c").pays.reward_kinds == kinds


def test_a_part_has_the_plans_period_and_population_unless_it_says() -> None:
    """A contest has those of its board."""
    boards = (
        "b: {measure: sales, ties: pooled, show: 3, period: month, population: {units: team}}\n"
    )
    plan = plan_of(
        plan_text(
            f"{COMPONENTS}contest: {{board: b, pays: {{ranks: [{{rank: 1-3, money: 5}}]}}}}\n"
            "own: {measure: sales, period: year, population: {units: zone},"
            " target: {quota: period_end}, pays: {slabs: [{from: 100%, money: 5}]}}\n",
            boards=boards,
        )
    )
    contest, own, plain = (
        plan.component("contest"),
        plan.component("own"),
        plan.component("by_sales"),
    )

    assert [plan.period_of(part) for part in (contest, own, plain)] == ["month", "year", "quarter"]
    assert [plan.population_of(part).units for part in (contest, own, plain)] == [
        "team",
        "zone",
        None,
    ]
    assert plan.measure_of(contest) is plan.measures["sales"]
    assert plan.rewarded_ranks("b") == 3
    assert own.form == "slabs"


def test_targets_have_four_forms() -> None:
    """A number, a quota, the period before, or its weeks."""
    plan = plan_of(catalogue_text("q2-sales-performance"))

    assert plan.component("target_bonus").target == Decimal(50000)
    assert plan.component("call_discipline").target == "weeks_in_period"
    assert plan.component("team_growth").target == PreviousPeriodTarget(previous_period="120%")
    club = plan_of(catalogue_text("elite-achievers-club"))
    assert club.component("experience").target == QuotaTarget(quota="period_start")


def test_whole_numbers_are_whole() -> None:
    """However they are written."""
    whole = TypeAdapter(PositiveWhole)

    assert whole.validate_python("10.0") == 10
    with pytest.raises(ValidationError):
        whole.validate_python("10.5")


def test_a_plan_can_be_made_of_values_too() -> None:
    """What is no text already is taken as it is."""
    tier = Tier(from_=Floor(units=Decimal(5)), rate=Rate(Fraction(1, 20)))
    dates = Effective(from_=date(2026, 4, 1), to=date(2026, 7, 1))

    assert tier == Tier.model_validate({"from": "5", "rate": "5%"})
    assert RankReward(rank=RankRange(1, 3), points=5).rewards[0].kind == "points"
    assert dates == Effective.model_validate({"from": "2026-04-01", "to": "2026-07-01"})


def test_a_unit_earns_money_or_points() -> None:
    """One of the two."""
    points = plan_of(of("measure: calls, pays: {per_unit: {points: 3}}")).component("c")
    money = plan_of(of("measure: calls, pays: {per_unit: {money: 0.25}}")).component("c")

    assert points.pays.rewards == (Reward("points", Decimal(3), "", None),)
    assert money.pays.rewards == (Reward("money", Decimal("0.25"), "", None),)
