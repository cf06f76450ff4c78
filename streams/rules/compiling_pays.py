"""How a component pays, from the plan file's words to compiled forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.plans import model
from accolade.streams.plans.rewards import Rewards
from accolade.streams.rules import compiled_pays
from accolade.streams.rules.formulas import Number, Tier, plain


def in_units(number: Decimal, unit: str) -> Fraction:
    """Return a number of the plan in minor units of a currency, or as it is for a count."""
    return Fraction(number) * Fraction(10) ** MINOR_DECIMALS.get(unit, 0)


@dataclass(frozen=True)
class Measured:
    """What a component's floors are measured in."""

    #: A currency or a count.
    unit: str
    has_target: bool
    #: The target where it is a number, in minor units or a count; floors are known then.
    target: Number | None = None


def compile_pays(pays: model.Pays, currency: str, measured: Measured) -> compiled_pays.Pays:
    """
    Return the compiled form.

    Args:
        pays: As the plan file has it.
        currency: The plan's, which its rewards are in.
        measured: What its floors are measured in.

    Raises:
        ValueError: An amount finer than the currency's minor unit, a part of a target
            where there is none, or on each transaction.
    """
    if pays.flat is not None:
        return _flat(pays.flat, pays.split)
    if pays.per_unit is not None:
        return compiled_pays.PerUnit(_reward(pays.per_unit.reward, currency))
    if pays.spif is not None:
        return _spif(pays.spif, currency)
    if pays.curve is not None:
        return _curve(pays.curve, currency, measured)
    tiers = pays.marginal or pays.retroactive
    if tiers is not None:
        return _tiered(tiers, measured, retroactive=pays.retroactive is not None)
    if pays.slabs is not None:
        return compiled_pays.Slabs(
            tuple((_floor(slab.from_, measured), _rewards(slab, currency)) for slab in pays.slabs)
        )
    if pays.ladder is not None:
        return compiled_pays.Ladder(
            tuple((_floor(step.from_, measured), _rewards(step, currency)) for step in pays.ladder)
        )
    if pays.ranks is not None:
        return compiled_pays.Ranks(
            tuple((row.rank.first, row.rank.last, _rewards(row, currency)) for row in pays.ranks)
        )
    if pays.badges is not None:
        return compiled_pays.Badges(
            tuple((_floor(level.from_, measured), level.badge) for level in pays.badges.levels),
            keep=pays.badges.on_refund == "keep",
        )
    raise ValueError(f"pays: {pays.form} is not known")


def _spif(spif: model.Spif, currency: str) -> compiled_pays.Pays:
    reward = _reward(spif.reward, currency)
    if spif.times == "every":
        return compiled_pays.PerUnit(reward)
    return compiled_pays.Slabs(((compiled_pays.Floor(1, of_target=False), (reward,)),))


def _curve(curve: model.Curve, currency: str, measured: Measured) -> compiled_pays.Pays:
    _check_rising([point.from_ for point in curve.points])
    points = tuple(
        (_floor(point.from_, measured), minor_units(point.money, currency))
        for point in curve.points
    )
    return compiled_pays.Curve(points, extend=curve.beyond == "extend")


def _check_rising(floors: Sequence[model.Floor]) -> None:
    for lower, upper in pairwise(floors):
        is_mixed = bool(lower.value) and (lower.units is None) != (upper.units is None)
        if is_mixed or lower.value >= upper.value:
            raise ValueError(f"pays: {upper} comes after {lower}, and points must rise")


def _flat(flat: model.Flat, split: model.Split | None) -> compiled_pays.Pays:
    formula = compiled_pays.Flat(flat.rate.fraction)
    if flat.on == "running_total":
        return formula
    if split is None:
        return compiled_pays.EachTransaction(formula)
    shares = tuple((role, share.fraction) for role, share in split.by_role.items())
    return compiled_pays.EachTransaction(
        compiled_pays.RoleSplit(flat.rate.fraction, shares, spread=split.unfilled == "spread")
    )


def _tiered(tiers: model.Tiers, measured: Measured, *, retroactive: bool) -> compiled_pays.Pays:
    rows = tuple((_floor(tier.from_, measured), tier.rate.fraction) for tier in tiers.tiers)
    if tiers.on == "running_total":
        return compiled_pays.Tiered(rows, retroactive)
    if any(floor.of_target for floor, _ in rows):
        raise ValueError("pays: tiers on each transaction can't begin at parts of a target")
    fixed = tuple(Tier(floor.value, rate) for floor, rate in rows)
    return compiled_pays.EachTransaction(compiled_pays.FixedTiers(fixed, retroactive))


def _floor(floor: model.Floor, measured: Measured) -> compiled_pays.Floor:
    if floor.attainment is None:
        units = in_units(floor.units or Decimal(0), measured.unit)
        return compiled_pays.Floor(plain(units), of_target=False)
    if not measured.has_target:
        raise ValueError("pays: begins at a part of a target, and there is none")
    if measured.target is None:
        return compiled_pays.Floor(floor.attainment, of_target=True)
    return compiled_pays.Floor(plain(floor.attainment * measured.target), of_target=False)


def _rewards(row: Rewards, currency: str) -> tuple[compiled_pays.RewardRule, ...]:
    return tuple(_reward(reward, currency) for reward in row.rewards)


def _reward(reward: model.Reward, currency: str) -> compiled_pays.RewardRule:
    amount = reward.amount if reward.amount is not None else reward.value or Decimal(0)
    minor = int(amount) if reward.kind == "points" else minor_units(amount, currency)
    return compiled_pays.RewardRule(reward.kind, minor, reward.label)


def minor_units(amount: Decimal, currency: str) -> int:
    """
    Return an amount of money in minor units.

    Raises:
        ValueError: It is finer than the currency's minor unit.
    """
    exact = in_units(amount, currency)
    if exact.denominator != 1:
        raise ValueError(f"pays: {amount} is finer than the minor unit of {currency}")
    return exact.numerator
