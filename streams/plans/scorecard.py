"""A bonus by several attainments, each with a weight."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from accolade.streams.plans.base import PlanModel
from accolade.streams.plans.curves import BEYOND, FEWEST_POINTS, Beyond
from accolade.streams.plans.held import Held
from accolade.streams.plans.names import Name
from accolade.streams.plans.numbers import Percent, PositiveUnits, refusal
from accolade.streams.plans.targets import Target


class PayPoint(PlanModel):
    """How much of a part is paid from an attainment on, or at it."""

    from_: Percent = Field(alias="from", description="The attainment.", examples=["100%"])
    pay: Percent = Field(description="How much of the part is paid.", examples=["100%"])


class PayCurve(PlanModel):
    """Pay that runs straight from each point to the next."""

    points: tuple[PayPoint, ...] = Field(
        min_length=FEWEST_POINTS,
        description="By rising attainment; below the first nothing is paid.",
        examples=[[{"from": "50%", "pay": "0%"}, {"from": "100%", "pay": "100%"}]],
    )
    beyond: Beyond = BEYOND


class CurvedPay(PlanModel):
    """A part's pay by a curve."""

    curve: PayCurve = Field(
        description="Pay that runs straight from each point to the next.",
        examples=[{"points": [{"from": "50%", "pay": "0%"}, {"from": "100%", "pay": "100%"}]}],
    )


class SteppedPay(PlanModel):
    """A part's pay by steps."""

    steps: tuple[PayPoint, ...] = Field(
        min_length=1,
        description="By rising attainment; each reaches up to the next.",
        examples=[[{"from": "80%", "pay": "50%"}, {"from": "100%", "pay": "100%"}]],
    )


def _pay_form(value: Any) -> str | None:
    if isinstance(value, CurvedPay | SteppedPay):
        return "<curve>" if isinstance(value, CurvedPay) else "<steps>"
    if value == "attainment":
        return "<attainment>"
    forms = [form for form in ("curve", "steps") if isinstance(value, dict) and form in value]
    return f"<{forms[0]}>" if len(forms) == 1 else None


#: How much of a part is paid for its attainment.
PartPay = Annotated[
    Annotated[Literal["attainment"], Tag("<attainment>")]
    | Annotated[CurvedPay, Tag("<curve>")]
    | Annotated[SteppedPay, Tag("<steps>")],
    Discriminator(
        _pay_form,
        custom_error_type="one_form",
        custom_error_message="must be `attainment`, or have a `curve` or `steps`",
    ),
]


class ScorecardPart(PlanModel):
    """A measure, its target and its weight."""

    measure: Name = Field(description="What is measured.", examples=["demos"])
    target: Target = Field(description="What it is held against.", examples=[20])
    weight: Percent = Field(
        description="Its part of the bonus; all weights are 100% together.", examples=["25%"]
    )
    pay: PartPay = Field(
        description=(
            "How much of its part is paid: as much as the attainment, or by a curve or steps."
        ),
        examples=["attainment"],
    )


class Scorecard(PlanModel):
    """A bonus times the sum of its parts' pay, each by its weight."""

    bonus: PositiveUnits = Field(
        description="What 100% of all parts pays, major units of the plan's currency.",
        examples=[1000],
    )
    capped: Literal["before_weighting", "after_weighting", "never"] = Field(
        description=(
            "Where pay stops at the percentage `at`: `before_weighting`, that of each part; "
            "`after_weighting`, the sum; or `never`."
        ),
        examples=["before_weighting"],
    )
    at: Percent | None = Field(
        default=None, description="The most, beside `capped`.", examples=["150%"]
    )
    parts: tuple[ScorecardPart, ...] = Field(
        min_length=1,
        description="Its measures.",
        examples=[
            [{"measure": "demos", "target": 20, "weight": "100%", "pay": "attainment"}],
        ],
    )

    @model_validator(mode="after")
    def _check_cap(self) -> Self:
        if self.capped != "never" and self.at is None:
            raise refusal("is missing: at which percentage the pay stops", "at: 150%", key="at")
        if self.capped == "never" and self.at is not None:
            raise refusal("is where the pay stops, and it is never capped", key="at")
        return self

    @property
    def held(self) -> tuple[Held, ...]:
        """Its measures, part by part."""
        return tuple(
            Held(("pays", "scorecard", "parts", index), part.measure, part.target)
            for index, part in enumerate(self.parts)
        )
