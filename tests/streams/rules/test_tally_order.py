"""Whatever order the facts arrive in, and however often, the same stands at the end."""

from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accolade.streams.records import Quota, TeamMember
from accolade.streams.rules.tally_rows import DEALS, EARNED, ORDER, TALLIES
from tests.streams.rules.tally_desk import (
    START,
    Desk,
    activity,
    adjustment,
    at,
    closing,
    deal,
    person,
    placing,
    rate,
    refund,
    shipped,
    standing,
    unit,
    written,
)

#: A plan with a component of nearly every kind.
MIXED = """
{commission: {measure: sales, pays: {retroactive: {on: running_total, tiers:
   [{from: 0, rate: 5.5%}, {from: 30, rate: 8.25%}]}}},
 each: {measure: sales, pays: {marginal: {on: each_transaction, tiers:
   [{from: 0, rate: 3.3%}, {from: 10, rate: 7%}]}}},
 split: {measure: sales, pays: {flat: {on: each_transaction, rate: 5%}, split: {by_role:
   {account_executive: 70%, sdr: 30%}, unfilled: spread}}},
 new: {measure: new, target: {previous_period: 100%}, pays: {slabs: [{from: 100%, points: 5}]}},
 quota: {measure: shared, target: {quota: period_end}, to: {manager: period_end}, pays: {slabs:
   [{from: 50%, money: 5, training: Closing, value: 0}, {from: 120%, gift_card: 7}]}},
 team: {measure: sales, population: {units: team}, target: {previous_period: 110%},
   to: {each_member: period_end}, pays: {slabs: [{from: 100%, experience: Trip, value: 6}]}},
 kept: {measure: sales, target: 40, pays: {badges: {on_refund: keep, levels:
   [{from: 50%, badge: Half}, {from: 100%, badge: All}]}}},
 accounts: {measure: accounts, pays: {badges: {on_refund: revoke, levels:
   [{from: 1, badge: One}, {from: 2, badge: Two}]}}},
 weeks: {measure: weeks, target: weeks_in_period, pays: {slabs: [{from: 20%, money: 2}]}},
 calling: {measure: weeks, period: quarter, pays: {badges: {on_refund: keep, levels:
   [{from: 1, badge: Caller}, {from: 2, badge: Crier}]}}},
 prize: {board: top, pays: {ranks: [{rank: 1-2, money: 10}]}}}
"""
MEASURES = """
{sales: {of: deal, sum: amount, where: {status: won}, credit: whole},
 shared: {of: deal, sum: amount, where: {status: won}, credit: share},
 new: {of: deal, distinct: account, first_in: participant, where: {status: won}},
 accounts: {of: deal, distinct: account, first_in: period, where: {status: won}},
 calls: {of: activity, sum: quantity, where: {kind: call}},
 weeks: {weeks_of: calls, at_least: 5, weeks: iso, belong_to: end, before_start: count}}
"""
BOARDS = """
{top: {measure: sales, ties: pooled, show: 3, each: team},
 racers: {measure: accounts, ties: first_to_reach, show: 3},
 sdrs: {measure: sales, ties: first_to_reach, show: 3, population: {roles: [sdr]}}}
"""


def mixed(version, refunds, active=True, components=MIXED, measures=MEASURES):
    """Return a version of the mixed plan, by the month and from the middle of one."""
    return written(
        components,
        measures,
        boards=BOARDS,
        period="month",
        version=version,
        refunds=refunds,
        active=active,
        effective="{from: 2026-04-10, to: 2026-07-01}",
    )


OTHER = {
    "components": MIXED.replace("8.25%", "9%").replace("{from: 30,", "{from: 20,"),
    "measures": MEASURES.replace("at_least: 5", "at_least: 6"),
}

PLANS = [
    shipped("q2-sales-performance"),
    mixed(1, "in_deal_period"),
    mixed(2, "in_refund_period"),
    mixed(3, "ignore", **OTHER),
    mixed(4, "in_deal_period", active=False),
    mixed(5, "in_refund_period", **OTHER),
]

DAYS = ["2026-03-12", "2026-03-31", "2026-04-09", "2026-04-10", "2026-04-26", "2026-05-03"]
DAYS += ["2026-05-04", "2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"]

days = st.sampled_from(DAYS)
revisions = st.integers(2, 4)
reps = st.sampled_from(["ada", "bob", "unit:red", "unit:west"])
amounts = st.integers(0, 5000)

teams = st.lists(
    st.builds(
        TeamMember,
        rep_id=st.sampled_from(["ada", "bob"]),
        role=st.sampled_from(["account_executive", "sdr", "guest"]),
        share_bp=st.none() | st.integers(0, 5000),
    ),
    min_size=1,
    max_size=3,
).map(tuple)

