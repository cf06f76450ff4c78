import pytest
from msgspec import structs

from accolade.streams.records import Award, Quota, TeamMember
from tests.streams.rules.tally_desk import (
    Desk,
    activity,
    at,
    deal,
    meeting,
    person,
    refund,
    shipped,
    unit,
    written,
)

Q2 = "q2-sales-performance"
COMMISSION = f"{Q2}/commission/2026-Q2/ada"
BONUS = f"{Q2}/target_bonus/2026-Q2/ada"


def sample(*facts):
    """Return a desk with the sample plan, an account executive, and facts."""
    return Desk(shipped(Q2), person(), *facts)


# --- the sample plan ---


def test_sales_of_90_000_earn_4_800():
    """5 % of 75,000 and 7 % of the rest, in one sale or several."""
    once = sample(deal("d1", 9_000_000))
    in_parts = sample(deal("d1", 7_000_001), deal("d2", 1_999_999))

    assert once.amounts() == {COMMISSION: 480_000, BONUS: 100_000}
    assert in_parts.amounts() == once.amounts()


@pytest.mark.parametrize(
    ("sales_minor", "bonus_minor"),
    [(5_749_999, None), (5_750_000, 100_000), (5_750_001, 100_000)],
)
def test_the_target_bonus_begins_at_115_percent(sales_minor, bonus_minor):
    """57,500: not a cent below."""
    desk = sample(deal("d1", sales_minor))

    assert desk.amounts().get(BONUS) == bonus_minor


def test_a_refund_below_the_floor_withdraws_the_bonus():
    """And the commission follows the total; a second refund of the rest ends both."""
    won = deal("d1", 6_000_000)
    desk = sample(won, refund("r1", won, 250_001, "2026-08-01"))

    assert desk.amounts() == {COMMISSION: 287_500}

    desk.put(refund("r2", won, 5_749_999, "2026-08-02"))

    assert desk.amounts() == {}
    assert desk.tallies()[f"{Q2}/sales/2026-Q2|ada"].value == 0


def test_ten_new_customers_earn_the_bonus():
    """Accounts won before the plan are not new, nor are those won twice."""
    before = deal("d0", 100, "2025-11-11", account="acme")
    new = [deal(f"d{n}", 100, account=f"account{n}") for n in range(1, 10)]
    again = deal("d20", 100, account="account1")
    desk = sample(before, deal("d21", 100, account="acme"), *new, again)
    award = f"{Q2}/new_customer_bonus/2026-Q2/ada"

    assert award not in desk.amounts()

    desk.put(deal("d30", 100, account="globex"))

    assert desk.amounts()[award] == 100_000


def test_an_account_is_new_where_its_first_deal_is():
    """An earlier deal that arrives late takes the new customer to its own period."""
    desk = sample(deal("d1", 100, "2026-05-05", account="acme"))
    key = f"{Q2}/new_customers/2026-Q2|ada"
    late = deal("d2", 100, "2025-05-05", account="acme")

    assert desk.tallies()[key].value == 1

    desk.put(late)

    assert desk.tallies()[key].value == 0

    desk.put(deal("d2", 100, "2025-05-05", account="acme", revision=2, active=False))

    assert desk.tallies()[key].value == 1


def test_a_month_of_full_weeks_earns_200():
    """April 2026 has four Sundays; its first week began on 30 March."""
    mondays = ["2026-03-30", "2026-04-06", "2026-04-13", "2026-04-20"]
    award = f"{Q2}/call_discipline/2026-04/ada"
    desk = sample(*(activity(f"a{day}", 50, day) for day in mondays[:3]))

    assert desk.amounts() == {}

    desk.put(activity("a4", 49, "2026-04-20"), activity("a5", 1, "2026-04-26"))

    assert desk.amounts() == {award: 20_000}

    # Calls before the plan's first day count for the week that began before it.
    desk.put(activity("a2026-03-30", 49, "2026-03-30", revision=2))

    assert desk.amounts() == {}


