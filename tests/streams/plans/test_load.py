import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.plans.catalogue import catalogue_names, catalogue_text
from accolade.streams.plans.document import read_document
from accolade.streams.plans.load import check
from accolade.streams.plans.model import PlanFile
from tests.streams.plans.plan_texts import (
    COMPONENTS,
    HEAD,
    findings,
    of,
    only,
    plan_text,
    pointed_at,
)

BADGES = "badges: {on_refund: keep, levels: [{from: 100, badge: A}]}"
SPLIT = "flat: {on: each_transaction, rate: 2%}, split: {by_role: {sdr: 100%}, unfilled: spread}"


def test_a_right_plan_is_read_without_findings() -> None:
    """Nothing is found, and the plan is there."""
    checked = check(plan_text())

    assert checked.findings == ()
    assert isinstance(checked.plan, PlanFile)


@pytest.mark.parametrize("key", ["rounding", "refunds", "clawback", "after_close"])
def test_a_choice_that_the_head_lacks_is_asked_for(key: str) -> None:
    """The plan has to declare it; the finding says how."""
    text = plan_text(head="".join(s for s in HEAD.splitlines(True) if not s.startswith(key)))

    found = only(text)

    assert (found.line, found.column, found.path, found.severity) == (1, 1, (key,), "error")
    assert found.message.startswith(f"`{key}` is missing: ")
    assert found.fix.startswith(f"{key}: ")
    assert findings(f"{found.fix}\n{text}") == ()


@pytest.mark.parametrize(
    ("text", "key", "asked_at"),
    [
        (plan_text(measures="sales: {of: deal, sum: amount}\n"), "credit", "sales"),
        (plan_text(measures="sales: {of: deal, distinct: account}\n"), "first_in", "sales"),
        (plan_text(boards="b: {measure: sales, show: 3}\n"), "ties", "b"),
        (plan_text(boards="b: {measure: sales, ties: pooled}\n"), "show", "b"),
        (of("measure: sales, pays: {flat: {rate: 5%}}"), "on", "flat"),
        (
            of(f"measure: sales, pays: {{{BADGES.replace('on_refund: keep, ', '')}}}"),
            "on_refund",
            "b",
        ),
        (
            of(f"measure: sales, pays: {{{SPLIT.replace(', unfilled: spread', '')}}}"),
            "unfilled",
            "s",
        ),
        (of("measure: sales, pays: {slabs: [{from: 1, training: T}]}"), "value", "{from"),
        (
            plan_text(
                measures="calls: {of: activity, sum: quantity}\n"
                "w: {weeks_of: calls, at_least: 5, weeks: iso, belong_to: end}\n"
            ),
            "before_start",
            "w",
        ),
    ],
)
def test_a_choice_that_is_left_out_is_asked_for(text: str, key: str, asked_at: str) -> None:
    """The finding stands where the choice belongs, and says what to write."""
    found = next(finding for finding in findings(text) if finding.path[-1] == key)

    assert found.severity == "error"
    assert "is missing" in found.message
    assert found.fix.startswith(f"{key}: ")
    assert pointed_at(text, found).startswith(asked_at)


