from decimal import Decimal

import pytest
from msgspec import structs

from accolade.streams.records import Quota, TeamMember
from tests.streams.rules.tally_desk import (
    Desk,
    at,
    deal,
    person,
    refund,
    unit,
    written,
)


def test_only_the_population_counts_as_of_the_deal():
    """An SDR who becomes an account executive in May; who left counts no more."""
    plan = written("{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}")
    career = (
        person(role="sdr"),
        person(since=at("2026-05-01")),
        person(since=at("2026-06-01"), active=False),
    )
    deals = (deal("d1", 100, "2026-04-30"), deal("d2", 2000, "2026-05-01"))
    desk = Desk(plan, *career, *deals, deal("d3", 40_000, "2026-06-01"))

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 2000


def test_facts_outside_of_the_plan_count_nothing():
    """The first instant counts, the last day's end doesn't."""
    plan = written(
        "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}",
        effective="{from: 2026-04-10, to: 2026-06-10}",
    )
    days = ("2026-04-09", "2026-04-10", "2026-06-09", "2026-06-10")
    desk = Desk(plan, person(), *(deal(f"d{n}", 10**n, day) for n, day in enumerate(days, 2)))

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 11_000


def test_filters_know_fields_roles_and_dimensions():
    """All of them must pass; a list allows any of its values."""
    plan = written(
        "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}",
        "{sales: {of: deal, sum: amount, credit: whole, where: {status: [won, lost],"
        " role: account_executive, lead: web}}}",
    )
    as_guest = (TeamMember(rep_id="ada", role="guest"),)
    desk = Desk(
        plan,
        person(),
        deal("d1", 1, dimensions={"lead": "web"}),
        deal("d2", 20, status="lost", dimensions={"lead": "web"}),
        deal("d3", 300, dimensions={"lead": "fair"}),
        deal("d4", 4000, status="open", dimensions={"lead": "web"}),
        deal("d5", 50_000, team=as_guest, dimensions={"lead": "web"}),
    )

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 21


@pytest.mark.parametrize("field", ["segment", "product", "account"])
def test_filters_know_what_was_sold_to_whom(field):
    """A deal without a value has none of the listed ones."""
    plan = written(
        "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}",
        "{sales: {of: deal, sum: amount, credit: whole,"
        " where: {status: won, " + field + ": wanted}}}",
    )
    wanted = structs.replace(
        deal("d1", 100), **{"account_id" if field == "account" else field: "wanted"}
    )
    desk = Desk(plan, person(), wanted, deal("d2", 2000))

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 100


@pytest.mark.parametrize(
    ("refunds", "values"),
    [
        ("in_deal_period", {"2026-04": 700, "2026-05": None}),
        ("in_refund_period", {"2026-04": 1000, "2026-05": -300}),
        ("ignore", {"2026-04": 1000, "2026-05": None}),
    ],
)
def test_a_refund_counts_where_the_plan_says(refunds, values):
    """In the deal's month, in its own, or nowhere."""
    plan = written(
        "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}",
        period="month",
        refunds=refunds,
    )
    won = deal("d1", 1000, "2026-04-30")
    desk = Desk(plan, person(), won, refund("r1", won, 300, "2026-05-01"))
    tallies = desk.tallies()

    found = {month: tallies.get(f"p/sales/{month}|ada") for month in values}
    assert {month: tally and tally.value for month, tally in found.items()} == values


def test_refunds_and_payments_are_no_transactions():
    """They change neither counts nor distinct accounts; a bounce changes no sales."""
    plan = written(
        "{c: {measure: won, pays: {per_unit: {money: 1}}},"
        " a: {measure: accounts, pays: {per_unit: {money: 1}}}}",
        "{won: {of: deal, count: transactions, where: {status: won}},"
        " accounts: {of: deal, distinct: account, first_in: period, where: {status: won}},"
        " sales: {of: deal, sum: amount, where: {status: won}, credit: whole}}",
    )
    won = deal("d1", 1000, account="acme")
    again = deal("d2", 500, account="acme")
    back = refund("r1", won, 1000, "2026-05-01")
    desk = Desk(plan, person(), won, again, back)
    for source in ("payment", "bounce"):
        desk.put(structs.replace(back, source=source, credit_id=f"{source}:x:ada"))

    assert {key: tally.value for key, tally in desk.tallies().items()} == {
        "p/won/2026-Q2|ada": 2,
        "p/accounts/2026-Q2|ada": 1,
        "p/sales/2026-Q2|ada": 500,
    }


