"""What the credit step keeps: transactions, whom they name, and what was said of them."""

import msgspec

from accolade.streams.records import (
    Activity,
    Deal,
    Demo,
    LearningModule,
    Meeting,
    Parked,
    Payment,
)
from accolade.streams.rules.state import Row, Table, View

#: What happens outside, and is credited.
SourceRecord = Deal | Demo | Meeting | Activity | Payment | LearningModule
SOURCE_RECORDS = (Deal, Demo, Meeting, Activity, Payment, LearningModule)


class Transaction(Row, frozen=True, omit_defaults=True):
    """The newest revision of a transaction, in the field of its kind."""

    deal: Deal | None = None
    demo: Demo | None = None
    meeting: Meeting | None = None
    activity: Activity | None = None
    payment: Payment | None = None
    learning: LearningModule | None = None

    @property
    def record(self) -> SourceRecord:
        """The one that is there."""
        found = (
            self.deal or self.demo or self.meeting or self.activity or self.payment or self.learning
        )
        if found is None:
            raise LookupError("a transaction's row is empty")
        return found


class Mark(msgspec.Struct, frozen=True, array_like=True):
    """A credit that was said: whose, under which source, and how it stands."""

    participant: str
    #: A payment's revision may turn a `payment` into a `bounce`, which is another credit.
    source: str
    revision: int
    active: bool


class Credited(Row, frozen=True):
    """What was said of a transaction."""

    #: A digest of what its active credits have in common; empty while none is active.
    content: str
    #: By rising (participant, source).
    marks: tuple[Mark, ...]


class Waiting(Row, frozen=True):
    """A parked transaction as it was last said."""

    parked: Parked


class Involved(Row, frozen=True):
    """A transaction names the person as a rep."""

    occurred_at: int


class PaymentOf(Row, frozen=True):
    """The payment is for the deal."""


#: By (transaction id).
TRANSACTIONS = Table("transactions", Transaction)
#: By (transaction id).
CREDITED = Table("credited", Credited)
#: By (transaction id).
WAITING = Table("waiting", Waiting)
#: By (person id, transaction id).
INVOLVED = Table("involved", Involved)
#: By (deal id, payment id).
PAYMENTS_OF = Table("payments_of", PaymentOf)


def transaction_id(record: SourceRecord) -> str:
    """Return `<kind>:<source id>`, which stays when a payment turns into a bounce."""
    match record:
        case Deal():
            return f"deal:{record.deal_id}"
        case Demo():
            return f"demo:{record.demo_id}"
        case Meeting():
            return f"meeting:{record.meeting_id}"
        case Activity():
            return f"activity:{record.activity_id}"
        case Payment():
            return _payment_name(record.deal_id, record.payment_id)
        case LearningModule():
            return f"learning:{record.completion_id}"


def payment_source_id(deal_id: str, payment_id: str) -> str:
    """
    Return a payment's natural key as one text.

    A payment lives in its deal's partition, so its id is its own among the payments of
    that deal only. Ids hold no `|`, and the `/` of credit and award ids stays theirs.
    """
    return f"{deal_id}|{payment_id}"


def _payment_name(deal_id: str, payment_id: str) -> str:
    return f"payment:{payment_source_id(deal_id, payment_id)}"


def reps_of(record: SourceRecord) -> tuple[str, ...]:
    """Return the distinct reps that a transaction names; none for a payment."""
    match record:
        case Deal():
            return tuple(dict.fromkeys(member.rep_id for member in record.team))
        case Payment():
            return ()
        case Demo() | Meeting() | Activity() | LearningModule():
            return (record.rep_id,)


def keep(view: View, new: SourceRecord) -> bool:
    """Keep a transaction's revision; return False where the same or a newer one stands."""
    name = transaction_id(new)
    row = view.get(TRANSACTIONS, name)
    if row is not None:
        if row.record.revision >= new.revision:
            return False
        _unlink(view, name, row.record)
    view.put(TRANSACTIONS, name, "", _row_of(new))
    _link(view, name, new)
    return True


def _link(view: View, name: str, record: SourceRecord) -> None:
    for rep_id in reps_of(record):
        view.put(INVOLVED, rep_id, name, Involved(record.occurred_at))
    if isinstance(record, Payment):
        view.put(PAYMENTS_OF, record.deal_id, record.payment_id, PaymentOf())


def _unlink(view: View, name: str, record: SourceRecord) -> None:
    # A payment stays with its deal: another revision of it names no other.
    for rep_id in reps_of(record):
        view.delete(INVOLVED, rep_id, name)


def _row_of(record: SourceRecord) -> Transaction:
    match record:
        case Deal():
            return Transaction(deal=record)
        case Demo():
            return Transaction(demo=record)
        case Meeting():
            return Transaction(meeting=record)
        case Activity():
            return Transaction(activity=record)
        case Payment():
            return Transaction(payment=record)
        case LearningModule():
            return Transaction(learning=record)


def deal_of(view: View, deal_id: str) -> Deal | None:
    """Return the deal's newest revision, if one has arrived."""
    row = view.get(TRANSACTIONS, f"deal:{deal_id}")
    return None if row is None else row.deal


def payments_of(view: View, deal_id: str) -> list[Payment]:
    """Return the deal's payments, refunds and bounces by rising id."""
    rows = [
        view.get(TRANSACTIONS, _payment_name(deal_id, payment_id))
        for payment_id, _ in view.rows(PAYMENTS_OF, deal_id)
    ]
    return [row.payment for row in rows if row is not None and row.payment is not None]