@pytest.mark.parametrize(
    ("text", "at", "says", "fix"),
    [
        (
            plan_text(head=HEAD.replace("refunds:", "refund:")),
            "refund:",
            "is not known here",
            "refunds",
        ),
        (plan_text(head=HEAD.replace("in_deal", "in_del")), "in_del", "must be", "in_deal_period"),
        (plan_text(head=HEAD.replace("USD", "usd")), "usd", "is not an ISO 4217", "USD"),
        (plan_text(head=HEAD.replace("USD", "XXX")), "XXX", "is not an ISO 4217", None),
        (plan_text(head=HEAD.replace("America/New_York", "New York")), "New", "IANA", None),
        (plan_text(head=HEAD.replace("2026-04-01", "2026-02-30")), "2026-02", "no day", ""),
        (
            plan_text(head=HEAD.replace("2026-04-01", "1 April")),
            "1 April",
            "not a date",
            "2026-04-01",
        ),
        (plan_text(head=HEAD.replace("a-plan", "A Plan")), "A Plan", "is not a plan id", "a-plan"),
        (plan_text(head=HEAD.replace("title: A plan", "title: 5")), "5", "is not a text", '"5"'),
        (plan_text(head=HEAD.replace("roles: [account_executive]", "")), "{}", "exactly one", None),
        (
            plan_text(head=HEAD.replace("period: q", "version: 3\nperiod: q")),
            "version",
            "leave",
            "",
        ),
        (
            plan_text(boards="Top one: {measure: sales, ties: pooled, show: 3}\n"),
            "Top",
            "name",
            "top_one",
        ),
        (plan_text(boards="b: {measure: sales, ties: pooled, show: 0}\n"), "0", "more than 0", ""),
        (plan_text(boards="b: {measure: sales, ties: pooled, show: 2.5}\n"), "2.5", "whole", ""),
        (of("measure: sales, pays: {flat: {on: running_total, rate: 5}}"), "5", "percentage", "5%"),
        (
            of("measure: sales, pays: {flat: {on: running_total, rate: 0.05}}"),
            "0.05",
            "percentage",
            None,
        ),
        (
            of("measure: sales, pays: {flat: {on: running_total, rate: -5%}}"),
            "-5%",
            "percentage",
            "",
        ),
        (
            of('measure: sales, pays: {slabs: [{from: "75,000", money: 5}]}'),
            '"75,',
            "plain",
            "75000",
        ),
        (of("measure: sales, pays: {slabs: [{from: -1, money: 5}]}"), "-1", "negative", "1"),
        (
            of("measure: sales, pays: {slabs: [{from: 1e3, money: 5}]}"),
            "1e3",
            "is not a number",
            "",
        ),
        (of("measure: sales, pays: {slabs: [{from: 1, money: 0}]}"), "0", "more than 0", ""),
        (
            of("measure: sales, pays: {slabs: [{from: 1, to: 5, money: 1}]}"),
            "to",
            "next `from`",
            "",
        ),
        (
            of("measure: sales, pays: {slabs: [{from: 1}]}"),
            "{from",
            "item 1 of `slabs` awards",
            None,
        ),
        (of("measure: sales, pays: {slabs: []}"), "[]", "must not be empty", ""),
        (of("measure: sales, pays: {slabs: {from: 1}}"), "{from", "must be a list", None),
        (of("measure: sales, pays: {}"), "{}", "exactly one of `flat`", ""),
        (
            of("measure: sales, target: full, pays: {per_unit: {money: 1}}"),
            "full",
            "must be a number",
            "",
        ),
        (of("measure: sales, to: boss, pays: {per_unit: {money: 1}}"), "boss", "`participant`", ""),
        (of("board: sales, pays: {per_unit: {money: 1}}"), "{board", "must have a `measure`", None),
        (
            of("measure: sales, pays: {ranks: [{rank: 1, money: 1}]}"),
            "{measure",
            "have a `board`",
            None,
        ),
        (
            of("measure: sales, pays: {slabs: [{from: 99999999999999, money: 5}]}"),
            "9999",
            "at most 13 digits and 10 decimals",
            "",
        ),
        (
            of("measure: sales, pays: {slabs: [{from: 1, money: 5, value: 5}]}"),
            "value",
            "and there is none",
            "",
        ),
        (
            of("measure: sales, pays: {slabs: [{from: 1, training: T, experience: E, value: 5}]}"),
            "{from",
            "has an experience and a training",
            "",
        ),
        (of("measure: sales, pays: {ranks: [{rank: 3-1, money: 5}]}"), "3-1", "backwards", "1-3"),
        (plan_text(head=HEAD.replace("A plan", '" "')), '" "', "is empty", ""),
        (plan_text(head=HEAD.replace("A plan", "x" * 201)), "xxx", "one line", ""),
        ("- a plan\n", "- a", "the file is not a mapping", "plan: my-plan"),
        (
            of("measure: calls, pays: {per_unit: {}}"),
            "{}",
            "exactly one of `money` or `points`",
            None,
        ),
        (
            of(
                "measure: sales, pays: {flat: {on: running_total, rate: 5%},"
                " split: {by_role: {a: 100%}, unfilled: spread}}"
            ),
            "split",
            "commission of each deal",
            None,
        ),
        (
            of(
                "measure: sales, pays: {badges: {on_refund: keep, levels: [{from: 1, badge: a/b}]}}"
            ),
            "a/b",
            "must not have",
            "a b",
        ),
        (
            plan_text(measures="s: {of: deal, sum: amount, count: transactions}\n"),
            "{of",
            "exactly one",
            "",
        ),
        (
            plan_text(measures="s: {of: activity, sum: quantity, where: {kind: []}}\n"),
            "[]",
            "no value",
            "",
        ),
        (
            plan_text(measures="s: {of: deal, sum: amount, credit: whole, where: {stage: 5}}\n"),
            "5",
            "text",
            '"5"',
        ),
        (
            plan_text(measures="s: {of: activity, sum: quantity, credit: whole}\n"),
            "credit",
            "amounts of",
            "",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text: str, at: str, says: str, fix: str | None) -> None:
    """Each finding points at what is wrong and says what to write, where one text is right."""
    found = [f for f in findings(text) if says in f.message]

    assert len(found) == 1, findings(text)
    assert pointed_at(text, found[0]).startswith(at)
    assert found[0].severity == "error"
    if fix is not None:
        assert found[0].fix == fix


def test_a_contest_says_nothing_that_is_its_boards() -> None:
    """Period, population and target of a contest are the board's; all of them are refused."""
    text = of(
        "board: b, period: month, pays: {ranks: [{rank: 1, money: 5}]}",
        boards="b: {measure: sales, ties: pooled, show: 3}\n",
    )

    found = only(text)

    assert found.path == ("components", "c", "period")
    assert "is the board's" in found.message


def test_a_key_without_a_value_is_asked_for() -> None:
    """Nothing is written behind it, so nothing was declared."""
    found = only(plan_text(head=HEAD.replace("rounding: half_up", "rounding:")))

    assert (found.line, found.message) == (8, "`rounding` has no value")
    assert found.fix == "rounding: half_up"


def test_all_that_is_wrong_is_said_at_once() -> None:
    """Errors of structure hide neither each other nor what the rest of the plan does wrong."""
    head = HEAD.replace("rounding: half_up\n", "").replace("USD", "DOLLARS")
    components = (
        "a: {measure: sales, pay: {}}\n"
        "b: {measure: sails, pays: {flat: {on: running_total, rate: 5%}}}\n"
        "c: {measure: sales, draw: {money: 5}, pays: {slabs: [{from: 9, money: 1},"
        " {from: 3, money: 2}]}}\n"
    )

    found = findings(plan_text(components, head=head))

    assert [(f.line, f.message.split(":")[0]) for f in found] == [
        (1, "`rounding` is missing"),
        (3, "`currency` is not an ISO 4217 currency"),
        (16, "`pays` is missing"),
        (16, "`pay` is not known here; known"),
        (17, "`measure` names what the plan doesn't have"),
        (18, "`draw` is not supported yet (an advance on pay)"),
        (18, "`from` comes after 9"),
    ]


#: Mistakes of structure in the head, in parts that others use, and beside another mistake.
STRUCTURAL = {
    "unknown_key": ("title: A plan", "title: A plan\nfoo: bar"),
    "missing_choice": ("refunds: in_deal_period\n", ""),
    "empty_choice": ("after_close: adjust_open_period", "after_close:"),
    "key_of_population": ("{roles: [account_executive]}", "{role: [account_executive]}"),
    "no_date": ("from: 2026-04-01", "from: 1 April"),
    "measure_of_nothing": ("{of: deal, sum", "{of: deals, sum"),
    "choice_of_a_measure": ("credit: whole", "credit: wholly"),
    "boards_as_a_list": (
        "boards:\n  top: {measure: sales, ties: pooled, show: 3}",
        "boards: [top]",
    ),
    "pays_of_another": ("pays: {per_unit: {money: 5}}", "pays: {per_units: {money: 5}}"),
    "two_pays_of_another": (
        "pays: {per_unit:",
        "pays: {flat: {on: running_total, rate: 5%}, per_unit:",
    ),
    "another_without_measure": ("by_weeks: {measure: weeks, ", "by_weeks: {"),
    "target_of_the_same": ("target: 50", "target: many"),
    "amount_of_the_same": ("money: 60", "money: sixty"),
    "key_of_the_same": ("target: 50", "target: 50, when: now"),
    "later_key_of_the_same": ("target: 50", "target: 50, draw: 5"),
    "modifier_of_the_same": ("target: 50", "target: 50, cap: 5"),
    "choice_of_a_modifier": ("target: 50", "target: 50, gate: {measure: sales, from: 9}"),
    "key_twice": ("title: A plan", "title: A plan\ntitle: Another"),
}
SLABS = "{from: 80%, money: 60}, {from: 70%, money: 60}"


@pytest.mark.parametrize("mistake", STRUCTURAL)
def test_a_mistake_of_structure_hides_no_other(mistake: str) -> None:
    """What lint finds in the rest is found beside it, and nothing else."""
    right, wrong = STRUCTURAL[mistake]
    text = of(
        f"measure: sales, target: 50, pays: {{slabs: [{SLABS}]}}",
        boards="top: {measure: sales, ties: pooled, show: 3}\n",
    )
    assert right in text
    alone = findings(text)
    assert [f.path[-1] for f in alone] == ["from"]

    found = findings(text.replace(right, wrong, 1))

    assert [f.message for f in found if "comes after" in f.message] == [f.message for f in alone]
    assert len(found) == 2


def test_a_target_that_is_there_twice_is_there() -> None:
    """The percentages of it are not said to be of nothing."""
    text = of("measure: sales, target: 5, target: 6, pays: {slabs: [{from: 50%, money: 1}]}")

    assert [f.message for f in findings(text)] == [
        "`target` is there twice, first on line 19: keep one of them"
    ]


def test_an_empty_target_is_only_empty() -> None:
    """The percentages of it are not said to be of nothing."""
    text = of("measure: sales, target: , pays: {slabs: [{from: 50%, money: 1}]}")

    assert [f.message for f in findings(text)] == ["`target` has no value"]


def test_a_broken_measure_is_not_unknown_to_those_who_use_it() -> None:
    """One mistake is one finding."""
    measures = (
        "calls: {of: activity, summ: quantity}\n"
        "weeks: {weeks_of: calls, at_least: 50, weeks: iso, belong_to: end, before_start: count}\n"
    )

    found = findings(
        plan_text("c: {measure: weeks, pays: {per_unit: {money: 1}}}\n", measures=measures)
    )

    assert {f.path[:2] for f in found} == {("measures", "calls")}


def test_findings_stand_in_the_order_of_the_file() -> None:
    """From the top, and from the left."""
    text = plan_text(COMPONENTS.replace("5%", "5").replace("money: 5", "money: 5.001"))
    places = [(f.line, f.column) for f in findings(text)]

    assert len(places) == 2
    assert places == sorted(places)


@st.composite
def broken_plans(draw: st.DrawFn) -> str:
    """A plan of the catalogue with something else in one place, as JSON, which is YAML."""
    said = read_document(catalogue_text(draw(st.sampled_from(catalogue_names())))).value
    said = copy.deepcopy(said)
    for _ in range(draw(st.integers(1, 3))):
        inside: Any = said
        while True:
            key = draw(
                st.sampled_from(list(inside) if isinstance(inside, dict) else range(len(inside)))
            )
            if not isinstance(inside[key], dict | list) or not inside[key] or draw(st.booleans()):
                break
            inside = inside[key]
        anything = st.sampled_from(
            [None, 0, 5, "5%", "x", "sales", [], {}, True, "-1", [None], {"a": 1}]
        )
        if isinstance(inside, dict) and draw(st.booleans()):
            inside[draw(st.sampled_from(["from", "to", "x", "gate", "on"]))] = inside.pop(key)
            if not inside:
                break
        else:
            inside[key] = draw(anything)
    return json.dumps(said, default=str)


@given(broken_plans())
def test_no_plan_ends_in_a_traceback(text: str) -> None:
    """Whatever is in a file, it is read, or there is a finding that refuses it."""
    checked = check(text)

    assert (checked.plan is None) == (checked.errors > 0)
