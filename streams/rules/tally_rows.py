"""What the tally step keeps. Every row's owner and key are named with its table."""

from accolade.streams.records import Adjustment, Credit, GoalChoice, Parked, Placing
from accolade.streams.records.source import TeamMember
from accolade.streams.rules import reference
from accolade.streams.rules.ordered import Chunk
from accolade.streams.rules.plan_boards import RANKED
from accolade.streams.rules.state import Row, Table
from accolade.streams.rules.tally_limits import BEYOND


class CreditRow(Row, frozen=True):
    """The newest revision of a credit, active or not."""

    credit: Credit


class Said(Row, frozen=True, array_like=True):
    """What the last record of a tally said, beside what follows from its key."""

    value: int
    reached_at: int
    reached_by: str
    #: The unit of each board that has one for each; None where the participant is on none.
    units: tuple[str | None, ...]
    plan_version: int


class TallyRow(Row, frozen=True, array_like=True):
    """A measure in a period: its value, and how many credits count in it."""

    value: int
    credits: int
    #: None: nothing, or that it is over.
    said: Said | None = None


class DealRow(Row, frozen=True, array_like=True):
    """A deal, net of its refunds, for a component that pays each transaction."""

    amount_minor: int
    credits: int
    earned_minor: int
    #: The team as each of its credits has it, where the deal is split by role.
    teams: dict[str, tuple[TeamMember, ...]] = {}


class EarnedRow(Row, frozen=True, array_like=True):
    """The sum of what the deals of a period earned, each rounded by itself."""

    earned_minor: int


class ParkedRow(Row, frozen=True, array_like=True):
    """By plan, the pair of currencies without a rate that keeps a credit from counting."""

    pairs: dict[str, str]
    #: When the credit's transaction occurred, and the time of its rate, µs UTC.
    occurred_at: int
    deal_occurred_at: int


class Mark(Row, frozen=True, array_like=True):
    """Says only that it is there."""


class Pin(Row, frozen=True, array_like=True):
    """The plan version that a closed period stays with."""

    plan_version: int
    content_hash: str
    active: bool


class PlanState(Row, frozen=True, array_like=True):
    """A plan: the version that counts now."""

    plan_id: str
    plan_version: int
    content_hash: str
    active: bool


class PlansRow(Row, frozen=True, array_like=True):
    """All plans, by rising id."""

    plans: tuple[PlanState, ...]


class BodyRow(Row, frozen=True, array_like=True):
    """The canonical text of a plan version."""

    body: str


class ResultRow(Row, frozen=True, array_like=True):
    """That a component has paid an earner for a period, and what to each who receives it."""

    #: (kind, minor units, label); kept only where many receive it.
    rewards: tuple[tuple[str, int, str], ...] = ()
    plan_version: int = 0


class AwardRow(Row, frozen=True, array_like=True):
    """What the last record of an award said, beside what follows from its key."""

    receiver: str
    kind: str
    amount_minor: int
    currency: str
    label: str
    period: str
    period_start: int
    period_end: int
    plan_version: int
    plan_hash: str
    #: The award that it adjusts; None for one that doesn't.
    adjusts: str | None = None


class BadgeRow(Row, frozen=True, array_like=True):
    """What the last record of a granted badge said, beside what follows from its key."""

    badge: str
    level: int
    reached_at: int
    plan_version: int


class PlacingRow(Row, frozen=True):
    """A participant's final place on a board."""

    placing: Placing


class AdjustmentRow(Row, frozen=True):
    """The newest revision of a manual adjustment."""

    adjustment: Adjustment


class WaitingRow(Row, frozen=True):
    """How an adjustment that waits was listed."""

    parked: Parked


class ChoiceRow(Row, frozen=True):
    """The newest revision of a choice of goal."""

    choice: GoalChoice


#: By (participant, credit id).
CREDITS = Table("credits", CreditRow)
#: By (participant, slot name and period).
TALLIES = Table("tallies", TallyRow)
#: By (participant, slot name, period and, for accounts, the account; chunks behind them).
ORDER = Table("order", Chunk)
#: By (participant, component's state name, period and deal).
DEALS = Table("deals", DealRow)
#: By (participant, component's state name and period).
EARNED = Table("earned", EarnedRow)
#: By (participant, credit id).
PARKED_CREDITS = Table("parked_credits", ParkedRow)
#: By (currency and day of the rate, participant and credit id): credits that are converted.
CONVERTED = Table("converted", Mark)
#: By (currency, day): the days on which there are any.
CONVERTED_DAYS = Table("converted_days", Mark)
#: One row, under `ALL`.
PLANS = Table("plans", PlansRow)
#: By (plan id, period): the closed periods, a row each as there may be many.
PINS = Table("pins", Pin)
#: By (plan id, length of period; chunks behind it): what is closed without a gap.
CLOSED_RUNS = Table("closed_runs", Chunk)
#: By (content hash,).
BODIES = Table("bodies", BodyRow)
#: By (earner, `<plan>/<component>/<period>`).
RESULTS = Table("results", ResultRow)
#: By (`<plan>/<component>/<period>|<earner>`, award id).
AWARDED = Table("awarded", AwardRow)
#: By (participant, badge id).
BADGES_GRANTED = Table("badges_granted", BadgeRow)
#: By (participant, board id).
PLACINGS = Table("placings", PlacingRow)
#: By (adjustment id,).
ADJUSTMENTS = Table("adjustments", AdjustmentRow)
#: By (participant, `adjustment:` and the adjustment's id), where that participant is.
WAITING_ADJUSTMENTS = Table("waiting_adjustments", WaitingRow)
#: By (participant, `<plan>/<component>/<period>`).
CHOICES = Table("choices", ChoiceRow)

#: The owner of a table's only row.
ALL = "all"

TABLES = (
    CREDITS,
    TALLIES,
    ORDER,
    DEALS,
    EARNED,
    PARKED_CREDITS,
    BEYOND,
    CONVERTED,
    CONVERTED_DAYS,
    PLANS,
    PINS,
    CLOSED_RUNS,
    RANKED,
    BODIES,
    RESULTS,
    AWARDED,
    BADGES_GRANTED,
    PLACINGS,
    ADJUSTMENTS,
    WAITING_ADJUSTMENTS,
    CHOICES,
    *reference.TABLES,
)
