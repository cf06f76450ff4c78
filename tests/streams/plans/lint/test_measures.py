import pytest

from tests.streams.plans.lint.cases import DEAL, FLAT, Case, measured
from tests.streams.plans.plan_texts import MEASURES, of

CASES = {
    "weeks_of_weeks": Case(
        measured("weeks_of: weeks, at_least: 3, weeks: iso, belong_to: end, before_start: count"),
        "weeks, at",
        "and `weeks` is neither",
        "",
    ),
    "weeks_of_money": Case(
        measured("weeks_of: sales, at_least: 3, weeks: iso, belong_to: end, before_start: count"),
        "sales, at",
        "and `sales` is neither",
        "",
    ),
    "amounts_of_calls": Case(
        measured("of: activity, sum: amount, credit: whole"),
        "amount",
        "which only `of: deal` has",
        "of: deal",
    ),
    "quantities_of_deals": Case(
        measured("of: deal, sum: quantity, where: {status: won}"),
        "quantity",
        "which only `of: activity`",
        "count: transactions",
    ),
    "accounts_of_calls": Case(
        measured("of: activity, distinct: account, first_in: period"),
        "activity",
        "has no account",
        None,
    ),
    "unknown_status": Case(
        measured(f"{DEAL}, where: {{status: one}}"),
        "one",
        "is `open`, `won` or `lost`, never `one`",
        None,
    ),
    "unknown_kind": Case(
        measured(f"{DEAL}, where: {{status: won, kind: [new, upsel]}}"),
        "[new",
        "never `upsel`",
        "upsell",
    ),
    "status_of_calls": Case(
        measured("of: activity, sum: quantity, where: {status: held}"),
        "held",
        "not known of `activity`",
        "",
    ),
    "segment_of_meetings": Case(
        measured("of: meeting, count: transactions, where: {status: held, segment: x}"),
        "x",
        "not known of `meeting`",
        "",
    ),
    "role_of_units": Case(
        of(
            "population: {units: team}, measure: mine, pays: {" + FLAT + "}",
            measures=f"{MEASURES}mine: {{{DEAL}, where: {{status: won, role: sdr}}}}\n",
        ),
        "mine",
        "a unit has no role",
        "",
    ),
    "deals_of_any_status": Case(
        measured(DEAL), "{of", "names no status", "where: {status: won}", severity="warning"
    ),
    "records_of_calls": Case(
        measured("of: activity, count: transactions"),
        "transactions",
        "counts records",
        "sum: quantity",
        severity="warning",
    ),
    "a_dimension_like_a_field": Case(
        measured(f"{DEAL}, where: {{status: won, segmnt: x}}"),
        "x}",
        "taken for a dimension",
        "segment",
        severity="warning",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_measures_count_what_is_there(case: Case) -> None:
    """Sources, filters and weeks that can be counted."""
    case.check()
