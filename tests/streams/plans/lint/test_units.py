import pytest

from tests.streams.plans.lint.cases import FLAT, SALES, Case, ranks, rates, slabs
from tests.streams.plans.plan_texts import HEAD, MEASURES, of, plan_text

CASES = {
    "a_flat_rate_of_more_than_is_sold": Case(
        of("measure: sales, pays: {flat: {on: each_transaction, rate: 120%}}"),
        "120%",
        "pays more than is sold: 120%",
        "",
        severity="warning",
    ),
    "rate_on_a_count": Case(
        of(f"measure: calls, pays: {{{FLAT}}}"),
        "{on",
        "pays a rate on an amount",
        "per_unit: {money: 5}",
    ),
    "amount_per_unit_of_money": Case(
        of(SALES + "{per_unit: {money: 5}}"),
        "{money",
        "each unit of a count",
        "flat: {on: running_total, rate: 5%}",
    ),
    "count_floor_with_decimals": Case(
        slabs("{from: 5.5, money: 5}", measure="calls"), "5.5", "not a whole number", "6"
    ),
    "money_floor_with_too_many_decimals": Case(
        slabs("{from: 5.005, money: 5}"), "5.005", "more than the 2 decimals of USD", "5"
    ),
    "money_with_too_many_decimals": Case(
        slabs("{from: 5, money: 5.001}"), "5.001", "more than the 2 decimals of USD", "5"
    ),
    "gift_card_with_too_many_decimals": Case(
        ranks("{rank: 1, gift_card: 0.123}"), "0.123", "more than the 2 decimals of USD", "0.12"
    ),
    "yen_with_decimals": Case(
        of("measure: calls, pays: {per_unit: {money: 5.5}}", head=HEAD.replace("USD", "JPY")),
        "5.5",
        "more than the 0 decimals of JPY",
        None,
    ),
    "more_money_than_there_is": Case(
        slabs("{from: 9999999999999, money: 5}").replace("USD", "KWD"),
        "9999999999999",
        "more KWD than can be kept exactly",
        "",
    ),
    "target_with_too_many_decimals": Case(
        slabs("{from: 100%, money: 5}", target="50000.005"),
        "50000.005",
        "more than the 2 decimals",
        None,
    ),
    "count_target_with_decimals": Case(
        slabs("{from: 100%, money: 5}", target="10.5", measure="calls"),
        "10.5",
        "not a whole number",
        None,
    ),
    "weeks_of_half_a_call": Case(
        plan_text(measures=MEASURES.replace("50", "49.5")), "49.5", "not a whole number", None
    ),
    "quota_of_a_count": Case(
        slabs("{from: 100%, money: 5}", target="{quota: period_start}", measure="calls"),
        "{quota",
        "is a quota, which is an amount",
        None,
    ),
    "weeks_target_of_money": Case(
        slabs("{from: 100%, money: 5}", target="weeks_in_period"),
        "weeks_in",
        "for counts of weeks",
        "",
    ),
    "more_than_is_sold": Case(
        rates("marginal", "{from: 0, rate: 5%}", "{from: 9, rate: 150%}"),
        "150%",
        "pays more than is sold",
        "",
        severity="warning",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_units_fit_each_other(case: Case) -> None:
    """Rates of amounts, whole counts, decimals of the currency."""
    case.check()
