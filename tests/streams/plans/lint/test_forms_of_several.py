import pytest

from tests.streams.plans.lint.cases import Case
from tests.streams.plans.plan_texts import MEASURES, findings, of

ROWS = "rows: {measure: sales, target: 9, from: [0%, 80%]}"
COLUMNS = "columns: {measure: calls, from: [1, 5]}"
TIMES = "times: [[10%, 20%], [30%, 40%]]"
PART = "{measure: calls, target: 9, weight: 60%, pay: attainment}"
OTHER = "{measure: sales, target: 9, weight: 40%, pay: attainment}"
STEPS = "{measure: sales, target: 9, weight: 40%%, pay: {steps: [%s]}}"
LINES = "{measure: sales, target: 9, weight: 40%%, pay: {curve: {points: [%s], beyond: %s}}}"


def matrix(
    rows: str = ROWS,
    columns: str = COLUMNS,
    times: str = TIMES,
    base: str = "money: 5",
    more: str = "",
) -> str:
    """Return a plan with a matrix."""
    return of(f"{more}pays: {{matrix: {{base: {{{base}}}, {rows}, {columns}, {times}}}}}")


def card(*parts: str, head: str = "bonus: 9, capped: never", more: str = "", **said: str) -> str:
    """Return a plan with a scorecard."""
    return of(f"{more}pays: {{scorecard: {{{head}, parts: [{', '.join(parts)}]}}}}", **said)


