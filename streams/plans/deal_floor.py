"""The least that each deal pays."""

from pydantic import Field

from accolade.streams.plans.base import PlanModel
from accolade.streams.plans.numbers import PositiveUnits


class DealFloor(PlanModel):
    """What a deal pays at least, where its net amount is above zero."""

    money: PositiveUnits = Field(
        description="Major units of the plan's currency for each deal.", examples=[10]
    )
