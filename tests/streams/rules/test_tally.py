from decimal import Decimal

import pytest
from msgspec import structs

from accolade.streams.records import Quota, TeamMember
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
    quota = Quota(period="quarter", amount=Decimal(100_000), currency="USD")
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


ACCOUNTS = "{m: {of: deal, distinct: account, where: {status: won}, first_in: %s}}"
WEEKS = (
    "{calls: {of: activity, sum: quantity, where: {kind: call}}, m: {weeks_of: calls,"
    " at_least: 50, weeks: iso, belong_to: end, before_start: count}}"
)


LONG_AGO = deal("old", 100, "2026-01-15", account="a")


@pytest.mark.parametrize("on_refund", ["keep", "revoke"])
@pytest.mark.parametrize(
    ("measures", "before", "last", "is_counted"),
    [
        (ACCOUNTS % "participant", LONG_AGO, deal("d", 100), False),
        (ACCOUNTS % "participant", LONG_AGO, deal("d", 100, account="a"), True),
        (ACCOUNTS % "period", LONG_AGO, deal("d", 100), False),
        (WEEKS, activity("a", 70, "2026-01-15"), activity("c", 49, "2026-04-15"), True),
    ],
    ids=["no_account", "an_old_account", "no_account_in_the_period", "a_week_not_full"],
)
def test_a_badge_from_0_percent_needs_a_credit(on_refund, measures, before, last, is_counted):
    """One that counts in the period, though it comes to no account and no full week."""
    plan = written(
        "{b: {measure: m, target: 3, pays: {badges: {on_refund: "
        + on_refund
        + ", levels: [{from: 0%, badge: There}, {from: 30%, badge: More}]}}}}",
        measures,
    )
    desk = Desk(plan, person(), before)

    assert desk.badges() == []

    desk.put(last)

    assert desk.badges() == (["p/b/2026-Q2/ada/There"] if is_counted else [])

    desk.put(structs.replace(last, revision=2, active=False))

    assert desk.badges() == []


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
    quota = Quota(period="quarter", amount=Decimal(10_000), currency="USD")
    west = unit("west", "region", manager="meg", quotas=(quota,))
    desk = Desk(plan, west, deal("d1", 1_000_000, participant="unit:west"))

    assert desk.amounts() == {"p/override/2026-Q2/meg/unit:west": 50_000}
    assert desk.tallies()["p/sales/2026-Q2|unit:west"].value == 1_000_000
