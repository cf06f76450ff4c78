"""
Components that pay each transaction: every deal by itself, net of its refunds.

A deal's pay is rounded by itself; what a period earned is the sum over its deals.
"""

from accolade.streams.records.source import TeamMember
from accolade.streams.rules import formulas, money
from accolade.streams.rules.compiled import CompiledPlan
from accolade.streams.rules.compiled_pays import DealRule, FixedTiers, RoleSplit
from accolade.streams.rules.measures import Entry
from accolade.streams.rules.periods import Period
from accolade.streams.rules.role_split import part_of
from accolade.streams.rules.state import View
from accolade.streams.rules.tally_rows import DEALS, EARNED, DealRow, EarnedRow

_NO_DEAL = DealRow(0, 0, 0)


def move_deal(
    view: View,
    participant: str,
    plan: CompiledPlan,
    rule: DealRule,
    period: Period,
    entry: Entry,
    sign: int,
) -> None:
    """Put an entry of a deal in (`sign` 1) or take it out (-1), and book what that earns."""
    place = _earned_key(rule.state, period)
    key = f"{place}|{entry.deal}"
    old = view.get(DEALS, participant, key) or _NO_DEAL
    teams = dict(old.teams)
    if sign < 0:
        teams.pop(entry.credit_id, None)
    elif entry.counted.by_team:
        teams[entry.credit_id] = entry.team
    amount = old.amount_minor + sign * entry.value
    earned = _deal_minor(rule, plan, amount, teams, participant)
    new = DealRow(amount, old.credits + sign, earned, teams)
    if new.credits:
        view.put(DEALS, participant, key, new)
    else:
        view.delete(DEALS, participant, key)
    total = earned_minor(view, participant, rule.state, period) + earned - old.earned_minor
    if total:
        view.put(EARNED, participant, place, EarnedRow(total))
    else:
        view.delete(EARNED, participant, place)


def earned_minor(view: View, participant: str, state: str, period: Period) -> int:
    """Return what the deals of a period earned by a component (its state name), minor units."""
    row = view.get(EARNED, participant, _earned_key(state, period))
    return row.earned_minor if row else 0


def _earned_key(state: str, period: Period) -> str:
    return f"{state}|{period.id}"


def _deal_minor(
    rule: DealRule,
    plan: CompiledPlan,
    amount_minor: int,
    teams: dict[str, tuple[TeamMember, ...]],
    participant: str,
) -> int:
    """
    Return what a deal earns by itself, rounded, minor units; not less than its floor.

    Args:
        rule: How the deal is paid.
        plan: The rule's plan.
        amount_minor: The deal net of its refunds.
        teams: The deal's team by credit; the deal's own credit comes first by id.
        participant: Who is paid.

    Source:
        docs/plans.md, "Each transaction".
    """
    earned = _not_less(rule, amount_minor, _by_formula(rule, plan, amount_minor))
    if not isinstance(rule.formula, RoleSplit):
        return earned
    team = teams[min(teams)] if teams else ()
    return part_of(earned, rule.formula, team, participant)


def _by_formula(rule: DealRule, plan: CompiledPlan, amount_minor: int) -> int:
    formula = rule.formula
    if isinstance(formula, FixedTiers):
        earns = formulas.retroactive if formula.retroactive else formulas.marginal
        return money.rounded(earns(amount_minor, formula.tiers), plan.rounding)
    return money.rounded(formulas.flat(amount_minor, formula.rate), plan.rounding)


def _not_less(rule: DealRule, amount_minor: int, earned_minor: int) -> int:
    return max(earned_minor, rule.least_minor) if amount_minor > 0 else earned_minor
