import pytest

from tests.streams.plans.lint.cases import SALES, Case, rates, slabs
from tests.streams.plans.plan_texts import of

CASES = {
    "more_weeks_than_the_plan_has": Case(
        of("period: window, measure: weeks, pays: {slabs: [{from: 14, money: 5}]}"),
        "14",
        "at most 13 weeks end in a window",
        "",
    ),
    "gap_below_marginal": Case(
        rates("marginal", "{from: 100, rate: 5%}"),
        "100",
        "leaves a gap: no tier is from 0 to 100",
        "from: 0",
    ),
    "gap_below_retroactive": Case(
        rates("retroactive", "{from: 50%, rate: 5%}", more="target: 9, "),
        "50%",
        "leaves a gap: no tier is from 0 to 50%",
        "from: 0",
    ),
    "unsorted_tiers": Case(
        rates("marginal", "{from: 0, rate: 5%}", "{from: 9, rate: 6%}", "{from: 7, rate: 7%}"),
        "7, rate",
        "comes after 9: tiers must rise, 0 < 7 < 9",
        "",
    ),
    "overlapping_tiers": Case(
        rates("marginal", "{from: 0, rate: 5%}", "{from: 0, rate: 7%}"),
        "0, rate: 7%",
        "overlaps",
        "",
    ),
    "the_same_floor_written_twice": Case(
        slabs("{from: 100, money: 5}", "{from: 100.00, money: 6}"), "100.00", "overlaps", ""
    ),
    "unsorted_slabs": Case(
        slabs("{from: 8, money: 5}", "{from: 5, money: 4}"), "5, money: 4", "comes after 8", ""
    ),
    "unsorted_badges": Case(
        of(
            SALES
            + "{badges: {on_refund: keep, levels: [{from: 8, badge: A}, {from: 7, badge: B}]}}"
        ),
        "7, badge",
        "comes after 8",
        "",
    ),
    "a_badge_twice": Case(
        of(
            SALES
            + "{badges: {on_refund: keep, levels: [{from: 7, badge: A}, {from: 8, badge: A}]}}"
        ),
        "A}]",
        "is `A` on another level too",
        "",
    ),
    "percentage_of_no_target": Case(
        slabs("{from: 100%, money: 5}"),
        "100%",
        "a percentage of a target, and the component has none",
        "target: 50000",
    ),
    "percentages_beside_numbers": Case(
        slabs("{from: 50, money: 5}", "{from: 100%, money: 6}", target="80"),
        "100%",
        "mixes percentages",
        "",
    ),
    "target_of_a_single_deal": Case(
        rates(
            "marginal",
            "{from: 0%, rate: 5%}",
            "{from: 9%, rate: 6%}",
            on="each_transaction",
            more="target: 9, ",
        ),
        "0%",
        "held against the period's total",
        "on: running_total",
    ),
    "more_weeks_than_there_are": Case(
        slabs("{from: 110%, money: 5}", target="weeks_in_period", measure="weeks"),
        "110%",
        "is never reached",
        "from: 100%",
    ),
    "more_weeks_than_a_quarter_has": Case(
        slabs("{from: 15, money: 5}", measure="weeks"),
        "15",
        "at most 14 weeks end in a quarter",
        "",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_floors_that_cannot_be_paid_are_refused(case: Case) -> None:
    """Tiers rise from 0, in one unit, and each can be reached."""
    case.check()
