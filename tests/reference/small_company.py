"""A company of a few reps, to work figures by hand."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.catalogue import catalogue_text
from accolade.streams.plans.load import check
from accolade.streams.records import (
    Activity,
    Deal,
    Meeting,
    Payment,
    Person,
    Plan,
    Quota,
    Record,
    TeamMember,
    Unit,
)
from tests.reference import Results, results

_ZONE = ZoneInfo("America/New_York")
EXECUTIVE = "account_executive"


def at(text: str) -> int:
    """Return a local time in µs UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=_ZONE).timestamp()) * 1_000_000


def catalogue_plan(name: str, *changes: tuple[str, str]) -> Plan:
    """Return a plan of the catalogue, with parts of its text replaced by others."""
    text = catalogue_text(name)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    checked = check(text)
    assert checked.plan is not None, checked.findings
    return plan_record(checked.plan, version=1)


def person(
    person_id: str, role: str = EXECUTIVE, team_id: str = "east", quota: str = "50000"
) -> Person:
    """Return someone who has been there all the time."""
    return Person(
        person_id=person_id,
        valid_from=at("2025-01-01"),
        revision=1,
        active=True,
        role=role,
        team_id=team_id,
        quotas=(Quota(period="quarter", amount=Decimal(quota), currency="USD"),),
    )


def unit(unit_id: str, level: str, parent_id: str | None = None, quota: str = "50000") -> Unit:
    """Return a unit that has been there all the time; `max` manages it."""
    return Unit(
        unit_id=unit_id,
        valid_from=at("2025-01-01"),
        revision=1,
        active=True,
        level=level,
        parent_id=parent_id,
        manager_id="max",
        quotas=(Quota(period="quarter", amount=Decimal(quota), currency="USD"),),
    )


#: Teams `east` and `west` in the region `north`.
UNITS = (unit("north", "region"), unit("east", "team", "north"), unit("west", "team", "north"))


def won(
    deal_id: str,
    amount: str,
    *reps: str,
    on: str = "2026-05-04T12:00",
    account: str | None = None,
    currency: str = "USD",
) -> Deal:
    """Return a won deal of reps, each given as `<id>` or `<id>:<role>`."""
    team = (rep.partition(":") for rep in reps)
    return Deal(
        deal_id=deal_id,
        revision=1,
        occurred_at=at(on),
        stage="won",
        amount=Decimal(amount),
        currency=currency,
        account_id=account,
        team=tuple(TeamMember(rep_id=rep, role=role or EXECUTIVE) for rep, _, role in team),
    )


def refund(deal_id: str, amount: str, on: str = "2026-05-20T12:00") -> Payment:
    """Return a refund of a deal in US dollars."""
    return Payment(
        payment_id=f"refund-{deal_id}",
        revision=1,
        occurred_at=at(on),
        deal_id=deal_id,
        kind="refund",
        amount=Decimal(amount),
        currency="USD",
    )


def meetings(rep_id: str, held: int, missed: int = 0) -> list[Record]:
    """Return meetings in May: so many held, and so many that nobody came to."""
    return [
        Meeting(
            meeting_id=f"m{number}",
            revision=1,
            occurred_at=at("2026-05-04T10:00"),
            rep_id=rep_id,
            status="held" if number < held else "no_show",
        )
        for number in range(held + missed)
    ]


def calls(rep_id: str, first: str, last: str, a_day: int) -> list[Record]:
    """Return so many calls each workday from one date to another, both included."""
    day, end = date.fromisoformat(first), date.fromisoformat(last)
    counts: list[Record] = []
    while day <= end:
        if day.weekday() < 5:
            counts.append(
                Activity(
                    activity_id=f"calls-{rep_id}-{day}",
                    revision=1,
                    occurred_at=at(f"{day}T18:00"),
                    rep_id=rep_id,
                    kind="call",
                    count=a_day,
                )
            )
        day += timedelta(days=1)
    return counts


def paid(found: Results, component: str, period: str | None = None) -> dict[str, str]:
    """Return what a component pays by receiver, in major units; with its label, if it has one."""
    return {
        award.participant: f"{Decimal(award.amount_minor).scaleb(-2)} {award.label}".strip()
        for award in found.awards.values()
        if award.component == component and period in (None, award.period)
    }


def settle(*records: Record) -> Results:
    """Return the results of records after the units."""
    return results([*UNITS, *records])
