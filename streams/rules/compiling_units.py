"""What amounts and floors of a plan file are in minor units, counts or parts of a target."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.plans import model
from accolade.streams.rules import compiled_pays
from accolade.streams.rules.formulas import Number, plain


def in_units(number: Decimal, unit: str) -> Fraction:
    """Return a number of the plan in minor units of a currency, or as it is for a count."""
    return Fraction(number) * Fraction(10) ** MINOR_DECIMALS.get(unit, 0)


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


@dataclass(frozen=True)
class Measured:
    """What a component's floors are measured in."""

    #: A currency or a count.
    unit: str
    has_target: bool
    #: The target where it is a number, in minor units or a count; floors are known then.
    target: Number | None = None


def compiled_floor(floor: model.Floor, measured: Measured) -> compiled_pays.Floor:
    """
    Return a floor in the unit of its measure, or as a part of a target that varies.

    Raises:
        ValueError: It is a part of a target, and there is none.
    """
    if floor.attainment is None:
        units = in_units(floor.units or Decimal(0), measured.unit)
        return compiled_pays.Floor(plain(units), of_target=False)
    if not measured.has_target:
        raise ValueError("pays: begins at a part of a target, and there is none")
    if measured.target is None:
        return compiled_pays.Floor(floor.attainment, of_target=True)
    return compiled_pays.Floor(plain(floor.attainment * measured.target), of_target=False)


def check_rising(floors: Sequence[model.Floor]) -> None:
    """
    Look whether floors rise, in one unit: lines are drawn between them.

    Raises:
        ValueError: They don't.
    """
    for lower, upper in pairwise(floors):
        is_mixed = bool(lower.value) and (lower.units is None) != (upper.units is None)
        if is_mixed or lower.value >= upper.value:
            raise ValueError(f"pays: {upper} comes after {lower}, and points must rise")