deals = st.builds(
    deal,
    st.sampled_from(["d1", "d2", "d3", "d4", "d5"]),
    amounts,
    days,
    reps,
    revision=revisions,
    active=st.sampled_from([True] * 6 + [False]),
    currency=st.sampled_from(["USD"] * 6 + ["EUR", "JPY"]),
    status=st.sampled_from(["won"] * 6 + ["lost"]),
    account=st.sampled_from([None, "acme", "globex", "initech"]),
    team=teams,
)
refunds = st.builds(
    refund, st.sampled_from(["r1", "r2", "r3"]), deals, amounts, days, revision=revisions
)
calls = st.builds(
    activity,
    st.sampled_from(["a1", "a2", "a3", "a4"]),
    st.integers(3, 9),
    days,
    reps,
    revision=revisions,
)
quotas = st.just(()) | amounts.map(
    lambda amount: (Quota(period="month", amount=Decimal(amount) / 100, currency="USD"),)
)
versions = {
    "since": st.sampled_from([START, at("2026-04-26"), at("2026-06-01")]),
    "revision": revisions,
    "active": st.sampled_from([True] * 6 + [False]),
    "manager": st.sampled_from([None, "ada", "meg"]),
    "quotas": quotas,
}
people = st.builds(
    person,
    st.sampled_from(["ada", "bob"]),
    st.sampled_from(["account_executive", "account_executive", "sdr"]),
    team=st.sampled_from([None, "red", "red", "blue"]),
    **versions,
)
units = st.builds(
    unit,
    st.sampled_from(["red", "blue", "west"]),
    st.sampled_from(["team", "team", "region"]),
    st.sampled_from([None, "west", "blue"]),
    **versions,
)
rates = st.builds(
    rate,
    st.sampled_from(["EUR", "JPY"]),
    st.sampled_from(["0.5", "1.1055", "3"]),
    since=st.sampled_from([START, at("2026-05-01")]),
    revision=revisions,
)
placings = st.builds(
    placing,
    st.sampled_from(["ada", "bob"]),
    st.integers(1, 3),
    board=st.sampled_from(["p/top/2026-04/red", "p/top/2026-05", "q2-sales-performance/x/2026-Q2"]),
    revision=revisions,
)
adjustments = st.builds(
    adjustment,
    st.sampled_from(["1", "-2.50", "0"]),
    period=st.sampled_from(["2026-04", "2026-05"]),
    participant=st.sampled_from(["ada", "bob"]),
    revision=revisions,
)
anything = st.one_of(people, units, rates, placings, adjustments, st.sampled_from(PLANS))


def natural_key(fact):
    """Return what names a fact and its revision: of those that are equal one can be true."""
    names = (
        *("person_id", "unit_id", "valid_from", "from_currency", "credit_id", "board"),
        *("adjustment_id", "plan_id", "version", "revision"),
    )
    key = [getattr(fact, name, None) for name in names]
    who = getattr(fact, "participant", None) if hasattr(fact, "board") else None
    plan = fact.plan_id if hasattr(fact, "version") else None
    return (type(fact).__name__, *(key[:7]), plan, *key[8:], who)


QUOTA = Quota(period="month", amount=Decimal(30), currency="USD")

#: Where everything starts from; what is drawn adds to it, and revises it.
BASE = [
    *PLANS[:2],
    person(team="red", manager="meg", quotas=(QUOTA,)),
    person("bob", team="red"),
    unit("red", parent="west"),
    unit("west", "region"),
]

fact_sets = st.tuples(
    st.lists(deals, min_size=5, max_size=20),
    st.lists(refunds, max_size=4),
    st.lists(calls, max_size=8),
    st.lists(anything, max_size=10),
).map(
    lambda drawn: list(
        {natural_key(fact): fact for facts in (*drawn, BASE) for fact in facts}.values()
    )
)


def rows(facts):
    """Return the rows that tallies and pay are computed from."""
    kept = {table.name for table in (TALLIES, ORDER, DEALS, EARNED)}
    return [row for row in Desk(*facts).view.items() if row[0] in kept]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(fact_sets, st.randoms(use_true_random=False), st.data())
def test_order_and_duplicates_change_nothing(facts, random, data):
    """Awards, badges, tallies and what waits are a function of the set of facts."""
    again = data.draw(st.lists(st.sampled_from(facts), max_size=10))
    shuffled = [*facts, *again]
    random.shuffle(shuffled)

    assert standing(shuffled) == standing(facts)
    assert rows(shuffled) == rows(facts)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(fact_sets, fact_sets, st.randoms(use_true_random=False))
def test_between_closings_order_changes_nothing(before, after, random):
    """Two periods are closed in between; on both sides of that the order is free."""
    closings = [PLANS[1], closing("2026-04"), closing("2026-05")]
    known = {natural_key(fact) for fact in before}
    after = [fact for fact in after if natural_key(fact) not in known]
    one = [*before, *closings, *after]
    random.shuffle(before)
    random.shuffle(after)

    assert standing([*before, *closings, *after]) == standing(one)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(fact_sets)
def test_adjustments_make_up_the_difference(facts):
    """What was frozen and what was booked adds up to what would be earned without a closing."""
    plan = mixed(1, "in_deal_period")
    facts = [fact for fact in facts if not hasattr(fact, "version") and not hasattr(fact, "board")]
    half = len(facts) // 2
    closed = Desk(plan, *facts[:half], closing("2026-04"), *facts[half:])

    assert totals(closed) == totals(Desk(plan, *facts))


def totals(desk):
    """Return what each award comes to, with what adjusts it."""
    found: dict[str, int] = {}
    for award in desk.awards().values():
        base = award.adjusts or award.award_id
        found[base] = found.get(base, 0) + award.amount_minor
    return {base: amount for base, amount in found.items() if amount}
