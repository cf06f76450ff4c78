"""How a component pays: the forms of `pays:` and their tiers."""

from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from accolade.streams.plans.base import PlanModel, exactly_one, given, one_of
from accolade.streams.plans.counts import PerUnit, Spif
from accolade.streams.plans.curves import Curve
from accolade.streams.plans.floors import Ranks, TierFloor
from accolade.streams.plans.held import Held
from accolade.streams.plans.matrix import Matrix
from accolade.streams.plans.names import BadgeName, Text
from accolade.streams.plans.numbers import Percent, refusal
from accolade.streams.plans.rewards import REWARD_KINDS, Reward, RewardKind, Rewards
from accolade.streams.plans.scorecard import Scorecard

#: Whether a rate or its tiers apply to each deal alone, or to the period's running total.
AppliesTo = Literal["each_transaction", "running_total"]
FormName = Literal[
    "flat",
    "per_unit",
    "spif",
    "marginal",
    "retroactive",
    "curve",
    "slabs",
    "ladder",
    "matrix",
    "scorecard",
    "ranks",
    "badges",
]

FORM_NAMES: tuple[FormName, ...] = get_args(FormName)
#: Those that pay money whatever their rows say.
MONEY_FORMS: tuple[FormName, ...] = (
    *("flat", "marginal", "retroactive", "curve"),
    *("matrix", "scorecard"),
)

_ON = Field(
    description=(
        "`each_transaction`: each deal's own amount, net of its refunds; `running_total`: "
        "the period's total."
    ),
    examples=["running_total"],
)
_FROM = Field(
    alias="from",
    description=(
        "Where it begins: a number in units of the measure, or a percentage of the target. "
        "It reaches up to the next `from`."
    ),
    examples=[0],
)


class Flat(PlanModel):
    """One rate on everything."""

    on: AppliesTo = _ON
    rate: Percent = Field(description="The rate.", examples=["5%"])


class Tier(PlanModel):
    """A rate from a floor up to the next tier's."""

    from_: TierFloor = _FROM
    rate: Percent = Field(description="The tier's rate.", examples=["5%"])


class Tiers(PlanModel):
    """Rates by tier: of `marginal`, each on its own part; of `retroactive`, on everything."""

    on: AppliesTo = _ON
    tiers: tuple[Tier, ...] = Field(
        min_length=1,
        description="By rising `from`, the first from 0.",
        examples=[[{"from": 0, "rate": "5%"}]],
    )


class Slab(Rewards):
    """Rewards from a floor up to the next slab's; the highest slab reached pays alone."""

    from_: TierFloor = _FROM


class Step(Rewards):
    """Rewards for reaching a floor; each step reached pays."""

    from_: TierFloor = Field(
        alias="from",
        description="Where it is: a number in units of the measure, or a part of the target.",
        examples=[5],
    )


class RankReward(Rewards):
    """Rewards for a rank, or for each rank of a range, of a closed period's standing."""

    rank: Ranks = Field(description="A rank, or a range such as `1-3`.", examples=[1])


class BadgeLevel(PlanModel):
    """A badge from a floor on."""

    from_: TierFloor = _FROM
    badge: BadgeName = Field(description="The badge's name.", examples=["Fast starter"])


class Badges(PlanModel):
    """Badges by level, each granted once a period."""

    on_refund: Literal["keep", "revoke"] = Field(
        description="What becomes of a badge when a refund takes the measure back below it.",
        examples=["keep"],
    )
    levels: tuple[BadgeLevel, ...] = Field(
        min_length=1,
        description="By rising `from`.",
        examples=[[{"from": "20%", "badge": "Fast starter"}]],
    )


# --- split ---


def _in_order(value: Any) -> Any:
    """Read the canonical form too: pairs, as the order of roles matters and keys have none."""
    if isinstance(value, list) and all(isinstance(p, list) and len(p) == 2 for p in value):
        return {str(role): share for role, share in value}
    return value


