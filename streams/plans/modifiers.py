"""What changes the money that a component pays: gate, accelerator, decelerator, cap."""

from typing import Literal, Self

from pydantic import Field, model_validator

from accolade.streams.plans.base import PlanModel
from accolade.streams.plans.floors import TierFloor
from accolade.streams.plans.held import Held
from accolade.streams.plans.names import Name
from accolade.streams.plans.numbers import Percent, PositiveUnits, refusal
from accolade.streams.plans.targets import Target


class Gate(PlanModel):
    """Another measure that has to be reached before the component pays in full."""

    measure: Name = Field(description="The measure that opens the gate.", examples=["calls"])
    target: Target | None = Field(
        default=None, description="What it is held against, for `from` in per cent.", examples=[50]
    )
    from_: TierFloor = Field(
        alias="from",
        description="Where it opens: units of the measure, or a percentage of its target.",
        examples=[50],
    )
    otherwise: Percent = Field(
        description="How much of the money is paid while it is shut; `0%` for nothing.",
        examples=["0%"],
    )

    @model_validator(mode="after")
    def _check_shut(self) -> Self:
        if not self.from_.value:
            raise refusal("opens at 0, so it is never shut", "from: 1", key="from")
        if self.otherwise.fraction >= 1:
            raise refusal("pays no less while it is shut", "otherwise: 0%", key="otherwise")
        return self

    @property
    def held(self) -> Held:
        """The measure and its target."""
        return Held(("gate",), self.measure, self.target)


class Accelerator(PlanModel):
    """More pay from a point on."""

    from_: TierFloor = Field(
        alias="from",
        description="From where on: units of the measure, or a percentage of the target.",
        examples=["100%"],
    )
    times: Percent = Field(description="What the money is multiplied by.", examples=["150%"])
    on: Literal["above", "all"] = Field(
        description="`above`: what is earned above that point; `all`: everything, once there.",
        examples=["above"],
    )

    @model_validator(mode="after")
    def _check_more(self) -> Self:
        if self.times.fraction <= 1:
            says = "is not more than 100%, so nothing is accelerated"
            raise refusal(says, "times: 150%", key="times")
        return self


class Decelerator(PlanModel):
    """Less pay below a point."""

    below: TierFloor = Field(
        description="Up to where: units of the measure, or a percentage of the target.",
        examples=["80%"],
    )
    times: Percent = Field(description="What the money is multiplied by.", examples=["50%"])
    on: Literal["below", "all"] = Field(
        description="`below`: what is earned below that point; `all`: everything, until there.",
        examples=["all"],
    )

    @model_validator(mode="after")
    def _check_less(self) -> Self:
        if self.times.fraction >= 1:
            says = "is not less than 100%, so nothing is decelerated"
            raise refusal(says, "times: 50%", key="times")
        return self


class Cap(PlanModel):
    """The most that is paid for a period."""

    money: PositiveUnits = Field(
        description="Major units of the plan's currency, for each participant and period.",
        examples=[5000],
    )
    above: Literal["lost"] = Field(
        description="What becomes of the rest: `lost`.", examples=["lost"]
    )
