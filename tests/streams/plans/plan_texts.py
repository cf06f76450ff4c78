"""Plan files to break: a right one, with parts of it replaced."""

from textwrap import indent

from accolade.streams.plans.findings import Finding
from accolade.streams.plans.load import check

HEAD = """\
plan: a-plan
title: A plan
currency: USD
time_zone: America/New_York
effective: {from: 2026-04-01, to: 2026-07-01}
period: quarter
population: {roles: [account_executive]}
rounding: half_up
refunds: in_deal_period
clawback: restate
after_close: adjust_open_period
"""

MEASURES = """\
sales: {of: deal, sum: amount, where: {status: won}, credit: whole}
calls: {of: activity, sum: quantity, where: {kind: call}}
weeks: {weeks_of: calls, at_least: 50, weeks: iso, belong_to: end, before_start: count}
"""

#: Uses all measures, so that nothing is warned of.
COMPONENTS = """\
by_sales: {measure: sales, pays: {flat: {on: running_total, rate: 5%}}}
by_weeks: {measure: weeks, pays: {per_unit: {money: 5}}}
"""


def plan_text(
    components: str = COMPONENTS, *, measures: str = MEASURES, boards: str = "", head: str = HEAD
) -> str:
    """Return a plan file of these parts."""
    parts = {"measures": measures, "boards": boards, "components": components}
    return head + "".join(f"{key}:\n{indent(said, '  ')}" for key, said in parts.items() if said)


def of(component: str, **parts: str) -> str:
    """Return a plan file with one more component, `c`, given as one line of YAML."""
    return plan_text(f"{COMPONENTS}c: {{{component}}}\n", **parts)


def findings(text: str) -> tuple[Finding, ...]:
    """Return what is found in a plan file."""
    return check(text).findings


def only(text: str) -> Finding:
    """Return the one thing that is found in a plan file."""
    found = findings(text)
    assert len(found) == 1, found
    return found[0]


def pointed_at(text: str, finding: Finding) -> str:
    """Return the line of the file from the finding's column on."""
    return text.splitlines()[finding.line - 1][finding.column - 1 :]
