"""
What each form of pay earns, exact and before rounding.

A form is a function of the measure's value and target; amounts that it pays out of
several deals, each rounded by itself, are kept as the deals move.
"""

from collections.abc import Iterable
from typing import NamedTuple

from accolade.streams.rules import formulas, several
from accolade.streams.rules.case import Case, in_units
from accolade.streams.rules.compiled_pays import (
    Curve,
    EachTransaction,
    Flat,
    Ladder,
    Matrix,
    Paid,
    PerUnit,
    RewardRule,
    Scorecard,
    Slabs,
    Tiered,
)
from accolade.streams.rules.formulas import Number
from accolade.streams.rules.several import Standing
from accolade.streams.rules.tally_deals import earned_minor


class Earned(NamedTuple):
    """One kind of what is earned."""

    kind: str
    #: Minor units of the plan's currency, or points; exact, not rounded yet.
    exact: Number
    label: str = ""


def earned_by(case: Case, pays: Paid, value: Number, target: Number | None) -> tuple[Earned, ...]:
    """
    Return what a form earns.

    Args:
        case: Whom it pays, and for when.
        pays: The form.
        value: The measure, minor units or a count.
        target: In the unit of the measure; None where the component has none.
    """
    match pays:
        case EachTransaction():
            return (
                _money(
                    earned_minor(case.view, case.participant, case.component.state, case.period)
                ),
            )
        case Flat():
            return (_money(formulas.flat(value, pays.rate)),)
        case PerUnit():
            return (_times(pays.reward, value),)
        case Tiered():
            tiers = [formulas.Tier(in_units(floor, target), rate) for floor, rate in pays.tiers]
            earns = formulas.retroactive if pays.retroactive else formulas.marginal
            return (_money(earns(value, tiers)),)
        case Curve():
            points = [formulas.Point(in_units(floor, target), pay) for floor, pay in pays.points]
            return (_money(formulas.interpolated(value, points, extend=pays.extend)),)
        case Ladder():
            steps = [rules for floor, rules in pays.steps if value >= in_units(floor, target)]
            return _together(rule for rules in steps for rule in rules)
        case Matrix():
            rows, columns = _standings(case)
            return (_money(several.matrix(pays, value, rows, columns)),)
        case Scorecard():
            return (_money(several.scorecard(pays, _standings(case))),)
        case Slabs():
            floors = [in_units(floor, target) for floor, _ in pays.levels]
            reached = formulas.highest(value, floors)
            return (
                tuple(_times(rule, 1) for rule in pays.levels[reached][1])
                if reached is not None
                else ()
            )


def _standings(case: Case) -> list[Standing]:
    """Return where the participant stands in the measures that the form names."""
    return [
        Standing(case.value(held.slot), case.target_of(held), held.target is not None)
        for held in case.component.parts
    ]


def _together(rules: Iterable[RewardRule]) -> tuple[Earned, ...]:
    """Add rewards up: one of each kind, with what it is called by all of them."""
    amounts: dict[str, int] = {}
    labels: dict[str, list[str]] = {}
    for rule in rules:
        amounts[rule.kind] = amounts.get(rule.kind, 0) + rule.amount_minor
        labels.setdefault(rule.kind, []).append(rule.label)
    return tuple(
        Earned(kind, amount, ", ".join(filter(None, labels[kind])))
        for kind, amount in amounts.items()
    )


def _money(exact: Number) -> Earned:
    return Earned("money", exact)


def _times(rule: RewardRule, count: Number) -> Earned:
    return Earned(rule.kind, rule.amount_minor * count, rule.label)
