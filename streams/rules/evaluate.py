"""
What a component pays a participant for a period, from the tallies as they stand.

A component pays where at least one credit counts; with none it pays nothing, also
where its lowest floor is zero.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from accolade.streams.records import Placing
from accolade.streams.rules import formulas, money
from accolade.streams.rules.compiled import (
    Badges,
    Component,
    EachTransaction,
    Flat,
    Floor,
    PerUnit,
    Ranks,
    RewardRule,
    Slabs,
    Slot,
    Tiered,
)
from accolade.streams.rules.formulas import Number
from accolade.streams.rules.ordered import Ordered, ascended
from accolade.streams.rules.periods import Period
from accolade.streams.rules.state import View
from accolade.streams.rules.tally_deals import earned_minor
from accolade.streams.rules.tally_plans import Counting
from accolade.streams.rules.tally_rows import ORDER, PLACINGS, TALLIES, TallyRow
from accolade.streams.rules.tally_work import tally_key
from accolade.streams.rules.targets import target_of

#: Rewards that have a name: they are worth something to the budget, or 0.
LABELLED = ("experience", "training")


class Reward(NamedTuple):
    """What is earned: one of a kind."""

    kind: str
    #: Minor units of the plan's currency; whole points.
    amount_minor: int
    label: str = ""


class BadgeReached(NamedTuple):
    """A badge that is due."""

    level: int
    badge: str
    #: When it was reached by the order of occurrence, µs UTC.
    reached_at: int


def rewards_of(
    view: View, counting: Counting, component: Component, participant: str, period: Period
) -> tuple[Reward, ...]:
    """Return what the component pays the participant for the period; empty for nothing."""
    pays = component.pays
    if isinstance(pays, Ranks):
        placing = _placing(view, counting, component, participant, period)
        return rewards_for_place(pays, placing) if placing else ()
    row = _counted(view, component.slot, participant, period)
    if row is None or isinstance(pays, Badges):
        return ()
    target = target_of(view, counting, component, participant, period)
    if target is None and component.target is not None:
        return ()
    rounding = counting.plan.rounding
    match pays:
        case EachTransaction():
            return _money(earned_minor(view, participant, component.state, period))
        case Flat():
            return _money(money.rounded(formulas.flat(row.value, pays.rate), rounding))
        case PerUnit():
            return _kept([_times(pays.reward, row.value)])
        case Tiered():
            return _money(money.rounded(_tiered(pays, row.value, target), rounding))
        case Slabs():
            return _slab(pays, row.value, target)


def badges_of(
    view: View, counting: Counting, component: Component, participant: str, period: Period
) -> list[BadgeReached]:
    """
    Return the badges that are due, by rising level.

    A kept badge is due once the running value, by the order of occurrence, was ever
    high enough; one that can be revoked while the value is.

    Source:
        docs/plans.md, "Badges".
    """
    pays, slot = component.pays, component.slot
    row = _counted(view, slot, participant, period)
    if row is None or slot is None or not isinstance(pays, Badges):
        return []
    target = target_of(view, counting, component, participant, period)
    if target is None and component.target is not None:
        return []
    index = Ordered(view, ORDER, participant, tally_key(slot, period))
    due = []
    for level, (floor, badge) in enumerate(pays.levels, start=1):
        needed = _in_units(floor, target)
        if row.value < needed and not pays.keep:
            continue
        # Values are whole: they reach a part of a unit with the next whole one.
        first = index.first_prefix_at_least(-(-needed.numerator // needed.denominator))
        if first is not None:
            due.append(BadgeReached(level, badge, ascended(first.key)))
    return due


def rewards_for_place(ranks: Ranks, placing: Placing) -> tuple[Reward, ...]:
    """
    Return what a final place earns.

    All who are tied at a rank take the ranks from it on, as many as they are: they pool
    what can be divided, the first of them by id with what is left over. What can't be
    divided goes whole to each, as their common rank is rewarded.

    Source:
        docs/plans.md, "Contests".
    """
    pooled: dict[str, int] = {}
    whole: list[Reward] = []
    last_taken = placing.rank + placing.tied - 1
    for first, last, rules in ranks.levels:
        taken = min(last, last_taken) - max(first, placing.rank) + 1
        for rule in rules:
            if rule.kind in LABELLED:
                if first <= placing.rank <= last:
                    whole.append(Reward(rule.kind, rule.amount_minor, rule.label))
            elif taken > 0:
                pooled[rule.kind] = pooled.get(rule.kind, 0) + taken * rule.amount_minor
    shared = (
        Reward(kind, money.share(amount, placing.tied, placing.tied_index))
        for kind, amount in pooled.items()
    )
    return _kept([*shared, *whole])


def _placing(
    view: View, counting: Counting, component: Component, participant: str, period: Period
) -> Placing | None:
    """Return the participant's final place; with a board for each unit the unit's."""
    board = f"{counting.plan.plan_id}/{component.board}/{period.id}"
    for key, row in view.rows(PLACINGS, participant):
        if key == board or key.startswith(f"{board}/"):
            return row.placing
    return None


def _counted(view: View, slot: Slot | None, participant: str, period: Period) -> TallyRow | None:
    row = view.get(TALLIES, participant, tally_key(slot, period)) if slot else None
    return row if row is not None and row.credits else None


def _tiered(pays: Tiered, value: int, target: Number | None) -> Fraction:
    tiers = [formulas.Tier(_in_units(floor, target), rate) for floor, rate in pays.tiers]
    earns = formulas.retroactive if pays.retroactive else formulas.marginal
    return earns(value, tiers)


def _slab(pays: Slabs, value: int, target: Number | None) -> tuple[Reward, ...]:
    floors = [_in_units(floor, target) for floor, _ in pays.levels]
    reached = formulas.highest(value, floors)
    if reached is None:
        return ()
    return _kept([_times(rule, 1) for rule in pays.levels[reached][1]])


def _in_units(floor: Floor, target: Number | None) -> Number:
    """Return where a floor is in units of the measure; parts are of a target that is there."""
    return floor.value * (target or 0) if floor.of_target else floor.value


def _times(rule: RewardRule, count: int) -> Reward:
    return Reward(rule.kind, rule.amount_minor * count, rule.label)


def _money(amount_minor: int) -> tuple[Reward, ...]:
    return _kept([Reward("money", amount_minor)])


def _kept(rewards: Iterable[Reward]) -> tuple[Reward, ...]:
    """Return the rewards that are something: an amount, or something with a name."""
    return tuple(r for r in rewards if r.amount_minor or r.kind in LABELLED)