CASES = {
    "a_row_too_few": Case(
        matrix(times="times: [[10%, 20%]]"), "[[10%", "has 1 lists of multipliers for 2 rows", ""
    ),
    "a_column_too_few": Case(
        matrix(times="times: [[10%, 20%], [30%]]"), "[30%", "has 1 multipliers for 2 columns", ""
    ),
    "rows_that_do_not_rise": Case(
        matrix(rows="rows: {measure: sales, target: 9, from: [80%, 50%]}"),
        "50%]",
        "comes after 80%",
        "",
    ),
    "parts_of_no_target": Case(
        matrix(rows="rows: {measure: sales, from: [0%, 80%]}"), "0%", "component has none", None
    ),
    "half_a_call": Case(
        matrix(columns="columns: {measure: calls, from: [0.5, 5]}"), "0.5", "not a whole", "0"
    ),
    "an_unknown_measure": Case(
        matrix(columns="columns: {measure: call, from: [1, 5]}"),
        "call,",
        "names what the plan doesn't have",
        "calls",
    ),
    "a_measure_of_no_use": Case(
        matrix(more="measure: sales, "), "measure: sales", "is not what it pays by", ""
    ),
    "a_rate_of_nothing": Case(
        matrix(base="rate: 5%"), "{pays", "must have a `measure`", "measure: sales"
    ),
    "a_rate_on_a_count": Case(
        matrix(base="rate: 5%", more="measure: calls, "),
        "{base",
        "pays a rate on an amount",
        None,
    ),
    "a_target_of_the_component": Case(
        matrix(more="target: 5, "), "target: 5", "belongs to each measure of the matrix", ""
    ),
    "two_bases": Case(matrix(base="money: 5, rate: 5%"), "{money", "exactly one of", None),
    "a_base_finer_than_a_cent": Case(
        matrix(base="money: 5.001"), "5.001", "more than the 2 decimals", None
    ),
    "a_quota_of_a_count": Case(
        matrix(columns="columns: {measure: calls, target: {quota: period_end}, from: [1, 5]}"),
        "{quota",
        "is a quota, which is an amount",
        None,
    ),
    "multipliers_that_fall_to_the_right": Case(
        matrix(times="times: [[10%, 5%], [30%, 40%]]"), "5%]", "is less than", None, "warning"
    ),
    "multipliers_that_fall_downwards": Case(
        matrix(times="times: [[10%, 20%], [5%, 40%]]"), "5%,", "is less than", None, "warning"
    ),
    "weights_short_of_the_whole": Case(
        card(PART, OTHER.replace("40%", "39.5%")),
        "[{measure: calls, target: 9, weight",
        "adds up to 99.5%, 0.5% short: weights must be 100% together",
        "",
    ),
    "weights_over_the_whole": Case(card(PART, PART), "[{measure", "adds up to 120%, 20% over", ""),
    "a_part_without_weight": Case(
        card(PART.replace("60%", "100%"), OTHER.replace("40%", "0%")),
        "0%",
        "the part pays nothing",
        None,
        "warning",
    ),
    "a_cap_without_a_figure": Case(
        card(PART, OTHER, head="bonus: 9, capped: after_weighting"),
        "scorecard:",
        "`at` is missing: at which percentage the pay stops",
        "at: 150%",
    ),
    "a_figure_without_a_cap": Case(
        card(PART, OTHER, head="bonus: 9, capped: never, at: 150%"), "at: 150%", "never capped", ""
    ),
    "not_said_whether_it_is_capped": Case(
        card(PART, OTHER, head="bonus: 9"), "scorecard:", "`capped` is missing", None
    ),
    "no_target": Case(
        card(PART, OTHER.replace("target: 9, ", "")),
        "{measure: sales, weight",
        "`target` is missing",
        None,
    ),
    "another_pay": Case(
        card(PART, OTHER.replace("attainment", "linear")),
        "linear",
        "must be `attainment`, or",
        None,
    ),
    "steps_that_do_not_rise": Case(
        card(PART, STEPS % "{from: 9%, pay: 1%}, {from: 8%, pay: 2%}"), "8%,", "comes after 9%", ""
    ),
    "steps_that_fall": Case(
        card(PART, STEPS % "{from: 8%, pay: 3%}, {from: 9%, pay: 2%}"),
        "2%}",
        "is less than",
        None,
        "warning",
    ),
    "a_line_that_falls_is_drawn_on": Case(
        card(PART, LINES % ("{from: 8%, pay: 3%}, {from: 9%, pay: 2%}", "extend")),
        "extend",
        "draws on a line that falls",
        "beyond: flat",
    ),
    "a_bonus_finer_than_a_cent": Case(
        card(PART, OTHER, head="bonus: 9.005, capped: never"), "9.005", "more than the 2", None
    ),
    "an_unknown_part": Case(
        card(PART, OTHER.replace("sales", "sale")), "sale,", "names what the plan", "sales"
    ),
    "quotas_of_a_week": Case(
        card(
            PART, OTHER.replace("target: 9", "target: {quota: period_end}"), more="period: week, "
        ),
        "{quota",
        "is a quota, of a month, quarter or year",
        None,
    ),
    "a_role_of_units": Case(
        card(
            PART.replace("calls", "led"),
            OTHER,
            more="population: {units: team}, ",
            measures=MEASURES
            + "led: {of: deal, sum: amount, where: {status: won, role: sdr}, credit: whole}\n",
        ),
        "led",
        "is filtered by role",
        None,
    ),
    "a_measure_beside_a_scorecard": Case(
        card(PART, OTHER, more="measure: sales, "), "measure: sales", "names its own measures", ""
    ),
    "a_board_beside_a_scorecard": Case(
        card(PART, OTHER, more="board: b, ", boards="b: {measure: sales, ties: pooled, show: 3}\n"),
        "{board",
        "must have a `measure` and no `board`",
        None,
    ),
    "more_weeks_than_there_are": Case(
        matrix(columns="columns: {measure: weeks, from: [1, 15]}"), "15", "at most 14 weeks", ""
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_forms_of_several_measures_that_cannot_be_paid_are_refused(case: Case) -> None:
    """Floors rise, weights are the whole, and each measure can be what it is used for."""
    case.check()


@pytest.mark.parametrize(
    "text",
    [
        matrix(),
        matrix(base="rate: 5%", more="measure: sales, "),
        card(PART, OTHER),
        card(
            PART, STEPS % "{from: 0%, pay: 0%}", head="bonus: 9, capped: before_weighting, at: 90%"
        ),
        card(PART, LINES % ("{from: 8%, pay: 3%}, {from: 9%, pay: 3%}", "extend")),
        # A measure that a part alone uses is used.
        card(
            PART.replace("calls", "m"),
            OTHER,
            measures=f"{MEASURES}m: {{of: activity, sum: quantity}}\n",
        ),
    ],
)
def test_what_is_right_is_not_complained_about(text: str) -> None:
    """Not even warned of."""
    assert findings(text) == ()
