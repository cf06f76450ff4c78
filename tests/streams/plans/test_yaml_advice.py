"""What is said of mistakes that YAML stumbles over, and of numbers that people write."""

import pytest

from tests.streams.plans.plan_texts import HEAD, findings, of, only, plan_text

#: A plan in more lines, whose indentation can be wrong.
TEXT = f"""\
{HEAD}measures:
  sales: {{of: deal, sum: amount, where: {{status: won}}, credit: whole}}
components:
  bonus:
    measure: sales
    target: 50000
    pays:
      slabs:
        - {{from: 115%, money: 1000}}
"""
#: By what is wrong: what is written instead of what; line, column, a part of the message, the fix.
MISTAKES = {
    "two_colons": (
        *("title: A plan", "title: a: b"),
        *(2, 9, "has `: ` in the value of `title`: quote the value", 'title: "a: b"'),
    ),
    "a_tab": ("    target:", "\ttarget:", 17, 1, "has a tab here", "spaces"),
    "a_tab_behind_spaces": ("    target:", "    \ttarget:", 17, 5, "has a tab here", "spaces"),
    "too_few_spaces": (
        *("    target:", "   target:"),
        *(17, 4, "has 3 spaces before this line", "2 or 4 spaces before it"),
    ),
    "too_many_spaces": (
        *("    target:", "      target:"),
        *(17, 7, "is indented deeper here than line 16", "4 spaces before it, to stand"),
    ),
    "an_item_out_of_line": (
        *("        - {from", "     - {from"),
        *(20, 6, "has 5 spaces before this line", "4 or 6 spaces before it"),
    ),
    "no_space_behind_the_colon": (
        *("target: 50000", "target:50000"),
        *(17, 5, "has no space behind the colon here", "target: 50000"),
    ),
    "no_key": ("target: 50000", "target", 17, 5, "has a line here that is no `key: value`", ""),
    "an_open_bracket": ("1000}", "1000", 20, 11, "has a bracket here that is not closed", ""),
    "an_open_quote": ("title: A", "title: 'A", 2, 8, "has a quotation mark here that is", ""),
    "percent_first": (
        *("title: A plan", "title: %5"),
        *(2, 8, "has `%` before a number: write it behind", "5%"),
    ),
    "an_at_sign": ("title: A", "title: @A", 2, 8, "has a value that begins with `@`: quote", ""),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_what_is_no_yaml_is_told_with_what_to_write(mistake: str) -> None:
    """In words of the file, not of the parser, where it is wrong."""
    right, wrong, line, column, says, fix = MISTAKES[mistake]
    assert TEXT.count(right) == 1
    assert findings(TEXT) == ()

    found = only(TEXT.replace(right, wrong))

    assert (found.line, found.column) == (line, column)
    assert found.message.startswith(f"the file {says}")
    assert found.fix.startswith(fix) if fix else found.fix == ""


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("60,000", "60000"),
        ("1,060,000.50", "1060000.50"),
        ("$60000", "60000"),
        ("$1,060,000", "1060000"),
        ("€ 60", "60"),
        ("60 USD", "60"),
        ("60.000,50", "60000.50"),
        ("60,5", "60.5"),
        ("60_000", "60000"),
    ],
)
def test_a_number_as_people_write_it_is_told_as_a_plan_has_it(written: str, plain: str) -> None:
    """Without the currency, and with nothing between its digits but one point."""
    found = only(TEXT.replace("target: 50000", f"target: {written}"))

    assert found.message == f"`target` is not a plain number: `{written}`"
    assert found.fix == plain


@pytest.mark.parametrize(
    ("written", "plain"),
    [("60,000", "60000"), ("1,060,000.50", "1060000.50"), ("$1,060,000", "1060000")],
)
def test_a_comma_ends_no_number_in_a_mapping_on_one_line(written: str, plain: str) -> None:
    """To YAML it does, and `000` is a key."""
    found = only(TEXT.replace("money: 1000}", f"money: {written}}}"))

    assert found.message == f"`money` is not a plain number: `{written}`"
    assert found.fix == plain


@pytest.mark.parametrize("written", ["60k", "6O", "1.2.3", "$", "12 apples"])
def test_what_is_no_number_is_not_guessed_at(written: str) -> None:
    """No fix is better than a wrong one."""
    text = of(f"measure: sales, pays: {{slabs: [{{from: {written}, money: 1}}]}}")

    assert [f.fix for f in findings(text)] == [""]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("c: {measure: sales, pays: {per_unit: {money: 1}}}", "components"),
        ("b: {measure: sales, ties: pooled, show: 3}", "boards"),
        ("m: {of: deal, count: transactions}", "measures"),
    ],
)
def test_a_name_that_is_not_indented_is_told_where_it_belongs(part: str, said: str) -> None:
    """It stands at the top of the file, where only a plan's own keys are."""
    found = only(f"{plan_text()}{part}\n")

    assert f"a name of `{said}` is indented deeper than that" in found.message