def test_a_team_that_grows_by_a_fifth_gives_each_member_a_weekend():
    """Members as of the last instant of the quarter; the quarter before is before the plan."""
    team = [unit("red"), person("ada", team="red"), person("bob", "sdr", team="red")]
    left = person("cy", team="red"), person("cy", team="red", since=at("2026-06-30"), active=False)
    before = deal("d1", 1_000_000, "2026-02-01", "unit:red")
    desk = Desk(shipped(Q2), *team, *left, before, deal("d2", 1_199_999, participant="unit:red"))

    assert desk.amounts() == {}

    desk.put(deal("d3", 1, participant="unit:red"))
    group = f"{Q2}/team_growth/2026-Q2"

    assert desk.amounts() == {f"{group}/ada/unit:red": 60_000, f"{group}/bob/unit:red": 60_000}
    weekend = desk.awards()[f"{group}/bob/unit:red"]
    assert (weekend.kind, weekend.label) == ("experience", "Weekend package")
    assert (weekend.participant, weekend.earner) == ("bob", "unit:red")


def test_without_a_quarter_before_there_is_no_growth():
    """None or nothing sold in it: the component pays nothing."""
    desk = Desk(
        shipped(Q2), unit("red"), person(team="red"), deal("d", 100, participant="unit:red")
    )

    assert desk.amounts() == {}


# --- other programmes ---


@pytest.mark.parametrize(("held", "total_minor"), [(4, 0), (5, 5000), (8, 7500), (11, 10_000)])
def test_meetings_pay_the_highest_slab_alone(held, total_minor):
    """After 75 the eleventh meeting adds 25; what was not held counts nothing."""
    plan = written(
        "{booster: {measure: held, pays: {slabs: ["
        "{from: 5, money: 50}, {from: 8, money: 75}, {from: 11, money: 100}]}}}",
        "{held: {of: meeting, count: transactions, where: {status: held}}}",
        population="{roles: [sdr]}",
    )
    meetings = [meeting(f"m{n}", "2026-05-05") for n in range(held)]
    missed = meeting("m99", "2026-05-05", status="no_show")
    desk = Desk(plan, person(role="sdr"), *meetings, missed)

    assert sum(desk.amounts().values()) == total_minor


def test_a_slab_owns_everything_up_to_the_next():
    """10,500.50 pays 250; a cent below 10,000 nothing; 12,501 the last."""
    plan = written(
        "{slabs: {measure: sales, pays: {slabs: [{from: 10000, money: 250},"
        " {from: 10501, money: 262}, {from: 11001, money: 275}, {from: 11501, money: 287},"
        " {from: 12001, money: 300}, {from: 12501, money: 320}]}}}"
    )

    def paid(sales_minor):
        return sum(Desk(plan, person(), deal("d", sales_minor)).amounts().values())

    assert [paid(s) for s in (999_999, 1_000_000, 1_050_050, 1_050_100, 1_250_100)] == [
        0,
        25_000,
        25_000,
        26_200,
        32_000,
    ]


def test_110_and_a_half_percent_is_a_dinner():
    """Labels change at their floors; the value goes with them."""
    plan = written(
        "{club: {measure: sales, target: {quota: period_start}, pays: {slabs: ["
        "{from: 100%, experience: Dinner, value: 150},"
        " {from: 111%, experience: Weekend trip, value: 900},"
        " {from: 121%, experience: International trip, value: 2500}]}}}"
    )
    quota = Quota(period="quarter", amount=100_000, currency="USD")
    desk = Desk(plan, person(quotas=(quota,)), deal("d", 11_050_000))
    award = "p/club/2026-Q2/ada"

    assert (desk.awards()[award].label, desk.amounts()[award]) == ("Dinner", 15_000)

    desk.put(deal("d", 11_100_000, revision=2))

    assert (desk.awards()[award].label, desk.amounts()[award]) == ("Weekend trip", 90_000)


def test_a_jump_to_62_percent_grants_three_badges_in_order():
    """Once each: another deal within the level says nothing new."""
    desk = Desk(badge_plan("keep"), person(), deal("d1", 6_200_000))
    granted = [
        "p/rush/2026-Q2/ada/Fast starter",
        "p/rush/2026-Q2/ada/Milestone crusher",
        "p/rush/2026-Q2/ada/Blockbuster",
    ]

    assert desk.badges() == granted
    assert desk.put(deal("d2", 100_000, "2026-04-16")) != []
    assert desk.badges() == granted


def badge_plan(on_refund):
    """Return the plan of the badges, of a target of 100,000."""
    return written(
        "{rush: {measure: sales, target: 100000, pays: {badges: {on_refund: "
        + on_refund
        + ", levels: [{from: 20%, badge: Fast starter}, {from: 40%, badge: Milestone crusher},"
        " {from: 60%, badge: Blockbuster}, {from: 80%, badge: Badge ranger}]}}}}"
    )


