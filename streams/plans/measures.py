"""Measures: what a plan counts, as `measures:` names it."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)

from accolade.streams.plans.base import PlanModel
from accolade.streams.plans.names import Name, Text, text
from accolade.streams.plans.numbers import PositiveUnits, refusal

#: The transactions that a measure can count.
Transactions = Literal["deal", "demo", "meeting", "activity", "learning"]

#: Fields of a credit that `where` knows; every other key is a dimension.
WHERE_FIELDS = ("status", "kind", "segment", "product", "account", "role")


def _alternatives(value: Any) -> tuple[str, ...]:
    several = value if isinstance(value, list | tuple) else [value]
    if not several:
        raise refusal("lists no value, so nothing would count")
    return tuple(text(one) for one in several)


_Alternatives = Annotated[
    tuple[str, ...],
    PlainValidator(_alternatives),
    PlainSerializer(list),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "minItems": 1},
            ]
        }
    ),
]
#: Field or dimension -> the values that count, any one of them.
Where = dict[Text, _Alternatives]


class _Counted(PlanModel):
    """What measures of transactions have in common."""

    of: Transactions = Field(description="The transactions that count.", examples=["deal"])
    where: Where = Field(
        default={},
        description=(
            "Only those with these values. Keys: status, kind, segment, product, account, "
            "role (the participant's in the deal's team), or any dimension."
        ),
        examples=[{"status": "won"}],
    )


class SumMeasure(_Counted):
    """A sum of deal amounts in the plan's currency, or of activity quantities."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {"properties": {"sum": {"const": "amount"}}},
            "then": {"required": ["credit"]},
        }
    )
    form: ClassVar[Literal["sum"]] = "sum"

    sum: Literal["amount", "quantity"] = Field(
        description="`amount` of deals, or `quantity` of activities (calls, emails).",
        examples=["amount"],
    )
    credit: Literal["whole", "share"] | None = Field(
        default=None,
        description=(
            "For amounts: `whole` credits each rep with the whole deal, `share` with the "
            "rep's share of it as the CRM splits it."
        ),
        examples=["whole"],
    )

    @model_validator(mode="after")
    def _check_credit(self) -> Self:
        if self.sum == "amount" and self.credit is None:
            says = "is missing: whether each rep is credited with the whole deal or a share"
            raise refusal(says, "credit: whole", key="credit")
        if self.sum == "quantity" and self.credit is not None:
            raise refusal("is for amounts of deals alone", key="credit")
        return self


class CountMeasure(_Counted):
    """How many transactions."""

    form: ClassVar[Literal["count"]] = "count"

    count: Literal["transactions"] = Field(
        description="Each transaction counts 1.", examples=["transactions"]
    )


class DistinctMeasure(_Counted):
    """How many different accounts."""

    form: ClassVar[Literal["distinct"]] = "distinct"

    distinct: Literal["account"] = Field(
        description="Each account counts once.", examples=["account"]
    )
    first_in: Literal["participant", "period"] = Field(
        description=(
            "`participant`: accounts whose first counted transaction in the participant's "
            "whole history lies in the period; `period`: all accounts of the period."
        ),
        examples=["participant"],
    )


class WeeksMeasure(PlanModel):
    """How many weeks ending in the period reach a figure of another measure."""

    form: ClassVar[Literal["weeks_of"]] = "weeks_of"

    weeks_of: Name = Field(
        description="The measure that is summed up for each week.", examples=["calls"]
    )
    at_least: PositiveUnits = Field(
        description="What a week must reach, in units of that measure.", examples=[50]
    )
    weeks: Literal["iso"] = Field(
        description="ISO weeks: Monday to Sunday, in the plan's time zone.", examples=["iso"]
    )
    belong_to: Literal["end"] = Field(
        description="A week belongs to the period in which it ends.", examples=["end"]
    )
    before_start: Literal["count", "ignore"] = Field(
        description=(
            "Whether what occurred before the plan's first day counts for a week that "
            "began before it."
        ),
        examples=["count"],
    )


#: The keys of which a measure has exactly one: they say how it counts.
MEASURE_FORMS = ("sum", "count", "distinct", "weeks_of")


def _form(value: Any) -> str | None:
    if isinstance(value, PlanModel):
        return f"<{getattr(value, 'form', '')}>"
    forms = [form for form in MEASURE_FORMS if isinstance(value, dict) and form in value]
    return f"<{forms[0]}>" if len(forms) == 1 else None


#: One of the four forms; ask `isinstance` which.
Measure = Annotated[
    Annotated[SumMeasure, Tag("<sum>")]
    | Annotated[CountMeasure, Tag("<count>")]
    | Annotated[DistinctMeasure, Tag("<distinct>")]
    | Annotated[WeeksMeasure, Tag("<weeks_of>")],
    Discriminator(
        _form,
        custom_error_type="one_form",
        custom_error_message="must have exactly one of `sum`, `count`, `distinct` or `weeks_of`",
    ),
]

__all__ = [
    "MEASURE_FORMS",
    "WHERE_FIELDS",
    "CountMeasure",
    "DistinctMeasure",
    "Measure",
    "SumMeasure",
    "Transactions",
    "WeeksMeasure",
    "Where",
]
