import pytest

from tests.streams.plans.lint.cases import Case
from tests.streams.plans.plan_texts import findings, of

EACH = "measure: sales, floor: {money: %s}, pays: {flat: {on: %s, rate: 1%%}}"

CASES = {
    "a_floor_of_a_total": Case(
        of(EACH % (5, "running_total")),
        "{money",
        "is the least for each deal, and deals are not paid by themselves",
        "on: each_transaction",
    ),
    "a_floor_of_slabs": Case(
        of("measure: sales, floor: {money: 5}, pays: {slabs: [{from: 9, money: 1}]}"),
        "{money",
        "is the least for each deal",
        "",
    ),
    "finer_than_a_cent": Case(
        of(EACH % (0.125, "each_transaction")), "0.125", "more than the 2 decimals", None
    ),
    "no_money": Case(
        of("measure: sales, floor: {}, pays: {flat: {on: each_transaction, rate: 1%}}"),
        "floor:",
        "`money` is missing",
        "money: 10",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_floors_that_no_deal_can_have_are_refused(case: Case) -> None:
    """They stand beside a form on each transaction."""
    case.check()


def test_a_floor_of_each_deal_is_not_complained_about() -> None:
    """Not even warned of."""
    assert findings(of(EACH % (5, "each_transaction"))) == ()