@pytest.mark.parametrize(("on_refund", "badges"), [("keep", 3), ("revoke", 1)])
def test_what_a_refund_does_to_badges_the_plan_says(on_refund, badges):
    """From 62 % back to 22 %."""
    won = deal("d1", 6_200_000)
    back = refund("r1", won, 4_000_000, "2026-05-01")
    desk = Desk(badge_plan(on_refund), person(), won, back)

    assert len(desk.badges()) == badges
    assert standing_badges(Desk(back, badge_plan(on_refund), won, person())) == (
        standing_badges(desk)
    )


def standing_badges(desk):
    """Return the badges of a desk, in no order."""
    return sorted(desk.badges())


def test_badges_go_with_the_last_deal_or_the_target():
    """Nothing counts any more, or there is no quota to hold it against."""
    lost = Desk(badge_plan("keep"), person(), deal("d1", 6_200_000))
    lost.put(deal("d1", 6_200_000, revision=2, status="lost"))
    by_quota = written(
        "{rush: {measure: sales, target: {quota: period_end}, pays: {badges:"
        " {on_refund: keep, levels: [{from: 20%, badge: Fast starter}]}}}}"
    )

    assert lost.badges() == []
    assert Desk(by_quota, person(), deal("d1", 100)).badges() == []


def test_a_revision_of_the_deal_restates_a_kept_badge():
    """It never was 62 %: what was granted is taken back."""
    desk = Desk(badge_plan("keep"), person(), deal("d1", 6_200_000))
    desk.put(deal("d1", 2_200_000, revision=2))

    assert desk.badges() == ["p/rush/2026-Q2/ada/Fast starter"]


def team(*roles):
    """Return a team of reps with roles, `rep:role`."""
    return tuple(_member(one) for one in roles)


def _member(text):
    rep_id, role = text.split(":")
    return TeamMember(rep_id=rep_id, role=role)


def split_plan(unfilled="forfeit"):
    """Return a plan that splits 5 % on each deal."""
    return written(
        "{split: {measure: sales, pays: {flat: {on: each_transaction, rate: 5%}, split: {by_role:"
        " {sdr: 10%, account_executive: 70%, sales_engineer: 20%}, unfilled: " + unfilled + "}}}}",
        population="{roles: [rep]}",
    )


def split_amounts(amount_minor, members, unfilled="forfeit"):
    """Return what each of a team gets of 5 % on a deal, by rep."""
    reps = [member.rep_id for member in members]
    facts = [
        fact
        for rep in reps
        for fact in (person(rep, "rep"), deal("d1", amount_minor, participant=rep, team=members))
    ]
    desk = Desk(split_plan(unfilled), *facts)
    return {award.participant: award.amount_minor for award in desk.awards().values()}


def test_a_deal_is_split_by_role_to_the_cent():
    """5 % of 20.20 is 1.01: 10.1, 70.7 and 20.2 cents."""
    members = team("sam:sdr", "ada:account_executive", "eve:sales_engineer")

    assert split_amounts(2020, members) == {"sam": 10, "ada": 71, "eve": 20}


def test_a_refund_takes_from_each_part():
    """Half of the deal comes back: each has half, and its end leaves nothing."""
    members = team("sam:sdr", "ada:account_executive", "eve:sales_engineer")
    won = deal("d1", 2_000_000, participant="ada", team=members)
    desk = Desk(split_plan(), person(role="rep"), won)
    desk.put(refund("r1", won, 1_000_000, "2026-05-01"))

    assert desk.amounts() == {"p/split/2026-Q2/ada": 35_000}

    desk.put(refund("r1", won, 2_000_000, "2026-05-01", revision=2))

    assert desk.amounts() == {}


def test_who_has_no_role_with_a_share_gets_nothing():
    """Nor does anyone where no role of the plan is filled."""
    assert split_amounts(2_000_000, team("max:guest"), "spread") == {}


def test_an_unfilled_share_is_forfeited_or_spread():
    """Without an SDR 90 % is paid, or all of it 7 to 2."""
    members = team("ada:account_executive", "eve:sales_engineer")

    assert split_amounts(2_000_000, members) == {"ada": 70_000, "eve": 20_000}
    assert split_amounts(2_000_000, members, "spread") == {"ada": 77_778, "eve": 22_222}


def test_reps_of_one_role_share_equally():
    """The first by id gets the cent that is left; other roles get nothing."""
    members = team("zoe:sdr", "ada:sdr", "bob:sdr", "max:guest")

    assert split_amounts(2_020_00, members) == {"ada": 337, "bob": 337, "zoe": 336}


