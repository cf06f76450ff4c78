"""A multiplier by two attainments."""

from typing import Self

from pydantic import Field, model_validator

from accolade.streams.plans.base import PlanModel, exactly_one, given
from accolade.streams.plans.floors import TierFloor
from accolade.streams.plans.held import Held
from accolade.streams.plans.names import Name
from accolade.streams.plans.numbers import Percent, PositiveUnits, refusal
from accolade.streams.plans.targets import Target


class MatrixBase(PlanModel):
    """What the multiplier is of: an amount, or a rate on the component's measure."""

    model_config = exactly_one(("money", "rate"))

    money: PositiveUnits | None = Field(
        default=None, description="Major units of the plan's currency.", examples=[1000]
    )
    rate: Percent | None = Field(
        default=None, description="Of the component's measure, an amount.", examples=["5%"]
    )

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if len(given(self, ("money", "rate"))) != 1:
            raise refusal("must have exactly one of `money` or `rate`", "money: 1000")
        return self


class Axis(PlanModel):
    """One of the two measures, and the floors at which its rows or columns begin."""

    measure: Name = Field(description="What is measured.", examples=["sales"])
    target: Target | None = Field(
        default=None, description="What it is held against, for floors in per cent.", examples=[50]
    )
    from_: tuple[TierFloor, ...] = Field(
        alias="from",
        min_length=1,
        description=(
            "Where each row or column begins, rising; it reaches up to the next. Below the "
            "first nothing is paid."
        ),
        examples=[["0%", "80%", "100%"]],
    )


class Matrix(PlanModel):
    """A base times the multiplier of the row and the column that are reached."""

    base: MatrixBase = Field(description="What the multiplier is of.", examples=[{"money": 1000}])
    rows: Axis = Field(
        description="The measure that chooses the row.",
        examples=[{"measure": "sales", "target": 50000, "from": ["80%", "100%"]}],
    )
    columns: Axis = Field(
        description="The measure that chooses the column.",
        examples=[{"measure": "new_customers", "from": [5, 10]}],
    )
    times: tuple[tuple[Percent, ...], ...] = Field(
        min_length=1,
        description="The multipliers: a list for each row, with one for each column.",
        examples=[[["50%", "75%"], ["100%", "150%"]]],
    )

    @property
    def held(self) -> tuple[Held, ...]:
        """Its measures: the rows', then the columns'."""
        return tuple(
            Held(("pays", "matrix", name), axis.measure, axis.target)
            for name, axis in (("rows", self.rows), ("columns", self.columns))
        )
