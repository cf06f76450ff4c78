"""What each unit of a count pays: calls, meetings, new customers."""

from decimal import Decimal
from typing import Literal, Self

from pydantic import Field, model_validator

from accolade.streams.plans.base import PlanModel, exactly_one, given
from accolade.streams.plans.numbers import PositiveUnits, PositiveWhole, refusal
from accolade.streams.plans.rewards import Reward


class PerUnit(PlanModel):
    """A fixed amount for each unit of a count."""

    model_config = exactly_one(("money", "points"))

    money: PositiveUnits | None = Field(
        default=None, description="Major units of the plan's currency per unit.", examples=[5]
    )
    points: PositiveWhole | None = Field(
        default=None, description="Points per unit.", examples=[10]
    )

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if len(given(self, ("money", "points"))) != 1:
            raise refusal("must have exactly one of `money` or `points`", "money: 5")
        return self

    @property
    def reward(self) -> Reward:
        """What each unit earns."""
        if self.money is not None:
            return Reward("money", self.money, "", None)
        return Reward("points", Decimal(self.points or 0), "", None)


class Spif(PerUnit):
    """A fixed amount for what is sold or done: every time, or once a period."""

    times: Literal["every", "once"] = Field(
        description="`every`: for each unit of the count; `once`: once a period, with the first.",
        examples=["every"],
    )
