"""What a component can award."""

from decimal import Decimal
from typing import Literal, NamedTuple, Self

from pydantic import ConfigDict, Field, model_validator

from accolade.streams.plans.base import PlanModel, given, one_of
from accolade.streams.plans.names import Text
from accolade.streams.plans.numbers import PositiveUnits, PositiveWhole, Units, refusal

RewardKind = Literal["money", "points", "gift_card", "experience", "training"]

#: In the order in which several rewards of one tier are awarded.
REWARD_KINDS: tuple[RewardKind, ...] = ("money", "points", "gift_card", "experience", "training")


class Reward(NamedTuple):
    """What is awarded."""

    kind: RewardKind
    #: Major units of the plan's currency; whole points; None for experiences and trainings.
    amount: Decimal | None
    #: In words; empty for money, points and gift cards.
    label: str
    #: What an experience or training is worth, major units; None for the others.
    value: Decimal | None


class Rewards(PlanModel):
    """The keys that name what is awarded; at least one."""

    model_config = ConfigDict(
        json_schema_extra={
            "anyOf": [{"required": [kind]} for kind in REWARD_KINDS],
            "dependentRequired": {"experience": ["value"], "training": ["value"]},
        }
    )

    money: PositiveUnits | None = Field(
        default=None, description="Money, major units of the plan's currency.", examples=[250]
    )
    points: PositiveWhole | None = Field(default=None, description="Points, whole.", examples=[100])
    gift_card: PositiveUnits | None = Field(
        default=None, description="A gift card, major units of the plan's currency.", examples=[500]
    )
    experience: Text | None = Field(
        default=None,
        description="An experience in words; `value` says what it is worth.",
        examples=["Weekend package"],
    )
    training: Text | None = Field(
        default=None,
        description="A training in words; `value` says what it is worth.",
        examples=["Advanced negotiation"],
    )
    value: Units | None = Field(
        default=None,
        description=(
            "What the experience or training is worth to the budget, major units of the "
            "plan's currency; 0 where nothing."
        ),
        examples=[600],
    )

    @model_validator(mode="after")
    def _check_rewards(self) -> Self:
        kinds = given(self, REWARD_KINDS)
        if not kinds:
            raise refusal(f"awards nothing: name {one_of(REWARD_KINDS)}", "money: 250")
        labelled = given(self, ("experience", "training"))
        if len(labelled) > 1:
            raise refusal("has an experience and a training, and one `value`: name one of them")
        if labelled and self.value is None:
            raise refusal(f"is missing: what the {labelled[0]} is worth", "value: 0", key="value")
        if self.value is not None and not labelled:
            raise refusal("is of an experience or training, and there is none", key="value")
        return self

    @property
    def rewards(self) -> tuple[Reward, ...]:
        """What is awarded, in the order of `REWARD_KINDS`."""
        amounts: dict[RewardKind, Decimal | int | None] = {
            "money": self.money,
            "points": self.points,
            "gift_card": self.gift_card,
        }
        labels: dict[RewardKind, str | None] = {
            "experience": self.experience,
            "training": self.training,
        }
        return (
            *(Reward(k, Decimal(v), "", None) for k, v in amounts.items() if v is not None),
            *(Reward(k, None, v, self.value) for k, v in labels.items() if v is not None),
        )
