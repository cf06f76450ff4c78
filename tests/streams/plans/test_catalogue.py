from fractions import Fraction

import pytest

from accolade.streams.plans.canonical import parse_body
from accolade.streams.plans.catalogue import catalogue_names, catalogue_plans, catalogue_text
from accolade.streams.plans.load import check
from accolade.streams.plans.model import PlanFile


def plan_named(name: str) -> PlanFile:
    """Return a plan of the catalogue."""
    plan = check(catalogue_text(name)).plan
    assert plan is not None
    return plan


def slabs_of(plan: PlanFile, component: str) -> list[tuple[str, str]]:
    """Return floors and money of a component."""
    return [
        (str(slab.from_), str(slab.money)) for slab in plan.component(component).pays.slabs or ()
    ]


@pytest.mark.parametrize("name", catalogue_names())
def test_each_plan_is_right_and_nothing_is_odd(name: str) -> None:
    """Not even a warning; and the file is named after its plan."""
    checked = check(catalogue_text(name))

    assert checked.findings == ()
    assert checked.plan is not None
    assert checked.plan.plan == name


def test_each_plan_is_published_as_its_first_version() -> None:
    """All of them, in the order of their ids."""
    records = catalogue_plans()

    assert [(record.plan_id, record.version) for record in records] == [
        (name, 1) for name in catalogue_names()
    ]
    assert [parse_body(record.body).plan for record in records] == list(catalogue_names())


def test_a_plan_that_is_not_there_is_a_key_error() -> None:
    """No path is made of a name."""
    with pytest.raises(KeyError):
        catalogue_text("../../pyproject")


def test_the_sample_plan_pays_by_the_figures_of_its_description() -> None:
    """Rates and their edge, targets, counts, ranks and growth."""
    plan = plan_named("q2-sales-performance")

    tiers = plan.component("commission").pays.marginal
    assert tiers is not None
    assert [(str(tier.from_), tier.rate.fraction) for tier in tiers.tiers] == [
        ("0", Fraction(5, 100)),
        ("75000", Fraction(7, 100)),
    ]
    assert tiers.on == "running_total"
    assert plan.component("target_bonus").target == 50000
    assert slabs_of(plan, "target_bonus") == [("115%", "1000")]
    assert slabs_of(plan, "new_customer_bonus") == [("10", "1000")]
    assert slabs_of(plan, "call_discipline") == [("100%", "200")]
    assert plan.measures["full_call_weeks"].at_least == 50  # type: ignore[union-attr]
    gift, training = (
        plan.component("top_performer").pays.ranks,
        plan.component("top_three_training").pays.ranks,
    )
    assert gift is not None
    assert [(str(row.rank), str(row.gift_card)) for row in gift] == [("1", "500")]
    assert training is not None
    assert [str(row.rank) for row in training] == ["1-3"]
    growth = plan.component("team_growth")
    assert str(growth.target.previous_period) == "120%"  # type: ignore[union-attr]
    assert growth.pays.rewards[0].label == "Weekend package"


def test_the_booster_pays_by_its_slabs() -> None:
    """5 to 7 meetings 50, 8 to 10 75, 11 and more 100."""
    plan = plan_named("sdr-performance-booster")

    assert slabs_of(plan, "booster") == [("5", "50"), ("8", "75"), ("11", "100")]
    assert plan.measures["held_meetings"].where == {"status": ("held",)}  # type: ignore[union-attr]


def test_the_badges_are_at_their_levels() -> None:
    """20, 40, 60 and 80 per cent."""
    badges = plan_named("badge-rush").component("badges").pays.badges

    assert badges is not None
    assert [(str(level.from_), level.badge) for level in badges.levels] == [
        ("20%", "Fast starter"),
        ("40%", "Milestone crusher"),
        ("60%", "Blockbuster"),
        ("80%", "Badge ranger"),
    ]


def test_the_team_shares_ten_seventy_and_twenty() -> None:
    """SDR, account executive, sales engineer."""
    split = plan_named("team-success-bonus").component("team_commission").pays.split

    assert split is not None
    assert [(role, str(share)) for role, share in split.by_role.items()] == [
        ("sdr", "10%"),
        ("account_executive", "70%"),
        ("sales_engineer", "20%"),
    ]


def test_the_club_awards_experiences_by_attainment() -> None:
    """From 100 % dinner, from 111 % weekend trip, from 121 % international trip."""
    slabs = plan_named("elite-achievers-club").component("experience").pays.slabs or ()

    assert [(str(slab.from_), slab.experience) for slab in slabs] == [
        ("100%", "Dinner for two"),
        ("111%", "Weekend trip"),
        ("121%", "International trip"),
    ]


def test_managers_of_four_levels_are_paid_by_their_own_units() -> None:
    """Region, zone, geography, nation: each component by its level's roll-up."""
    plan = plan_named("regional-manager")

    levels = [plan.population_of(component).units for component in plan.components.values()]
    assert levels == ["region", "zone", "geography", "nation"]
