import pytest

from tests.streams.plans.lint.cases import BOARD, FLAT, measured, ranks, rates, slabs, split
from tests.streams.plans.plan_texts import COMPONENTS, findings, of, only, plan_text


@pytest.mark.parametrize(
    "text",
    [
        # 0 is 0, in per cent or not.
        rates("marginal", "{from: 0, rate: 5%}", "{from: 100%, rate: 7%}", more="target: 50, "),
        rates("marginal", "{from: 0%, rate: 0%}", "{from: 100%, rate: 7%}", more="target: 50, "),
        slabs("{from: 0, points: 5}", "{from: 0.01, points: 6}"),
        ranks("{rank: 1, money: 5}", "{rank: 2-3, money: 4}"),
        split("account_executive: 33.3333333333%, sdr: 66.6666666667%").replace(
            "[account_executive]", "[account_executive, sdr]"
        ),
        of("to: {manager: period_end}, measure: sales, pays: {slabs: [{from: 9, money: 5}]}"),
        slabs("{from: 14, money: 5}", measure="weeks"),
        slabs("{from: 100%, money: 5}", target="weeks_in_period", measure="weeks"),
        # A board is shown, so it needs no component to be of use.
        plan_text(boards=BOARD),
        plan_text(boards=BOARD.replace("show: 3", "show: 3, each: team")),
        plan_text(
            boards=BOARD.replace("show: 3", "show: 3, each: zone, population: {units: region}")
        ),
        # A dimension of one's own, and a field of deals.
        measured("of: deal, distinct: account, first_in: period, where: {status: won, tier: gold}"),
        measured("of: learning, count: transactions, where: {status: completed}"),
    ],
)
def test_what_is_right_is_not_complained_about(text: str) -> None:
    """No finding where a plan does what it says."""
    assert findings(text) == ()


def test_unknown_names_hide_nothing_else() -> None:
    """What uses an unknown measure is left out, and the rest is looked at."""
    text = plan_text(
        f"a: {{measure: nix, pays: {{{FLAT}}}}}\nb: {{measure: weeks, pays: {{{FLAT}}}}}\n"
        f"c: {{measure: sales, pays: {{{FLAT}}}}}\n"
    )

    assert [f.path[:2] for f in findings(text)] == [("components", "a"), ("components", "b")]


def test_a_finding_of_a_nested_value_has_its_own_line() -> None:
    """In a plan in several lines the line is that of the value."""
    text = plan_text(
        COMPONENTS + "c:\n  measure: sales\n  pays:\n    slabs:\n"
        "      - from: 5\n        money: 1\n      - from: 4\n        money: 2\n"
    )

    found = only(text)

    assert text.splitlines()[found.line - 1] == "        - from: 4"
    assert found.column == 17
