"""The facts derived inside the flow that travel in `incentive.facts`."""

from accolade.streams.records.base import Record
from accolade.streams.records.source import TeamMember


class Credit(Record, frozen=True):
    """
    One transaction's absolute credit for one participant.

    Facts, not decisions: the original currency, the whole amount, the whole
    team. Splits and conversion are the plan's and happen when tallied.
    """

    #: `<source>:<source_id>/<participant>`; ids hold no slash, so it names one credit.
    credit_id: str
    #: A person id, or `unit:` + unit id.
    participant: str
    #: Rises by one with each change of this credit's content.
    revision: int
    #: False: the participant has no part in the transaction any more (an explicit zero).
    active: bool
    #: `deal`, `demo`, `meeting`, `activity`, `payment`, `refund`, `bounce` or `learning`.
    source: str
    #: Natural key of the transaction; of a payment, refund or bounce `<deal_id>|<payment_id>`.
    source_id: str
    source_revision: int
    #: When the transaction occurred, µs UTC.
    occurred_at: int
    #: When the deal behind it occurred (a refund's own deal); else `occurred_at`.
    deal_occurred_at: int
    #: The deal behind it, or None.
    deal_id: str | None = None
    #: Minor units of `currency`; negative for refunds and bounces; 0 where there is no amount.
    amount_minor: int = 0
    #: Empty where there is no amount.
    currency: str = ""
    #: How many calls or emails; 1 for everything else.
    quantity: int = 1
    #: The deal's stage, or the status of a demo, meeting or module.
    status: str = ""
    #: The deal's kind (`new`, …), or `call` / `email`.
    kind: str = ""
    account_id: str | None = None
    segment: str = ""
    product: str = ""
    #: When it was entered into the CRM, µs UTC.
    logged_at: int | None = None
    #: The whole team of the deal; the rep alone for a demo, meeting or activity.
    team: tuple[TeamMember, ...] = ()
    dimensions: dict[str, str] = {}


class Placing(Record, frozen=True):
    """A participant's place in the frozen final standing of a board."""

    #: Board id, `<plan>/<board>/<period>` or `<plan>/<board>/<period>/<unit>`.
    board: str
    participant: str
    revision: int
    plan_id: str
    period: str
    #: Final rank, 1 for the best; ties as the plan's board declares.
    rank: int
    #: How many share this rank, this participant included; on a pooled board they share
    #: its rewards and those of the ranks behind it, elsewhere each has them whole.
    tied: int
    #: This participant's position among the tied by participant id, from 0.
    tied_index: int
    value: int


class Closed(Record, frozen=True):
    """A tally task's word that it has passed a closing, for `rank` to wait on."""

    #: As a tally's.
    tally_id: str
    plan_id: str
    period: str
    #: The facts partition that speaks, and how many there are.
    partition: int
    partitions: int
