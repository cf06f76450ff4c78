"""Whether reference data is within its bounds, see `accolade.streams.validation`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from accolade.streams.bounds import (
    LARGEST,
    Invalid,
    check_amount,
    check_currency,
    check_decimal,
    check_flag,
    check_id,
    check_optional,
    check_participant,
    check_period,
    check_person_id,
    check_plan_id,
    check_revision,
    check_text,
    check_time,
    check_whole,
    check_word,
    shown,
)
from accolade.streams.records import (
    Adjustment,
    Closing,
    ExchangeRate,
    GoalChoice,
    Person,
    Plan,
    Quota,
    Record,
    Unit,
)

UNIT_LEVELS: Final = ("team", "region", "zone", "geography", "nation")
QUOTA_PERIODS: Final = ("month", "quarter", "year")
#: A quarter of what a message may be; twice escaped, it still fits.
PLAN_BODY_BYTES: Final = 256 * 1024
RATE_DECIMALS: Final = 10
_LARGEST_RATE: Final = Decimal(10**12)


def _person(person: Person) -> None:
    check_person_id("person_id", person.person_id)
    check_time("valid_from", person.valid_from)
    check_revision("revision", person.revision)
    check_flag("active", person.active)
    check_id("role", person.role)
    check_optional(check_id, "team_id", person.team_id)
    check_optional(check_text, "territory", person.territory)
    check_optional(check_person_id, "manager_id", person.manager_id)
    _quotas(person.quotas)


def _unit(unit: Unit) -> None:
    check_id("unit_id", unit.unit_id)
    check_time("valid_from", unit.valid_from)
    check_revision("revision", unit.revision)
    check_flag("active", unit.active)
    check_word("level", unit.level, UNIT_LEVELS)
    check_optional(check_id, "parent_id", unit.parent_id)
    if unit.parent_id == unit.unit_id:
        raise Invalid("parent_id", f"{shown(unit.parent_id)} can't be above itself")
    check_optional(check_person_id, "manager_id", unit.manager_id)
    _quotas(unit.quotas)


def _plan(plan: Plan) -> None:
    check_plan_id("plan_id", plan.plan_id)
    check_whole("version", plan.version, 1, LARGEST)
    check_flag("active", plan.active)
    body = plan.body.encode(errors="surrogatepass")
    if not 0 < len(body) <= PLAN_BODY_BYTES:
        raise Invalid("body", f"{len(body):,} bytes are not 1 to {PLAN_BODY_BYTES:,}")
    actual = sha256(body).hexdigest()
    if plan.content_hash != actual:
        raise Invalid("content_hash", f"{shown(plan.content_hash)} isn't the body's, {actual}")


def _rate(rate: ExchangeRate) -> None:
    check_currency("from_currency", rate.from_currency)
    check_currency("to_currency", rate.to_currency)
    if rate.from_currency == rate.to_currency:
        raise Invalid("to_currency", f"{shown(rate.to_currency)} is the same as from_currency")
    check_time("valid_from", rate.valid_from)
    check_revision("revision", rate.revision)
    check_decimal("rate", rate.rate, RATE_DECIMALS, _LARGEST_RATE)
    if rate.rate <= 0:
        raise Invalid("rate", f"{rate.rate} is not above 0")


def _closing(closing: Closing) -> None:
    check_plan_id("plan_id", closing.plan_id)
    check_period("period", closing.period)
    check_text("author", closing.author)


def _choice(choice: GoalChoice) -> None:
    check_participant("participant", choice.participant)
    check_plan_id("plan_id", choice.plan_id)
    check_id("component", choice.component)
    check_period("period", choice.period)
    check_revision("revision", choice.revision)
    check_id("choice", choice.choice)
    check_time("chosen_at", choice.chosen_at)


def _adjustment(adjustment: Adjustment) -> None:
    check_id("adjustment_id", adjustment.adjustment_id)
    check_revision("revision", adjustment.revision)
    check_participant("participant", adjustment.participant)
    check_plan_id("plan_id", adjustment.plan_id)
    check_period("period", adjustment.period)
    check_time("occurred_at", adjustment.occurred_at)
    decimals = check_currency("currency", adjustment.currency)
    check_amount("amount", adjustment.amount, decimals, negative=True)
    for field in ("author", "reason"):
        check_text(field, getattr(adjustment, field))
        if not getattr(adjustment, field).strip():
            raise Invalid(field, "is empty; an adjustment says who and why")


def _quotas(quotas: tuple[Quota, ...]) -> None:
    seen: set[str] = set()
    for place, quota in enumerate(quotas):
        check_word(f"quotas[{place}].period", quota.period, QUOTA_PERIODS)
        decimals = check_currency(f"quotas[{place}].currency", quota.currency)
        check_amount(f"quotas[{place}].amount", quota.amount, decimals)
        if quota.period in seen:
            raise Invalid(f"quotas[{place}].period", f"there are two quotas for a {quota.period}")
        seen.add(quota.period)


#: The check of each class of reference data.
REFERENCE_CHECKS: Final[Mapping[type[Record], Callable[[Any], None]]] = {
    Adjustment: _adjustment,
    Closing: _closing,
    ExchangeRate: _rate,
    GoalChoice: _choice,
    Person: _person,
    Plan: _plan,
    Unit: _unit,
}
