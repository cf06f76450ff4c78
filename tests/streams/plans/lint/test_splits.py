import pytest

from tests.streams.plans.lint.cases import DEAL, UNITS, Case, split

CASES = {
    "shares_short_of_the_whole": Case(
        split("account_executive: 99.9%"), "{account", "adds up to 99.9%, 0.1% short", ""
    ),
    "shares_over_the_whole": Case(
        split("account_executive: 101%"), "{account", "adds up to 101%, 1% over", ""
    ),
    "split_among_units": Case(
        split("account_executive: 100%", population=UNITS),
        "{by_role",
        "the population are units",
        None,
    ),
    "split_of_shares": Case(
        split("account_executive: 100%", measure="shared").replace(
            "measures:\n",
            f"measures:\n  shared: {{{DEAL.replace('whole', 'share')}, where: {{status: won}}}}\n",
        ),
        "{by_role",
        "counts shares of it already",
        "credit: whole",
    ),
    "share_of_who_is_not_paid": Case(
        split("account_executive: 90%, sdr: 10%"),
        "10%",
        "is not a role of the population",
        None,
        severity="warning",
    ),
    "share_of_nothing": Case(
        split("account_executive: 100%, sdr: 0%"),
        "0%",
        "gets nothing, as",
        None,
        severity="warning",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_shares_are_the_whole(case: Case) -> None:
    """And go to those who are in the plan."""
    case.check()
