import pytest

from tests.streams.plans.lint.cases import Case
from tests.streams.plans.plan_texts import findings, of

RATE = "pays: {flat: {on: running_total, rate: 1%}}"
EACH = "pays: {flat: {on: each_transaction, rate: 1%}}"
FAST = "measure: sales, accelerator: {from: %s, times: %s, on: above}, "
SLOW = "measure: sales, decelerator: {below: %s, times: %s, on: all}, "
GATE = "measure: sales, gate: {measure: %s, from: %s, otherwise: %s}, "

CASES = {
    "a_point_in_percent_of_nothing": Case(
        of(FAST % ("100%", "150%") + RATE), "100%", "a percentage of a target", "target: 50000"
    ),
    "a_point_of_nothing_below": Case(
        of(SLOW % ("50%", "50%") + RATE), "50%", "a percentage of a target", "target: 50000"
    ),
    "a_point_at_nothing": Case(
        of(FAST % (0, "150%") + RATE), "0", "everything is on one side of it", "from: 100%"
    ),
    "a_point_finer_than_a_cent": Case(
        of(FAST % ("0.125", "150%") + RATE), "0.125", "more than the 2 decimals", None
    ),
    "an_accelerator_that_slows": Case(
        of(FAST % (5, "90%") + RATE), "times", "nothing is accelerated", "times: 150%"
    ),
    "a_decelerator_that_hastens": Case(
        of(SLOW % (5, "100%") + RATE), "times", "nothing is decelerated", "times: 50%"
    ),
    "a_part_of_what_deals_pay": Case(
        of(FAST % (5, "150%") + EACH), "above", "pay that is known at each point", "on: all"
    ),
    "a_part_of_slabs": Case(
        of(FAST % (5, "150%") + "pays: {slabs: [{from: 9, money: 1}]}"),
        "above",
        "pay that is known at each point",
        "on: all",
    ),
    "a_point_of_several_measures": Case(
        of(
            "accelerator: {from: 5, times: 150%, on: all}, pays: {scorecard: {bonus: 5,"
            " capped: never, parts: [{measure: sales, target: 5, weight: 100%, pay: attainment}]}}"
        ),
        "{from: 5",
        "the scorecard names several",
        None,
    ),
    "a_gate_that_is_never_shut": Case(
        of(GATE % ("sales", 0, "0%") + RATE), "from", "never shut", "from: 1"
    ),
    "a_gate_that_takes_nothing": Case(
        of(GATE % ("sales", 5, "100%") + RATE), "otherwise", "pays no less", "otherwise: 0%"
    ),
    "a_gate_of_an_unknown_measure": Case(
        of(GATE % ("sails", 5, "0%") + RATE), "sails", "names what the plan doesn't have", "sales"
    ),
    "a_gate_in_percent_of_nothing": Case(
        of(GATE % ("sales", "50%", "0%") + RATE), "50%", "a percentage of a target", None
    ),
    "a_gate_of_what_can_not_be_divided": Case(
        of(GATE % ("sales", 5, "50%") + "pays: {slabs: [{from: 9, money: 1, points: 3}]}"),
        "50%",
        "the rest can't be divided",
        "otherwise: 0%",
    ),
    "a_gate_without_its_choice": Case(
        of("measure: sales, gate: {measure: sales, from: 5}, " + RATE),
        "gate:",
        "`otherwise` is missing",
        "otherwise: 0%",
    ),
    "a_cap_without_its_choice": Case(
        of("measure: sales, cap: {money: 5}, " + RATE), "cap:", "`above` is missing", "above: lost"
    ),
    "a_cap_on_points": Case(
        of("measure: sales, cap: {money: 5, above: lost}, pays: {slabs: [{from: 9, points: 3}]}"),
        "{money",
        "the component pays none",
        None,
    ),
    "a_cap_finer_than_a_cent": Case(
        of("measure: sales, cap: {money: 0.125, above: lost}, " + RATE),
        "0.125",
        "more than the 2 decimals",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_modifiers_that_have_no_place_are_refused(case: Case) -> None:
    """With the place, and what to write where there is one answer."""
    case.check()


def test_a_contest_has_no_modifiers() -> None:
    """It pays by rank."""
    text = of(
        "board: b, cap: {money: 5, above: lost}, pays: {ranks: [{rank: 1, money: 5}]}",
        boards="b: {measure: sales, ties: pooled, show: 3}\n",
    )

    assert ["a contest pays by rank" in one.message for one in findings(text)] == [True]


@pytest.mark.parametrize(
    "component",
    [
        FAST % ("5.50", "150%") + RATE,
        SLOW % (5, "0%") + EACH,
        GATE % ("weeks", 3, "0%") + "pays: {slabs: [{from: 9, money: 1, points: 3}]}",
        GATE % ("weeks", "100%, target: 4", "50%") + RATE,
    ],
)
def test_modifiers_in_their_place_are_not_complained_about(component: str) -> None:
    """Not even warned of."""
    assert findings(of(component)) == ()
