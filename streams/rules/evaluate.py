"""
What a component pays a participant for a period, from the tallies as they stand.

The way is the same for every component: its measure and target, the form's exact
amount, rounding. A component pays where at least one credit counts; with none it pays
nothing, also where its lowest floor is zero.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from accolade.streams.records import Placing
from accolade.streams.rules import money
from accolade.streams.rules.case import Case, in_units
from accolade.streams.rules.compiled import NO_MODIFIERS
from accolade.streams.rules.compiled_pays import Badges, Paid, Ranks
from accolade.streams.rules.earning import Earned, earned_by
from accolade.streams.rules.formulas import Number
from accolade.streams.rules.modifiers import Pay, let_through, paced
from accolade.streams.rules.money import Rounding
from accolade.streams.rules.ordered import Ordered, ascended
from accolade.streams.rules.tally_rows import ORDER, PLACINGS
from accolade.streams.rules.tally_work import tally_key

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


def rewards_of(case: Case) -> tuple[Reward, ...]:
    """Return what the component pays the participant for the period; empty for nothing."""
    pays = case.component.pays
    if isinstance(pays, Ranks):
        placing, board = _placing(case), case.counting.plan.boards.get(case.component.board or "")
        if placing is None or board is None:
            return ()
        return rewards_for_place(pays, placing, pooled=board.ties == "pooled")
    if isinstance(pays, Badges) or not case.counts():
        return ()
    target = case.target()
    if target is None and case.component.target is not None:
        return ()
    earned = _modified(case, pays, case.value(case.component.slot), target)
    return _capped(case, _rounded(earned, case.counting.plan.rounding))


def badges_of(case: Case) -> list[BadgeReached]:
    """
    Return the badges that are due, by rising level.

    A kept badge is due once the running value, by the order of occurrence, was ever
    high enough; one that can be revoked while the value is.

    Source:
        docs/plans.md, "Badges".
    """
    pays, slot = case.component.pays, case.component.slot
    row = case.counted(slot)
    if row is None or slot is None or not isinstance(pays, Badges):
        return []
    target = case.target()
    if target is None and case.component.target is not None:
        return []
    index = Ordered(case.view, ORDER, case.participant, tally_key(slot, case.period))
    due = []
    for level, (floor, badge) in enumerate(pays.levels, start=1):
        needed = in_units(floor, target)
        if row.value < needed and not pays.keep:
            continue
        # Values are whole: they reach a part of a unit with the next whole one.
        first = index.first_prefix_at_least(-(-needed.numerator // needed.denominator))
        if first is not None:
            due.append(BadgeReached(level, badge, ascended(first.key)))
        elif row.value >= needed:
            # Credits count, but no account or week of theirs: 0 was there from the beginning.
            due.append(BadgeReached(level, badge, case.period.start))
    return due


def rewards_for_place(ranks: Ranks, placing: Placing, *, pooled: bool) -> tuple[Reward, ...]:
    """
    Return what a final place earns.

    Args:
        ranks: What ranks are rewarded with.
        placing: The place.
        pooled: Whether all who are tied at a rank take the ranks from it on, as many as
            they are: they pool what can be divided, the first of them by id with what is
            left over. What can't be divided goes whole to each, as their common rank is
            rewarded; and where nothing is pooled everything does.

    Source:
        docs/plans.md, "Contests".
    """
    sharing, index = (placing.tied, placing.tied_index) if pooled else (1, 0)
    pools: dict[str, int] = {}
    whole: list[Reward] = []
    last_taken = placing.rank + sharing - 1
    for first, last, rules in ranks.levels:
        taken = min(last, last_taken) - max(first, placing.rank) + 1
        for rule in rules:
            if rule.kind in LABELLED:
                if first <= placing.rank <= last:
                    whole.append(Reward(rule.kind, rule.amount_minor, rule.label))
            elif taken > 0:
                pools[rule.kind] = pools.get(rule.kind, 0) + taken * rule.amount_minor
    shared = (Reward(kind, money.share(amount, sharing, index)) for kind, amount in pools.items())
    return _kept([*shared, *whole])


def _placing(case: Case) -> Placing | None:
    """Return the participant's final place; with a board for each unit the unit's."""
    board = f"{case.counting.plan.plan_id}/{case.component.board}/{case.period.id}"
    for key, row in case.view.rows(PLACINGS, case.participant):
        if key == board or key.startswith(f"{board}/"):
            return row.placing
    return None


def _modified(case: Case, pays: Paid, value: int, target: Number | None) -> tuple[Earned, ...]:
    """Return what the form earns, its money changed by pace and gate."""
    earned = earned_by(case, pays, value, target)
    modifiers = case.component.modifiers
    if modifiers is NO_MODIFIERS:
        return earned

    def money_at(at: Number) -> Number:
        several = earned if at == value else earned_by(case, pays, at, target)
        return next((one.exact for one in several if one.kind == "money"), 0)

    pay: Pay = money_at
    for pace in modifiers.paces:
        pay = paced(pay, pace, in_units(pace.floor, target))
    part = let_through(case, modifiers.gate) if modifiers.gate is not None else Fraction(1)
    others = [one for one in earned if one.kind != "money" and part == 1]
    return (Earned("money", pay(value) * part), *others)


def _capped(case: Case, rewards: tuple[Reward, ...]) -> tuple[Reward, ...]:
    """Return rewards with no more money than the component pays at most."""
    most = case.component.modifiers.most_minor
    if most is None:
        return rewards
    return tuple(
        one._replace(amount_minor=min(one.amount_minor, most)) if one.kind == "money" else one
        for one in rewards
    )


def _rounded(earned: Iterable[Earned], rounding: Rounding) -> tuple[Reward, ...]:
    """Round what was earned, once."""
    return _kept(Reward(one.kind, _whole(one.exact, rounding), one.label) for one in earned)


def _whole(exact: Number, rounding: Rounding) -> int:
    return exact if isinstance(exact, int) else money.rounded(exact, rounding)


def _kept(rewards: Iterable[Reward]) -> tuple[Reward, ...]:
    """Return the rewards that are something: an amount, or something with a name."""
    return tuple(r for r in rewards if r.amount_minor or r.kind in LABELLED)
