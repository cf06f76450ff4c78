"""What results are judged by: people, units, plans, rates, choices, closings."""

from decimal import Decimal

from accolade.streams.records.base import Record


class Quota(Record, frozen=True):
    """What is expected of a participant in each period of one kind."""

    #: `month`, `quarter` or `year`.
    period: str
    amount: Decimal
    currency: str


class Person(Record, frozen=True):
    """
    One version of a person: what holds from `valid_from` until the next version.

    Its natural key is (person_id, valid_from); names and contact data are in
    `Contact`, which can be erased.
    """

    person_id: str
    valid_from: int
    revision: int
    #: False from the day the person left.
    active: bool
    role: str
    #: The unit the person belongs to; None for none.
    team_id: str | None = None
    territory: str | None = None
    manager_id: str | None = None
    quotas: tuple[Quota, ...] = ()


class Unit(Record, frozen=True):
    """
    One version of an organisation unit (team, region, zone, geography, nation).

    Its natural key is (unit_id, valid_from). As a participant it is called
    `unit:` + unit_id.
    """

    unit_id: str
    valid_from: int
    revision: int
    active: bool
    #: `team`, `region`, `zone`, `geography` or `nation`.
    level: str
    parent_id: str | None = None
    manager_id: str | None = None
    quotas: tuple[Quota, ...] = ()


class Contact(Record, frozen=True):
    """A person's name and address, in a topic of its own that can be erased."""

    person_id: str
    revision: int
    name: str
    email: str | None = None


class Plan(Record, frozen=True):
    """One version of a plan, as its file was."""

    plan_id: str
    #: Rises with each publication; the highest counts.
    version: int
    #: SHA-256 of `body`, hexadecimal.
    content_hash: str
    #: The plan as canonical JSON (`accolade.streams.plans.canonical`).
    body: str
    #: False withdraws the plan.
    active: bool = True


class ExchangeRate(Record, frozen=True):
    """Units of `to_currency` for one unit of `from_currency`, from a time on."""

    from_currency: str
    to_currency: str
    valid_from: int
    revision: int
    #: At most ten decimals.
    rate: Decimal


class Closing(Record, frozen=True):
    """Closes a plan's period: its standings and awards are frozen where this stands in the log."""

    plan_id: str
    #: Period id, e.g. `2026-Q2`.
    period: str
    #: Who closed it.
    author: str = ""


class GoalChoice(Record, frozen=True):
    """A participant's choice among a component's personal goals."""

    participant: str
    plan_id: str
    component: str
    period: str
    revision: int
    choice: str
    chosen_at: int


class Adjustment(Record, frozen=True):
    """A manual correction of pay: who, how much, why."""

    adjustment_id: str
    revision: int
    participant: str
    plan_id: str
    #: Period id it is booked in.
    period: str
    occurred_at: int
    #: Major units, negative to take back.
    amount: Decimal
    currency: str
    author: str
    reason: str
