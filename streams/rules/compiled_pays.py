"""How a component pays, made ready: floors and rewards in minor units, rates as fractions."""

from dataclasses import dataclass
from fractions import Fraction

from accolade.streams.rules.formulas import Number, Point, Tier


@dataclass(frozen=True, slots=True)
class Floor:
    """Where a tier begins: minor units (or a count), or a part of the target."""

    value: Number
    of_target: bool


@dataclass(frozen=True, slots=True)
class RewardRule:
    """A reward of a level."""

    kind: str
    #: Minor units of the plan's currency; whole points.
    amount_minor: int
    label: str = ""


@dataclass(frozen=True, slots=True)
class Flat:
    """A rate on everything."""

    rate: Fraction


@dataclass(frozen=True, slots=True)
class PerUnit:
    """A reward for each unit of a count."""

    reward: RewardRule


@dataclass(frozen=True, slots=True)
class Tiered:
    """Rates by rising floors: on the part in each tier, or the one reached on everything."""

    tiers: tuple[tuple[Floor, Fraction], ...]
    retroactive: bool


@dataclass(frozen=True, slots=True)
class FixedTiers:
    """As `Tiered`, with floors that need no target."""

    tiers: tuple[Tier, ...]
    retroactive: bool


@dataclass(frozen=True, slots=True)
class RoleSplit:
    """A rate on each deal, shared by the roles in its team."""

    rate: Fraction
    shares: tuple[tuple[str, Fraction], ...]
    #: Whether the share of a role that nobody has goes to the others.
    spread: bool


@dataclass(frozen=True, slots=True)
class EachTransaction:
    """A formula on each deal alone, net of its refunds."""

    formula: Flat | FixedTiers | RoleSplit
    #: What a deal above zero pays at least, minor units.
    least_minor: int = 0


@dataclass(frozen=True, slots=True)
class DealRule:
    """How a component pays each deal."""

    #: Begins the keys of what the component keeps.
    state: str
    formula: Flat | FixedTiers | RoleSplit
    #: What a deal above zero pays at least, minor units.
    least_minor: int = 0


@dataclass(frozen=True, slots=True)
class Slabs:
    """The rewards of the highest floor reached."""

    levels: tuple[tuple[Floor, tuple[RewardRule, ...]], ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rewards of all floors reached."""

    steps: tuple[tuple[Floor, tuple[RewardRule, ...]], ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Straight lines between points: floors, and minor units paid there."""

    points: tuple[tuple[Floor, int], ...]
    #: Whether the last line goes on beyond the last point.
    extend: bool


@dataclass(frozen=True, slots=True)
class Matrix:
    """A base times the multiplier of the row and column reached; below the first nothing."""

    #: Minor units, or a rate on the component's measure.
    base: int | Fraction
    rows: tuple[Floor, ...]
    columns: tuple[Floor, ...]
    #: By row, then column.
    times: tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True, slots=True)
class AsAttained:
    """As much as the attainment."""


@dataclass(frozen=True, slots=True)
class OnLines:
    """By straight lines between points of an attainment."""

    points: tuple[Point, ...]
    extend: bool


@dataclass(frozen=True, slots=True)
class BySteps:
    """By the highest step reached: an attainment, and what it pays."""

    steps: tuple[Point, ...]


PartPay = AsAttained | OnLines | BySteps


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A bonus times the weighted sum of what its parts pay."""

    bonus_minor: int
    #: By part: its weight, and how much of it is paid.
    parts: tuple[tuple[Fraction, PartPay], ...]
    #: The most that a part pays, and the most that the sum does; None for no end.
    most_of_part: Fraction | None
    most_of_sum: Fraction | None


@dataclass(frozen=True, slots=True)
class Ranks:
    """Rewards by final rank: first rank, last rank, and what each of them is rewarded with."""

    levels: tuple[tuple[int, int, tuple[RewardRule, ...]], ...]


@dataclass(frozen=True, slots=True)
class Badges:
    """Badges by rising floors."""

    levels: tuple[tuple[Floor, str], ...]
    #: Whether one stays once its floor was ever reached.
    keep: bool


#: Forms that pay by a measure and its target.
Paid = Flat | PerUnit | Tiered | EachTransaction | Curve | Slabs | Ladder | Matrix | Scorecard
Pays = Paid | Ranks | Badges
