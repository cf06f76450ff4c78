import pytest

from tests.streams.plans.lint.cases import FLAT, Case, rates, slabs
from tests.streams.plans.plan_texts import of

CASES = {
    "everything_paid_again": Case(
        rates("retroactive", "{from: 0, rate: 5%}", "{from: 100000, rate: 10%}"),
        "100000",
        "one more sale pays 5,000 USD more at once",
        "marginal",
        severity="warning",
    ),
    "less_for_more": Case(
        rates("retroactive", "{from: 0, rate: 5%}", "{from: 1000, rate: 4.5%}"),
        "4.5%",
        "one more sale pays 5 USD less",
        "marginal",
        severity="warning",
    ),
    "the_edge_of_each_ones_quota": Case(
        rates(
            "retroactive",
            "{from: 0%, rate: 5%}",
            "{from: 100%, rate: 6%}",
            more="target: {quota: period_end}, ",
        ),
        "100%",
        "one more sale pays more at once",
        "marginal",
        severity="warning",
    ),
    "a_decelerator": Case(
        rates(
            "marginal", "{from: 0, rate: 7%}", "{from: 1000, rate: 5%}", "{from: 2000, rate: 6%}"
        ),
        "5%",
        "is lower than the 7% below it: right if it is to slow pay down (a decelerator)",
        "",
        severity="warning",
    ),
    "a_decelerator_on_each_deal": Case(
        rates("marginal", "{from: 0, rate: 7%}", "{from: 1000, rate: 0%}", on="each_transaction"),
        "0%",
        "is lower than the 7% below it",
        "",
        severity="warning",
    ),
    "a_lower_slab_above": Case(
        slabs("{from: 5, money: 50}", "{from: 80, money: 40}"),
        "40",
        "is 10 USD less than in the slab before",
        "",
        severity="warning",
    ),
    "a_slab_dearer_than_its_sales": Case(
        slabs("{from: 100%, money: 50}", "{from: 101%, money: 1000}", target="50000"),
        "1000",
        "pays more than it brings: 950 USD more for 500 more sold",
        "",
        severity="warning",
    ),
    "the_same_twice": Case(
        of(f"measure: sales, pays: {{{FLAT}}}"),
        "{measure",
        "the same measure the same way as `by_sales`",
        "",
        severity="warning",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_odd_edges_are_warned_of(case: Case) -> None:
    """Where one more sale pays less, or more than it brings."""
    case.check()