class Split(PlanModel):
    """How the commission on a deal is shared by the roles in its team."""

    by_role: Annotated[
        dict[Text, Percent],
        BeforeValidator(_in_order),
        PlainSerializer(lambda shares: [[role, str(share)] for role, share in shares.items()]),
        WithJsonSchema(
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"type": "string", "pattern": "%$"},
            }
        ),
    ] = Field(
        min_length=1,
        description=(
            "Each role's share, together 100%. Where cents are left over and remainders are "
            "equal, the role named first is served first."
        ),
        examples=[{"account_executive": "100%"}],
    )
    unfilled: Literal["forfeit", "spread"] = Field(
        description=(
            "What becomes of the share of a role that nobody has in a deal's team: `forfeit`, "
            "or `spread` over the roles there, by their shares."
        ),
        examples=["forfeit"],
    )


# --- pays ---


class Pays(PlanModel):
    """How a component pays: exactly one form, and a split beside a flat rate."""

    model_config = exactly_one(FORM_NAMES)

    flat: Flat | None = Field(default=None, description="One rate on everything.")
    per_unit: PerUnit | None = Field(
        default=None, description="A fixed amount for each unit of a count."
    )
    spif: Spif | None = Field(
        default=None, description="A fixed amount on a count, every time or once a period."
    )
    marginal: Tiers | None = Field(
        default=None, description="Each tier's rate on the part of the total inside it."
    )
    retroactive: Tiers | None = Field(
        default=None, description="The rate of the tier reached, on everything."
    )
    curve: Curve | None = Field(
        default=None, description="Money that runs straight from each point to the next."
    )
    slabs: tuple[Slab, ...] | None = Field(
        default=None, min_length=1, description="Rewards by floor; the highest reached pays alone."
    )
    ladder: tuple[Step, ...] | None = Field(
        default=None, min_length=1, description="Rewards by floor; each step reached pays."
    )
    matrix: Matrix | None = Field(
        default=None, description="An amount times a multiplier by two attainments."
    )
    scorecard: Scorecard | None = Field(
        default=None, description="A bonus by several attainments, each with a weight."
    )
    ranks: tuple[RankReward, ...] | None = Field(
        default=None, min_length=1, description="Rewards by rank on a board, once it is closed."
    )
    badges: Badges | None = Field(default=None, description="Badges by level.")
    split: Split | None = Field(
        default=None,
        description="Beside `flat` on each transaction: how each deal's commission is shared.",
    )

    @model_validator(mode="after")
    def _check_one_form(self) -> Self:
        if len(given(self, FORM_NAMES)) != 1:
            raise refusal(f"must have exactly one of {one_of(FORM_NAMES)}")
        if self.split is not None and (self.flat is None or self.flat.on != "each_transaction"):
            fix = "flat: {on: each_transaction, rate: 5%}"
            says = "shares the commission of each deal, so it stands beside a flat rate on each"
            raise refusal(says, fix, key="split")
        return self

    @property
    def form(self) -> FormName:
        """Which form it is; the attribute of that name is then not None."""
        return next(name for name in FORM_NAMES if getattr(self, name) is not None)

    @property
    def held(self) -> tuple[Held, ...]:
        """The measures that the form names itself, with their targets."""
        named = self.matrix or self.scorecard
        return named.held if named is not None else ()

    @property
    def own_measure(self) -> bool:
        """Whether it pays by the component's own measure."""
        if self.matrix is not None:
            return self.matrix.base.rate is not None
        return self.scorecard is None and self.ranks is None

    @property
    def on(self) -> AppliesTo | None:
        """What its rates apply to; None for a form without rates, or one on totals alone."""
        rated = self.flat or self.marginal or self.retroactive
        return rated.on if rated is not None else None

    @property
    def rewards(self) -> tuple[Reward, ...]:
        """All that its tiers, ranks or units can award; empty for rates and badges."""
        counted = self.per_unit or self.spif
        if counted is not None:
            return (counted.reward,)
        tiers = self.slabs or self.ladder or self.ranks or ()
        return tuple(reward for tier in tiers for reward in tier.rewards)

    @property
    def reward_kinds(self) -> tuple[RewardKind, ...]:
        """
        The kinds it awards, in the order of `REWARD_KINDS`; none for badges.

        An award of the first kind has the plain award id, the others name their kind in it.
        """
        kinds = {reward.kind for reward in self.rewards}
        if self.form in MONEY_FORMS:
            kinds.add("money")
        return tuple(kind for kind in REWARD_KINDS if kind in kinds)
