import pytest

from tests.streams.plans.lint.cases import BOARD, DEAL, FLAT, Case
from tests.streams.plans.plan_texts import MEASURES, of, plan_text

CASES = {
    "unknown_measure": Case(
        of(f"measure: sale, pays: {{{FLAT}}}"),
        "sale,",
        "`sale`; there are: calls, sales, weeks",
        "sales",
    ),
    "unknown_board": Case(
        of("board: bb, pays: {ranks: [{rank: 1, money: 5}]}", boards=BOARD),
        "bb",
        "there are: b",
        "b",
    ),
    "board_of_an_unknown_measure": Case(
        plan_text(boards="b: {measure: revenue, ties: pooled, show: 3}\n"),
        "revenue",
        "doesn't have",
        "",
    ),
    "weeks_of_an_unknown_measure": Case(
        plan_text(measures=MEASURES.replace("weeks_of: calls", "weeks_of: call")),
        "call,",
        "have",
        "calls",
    ),
    "unused_measure": Case(
        plan_text(measures=f"{MEASURES}more: {{{DEAL}, where: {{status: lost}}}}\n"),
        "{of: deal",
        "nothing uses",
        "",
        severity="warning",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_names_lead_somewhere(case: Case) -> None:
    """What is named is there, and what is there is used."""
    case.check()
