"""What the credits of one transaction have in common, each kind of transaction its own way."""

import msgspec

from accolade.streams.currencies import to_minor
from accolade.streams.records import (
    Activity,
    Credit,
    Deal,
    Demo,
    LearningModule,
    Meeting,
    Payment,
    TeamMember,
)
from accolade.streams.rules.credit_state import SourceRecord, payment_source_id


def content_of(record: SourceRecord, role: str, deal: Deal | None) -> Credit:
    """
    Return the credit of a transaction without whose it is: id, participant and revision empty.

    Args:
        record: The transaction.
        role: The rep's own role as of the transaction; a deal names its own.
        deal: The deal behind a payment; None while it hasn't arrived.
    """
    match record:
        case Deal():
            return _deal(record)
        case Demo():
            return _held(record, "demo", record.demo_id, role)
        case Meeting():
            return _held(record, "meeting", record.meeting_id, role)
        case Activity():
            return _activity(record, role)
        case Payment():
            return _payment(record, deal)
        case LearningModule():
            return _learning(record, role)


def _deal(deal: Deal) -> Credit:
    return Credit(
        credit_id="",
        participant="",
        revision=0,
        active=True,
        source="deal",
        source_id=deal.deal_id,
        source_revision=deal.revision,
        occurred_at=deal.occurred_at,
        deal_occurred_at=deal.occurred_at,
        deal_id=deal.deal_id,
        amount_minor=to_minor(deal.amount, deal.currency),
        currency=deal.currency,
        status=deal.stage,
        kind=deal.kind or "",
        account_id=deal.account_id,
        segment=deal.segment or "",
        product=deal.product or "",
        logged_at=deal.logged_at,
        team=deal.team,
        dimensions=deal.dimensions,
    )


def _held(record: Demo | Meeting, source: str, source_id: str, role: str) -> Credit:
    return Credit(
        credit_id="",
        participant="",
        revision=0,
        active=True,
        source=source,
        source_id=source_id,
        source_revision=record.revision,
        occurred_at=record.occurred_at,
        deal_occurred_at=record.occurred_at,
        deal_id=record.deal_id,
        status=record.status,
        account_id=record.account_id,
        team=(TeamMember(rep_id=record.rep_id, role=role),),
        dimensions=record.dimensions,
    )


def _activity(record: Activity, role: str) -> Credit:
    return Credit(
        credit_id="",
        participant="",
        revision=0,
        active=True,
        source="activity",
        source_id=record.activity_id,
        source_revision=record.revision,
        occurred_at=record.occurred_at,
        deal_occurred_at=record.occurred_at,
        quantity=record.count,
        kind=record.kind,
        team=(TeamMember(rep_id=record.rep_id, role=role),),
        dimensions=record.dimensions,
    )


def _learning(record: LearningModule, role: str) -> Credit:
    return Credit(
        credit_id="",
        participant="",
        revision=0,
        active=True,
        source="learning",
        source_id=record.completion_id,
        source_revision=record.revision,
        occurred_at=record.occurred_at,
        deal_occurred_at=record.occurred_at,
        status=record.status,
        team=(TeamMember(rep_id=record.rep_id, role=role),),
        # The record has no dimensions of its own, and a plan must be able to name the module.
        dimensions={"module_id": record.module_id},
    )


def _payment(record: Payment, deal: Deal | None) -> Credit:
    amount_minor = to_minor(record.amount, record.currency)
    own = Credit(
        credit_id="",
        participant="",
        revision=0,
        active=True,
        source=record.kind,
        source_id=payment_source_id(record.deal_id, record.payment_id),
        source_revision=record.revision,
        occurred_at=record.occurred_at,
        deal_occurred_at=record.occurred_at,
        deal_id=record.deal_id,
        amount_minor=amount_minor if record.kind == "payment" else -amount_minor,
        currency=record.currency,
    )
    if deal is None:
        return own
    # Whatever a plan may ask of the deal it may ask of the money that moved for it.
    return msgspec.structs.replace(
        _deal(deal),
        source=own.source,
        source_id=own.source_id,
        source_revision=own.source_revision,
        occurred_at=own.occurred_at,
        amount_minor=own.amount_minor,
        currency=own.currency,
    )
