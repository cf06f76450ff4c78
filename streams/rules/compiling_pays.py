"""How a component pays, from the plan file's words to compiled forms."""

from collections.abc import Sequence
from decimal import Decimal

from accolade.streams.plans import model
from accolade.streams.plans.curves import Curve
from accolade.streams.plans.pays import Step
from accolade.streams.plans.rewards import Rewards
from accolade.streams.rules import compiled_pays
from accolade.streams.rules.compiling_matrix import compile_matrix
from accolade.streams.rules.compiling_scorecard import compile_scorecard
from accolade.streams.rules.compiling_units import (
    Measured,
    check_rising,
    compiled_floor,
    minor_units,
)
from accolade.streams.rules.formulas import Tier


def compile_pays(
    pays: model.Pays, currency: str, measured: Measured, parts: tuple[Measured, ...] = ()
) -> compiled_pays.Pays:
    """
    Return the compiled form.

    Args:
        pays: As the plan file has it.
        currency: The plan's, which its rewards are in.
        measured: What its floors are measured in.
        parts: What those of the measures that it names itself are.

    Raises:
        ValueError: An amount finer than the currency's minor unit, a part of a target
            where there is none, or on each transaction.
    """
    form = _by_measures(pays, currency, parts) or _by_rate(pays, measured)
    form = form or _by_count(pays, currency) or _by_rows(pays, currency, measured)
    if form is None:
        raise ValueError(f"pays: {pays.form} is not known")
    return form


def _by_measures(
    pays: model.Pays, currency: str, parts: tuple[Measured, ...]
) -> compiled_pays.Pays | None:
    if pays.matrix is not None:
        return compile_matrix(pays.matrix, currency, *parts)
    if pays.scorecard is not None:
        return compile_scorecard(pays.scorecard, currency)
    return None


def _by_rate(pays: model.Pays, measured: Measured) -> compiled_pays.Pays | None:
    if pays.flat is not None:
        return _flat(pays.flat, pays.split)
    if pays.marginal is not None:
        return _tiered(pays.marginal, measured, retroactive=False)
    if pays.retroactive is not None:
        return _tiered(pays.retroactive, measured, retroactive=True)
    return None


def _by_count(pays: model.Pays, currency: str) -> compiled_pays.Pays | None:
    if pays.per_unit is not None:
        return compiled_pays.PerUnit(_reward(pays.per_unit.reward, currency))
    if pays.spif is None:
        return None
    reward = _reward(pays.spif.reward, currency)
    if pays.spif.times == "every":
        return compiled_pays.PerUnit(reward)
    return compiled_pays.Slabs(((compiled_pays.Floor(1, of_target=False), (reward,)),))


def _by_rows(pays: model.Pays, currency: str, measured: Measured) -> compiled_pays.Pays | None:
    if pays.slabs is not None:
        return compiled_pays.Slabs(_levels(pays.slabs, currency, measured))
    if pays.ladder is not None:
        return compiled_pays.Ladder(_levels(pays.ladder, currency, measured))
    if pays.curve is not None:
        return _curve(pays.curve, currency, measured)
    if pays.ranks is not None:
        return compiled_pays.Ranks(
            tuple((row.rank.first, row.rank.last, _rewards(row, currency)) for row in pays.ranks)
        )
    if pays.badges is not None:
        levels = pays.badges.levels
        return compiled_pays.Badges(
            tuple((compiled_floor(level.from_, measured), level.badge) for level in levels),
            keep=pays.badges.on_refund == "keep",
        )
    return None


_Level = tuple[compiled_pays.Floor, tuple[compiled_pays.RewardRule, ...]]


def _levels(
    rows: Sequence[model.Slab | Step], currency: str, measured: Measured
) -> tuple[_Level, ...]:
    return tuple((compiled_floor(row.from_, measured), _rewards(row, currency)) for row in rows)


def _curve(curve: Curve, currency: str, measured: Measured) -> compiled_pays.Pays:
    check_rising([point.from_ for point in curve.points])
    points = tuple(
        (compiled_floor(point.from_, measured), minor_units(point.money, currency))
        for point in curve.points
    )
    return compiled_pays.Curve(points, extend=curve.beyond == "extend")


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
    rows = tuple((compiled_floor(tier.from_, measured), tier.rate.fraction) for tier in tiers.tiers)
    if tiers.on == "running_total":
        return compiled_pays.Tiered(rows, retroactive)
    if any(floor.of_target for floor, _ in rows):
        raise ValueError("pays: tiers on each transaction can't begin at parts of a target")
    fixed = tuple(Tier(floor.value, rate) for floor, rate in rows)
    return compiled_pays.EachTransaction(compiled_pays.FixedTiers(fixed, retroactive))


def _rewards(row: Rewards, currency: str) -> tuple[compiled_pays.RewardRule, ...]:
    return tuple(_reward(reward, currency) for reward in row.rewards)


def _reward(reward: model.Reward, currency: str) -> compiled_pays.RewardRule:
    amount = reward.amount if reward.amount is not None else reward.value or Decimal(0)
    minor = int(amount) if reward.kind == "points" else minor_units(amount, currency)
    return compiled_pays.RewardRule(reward.kind, minor, reward.label)
