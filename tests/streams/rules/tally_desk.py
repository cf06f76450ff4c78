"""A desk to try the tally step at: facts go in, what stands comes out."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from accolade.streams.catalogue import AWARDS, BADGES, PARKED, TALLIES
from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.load import check
from accolade.streams.records import (
    Adjustment,
    Award,
    Badge,
    Closed,
    Closing,
    Credit,
    ExchangeRate,
    Parked,
    Person,
    Placing,
    Plan,
    Quota,
    Record,
    Tally,
    TeamMember,
    Unit,
)
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Output, Partitioning, Position
from accolade.streams.rules.tally import make_tally

ZONE = "America/New_York"
CATALOGUE = Path(__file__).parents[3] / "streams" / "plans" / "catalogue"

#: Before everything that happens in the tests.
START = 1_700_000_000_000_000


def at(text: str, zone: str = ZONE) -> int:
    """Return a local time, e.g. `2026-04-01T09:00`, as µs UTC."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return int(local.astimezone(UTC).timestamp()) * 1_000_000


def plan_of(text: str, version: int = 1, *, active: bool = True) -> Plan:
    """Return a plan's record from its file, which must pass the linter."""
    checked = check(text)
    assert checked.plan is not None, checked.findings
    return plan_record(checked.plan, version, active=active)


def shipped(name: str, version: int = 1, *, active: bool = True) -> Plan:
    """Return the record of a plan of the catalogue."""
    return plan_of((CATALOGUE / f"{name}.yaml").read_text(), version, active=active)


def written(
    components: str,
    measures: str = "{sales: {of: deal, sum: amount, where: {status: won}, credit: whole}}",
    *,
    version: int = 1,
    active: bool = True,
    boards: str = "{}",
    plan: str = "p",
    currency: str = "USD",
    period: str = "quarter",
    refunds: str = "in_deal_period",
    rounding: str = "half_up",
    after_close: str = "adjust_open_period",
    population: str = "{roles: [account_executive]}",
    effective: str = "{from: 2026-04-01, to: 2026-07-01}",
    zone: str = ZONE,
) -> Plan:
    """Return the record of a plan of which a test says what it is about."""
    return plan_of(
        f"""
plan: {plan}
title: A plan
currency: {currency}
time_zone: {zone}
effective: {effective}
period: {period}
population: {population}
rounding: {rounding}
refunds: {refunds}
clawback: restate
after_close: {after_close}
measures: {_on_one_line(measures)}
boards: {_on_one_line(boards)}
components: {_on_one_line(components)}
""",
        version,
        active=active,
    )


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def person(
    person_id: str = "ada",
    role: str = "account_executive",
    *,
    since: int = START,
    revision: int = 1,
    active: bool = True,
    team: str | None = None,
    manager: str | None = None,
    quotas: tuple[Quota, ...] = (),
) -> Person:
    """Return a version of a person."""
    return Person(
        person_id=person_id,
        valid_from=since,
        revision=revision,
        active=active,
        role=role,
        team_id=team,
        manager_id=manager,
        quotas=quotas,
    )


def unit(
    unit_id: str,
    level: str = "team",
    parent: str | None = None,
    *,
    since: int = START,
    revision: int = 1,
    active: bool = True,
    manager: str | None = None,
    quotas: tuple[Quota, ...] = (),
) -> Unit:
    """Return a version of a unit."""
    return Unit(
        unit_id=unit_id,
        valid_from=since,
        revision=revision,
        active=active,
        level=level,
        parent_id=parent,
        manager_id=manager,
        quotas=quotas,
    )


def rate(
    from_currency: str, value: str, *, since: int = START, to: str = "USD", revision: int = 1
) -> ExchangeRate:
    """Return a rate of exchange."""
    return ExchangeRate(
        from_currency=from_currency,
        to_currency=to,
        valid_from=since,
        revision=revision,
        rate=Decimal(value),
    )


def deal(
    deal_id: str,
    amount_minor: int,
    day: str = "2026-04-15",
    participant: str = "ada",
    *,
    revision: int = 1,
    active: bool = True,
    currency: str = "USD",
    status: str = "won",
    account: str | None = None,
    team: tuple[TeamMember, ...] | None = None,
    dimensions: dict[str, str] | None = None,
) -> Credit:
    """Return the credit of a deal, at noon of a day."""
    when = at(f"{day}T12:00")
    return Credit(
        credit_id=f"deal:{deal_id}:{participant}",
        participant=participant,
        revision=revision,
        active=active,
        source="deal",
        source_id=deal_id,
        source_revision=revision,
        occurred_at=when,
        deal_occurred_at=when,
        deal_id=deal_id,
        amount_minor=amount_minor,
        currency=currency,
        status=status,
        kind="new",
        account_id=account,
        team=team or (TeamMember(rep_id=participant, role="account_executive"),),
        dimensions=dimensions or {},
    )


def refund(refund_id: str, of: Credit, amount_minor: int, day: str, *, revision: int = 1) -> Credit:
    """Return the credit of a refund of part of a deal, at noon of a day."""
    return Credit(
        credit_id=f"refund:{refund_id}:{of.participant}",
        participant=of.participant,
        revision=revision,
        active=of.active,
        source="refund",
        source_id=refund_id,
        source_revision=revision,
        occurred_at=at(f"{day}T12:00"),
        deal_occurred_at=of.deal_occurred_at,
        deal_id=of.deal_id,
        amount_minor=-amount_minor,
        currency=of.currency,
        status=of.status,
        kind=of.kind,
        account_id=of.account_id,
        team=of.team,
        dimensions=of.dimensions,
    )