def test_a_deal_counts_by_share_where_the_plan_says():
    """40 % and 60 % of 100.01 add up to it."""
    plan = written(
        "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}",
        "{sales: {of: deal, sum: amount, where: {status: won}, credit: share}}",
    )
    members = (
        TeamMember(rep_id="ada", role="account_executive", share_bp=3333),
        TeamMember(rep_id="bob", role="account_executive", share_bp=6667),
    )
    credits = [deal("d1", 10_001, participant=rep, team=members) for rep in ("ada", "bob")]
    desk = Desk(plan, person("ada"), person("bob"), *credits)

    assert [tally.value for tally in desk.tallies().values()] == [3333, 6668]


def test_without_shares_everyone_has_the_whole():
    """As has a unit; beside others who have one, a member without a share has nothing."""
    plan = written(
        "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}",
        "{sales: {of: deal, sum: amount, where: {status: won}, credit: share}}",
        boards="{t: {measure: sales, ties: pooled, show: 3, population: {units: team}}}",
    )
    half = (
        TeamMember(rep_id="ada", role="account_executive"),
        TeamMember(rep_id="bob", role="account_executive", share_bp=5000),
    )
    desk = Desk(
        plan,
        person("ada"),
        unit("red"),
        deal("d1", 1000),
        deal("d2", 500, team=half),
        deal("d2", 500, participant="unit:red", team=half),
    )

    assert {key: tally.value for key, tally in desk.tallies().items()} == {
        "p/sales/2026-Q2|ada": 1000,
        "p/sales@team/2026-Q2|unit:red": 500,
    }


def test_each_transaction_is_paid_by_itself():
    """Tiers apply to a deal alone, net of its refunds; cents are rounded for each."""
    plan = written(
        "{c: {measure: sales, pays: {marginal: {on: each_transaction,"
        " tiers: [{from: 0, rate: 1%}, {from: 100, rate: 10%}]}}}}"
    )
    big = deal("d1", 20_000)
    desk = Desk(plan, person(), big, deal("d2", 50), deal("d3", 50))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 100 + 1000 + 1 + 1}

    desk.put(refund("r1", big, 15_000, "2026-06-01"))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 50 + 1 + 1}

    desk.put(deal("d2", 50, revision=2, active=False), deal("d3", 49, revision=2))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 50}


def test_a_flat_rate_on_each_transaction_rounds_each():
    """Three times half a cent is three cents, or nothing."""

    def paid(rounding):
        plan = written(
            "{c: {measure: sales, pays: {flat: {on: each_transaction, rate: 1%}}}}",
            rounding=rounding,
        )
        return sum(Desk(plan, person(), *(deal(f"d{n}", 50) for n in range(3))).amounts().values())

    assert (paid("half_up"), paid("half_even")) == (3, 0)


def test_retroactive_tiers_true_up():
    """Crossing the edge pays the higher rate on everything."""
    plan = written(
        "{c: {measure: sales, target: 1000, pays: {retroactive: {on: running_total,"
        " tiers: [{from: 0%, rate: 5%}, {from: 100%, rate: 10%}]}}}}"
    )
    desk = Desk(plan, person(), deal("d1", 99_999))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 5000}

    desk.put(deal("d2", 1))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 10_000}


@pytest.mark.parametrize(
    "quota",
    [
        Quota(period="month", amount=Decimal(1), currency="USD"),
        Quota(period="quarter", amount=Decimal(1), currency="EUR"),
        Quota(period="quarter", amount=Decimal(0), currency="USD"),
    ],
)
def test_without_a_quota_in_the_plans_currency_nothing_is_paid(quota):
    """Of another period, in another currency, or none."""
    plan = written(
        "{c: {measure: sales, target: {quota: period_end}, pays: {slabs: [{from: 1%, money: 1}]}}}"
    )
    desk = Desk(plan, person(quotas=(quota,)), deal("d1", 100_000))

    assert desk.amounts() == {}


@pytest.mark.parametrize(("edge", "paid"), [("period_start", {}), ("period_end", {"p/c": 100})])
def test_a_quota_is_judged_at_the_start_or_the_end(edge, paid):
    """It is lowered in May."""
    plan = written(
        "{c: {measure: sales, target: {quota: " + edge + "}, pays: {slabs:"
        " [{from: 100%, money: 1}]}}}"
    )
    high, low = (
        (Quota(period="quarter", amount=Decimal(amount), currency="USD"),)
        for amount in (2000, 1000)
    )
    desk = Desk(
        plan,
        deal("d1", 100_000),
        person(quotas=high),
        person(since=at("2026-05-15"), quotas=low),
    )

    assert {key[:3]: amount for key, amount in desk.amounts().items()} == paid
