"""
A plan made ready for counting: names resolved, amounts in minor units, bounds in µs.

`compile_plan` makes it from a plan file. The parts are compared by identity; one
content hash is compiled once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from accolade.streams.rules.compiled_pays import DealRule, Floor, Pays
from accolade.streams.rules.formulas import Number
from accolade.streams.rules.money import Rounding
from accolade.streams.rules.periods import Calendar, calendar, kind_of

#: What the credits of a measure add up to.
Form = Literal["amount", "quantity", "transactions", "distinct"]

#: Who receives what a participant earns.
Receiver = Literal["participant", "manager", "each_member"]


@dataclass(frozen=True, eq=False, slots=True)
class Population:
    """Whose credits count: people by role, or units by level."""

    roles: frozenset[str]
    levels: frozenset[str]


@dataclass(frozen=True, eq=False, slots=True)
class Slot:
    """A measure of a population by periods of one kind: what tallies are kept by."""

    #: Begins the keys of its rows.
    name: str
    measure: str
    #: The measure as tally ids name it: with `@` and the population where not the plan's.
    label: str
    #: An ISO 4217 code, or `count`.
    unit: str
    calendar: Calendar
    #: Whether what is counted is also kept by the order in which it occurred.
    ordered: bool
    #: Whether its tallies are sent out; those of weeks and statistics are not.
    said: bool
    #: Periods inside these bounds (µs UTC) are left out: another slot has them.
    besides: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Weeks:
    """Counts the weeks whose total is high enough."""

    at_least: int
    slots: tuple[Slot, ...]
    #: A week counts if its last instant is inside; None for a statistic.
    bounds: tuple[int, int] | None


@dataclass(frozen=True, eq=False, slots=True)
class Counted:
    """A measure of a population: which credits count, as what, and where to."""

    #: Begins the keys of what is kept over all periods.
    name: str
    population: Population
    source: str
    form: Form
    where: tuple[tuple[str, frozenset[str]], ...]
    #: Whether a deal counts by the participant's share of it.
    shared: bool
    #: Whether a distinct account counts only where it was first won ever.
    first_in: bool
    #: `in_deal_period`, `in_refund_period` or `ignore`.
    refunds: str
    #: When facts count, half-open, µs UTC; None for a statistic, which looks beyond the plan.
    bounds: tuple[int, int] | None
    slots: tuple[Slot, ...]
    #: Whether a component splits its deals by role, for which the team matters.
    by_team: bool = False


# --- what it is held against ---


@dataclass(frozen=True, slots=True)
class FixedTarget:
    """A number: minor units or a count."""

    value: Number


@dataclass(frozen=True, slots=True)
class QuotaTarget:
    """The participant's quota as of the first or the last instant of the period."""

    at_start: bool


@dataclass(frozen=True, slots=True)
class PreviousTarget:
    """A part of the same measure in the period before."""

    part: Fraction
    #: Where the period before lies within the plan's dates, and where not.
    inside: Slot
    outside: Slot


@dataclass(frozen=True, slots=True)
class WeeksTarget:
    """How many weeks end in the period."""

    weeks: Calendar


Target = FixedTarget | QuotaTarget | PreviousTarget | WeeksTarget


@dataclass(frozen=True, slots=True)
class Held:
    """A measure, and what it is held against; None for nothing."""

    slot: Slot
    target: Target | None


# --- what changes its money ---


@dataclass(frozen=True, slots=True)
class Gate:
    """Another measure that has to be reached before the component pays in full."""

    held: Held
    floor: Floor
    #: How much is paid while it is shut.
    otherwise: Fraction


@dataclass(frozen=True, slots=True)
class Pace:
    """A multiplier on one side of a point of the measure."""

    floor: Floor
    times: Fraction
    #: Whether it is for what lies above the point; else for what lies below.
    above: bool
    #: Whether it multiplies everything while the measure is on that side, or the part there.
    on_all: bool


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What changes the money of a component, in the order in which it does."""

    paces: tuple[Pace, ...] = ()
    gate: Gate | None = None
    #: The most that is paid, minor units; None for no end.
    most_minor: int | None = None


NO_MODIFIERS = Modifiers()


@dataclass(frozen=True, eq=False, slots=True)
class Component:
    """One rule of a plan."""

    name: str
    #: Begins the keys of what it keeps.
    state: str
    calendar: Calendar
    #: What it is paid on; None where its form names measures of its own, and for a contest.
    slot: Slot | None
    #: The board whose ranks it pays by; None for others.
    board: str | None
    target: Target | None
    pays: Pays
    to: Receiver
    #: Kinds of reward in the order of the plan; the first needs no mention in an award id.
    kinds: tuple[str, ...]
    #: The measures that its form names, in the order in which the form has them.
    parts: tuple[Held, ...] = ()
    #: What changes its money, in the order in which it does.
    modifiers: Modifiers = NO_MODIFIERS

    @property
    def held(self) -> tuple[Held, ...]:
        """All that it is paid by, its own measure first."""
        own = (Held(self.slot, self.target),) if self.slot is not None else ()
        return (*own, *self.parts)

    @property
    def looked_at(self) -> tuple[Held, ...]:
        """All that decides about its pay: what it is paid by, and what opens its gate."""
        gate = self.modifiers.gate
        return (*self.held, *([gate.held] if gate is not None else []))


@dataclass(frozen=True, eq=False, slots=True)
class Board:
    """A ranking by a measure."""

    name: str
    slot: Slot
    ties: str
    show: int
    #: The lowest rank a contest rewards; 0 for none.
    rewarded: int
    #: Level of the units that have a board each; None for a single one.
    each: str | None


@dataclass(frozen=True, eq=False, slots=True)
class Uses:
    """What depends on a slot."""

    #: Components paid by its value in the same period.
    components: tuple[Component, ...] = ()
    #: Components whose target in the next period it is.
    following: tuple[Component, ...] = ()
    #: What is paid for each of its deals.
    deals: tuple[DealRule, ...] = ()
    boards: tuple[Board, ...] = ()
    #: What counts the weeks that this slot has the totals of.
    weeks: Weeks | None = None
    #: Whether a board of it goes by who reached the value first.
    timed: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class CompiledPlan:
    """All of a plan."""

    plan_id: str
    content_hash: str
    #: Begins the keys of all its rows.
    state: str
    currency: str
    time_zone: str
    #: Its first day, and the day after its last.
    dates: tuple[date, date]
    rounding: Rounding
    #: When facts count, half-open, µs UTC.
    bounds: tuple[int, int]
    #: Whether later facts of a closed period are booked in an open one.
    adjusts: bool
    #: By the source of the credits; refunds stand with what deals count.
    counted: Mapping[str, tuple[Counted, ...]]
    components: Mapping[str, Component]
    boards: Mapping[str, Board]
    slots: Mapping[str, Slot]
    uses: Mapping[Slot, Uses] = field(repr=False)
    calendars: tuple[Calendar, ...] = ()

    def has_period(self, period_id: str) -> bool:
        """Tell whether the plan's time, cut into periods of any kind, has one of that id."""
        kind = kind_of(period_id)
        if kind is None:
            return False
        return calendar(kind, self.time_zone, *self.dates).named(period_id) is not None