def activity(
    activity_id: str,
    quantity: int,
    day: str,
    participant: str = "ada",
    *,
    revision: int = 1,
    source: str = "activity",
    kind: str = "call",
    status: str = "",
) -> Credit:
    """Return the credit of a day's calls, or of a meeting, at noon of a day."""
    when = at(f"{day}T12:00")
    return Credit(
        credit_id=f"{source}:{activity_id}:{participant}",
        participant=participant,
        revision=revision,
        active=True,
        source=source,
        source_id=activity_id,
        source_revision=revision,
        occurred_at=when,
        deal_occurred_at=when,
        quantity=quantity,
        kind=kind,
        status=status,
        team=(TeamMember(rep_id=participant, role="account_executive"),),
    )


def meeting(meeting_id: str, day: str, participant: str = "ada", status: str = "held") -> Credit:
    """Return the credit of a meeting."""
    return activity(meeting_id, 1, day, participant, source="meeting", kind="", status=status)


def placing(
    participant: str,
    rank: int,
    tied: int = 1,
    tied_index: int = 0,
    *,
    board: str = "p/top/2026-Q2",
    revision: int = 1,
) -> Placing:
    """Return a final place."""
    plan_id, _, period = board.split("/")[:3]
    return Placing(
        board=board,
        participant=participant,
        revision=revision,
        plan_id=plan_id,
        period=period,
        rank=rank,
        tied=tied,
        tied_index=tied_index,
        value=1,
    )


def closing(period: str = "2026-Q2", plan: str = "p") -> Closing:
    """Return a closing."""
    return Closing(plan_id=plan, period=period, author="carol")


def adjustment(
    amount: str,
    *,
    period: str = "2026-Q2",
    participant: str = "ada",
    revision: int = 1,
    currency: str = "USD",
    plan: str = "p",
) -> Adjustment:
    """Return a manual adjustment."""
    return Adjustment(
        adjustment_id="a1",
        revision=revision,
        participant=participant,
        plan_id=plan,
        period=period,
        occurred_at=START,
        amount=Decimal(amount),
        currency=currency,
        author="carol",
        reason="a promise",
    )


class Desk:
    """One task of the tally step, and the last record of each id that it said."""

    def __init__(self, *facts: Record) -> None:
        """Tally the facts."""
        self.view = MemoryView()
        self.tally = make_tally(Partitioning(crm=1, facts=1, boards=1))
        self.offset = 0
        self.said: list[Output] = []
        self.last: dict[tuple[str, str], Record | None] = {}
        self.put(*facts)

    def put(self, *facts: Record) -> list[Output]:
        """Tally further facts; return what the last one of them says."""
        outputs: list[Output] = []
        for fact in facts:
            position = Position("incentive.facts", 0, self.offset)
            self.offset += 1
            outputs = list(self.tally(self.view, fact, position))
            self.said += outputs
            for output in outputs:
                self.last[output.topic.name, output.key] = output.record
        return outputs

    def awards(self) -> dict[str, Award]:
        """Return the awards that stand, by id."""
        found = self._of(AWARDS.name, Award)
        return {key: award for key, award in found.items() if award.state != "withdrawn"}

    def amounts(self) -> dict[str, int]:
        """Return the minor units of the awards that stand, by id."""
        return {key: award.amount_minor for key, award in sorted(self.awards().items())}

    def badges(self) -> list[str]:
        """Return the ids of granted badges in the order in which they were last said."""
        found = self._of(BADGES.name, Badge)
        order = [output.key for output in self.said if output.topic is BADGES]
        standing = [key for key, badge in found.items() if badge.granted]
        return sorted(standing, key=lambda key: len(order) - order[::-1].index(key))

    def tallies(self) -> dict[str, Tally]:
        """Return the tallies that stand, by tally id and participant."""
        found = self._of(TALLIES.name, Tally)
        return {key: tally for key, tally in found.items() if tally.active}

    def closed(self) -> list[str]:
        """Return the tally ids that were said to be closed."""
        return [closed.tally_id for closed in self._of(TALLIES.name, Closed).values()]

    def parked(self) -> dict[str, Parked]:
        """Return what waits."""
        return self._of(PARKED.name, Parked)

    def _of(self, topic: str, kind: type[Any]) -> dict[str, Any]:
        return {
            key: record
            for (name, key), record in self.last.items()
            if name == topic and isinstance(record, kind)
        }


def standing(facts: Iterable[Record]) -> tuple[dict[str, dict[str, Any]], ...]:
    """Return what stands after the facts: all that doesn't depend on when it was said."""
    desk = Desk(*facts)
    return (
        {key: _timeless(award) for key, award in desk.awards().items()},
        {key: _timeless(desk.last[BADGES.name, key]) for key in desk.badges()},
        {key: _timeless(tally) for key, tally in desk.tallies().items()},
        {key: _timeless(parked) for key, parked in desk.parked().items()},
    )


def _timeless(record: Record | None) -> dict[str, Any]:
    assert record is not None
    fields = {name: getattr(record, name) for name in record.__struct_fields__}
    return {name: value for name, value in fields.items() if name not in ("revision", "cause")}
