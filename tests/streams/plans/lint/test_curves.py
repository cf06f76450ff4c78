import pytest

from tests.streams.plans.lint.cases import Case
from tests.streams.plans.plan_texts import findings, of


def curve(
    *points: str, beyond: str = "beyond: flat", more: str = "", measure: str = "sales"
) -> str:
    """Return a plan with a curve."""
    rows = ", ".join(points)
    return of(f"measure: {measure}, {more}pays: {{curve: {{points: [{rows}], {beyond}}}}}")


CASES = {
    "one_point": Case(
        curve("{from: 1, money: 5}"), "[{from: 1", "must have at least 2 entries", ""
    ),
    "not_said_what_lies_beyond": Case(
        curve("{from: 1, money: 5}", "{from: 2, money: 6}", beyond=""),
        "curve:",
        "`beyond` is missing",
        "beyond: flat",
    ),
    "points_that_do_not_rise": Case(
        curve("{from: 2, money: 5}", "{from: 1, money: 6}"), "1, money: 6", "comes after 2", ""
    ),
    "two_points_at_one_place": Case(
        curve("{from: 2, money: 5}", "{from: 2, money: 6}"), "2, money: 6", "overlaps", ""
    ),
    "parts_of_no_target": Case(
        curve("{from: 0%, money: 0}", "{from: 100%, money: 6}"),
        "0%",
        "the component has none",
        None,
    ),
    "finer_than_a_cent": Case(
        curve("{from: 1, money: 5.001}", "{from: 2, money: 6}"), "5.001", "more than the 2", "5"
    ),
    "half_a_call": Case(
        curve("{from: 0.5, money: 5}", "{from: 2, money: 6}", measure="calls"),
        "0.5",
        "not a whole number",
        "0",
    ),
    "a_fall_that_is_drawn_on": Case(
        curve("{from: 1, money: 7}", "{from: 2, money: 6}", beyond="beyond: extend"),
        "extend",
        "draws on a line that falls",
        "beyond: flat",
    ),
    "a_fall": Case(
        curve("{from: 1, money: 7}", "{from: 2, money: 6}"),
        "6}",
        "is less than at the point before",
        None,
        "warning",
    ),
    "steps_that_do_not_rise": Case(
        of("measure: sales, pays: {ladder: [{from: 2, money: 5}, {from: 2, money: 6}]}"),
        "2, money: 6",
        "overlaps",
        "",
    ),
    "a_spif_on_an_amount": Case(
        of("measure: sales, pays: {spif: {times: every, money: 5}}"),
        "{times",
        "pays for each unit of a count",
        "flat: {on: running_total, rate: 5%}",
    ),
    "not_said_how_often": Case(
        of("measure: calls, pays: {spif: {money: 5}}"),
        "spif:",
        "`times` is missing",
        "times: every",
    ),
    "a_spif_of_two_things": Case(
        of("measure: calls, pays: {spif: {times: once, money: 5, points: 5}}"),
        "{times",
        "exactly one of `money` or `points`",
        None,
    ),
    "a_spif_finer_than_a_cent": Case(
        of("measure: calls, pays: {spif: {times: once, money: 0.005}}"),
        "0.005",
        "more than the 2 decimals",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_curves_ladders_and_spifs_that_cannot_be_paid_are_refused(case: Case) -> None:
    """Rising, of one unit, and with what has to be declared."""
    case.check()


@pytest.mark.parametrize(
    "text",
    [
        curve("{from: 0, money: 0}", "{from: 0.01, money: 5}", beyond="beyond: extend"),
        curve(
            "{from: 0%, money: 5}", "{from: 100%, money: 5}", more="target: {quota: period_end}, "
        ),
        of("measure: calls, pays: {ladder: [{from: 1, money: 5}, {from: 2, money: 1}]}"),
        of("measure: calls, pays: {spif: {times: once, points: 5}}"),
    ],
)
def test_what_is_right_is_not_complained_about(text: str) -> None:
    """Not even warned of."""
    assert findings(text) == ()
