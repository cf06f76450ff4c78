import pytest

from tests.streams.plans.lint.cases import Case
from tests.streams.plans.plan_texts import HEAD, of, plan_text

CASES = {
    "no_days": Case(
        plan_text(head=HEAD.replace("2026-07-01", "2026-04-01")),
        "2026-04-01}",
        "not after the first day",
        "",
    ),
    "backwards": Case(
        plan_text(head=HEAD.replace("2026-07-01", "2025-07-01")),
        "2025",
        "not after the first day",
        "",
    ),
    "quota_of_a_week": Case(
        of(
            "period: week, measure: sales, target: {quota: period_end},"
            " pays: {slabs: [{from: 9%, money: 5}]}"
        ),
        "{quota",
        "of a month, quarter or year, and the period is a week",
        "period: quarter",
    ),
    "before_a_window": Case(
        of(
            "period: window, measure: sales, target: {previous_period: 120%},"
            " pays: {slabs: [{from: 9%, money: 5}]}"
        ),
        "{previous",
        "none is before a window",
        "period: quarter",
    ),
    "weeks_of_a_day": Case(
        of("period: day, measure: weeks, pays: {per_unit: {money: 5}}"),
        "weeks",
        "on most days none ends",
        "period: month",
    ),
    "boards_for_each_team_of_teams": Case(
        plan_text(
            boards="b: {measure: sales, ties: pooled, show: 3, each: team,"
            " population: {units: team}}\n"
        ),
        "team, pop",
        "not above the participants",
        "each: region",
    ),
    "members_of_people": Case(
        of("to: {each_member: period_end}, measure: sales, pays: {slabs: [{from: 9, money: 5}]}"),
        "{each",
        "and the population are people",
        "population: {units: team}",
    ),
    "badges_for_the_manager": Case(
        of(
            "to: {manager: period_end}, measure: sales,"
            " pays: {badges: {on_refund: keep, levels: [{from: 9, badge: A}]}}"
        ),
        "{manager",
        "badges are granted to who earns them",
        "to: participant",
    ),
    "a_quarter_in_a_month": Case(
        plan_text(head=HEAD.replace("2026-07-01", "2026-05-01")),
        "quarter",
        "is longer than the plan",
        "period: window",
        severity="warning",
    ),
    "a_year_in_a_quarter": Case(
        of("period: year, measure: sales, pays: {slabs: [{from: 9, money: 5}]}"),
        "year",
        "is longer",
        None,
        severity="warning",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_periods_and_people_are_there(case: Case) -> None:
    """Dates, quotas, boards and recipients."""
    case.check()
