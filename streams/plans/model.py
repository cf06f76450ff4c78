"""The plan file as typed values; attribute names are the keys of the file."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from accolade.streams.plans.base import PlanModel, given
from accolade.streams.plans.counts import PerUnit
from accolade.streams.plans.dates import (
    Currency,
    Effective,
    PeriodEdge,
    PeriodKind,
    TimeZone,
)
from accolade.streams.plans.deal_floor import DealFloor
from accolade.streams.plans.floors import Floor, RankRange
from accolade.streams.plans.held import Held
from accolade.streams.plans.measures import (
    CountMeasure,
    DistinctMeasure,
    Measure,
    SumMeasure,
    WeeksMeasure,
)
from accolade.streams.plans.modifiers import Accelerator, Cap, Decelerator, Gate
from accolade.streams.plans.names import Name, PlanId, Text
from accolade.streams.plans.numbers import PositiveWhole, Rate, refusal
from accolade.streams.plans.pays import (
    BadgeLevel,
    Badges,
    Flat,
    FormName,
    Pays,
    RankReward,
    Slab,
    Split,
    Tier,
    Tiers,
)
from accolade.streams.plans.rewards import Reward, RewardKind
from accolade.streams.plans.targets import (
    LEVELS,
    Level,
    Population,
    PreviousPeriodTarget,
    QuotaTarget,
    Recipient,
    Target,
    ToManager,
    ToMembers,
)
from accolade.streams.plans.ties import Ties

Rounding = Literal["half_up", "half_even", "down", "up"]
Refunds = Literal["in_deal_period", "in_refund_period", "ignore"]


#: A standing names them all, in each of its records.
MOST_SHOWN = 1_000


def _few(show: int) -> int:
    if show > MOST_SHOWN:
        raise refusal(f"is more than {MOST_SHOWN:,}: {show:,}", str(MOST_SHOWN))
    return show


class Board(PlanModel):
    """A ranking by a measure, for each period."""

    measure: Name = Field(description="What is ranked, the highest first.", examples=["sales"])
    ties: Ties = Field(
        description=(
            "`pooled`: equal results share the rank (1, 2, 2, 4) and pool its rewards; "
            "`dense` (1, 2, 2, 3) and `modified` (1, 3, 3, 4): they share the rank, and each "
            "has its rewards; `first_to_reach` and `ordinal`: who reached the result first "
            "stands above."
        ),
        examples=["pooled"],
    )
    show: Annotated[PositiveWhole, AfterValidator(_few)] = Field(
        description="How many places a standing shows, at most 1,000.", examples=[10]
    )
    period: PeriodKind | None = Field(
        default=None, description="The plan's, unless said.", examples=["month"]
    )
    population: Population | None = Field(
        default=None, description="The plan's, unless said.", examples=[{"units": "team"}]
    )
    each: Level | None = Field(
        default=None,
        description="A board for each unit of this level above the participants.",
        examples=["team"],
    )


#: A component has one of the two, unless its form names measures of its own.
_MEASURE_OR_BOARD = ConfigDict(
    json_schema_extra={
        "if": {
            "properties": {
                "pays": {"anyOf": [{"required": [form]} for form in ("scorecard", "matrix")]}
            }
        },
        "then": {"not": {"required": ["board"]}},
        "else": {"oneOf": [{"required": [key]} for key in ("measure", "board")]},
    }
)


class Component(PlanModel):
    """One rule of the plan: a measure or a board, a target, and how it pays."""

    model_config = _MEASURE_OR_BOARD

    measure: Name | None = Field(
        default=None,
        description=(
            "What it pays by; for `ranks` name a `board`, and a `scorecard` or a `matrix` of "
            "an amount names its own."
        ),
        examples=["sales"],
    )
    board: Name | None = Field(
        default=None,
        description="The board whose final ranks it pays by.",
        examples=["top_sellers"],
    )
    period: PeriodKind | None = Field(
        default=None, description="The plan's, unless said.", examples=["month"]
    )
    population: Population | None = Field(
        default=None, description="The plan's, unless said.", examples=[{"units": "team"}]
    )
    target: Target | None = Field(
        default=None,
        description="What the measure is held against, for floors in per cent.",
        examples=[50000],
    )
    to: Recipient = Field(
        default="participant",
        description="Who receives it; the participant who earns it, unless said.",
        examples=["participant"],
    )
    floor: DealFloor | None = Field(
        default=None,
        description="The least that each deal pays; beside a form on each transaction.",
        examples=[{"money": 10}],
    )
    gate: Gate | None = Field(
        default=None,
        description="Another measure that has to be reached before it pays in full.",
        examples=[{"measure": "calls", "from": 50, "otherwise": "0%"}],
    )
    accelerator: Accelerator | None = Field(
        default=None,
        description="More pay from a point on.",
        examples=[{"from": "100%", "times": "150%", "on": "above"}],
    )
    decelerator: Decelerator | None = Field(
        default=None,
        description="Less pay below a point.",
        examples=[{"below": "80%", "times": "50%", "on": "all"}],
    )
    cap: Cap | None = Field(
        default=None,
        description="The most that is paid for a period.",
        examples=[{"money": 5000, "above": "lost"}],
    )
    pays: Pays = Field(description="How it pays.", examples=[{"per_unit": {"money": 5}}])

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        if self.pays.ranks is not None:
            return self._check_contest()
        if self.board is not None or (self.measure is None and self.pays.own_measure):
            raise refusal("must have a `measure` and no `board`", "measure: sales")
        if self.measure is not None and not self.pays.own_measure:
            says = f"is not what it pays by: the {self.form} names its own measures"
            raise refusal(says, key="measure")
        if self.pays.held and self.target is not None:
            raise refusal(f"belongs to each measure of the {self.form}", key="target")
        return self

    def _check_contest(self) -> Self:
        if self.board is None or self.measure is not None:
            raise refusal("pays by rank, so it must have a `board` and no `measure`", "board: top")
        for key in given(self, ("period", "population", "target")):
            raise refusal("is the board's, as the component pays by its final ranks", key=key)
        return self

    @property
    def form(self) -> FormName:
        """How it pays: the name of the form under `pays`."""
        return self.pays.form

    @property
    def held(self) -> tuple[Held, ...]:
        """Each measure that it is paid by, with its target; none for a contest."""
        own = (Held((), self.measure, self.target),) if self.measure is not None else ()
        return (*own, *self.pays.held)

    @property
    def looked_at(self) -> tuple[Held, ...]:
        """Each measure that decides about its pay: those it is paid by, and its gate's."""
        return (*self.held, *([self.gate.held] if self.gate is not None else []))

    @property
    def modifiers(self) -> list[str]:
        """The keys of its modifiers of money, in the order in which they are applied."""
        return given(self, ("decelerator", "accelerator", "gate", "cap"))

    @property
    def paces(self) -> dict[str, Accelerator | Decelerator]:
        """What makes it pay more or less by the measure, by key."""
        both = {"decelerator": self.decelerator, "accelerator": self.accelerator}
        return {key: pace for key, pace in both.items() if pace is not None}


