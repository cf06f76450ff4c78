"""Pay curves: straight lines between points."""

from typing import Literal

from pydantic import Field

from accolade.streams.plans.base import PlanModel
from accolade.streams.plans.floors import TierFloor
from accolade.streams.plans.numbers import Units

#: What lies beyond the last point: what that pays, or the last line drawn on.
Beyond = Literal["flat", "extend"]
#: A line needs two.
FEWEST_POINTS = 2

BEYOND = Field(
    description=(
        "Beyond the last point: `flat`, what that point pays; `extend`, the last line drawn on."
    ),
    examples=["flat"],
)


class CurvePoint(PlanModel):
    """What is paid at one point of a curve."""

    from_: TierFloor = Field(
        alias="from",
        description="Where it is: a number in units of the measure, or a part of the target.",
        examples=["100%"],
    )
    money: Units = Field(
        description="What is paid there, major units of the plan's currency.", examples=[1000]
    )


class Curve(PlanModel):
    """Pay that runs straight from each point to the next."""

    points: tuple[CurvePoint, ...] = Field(
        min_length=FEWEST_POINTS,
        description="By rising `from`; below the first nothing is paid.",
        examples=[[{"from": "0%", "money": 0}, {"from": "100%", "money": 1000}]],
    )
    beyond: Beyond = BEYOND
