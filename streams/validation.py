"""
Whether a record from outside is within its bounds; pure.

Both ends ask here: publishers before they send, and the flow at its door.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from accolade.streams.bounds import (
    Invalid,
    check_amount,
    check_currency,
    check_id,
    check_optional,
    check_person_id,
    check_revision,
    check_text,
    check_time,
    check_whole,
    check_word,
    shown,
)
from accolade.streams.records import (
    Activity,
    Contact,
    Deal,
    Demo,
    LearningModule,
    Meeting,
    Payment,
    Record,
    TeamMember,
)
from accolade.streams.reference_validation import REFERENCE_CHECKS

STAGES: Final = ("open", "won", "lost")
DEAL_KINDS: Final = ("new", "renewal", "upsell", "cross_sell")
MEETING_STATUSES: Final = ("scheduled", "held", "no_show", "cancelled")
ACTIVITY_KINDS: Final = ("call", "email")
PAYMENT_KINDS: Final = ("payment", "refund", "bounce")
MODULE_STATUSES: Final = ("started", "completed", "failed")

WHOLE_BP: Final = 10_000
MOST_IN_TEAM: Final = 100
MOST_DIMENSIONS: Final = 100
MOST_COUNTED: Final = 1_000_000


def validate(record: Record) -> None:
    """
    Refuse a record with a field out of its bounds.

    Raises:
        Invalid: The first such field, and what is wrong with it.
        TypeError: A record that doesn't come from outside.
    """
    check = _CHECKS.get(type(record))
    if check is None:
        raise TypeError(f"{type(record).__name__} doesn't come from outside")
    check(record)


def _deal(deal: Deal) -> None:
    check_id("deal_id", deal.deal_id)
    check_revision("revision", deal.revision)
    check_time("occurred_at", deal.occurred_at)
    check_word("stage", deal.stage, STAGES)
    check_amount("amount", deal.amount, check_currency("currency", deal.currency))
    check_optional(check_id, "account_id", deal.account_id)
    _team(deal.team)
    if not deal.team and deal.stage != "open":
        raise Invalid("team", f"a {deal.stage} deal has nobody it could be credited to")
    if deal.kind is not None:
        check_word("kind", deal.kind, DEAL_KINDS)
    check_optional(check_text, "segment", deal.segment)
    check_optional(check_text, "product", deal.product)
    check_optional(check_time, "logged_at", deal.logged_at)
    _dimensions(deal.dimensions)
    check_text("source", deal.source)


def _demo(demo: Demo) -> None:
    check_id("demo_id", demo.demo_id)
    _held(demo)


def _meeting(meeting: Meeting) -> None:
    check_id("meeting_id", meeting.meeting_id)
    _held(meeting)


def _held(record: Demo | Meeting) -> None:
    check_revision("revision", record.revision)
    check_time("occurred_at", record.occurred_at)
    check_person_id("rep_id", record.rep_id)
    check_word("status", record.status, MEETING_STATUSES)
    check_optional(check_id, "deal_id", record.deal_id)
    check_optional(check_id, "account_id", record.account_id)
    _dimensions(record.dimensions)
    check_text("source", record.source)


def _activity(activity: Activity) -> None:
    check_id("activity_id", activity.activity_id)
    check_revision("revision", activity.revision)
    check_time("occurred_at", activity.occurred_at)
    check_person_id("rep_id", activity.rep_id)
    check_word("kind", activity.kind, ACTIVITY_KINDS)
    check_whole("count", activity.count, 0, MOST_COUNTED)
    _dimensions(activity.dimensions)
    check_text("source", activity.source)


def _payment(payment: Payment) -> None:
    check_id("payment_id", payment.payment_id)
    check_revision("revision", payment.revision)
    check_time("occurred_at", payment.occurred_at)
    check_id("deal_id", payment.deal_id)
    check_word("kind", payment.kind, PAYMENT_KINDS)
    check_amount("amount", payment.amount, check_currency("currency", payment.currency))
    check_text("source", payment.source)


def _module(module: LearningModule) -> None:
    check_id("completion_id", module.completion_id)
    check_revision("revision", module.revision)
    check_time("occurred_at", module.occurred_at)
    check_person_id("rep_id", module.rep_id)
    check_id("module_id", module.module_id)
    check_word("status", module.status, MODULE_STATUSES)
    if module.score_bp is not None:
        check_whole("score_bp", module.score_bp, 0, WHOLE_BP)
    check_text("source", module.source)


def _contact(contact: Contact) -> None:
    check_person_id("person_id", contact.person_id)
    check_revision("revision", contact.revision)
    check_text("name", contact.name)
    check_optional(check_text, "email", contact.email)


def _dimensions(dimensions: Mapping[str, str]) -> None:
    if len(dimensions) > MOST_DIMENSIONS:
        raise Invalid("dimensions", f"{len(dimensions)} are more than {MOST_DIMENSIONS}")
    for name, value in dimensions.items():
        check_id("dimensions", name)
        check_text(f"dimensions[{name}]", value)


def _team(team: tuple[TeamMember, ...]) -> None:
    if len(team) > MOST_IN_TEAM:
        raise Invalid("team", f"{len(team)} members are more than {MOST_IN_TEAM}")
    seen: set[tuple[str, str]] = set()
    shares_bp = 0
    for place, member in enumerate(team):
        check_person_id(f"team[{place}].rep_id", member.rep_id)
        check_id(f"team[{place}].role", member.role)
        if member.share_bp is not None:
            check_whole(f"team[{place}].share_bp", member.share_bp, 0, WHOLE_BP)
            shares_bp += member.share_bp
        if (member.rep_id, member.role) in seen:
            raise Invalid(f"team[{place}]", f"{shown(member.rep_id)} is {shown(member.role)} twice")
        seen.add((member.rep_id, member.role))
    if shares_bp > WHOLE_BP:
        raise Invalid("team", f"the shares add up to {shares_bp:,} of {WHOLE_BP:,} basis points")


_CHECKS: Final[Mapping[type[Record], Callable[[Any], None]]] = {
    Activity: _activity,
    Contact: _contact,
    Deal: _deal,
    Demo: _demo,
    LearningModule: _module,
    Meeting: _meeting,
    Payment: _payment,
    **REFERENCE_CHECKS,
}

__all__ = ["Invalid", "validate"]