def test_a_unit_counts_what_it_is_credited_with_once():
    """The region's manager is paid on the roll-up: 10,000, not 20,000."""
    plan = written(
        "{override: {measure: sales, target: {quota: period_end}, to: {manager: period_end},"
        " pays: {slabs: [{from: 100%, money: 500}]}}}",
        population="{units: region}",
    )
    quota = Quota(period="quarter", amount=10_000, currency="USD")
    west = unit("west", "region", manager="meg", quotas=(quota,))
    desk = Desk(plan, west, deal("d1", 1_000_000, participant="unit:west"))

    assert desk.amounts() == {"p/override/2026-Q2/meg/unit:west": 50_000}
    assert desk.tallies()["p/sales/2026-Q2|unit:west"].value == 1_000_000


# --- what an award says ---


def test_an_award_names_what_it_was_computed_with():
    """Plan version and hash, rules version, period bounds, and the fact that changed it."""
    plan = written("{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}")
    desk = Desk(plan, person(), deal("d1", 12_345))

    assert desk.awards()["p/c/2026-Q2/ada"] == Award(
        award_id="p/c/2026-Q2/ada",
        revision=2,
        participant="ada",
        earner="ada",
        plan_id="p",
        plan_version=1,
        plan_hash=plan.content_hash,
        rules_version="1",
        component="c",
        period="2026-Q2",
        period_start=at("2026-04-01T00:00"),
        period_end=at("2026-07-01T00:00"),
        kind="money",
        amount_minor=1235,
        currency="USD",
        label="",
        state="earned",
        adjusts=None,
        cause="deal:d1",
    )


def test_what_does_not_change_is_not_said_again():
    """A duplicate, an older revision, and a deal that isn't won say nothing."""
    plan = written("{c: {measure: sales, pays: {slabs: [{from: 10, money: 1}]}}}")
    desk = Desk(plan, person(), deal("d1", 5000, revision=2))

    assert desk.put(deal("d1", 5000, revision=2)) == []
    assert desk.put(deal("d1", 9000, revision=1)) == []
    assert desk.put(deal("d2", 9000, status="lost")) == []
    # Within the slab the tally moves, the award stays.
    assert [output.topic.name for output in desk.put(deal("d3", 1))] == ["incentive.tallies"]


def test_an_award_of_nothing_is_never_said():
    """Zero commission before, and none after it was withdrawn."""
    plan = written("{c: {measure: sales, pays: {flat: {on: running_total, rate: 1%}}}}")
    desk = Desk(plan, person(), deal("d1", 10))

    assert desk.awards() == {}

    desk.put(deal("d1", 1000, revision=2), deal("d1", 1000, revision=3, active=False))

    assert desk.awards() == {}
    assert desk.last["incentive.awards", "p/c/2026-Q2/ada"].state == "withdrawn"
    assert desk.put(deal("d1", 0, revision=4)) != []
    assert desk.last["incentive.awards", "p/c/2026-Q2/ada"].state == "withdrawn"


def test_kinds_of_reward_have_an_award_each():
    """The first kind has the plain id."""
    plan = written(
        "{c: {measure: sales, pays: {slabs: [{from: 10, money: 5, points: 7},"
        " {from: 20, training: Closing, value: 0}]}}}"
    )
    desk = Desk(plan, person(), deal("d1", 1000))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 500, "p/c/2026-Q2/ada/points": 7}

    desk.put(deal("d1", 2000, revision=2))

    assert desk.amounts() == {"p/c/2026-Q2/ada/training": 0}


def test_points_are_paid_per_unit():
    """Ten for each held meeting."""
    plan = written(
        "{c: {measure: held, pays: {per_unit: {points: 10}}}}",
        "{held: {of: meeting, count: transactions, where: {status: held}}}",
    )
    desk = Desk(plan, person(), meeting("m1", "2026-05-05"), meeting("m2", "2026-05-06"))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 20}


# --- what counts ---


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
        Quota(period="month", amount=1, currency="USD"),
        Quota(period="quarter", amount=1, currency="EUR"),
        Quota(period="quarter", amount=0, currency="USD"),
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
        (Quota(period="quarter", amount=amount, currency="USD"),) for amount in (2000, 1000)
    )
    desk = Desk(
        plan,
        deal("d1", 100_000),
        person(quotas=high),
        person(since=at("2026-05-15"), quotas=low),
    )

    assert {key[:3]: amount for key, amount in desk.amounts().items()} == paid
