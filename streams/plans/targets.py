"""Whom a component is for, what it is held against, and who receives it."""

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from accolade.streams.plans.base import PlanModel, exactly_one, given
from accolade.streams.plans.dates import PeriodEdge
from accolade.streams.plans.names import Text
from accolade.streams.plans.numbers import Percent, PositiveUnits, bare_number, refusal

#: Levels of organisation units, the lowest first.
Level = Literal["team", "region", "zone", "geography", "nation"]
LEVELS: tuple[Level, ...] = ("team", "region", "zone", "geography", "nation")


class Population(PlanModel):
    """Whom it is for: people by role, or the organisation units of a level."""

    model_config = exactly_one(("roles", "units"))

    roles: tuple[Text, ...] | None = Field(
        default=None,
        min_length=1,
        description="The roles of people, as the CRM has them.",
        examples=[["account_executive"]],
    )
    units: Level | None = Field(
        default=None, description="All organisation units of this level.", examples=["team"]
    )

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if len(given(self, ("roles", "units"))) != 1:
            raise refusal("must have exactly one of `roles` or `units`", "roles: [sdr]")
        return self


class QuotaTarget(PlanModel):
    """The participant's quota for the component's kind of period."""

    quota: PeriodEdge = Field(
        description="As it stands at the period's first instant, or at its last.",
        examples=["period_start"],
    )


class PreviousPeriodTarget(PlanModel):
    """A percentage of the participant's own result in the period before."""

    previous_period: Percent = Field(description="How much of it.", examples=["120%"])


def _target_form(value: Any) -> str | None:
    if isinstance(value, QuotaTarget | PreviousPeriodTarget):
        return "<quota>" if isinstance(value, QuotaTarget) else "<previous_period>"
    if isinstance(value, dict):
        forms = [form for form in ("quota", "previous_period") if form in value]
        return f"<{forms[0]}>" if len(forms) == 1 else None
    if value == "weeks_in_period":
        return "<weeks_in_period>"
    is_number = not isinstance(value, str) or "0" <= value[:1] <= "9" or bare_number(value)
    return "<number>" if is_number else None


#: A number in units of the measure, `weeks_in_period`, or one of the two classes.
Target = Annotated[
    Annotated[PositiveUnits, Tag("<number>")]
    | Annotated[Literal["weeks_in_period"], Tag("<weeks_in_period>")]
    | Annotated[QuotaTarget, Tag("<quota>")]
    | Annotated[PreviousPeriodTarget, Tag("<previous_period>")],
    Discriminator(
        _target_form,
        custom_error_type="one_form",
        custom_error_message=(
            "must be a number, `quota: period_start` (or `period_end`), "
            "`previous_period: 120%` or `weeks_in_period`"
        ),
    ),
]


class ToMembers(PlanModel):
    """Each member of the unit that earns it receives it."""

    each_member: Literal["period_end"] = Field(
        description="Who is a member at the period's last instant.", examples=["period_end"]
    )


class ToManager(PlanModel):
    """The manager of the participant who earns it receives it."""

    manager: Literal["period_end"] = Field(
        description="Who is the manager at the period's last instant.", examples=["period_end"]
    )


def _recipient_form(value: Any) -> str | None:
    if isinstance(value, ToMembers | ToManager):
        return "<each_member>" if isinstance(value, ToMembers) else "<manager>"
    if value == "participant":
        return "<participant>"
    forms = [f for f in ("each_member", "manager") if isinstance(value, dict) and f in value]
    return f"<{forms[0]}>" if len(forms) == 1 else None


#: Who receives what a participant earns.
Recipient = Annotated[
    Annotated[Literal["participant"], Tag("<participant>")]
    | Annotated[ToMembers, Tag("<each_member>")]
    | Annotated[ToManager, Tag("<manager>")],
    Discriminator(
        _recipient_form,
        custom_error_type="one_form",
        custom_error_message=(
            "must be `participant`, `each_member: period_end` or `manager: period_end`"
        ),
    ),
]
