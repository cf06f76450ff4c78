"""What happens in a CRM, in billing and in learning: absolute facts with a revision."""

from decimal import Decimal

from accolade.streams.records.base import Record


class TeamMember(Record, frozen=True):
    """One rep's part in a deal."""

    rep_id: str
    #: Role on this deal, e.g. `account_executive`; need not be the rep's own.
    role: str
    #: Share of the deal in basis points (10,000 is the whole), if the CRM splits it.
    share_bp: int | None = None


class Deal(Record, frozen=True):
    """An opportunity as the CRM has it at one revision."""

    deal_id: str
    revision: int
    #: When the stage was reached (for a won deal: the close), µs UTC.
    occurred_at: int
    #: `open`, `won` or `lost`.
    stage: str
    #: Major units of `currency`, never negative; a refund is a payment.
    amount: Decimal
    currency: str
    account_id: str | None = None
    #: Who worked on it; the first of a role is its owner. May be empty only while open.
    team: tuple[TeamMember, ...] = ()
    #: `new`, `renewal`, `upsell` or `cross_sell`.
    kind: str | None = None
    segment: str | None = None
    product: str | None = None
    #: When it was entered into the CRM, µs UTC.
    logged_at: int | None = None
    #: Further fields a plan may filter by.
    dimensions: dict[str, str] = {}
    #: The connector that published it.
    source: str = ""


class Demo(Record, frozen=True):
    """A product demonstration."""

    demo_id: str
    revision: int
    occurred_at: int
    rep_id: str
    #: `scheduled`, `held`, `no_show` or `cancelled`.
    status: str
    deal_id: str | None = None
    account_id: str | None = None
    dimensions: dict[str, str] = {}
    source: str = ""


class Meeting(Record, frozen=True):
    """A meeting with a prospect or customer."""

    meeting_id: str
    revision: int
    occurred_at: int
    rep_id: str
    #: `scheduled`, `held`, `no_show` or `cancelled`.
    status: str
    deal_id: str | None = None
    account_id: str | None = None
    dimensions: dict[str, str] = {}
    source: str = ""


class Activity(Record, frozen=True):
    """Calls or emails: a single one, or a day's count."""

    activity_id: str
    revision: int
    occurred_at: int
    rep_id: str
    #: `call` or `email`.
    kind: str
    #: How many; 0 takes back an earlier count.
    count: int = 1
    dimensions: dict[str, str] = {}
    source: str = ""


class Payment(Record, frozen=True):
    """Money that moved for a deal; its natural key is `deal_id` and `payment_id`."""

    #: Its own among the payments of its deal.
    payment_id: str
    revision: int
    occurred_at: int
    deal_id: str
    #: `payment`, `refund` or `bounce`.
    kind: str
    #: Major units of `currency`, never negative; the kind gives the direction. 0 takes it back.
    amount: Decimal
    currency: str
    source: str = ""


class LearningModule(Record, frozen=True):
    """A rep's state in one learning module."""

    completion_id: str
    revision: int
    occurred_at: int
    rep_id: str
    module_id: str
    #: `started`, `completed` or `failed`.
    status: str
    #: Result in basis points of the maximum, where there is one.
    score_bp: int | None = None
    source: str = ""
