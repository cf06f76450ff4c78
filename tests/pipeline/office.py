"""A small sales office: its plan, its people, and what they sell."""

from decimal import Decimal

from accolade.streams.records import Deal, Record, TeamMember
from tests.streams.rules.tally_desk import at, person, plan_of, unit

PLAN_ID = "field-sales"

_PLAN = """
plan: {plan_id}
title: Field sales
currency: USD
time_zone: America/New_York
effective: {{from: 2026-04-01, to: 2026-07-01}}
period: quarter
population: {{roles: [account_executive]}}
rounding: half_up
refunds: in_deal_period
clawback: restate
after_close: adjust_open_period
measures:
  sales: {{of: deal, sum: amount, where: {{status: won}}, credit: whole}}
boards:
  top_sellers: {{measure: sales, ties: pooled, show: 3}}
  in_each_team: {{measure: sales, ties: pooled, show: 3, each: team}}
  top_teams: {{measure: sales, ties: pooled, show: 3, population: {{units: team}}}}
components:
  commission:
    measure: sales
    pays: {{flat: {{on: running_total, rate: {rate}}}}}
  steps:
    measure: sales
    target: 2000
    pays: {{badges: {{on_refund: keep, levels: [{{from: 50%, badge: Half}}]}}}}
  team_bonus:
    population: {{units: team}}
    measure: sales
    to: {{each_member: period_end}}
    pays: {{slabs: [{{from: 1500, money: 100}}]}}
"""


def plan_text(rate: str = "5%", plan_id: str = PLAN_ID) -> str:
    """Return the file of the office's plan."""
    return _PLAN.format(rate=rate, plan_id=plan_id)


def office() -> list[Record]:
    """Return the plan and the people: three in the north, one in the south."""
    return [
        plan_of(plan_text()),
        unit("nation", "nation"),
        unit("north", parent="nation"),
        unit("south", parent="nation"),
        person("ana", team="north"),
        person("ben", team="north"),
        person("rep-001", team="north"),
        person("cy", team="south"),
    ]


def deal(
    deal_id: str,
    amount: str,
    rep_id: str = "ana",
    *,
    day: str = "2026-04-15",
    currency: str = "USD",
    revision: int = 1,
) -> Deal:
    """Return a deal that a rep has won at noon of a day."""
    return Deal(
        deal_id=deal_id,
        revision=revision,
        occurred_at=at(f"{day}T12:00"),
        stage="won",
        amount=Decimal(amount),
        currency=currency,
        team=(TeamMember(rep_id=rep_id, role="account_executive"),),
    )


def deals(name: str, count: int, amount: str = "100.00") -> list[Record]:
    """Return deals of all reps in turn, enough of them for every partition."""
    reps = ("ana", "ben", "cy")
    return [deal(f"{name}-{n}", amount, reps[n % len(reps)]) for n in range(count)]