class PlanFile(PlanModel):
    """A plan as its file says it."""

    plan: PlanId = Field(
        description="The plan's id, in all that comes of it.", examples=["q2-sales-performance"]
    )
    title: Text = Field(
        description="The plan's name for people.",
        examples=["Q2 Sales Performance Incentive Plan"],
    )
    currency: Currency = Field(
        description="ISO 4217 code; all amounts of the plan are in it.", examples=["USD"]
    )
    time_zone: TimeZone = Field(
        description="IANA name; days, weeks and periods begin at midnight there.",
        examples=["America/New_York"],
    )
    effective: Effective = Field(
        description="Its dates; what occurred outside of them does not count.",
        examples=[{"from": "2026-04-01", "to": "2026-07-01"}],
    )
    period: PeriodKind = Field(
        description="What is added up and paid together; `window` is the whole plan.",
        examples=["quarter"],
    )
    population: Population = Field(
        description="Whom the plan is for.", examples=[{"roles": ["account_executive"]}]
    )
    rounding: Rounding = Field(
        description=(
            "To minor units: `half_up` (away from zero), `half_even` (to the even one), "
            "`down` (towards zero) or `up` (away from zero)."
        ),
        examples=["half_up"],
    )
    refunds: Refunds = Field(
        description="The period in which a refund counts: its deal's, its own, or none.",
        examples=["in_deal_period"],
    )
    clawback: Literal["restate"] = Field(
        description="`restate`: after a refund all is computed again without what was refunded.",
        examples=["restate"],
    )
    after_close: Literal["adjust_open_period", "ignore"] = Field(
        description=(
            "What a late fact for a closed period does: books an adjustment in the next open "
            "period, or nothing."
        ),
        examples=["adjust_open_period"],
    )
    measures: dict[Name, Measure] = Field(
        min_length=1,
        description="What is counted, by name.",
        examples=[{"calls": {"of": "activity", "sum": "quantity", "where": {"kind": "call"}}}],
    )
    boards: dict[Name, Board] = Field(
        default={},
        description="Rankings, by name.",
        examples=[{"top_callers": {"measure": "calls", "ties": "pooled", "show": 10}}],
    )
    components: dict[Name, Component] = Field(
        min_length=1,
        description="The rules of the plan, by name.",
        examples=[{"calling": {"measure": "calls", "pays": {"per_unit": {"money": 5}}}}],
    )

    def component(self, name: str) -> Component:
        """
        Return a component.

        Raises:
            KeyError: The plan has none of that name.
        """
        return self.components[name]

    def measure_name_of(self, component: Component) -> str:
        """Return the name of the measure that a component pays by, or its board ranks by."""
        if component.board is not None:
            return self.boards[component.board].measure
        return component.held[0].measure

    def measure_of(self, component: Component) -> Measure:
        """Return the measure that a component pays by, or its board ranks by."""
        return self.measures[self.measure_name_of(component)]

    def period_of(self, part: Component | Board) -> PeriodKind:
        """Return the kind of period of a component or board; a contest's is its board's."""
        if isinstance(part, Component) and part.board is not None:
            part = self.boards[part.board]
        return part.period or self.period

    def population_of(self, part: Component | Board) -> Population:
        """Return whom a component or board is for; a contest is for those of its board."""
        if isinstance(part, Component) and part.board is not None:
            part = self.boards[part.board]
        return part.population or self.population

    def rewarded_ranks(self, board: str) -> int:
        """Return the lowest rank of a board that a component rewards; 0 for none."""
        lasts = (
            reward.rank.last
            for component in self.components.values()
            if component.board == board
            for reward in component.pays.ranks or ()
        )
        return max(lasts, default=0)


__all__ = [
    "LEVELS",
    "BadgeLevel",
    "Badges",
    "Board",
    "Component",
    "CountMeasure",
    "DistinctMeasure",
    "Effective",
    "Flat",
    "Floor",
    "FormName",
    "Level",
    "Measure",
    "Pays",
    "PerUnit",
    "PeriodEdge",
    "PeriodKind",
    "PlanFile",
    "Population",
    "PreviousPeriodTarget",
    "QuotaTarget",
    "RankRange",
    "RankReward",
    "Rate",
    "Recipient",
    "Reward",
    "RewardKind",
    "Slab",
    "Split",
    "SumMeasure",
    "Target",
    "Tier",
    "Tiers",
    "ToManager",
    "ToMembers",
    "WeeksMeasure",
]
