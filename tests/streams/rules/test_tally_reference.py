from decimal import Decimal
from itertools import permutations

import pytest

from accolade.streams.records import GoalChoice, Quota, Tally
from accolade.streams.rules.state import Rejected
from tests.streams.rules.tally_desk import (
    START,
    Desk,
    at,
    closing,
    deal,
    person,
    placing,
    rate,
    refund,
    standing,
    unit,
    written,
)

TEN_PERCENT = "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}"


def in_every_order(*facts):
    """Return what stands after the facts, which must be the same in every order."""
    results = [standing(order) for order in permutations(facts)]
    assert all(result == results[0] for result in results)
    return results[0]


def test_plan_person_and_credit_come_in_any_order():
    """What can't count yet counts by itself."""
    awards, *_ = in_every_order(written(TEN_PERCENT), person(), deal("d1", 1000))

    assert awards["p/c/2026-Q2/ada"]["amount_minor"] == 100


def test_a_rate_may_come_late():
    """The credit waits where operators see it, and counts by itself."""
    desk = Desk(written(TEN_PERCENT), person(), deal("d1", 1000, currency="EUR"))
    parked = desk.parked()["tally/deal:d1:ada"]

    assert desk.tallies() == {}
    assert (parked.stage, parked.reason, parked.waits_for) == ("tally", "missing_rate", "EUR/USD")

    desk.put(rate("EUR", "1.1055"))

    assert desk.parked() == {}
    assert desk.last["incentive.parked", "tally/deal:d1:ada"] is None
    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 1106


def test_a_credit_without_a_rate_counts_in_nothing_of_the_plan():
    """Not as a customer either; and one that counts in no amount needs none."""
    measures = (
        "{sales: {of: deal, sum: amount, where: {status: won}, credit: whole},"
        " deals: {of: deal, count: transactions, where: {status: [won, lost]}}}"
    )
    desk = Desk(
        written(TEN_PERCENT, measures),
        person(),
        deal("d1", 1000, currency="EUR"),
        deal("d2", 1000, currency="EUR", status="lost"),
    )

    assert {key: tally.value for key, tally in desk.tallies().items()} == {"p/deals/2026-Q2|ada": 1}
    assert list(desk.parked()) == ["tally/deal:d1:ada"]


def test_a_credit_that_moves_waits_for_another_rate():
    """By its new day and currency; the rate of its old ones moves nothing."""
    desk = Desk(written(TEN_PERCENT), person(), deal("d1", 1000, currency="EUR"))
    desk.put(deal("d1", 1000, "2026-05-20", currency="EUR", revision=2))

    assert "2026-05-20" in desk.parked()["tally/deal:d1:ada"].message

    desk.put(deal("d1", 1000, "2026-05-20", currency="GBP", revision=3))

    assert desk.parked()["tally/deal:d1:ada"].waits_for == "GBP/USD"
    assert desk.put(rate("EUR", "2")) == []
    assert desk.put(rate("GBP", "2", since=at("2026-06-01"))) == []
    desk.put(rate("GBP", "2"))
    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 2000


def test_a_rate_is_looked_up_while_it_holds():
    """One that is corrected moves what it converts, not what a later one does."""
    desk = Desk(
        written(TEN_PERCENT),
        person(),
        rate("EUR", "2", since=at("2026-04-01")),
        rate("EUR", "3", since=at("2026-06-01")),
        deal("d1", 1000, "2026-04-10", currency="EUR"),
        deal("d2", 1000, "2026-06-10", currency="EUR"),
    )
    desk.put(rate("EUR", "4", since=at("2026-06-01"), revision=2))

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 2000 + 4000


def test_a_rate_for_one_version_of_a_plan_leaves_what_another_waits_for():
    """A closed period stays with the version in the currency of then."""
    desk = Desk(
        written(TEN_PERCENT),
        person(),
        deal("d1", 1000, currency="GBP"),
        closing(),
        written(TEN_PERCENT, version=2, currency="EUR"),
    )
    desk.put(rate("GBP", "2"))

    assert [parked.waits_for for parked in desk.parked().values()] == ["GBP/EUR"]

    desk.put(rate("GBP", "2", to="EUR"))

    assert desk.parked() == {}


def test_what_waits_is_listed_no_longer_once_it_cannot_count():
    """The deal is lost, or its plan is withdrawn."""
    plan, waiting = written(TEN_PERCENT), deal("d1", 1000, currency="EUR")
    lost = Desk(plan, person(), waiting)
    lost.put(deal("d1", 1000, currency="EUR", status="lost", revision=2))
    withdrawn = Desk(plan, person(), waiting)
    withdrawn.put(written(TEN_PERCENT, version=2, active=False))

    assert lost.parked() == withdrawn.parked() == {}


def test_the_rate_of_the_deals_own_time_is_used():
    """For its refund too; a corrected rate converts both anew."""
    won = deal("d1", 1000, "2026-04-10", currency="EUR")
    facts = [
        written(TEN_PERCENT),
        person(),
        rate("EUR", "2"),
        rate("EUR", "3", since=at("2026-05-01")),
        won,
        refund("r1", won, 500, "2026-05-10"),
    ]
    desk = Desk(*facts)

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 1000

    desk.put(rate("EUR", "2.5", revision=2))

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 1250


def test_minor_units_of_both_currencies_count():
    """Yen have none, Kuwaiti dinars three."""
    plan = written(TEN_PERCENT)
    desk = Desk(
        plan,
        person(),
        rate("JPY", "0.0065"),
        rate("KWD", "3.25"),
        deal("d1", 100_000, currency="JPY"),
        deal("d2", 1000, currency="KWD"),
    )

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 65_000 + 325


def test_a_late_role_takes_in_and_out():
    """Of all that happened since, and of no more."""
    desk = Desk(
        written(TEN_PERCENT),
        person(),
        deal("d1", 100, "2026-04-10"),
        deal("d2", 2000, "2026-05-10"),
    )
    desk.put(person(role="sdr", since=at("2026-05-01")))

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 100

    desk.put(person(since=at("2026-05-01"), revision=2))

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 2100


def test_a_duplicate_of_reference_data_says_nothing():
    """Nor does an older revision."""
    ada, red = person(revision=2), unit("red", revision=2)
    desk = Desk(written(TEN_PERCENT), ada, red, deal("d1", 100))

    assert desk.put(ada) == []
    assert desk.put(person(role="sdr", revision=1)) == []
    assert desk.put(unit("red", "region", revision=1)) == []


def test_a_late_quota_pays():
    """And a lowered one withdraws nothing that it still covers."""
    plan = written(
        "{c: {measure: sales, target: {quota: period_end},"
        " pays: {slabs: [{from: 100%, money: 1}]}}}"
    )
    desk = Desk(plan, person(), deal("d1", 100_000))
    quota = Quota(period="quarter", amount=Decimal(1000), currency="USD")

    assert desk.amounts() == {}

    desk.put(person(revision=2, quotas=(quota,)))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 100}


def test_a_late_manager_receives_in_place_of_the_other():
    """As of the last instant of the period."""
    plan = written(TEN_PERCENT.replace("pays", "to: {manager: period_end}, pays"))
    desk = Desk(plan, person(manager="meg"), deal("d1", 1000))

    assert desk.amounts() == {"p/c/2026-Q2/meg/ada": 100}

    desk.put(person(manager="max", since=at("2026-06-30")), person(since=at("2026-07-01")))

    assert desk.amounts() == {"p/c/2026-Q2/max/ada": 100}


MEMBERS = (
    "{c: {measure: sales, to: {each_member: period_end}, pays: {slabs: [{from: 1, money: 1}]}}}"
)


def test_members_are_all_below_the_unit_whatever_came_first():
    """People, teams and the region's deal in every order."""
    awards, *_ = in_every_order(
        written(MEMBERS, population="{units: region}"),
        unit("west", "region"),
        unit("red", parent="west"),
        person("ada", team="red"),
        deal("d1", 100, participant="unit:west"),
    )

    assert list(awards) == ["p/c/2026-Q2/ada/unit:west"]


def test_a_team_that_moves_takes_its_members_with_it():
    """From one region to another."""
    desk = Desk(
        written(MEMBERS, population="{units: region}"),
        unit("west", "region"),
        unit("east", "region"),
        unit("red", parent="west"),
        person("ada", team="red"),
        deal("d1", 100, participant="unit:west"),
        deal("d2", 100, participant="unit:east"),
    )

    assert list(desk.amounts()) == ["p/c/2026-Q2/ada/unit:west"]

    desk.put(unit("red", parent="east", since=at("2026-06-01")))

    assert list(desk.amounts()) == ["p/c/2026-Q2/ada/unit:east"]


BOARDS = "{teams: {measure: sales, ties: first_to_reach, show: 3, each: team}}"


def test_a_rep_is_on_the_board_of_the_unit_at_the_periods_end():
    """Whenever the change of teams is told; on none without a unit of that level."""
    desk = Desk(written(TEN_PERCENT, boards=BOARDS), person(team="red"), deal("d1", 100))

    def boards():
        return [board.board for board in desk.tallies()["p/sales/2026-Q2|ada"].boards]

    assert boards() == []

    desk.put(unit("red"))

    assert boards() == ["p/teams/2026-Q2/red"]

    desk.put(unit("blue"), person(team="blue", since=at("2026-06-30")))

    assert boards() == ["p/teams/2026-Q2/blue"]


def test_a_unit_is_on_the_board_of_a_unit_above_it():
    """Or of itself, if it is of that level."""
    plan = written(
        "{c: {measure: sales, population: {units: team}, pays: {flat:"
        " {on: running_total, rate: 1%}}}}",
        boards="{teams: {measure: sales, ties: pooled, show: 3, each: region,"
        " population: {units: team}}}",
    )
    facts = [unit("west", "region"), unit("red", parent="west")]
    desk = Desk(plan, *facts, deal("d1", 100, participant="unit:red"))
    tally = desk.tallies()["p/sales@team/2026-Q2|unit:red"]

    assert [board.board for board in tally.boards] == ["p/teams/2026-Q2/west"]


@pytest.mark.parametrize("moves", ["ada", "unit:red"])
def test_a_unit_in_between_that_moves_takes_all_below_it_to_the_other_board(moves):
    """Reps and units alike, as it stands at the last instant of the period."""
    population = "{units: team}" if moves.startswith("unit:") else "{roles: [account_executive]}"
    plan = written(
        TEN_PERCENT,
        boards="{zones: {measure: sales, ties: pooled, show: 3, each: zone}}",
        population=population,
    )
    chain = [unit("red", parent="west"), unit("west", "region", parent="a")]
    zones = [unit("a", "zone"), unit("b", "zone")]
    desk = Desk(plan, person(team="red"), *chain, *zones, deal("d1", 100, participant=moves))

    def boards():
        return [board.board for board in desk.tallies()[f"p/sales/2026-Q2|{moves}"].boards]

    assert boards() == ["p/zones/2026-Q2/a"]

    desk.put(unit("west", "region", parent="b", since=at("2026-07-01")))

    assert boards() == ["p/zones/2026-Q2/a"]

    desk.put(unit("west", "region", parent="b", since=at("2026-06-30")))

    assert boards() == ["p/zones/2026-Q2/b"]


@pytest.mark.parametrize("winner", ["ada", "unit:red"])
def test_a_late_manager_receives_what_was_won_in_a_contest(winner):
    """The prize goes to the other, also after the close that it follows from."""
    population = "{units: team}" if winner.startswith("unit:") else "{roles: [account_executive]}"
    plan = written(
        "{top: {board: top, to: {manager: period_end}, pays: {ranks: [{rank: 1, money: 5}]}}}",
        boards="{top: {measure: sales, ties: pooled, show: 3}}",
        population=population,
    )
    known = [person(manager="meg"), unit("red", manager="meg"), deal("d1", 100, participant=winner)]
    desk = Desk(plan, *known, closing(), placing(winner, 1))

    assert desk.amounts() == {f"p/top/2026-Q2/meg/{winner}": 500}

    desk.put(person(manager="max", revision=2), unit("red", manager="max", revision=2))

    assert desk.amounts() == {f"p/top/2026-Q2/max/{winner}": 500}


def test_reaching_is_told_by_the_order_of_occurrence():
    """The first time that the running total was as high as it is now."""
    won = deal("d2", 500, "2026-05-02")
    desk = Desk(
        written(TEN_PERCENT, boards=BOARDS),
        person(),
        deal("d3", 200, "2026-05-03"),
        deal("d1", 100, "2026-05-01"),
        won,
        refund("r1", won, 200, "2026-05-04"),
    )
    tally = desk.tallies()["p/sales/2026-Q2|ada"]

    assert (tally.value, tally.reached_at, tally.reached_by) == (
        600,
        at("2026-05-02T12:00"),
        "deal:d2:ada",
    )


def test_a_tally_leaves_once_nothing_counts_any_more():
    """It is said once, with no value and no board."""
    desk = Desk(written(TEN_PERCENT, boards=BOARDS), person(), deal("d1", 0))

    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 0

    desk.put(deal("d1", 0, revision=2, active=False))
    last = desk.last["incentive.tallies", "p/sales/2026-Q2|ada"]

    assert isinstance(last, Tally)
    assert (last.active, last.value, last.boards) == (False, 0, ())
    assert desk.put(deal("d1", 0, revision=3, active=False)) == []


# --- plans ---


def test_the_highest_version_counts():
    """An older one that comes late changes nothing."""
    twenty = TEN_PERCENT.replace("10%", "20%")
    desk = Desk(written(twenty, version=3), person(), deal("d1", 1000))

    assert desk.put(written(TEN_PERCENT, version=2)) == []
    assert desk.amounts() == {"p/c/2026-Q2/ada": 200}


def test_a_new_version_is_counted_as_if_it_had_been_there_from_the_start():
    """Other measures, periods, filters and kinds of reward."""
    first = written(TEN_PERCENT, boards=BOARDS)
    second = written(
        "{c: {measure: deals, pays: {slabs: [{from: 2, points: 5}]}},"
        " b: {measure: sales, pays: {badges: {on_refund: keep, levels: [{from: 1, badge: B}]}}}}",
        "{sales: {of: deal, sum: amount, where: {lead: web}, credit: whole},"
        " deals: {of: deal, count: transactions, where: {status: won}}}",
        period="month",
        version=2,
    )
    facts = [person(), deal("d1", 1000, dimensions={"lead": "web"}), deal("d2", 5, "2026-04-02")]

    assert standing([first, *facts, second]) == standing([second, *facts])
    assert standing([*facts, second, first]) == standing([second, *facts])


def test_the_same_plan_again_names_the_new_version():
    """Nothing but the version changes, and it is said."""
    desk = Desk(written(TEN_PERCENT), person(), deal("d1", 1000))
    desk.put(written(TEN_PERCENT, version=2))

    assert desk.awards()["p/c/2026-Q2/ada"].plan_version == 2
    assert desk.tallies()["p/sales/2026-Q2|ada"].plan_version == 2


def test_a_withdrawn_plan_withdraws_all_of_it():
    """Awards, badges and tallies; put in force again they come back."""
    badges = "b: {measure: sales, pays: {badges: {on_refund: keep, levels: [{from: 1, badge: B}]}}}"
    both = TEN_PERCENT[:-1] + ", " + badges + "}"
    desk = Desk(written(both), person(), deal("d1", 1000))
    stood = desk.amounts(), desk.badges()
    desk.put(written(both, version=2, active=False))

    assert (desk.amounts(), desk.badges(), desk.tallies()) == ({}, [], {})

    desk.put(written(both, version=3))

    assert (desk.amounts(), desk.badges()) == stood


def test_a_component_that_is_gone_withdraws_its_awards():
    """The others stay."""
    two = TEN_PERCENT[:-1] + ", d: {measure: sales, pays: {flat: {on: running_total, rate: 1%}}}}"
    desk = Desk(written(two), person(), deal("d1", 1000), written(TEN_PERCENT, version=2))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 100}


def test_plans_count_side_by_side():
    """Each by its own rules, on the same credits; a new version of one leaves the others."""
    one = TEN_PERCENT.replace("10%", "1%")
    other = written(one, plan="other", period="month")
    desk = Desk(written(TEN_PERCENT), other, person(), deal("d1", 1000))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 100, "other/c/2026-04/ada": 10}

    said = desk.put(written(one, version=2))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 10, "other/c/2026-04/ada": 10}
    assert {output.key.partition("/")[0] for output in said} == {"p"}


@pytest.mark.parametrize(
    ("field", "value"),
    [("content_hash", "0" * 64), ("plan_id", "other"), ("body", "{}"), ("body", "[")],
)
def test_a_plan_that_is_not_what_it_says_is_refused(field, value):
    """Another hash, another id, or no plan at all."""
    plan = written(TEN_PERCENT)
    fields = {name: getattr(plan, name) for name in plan.__struct_fields__}

    with pytest.raises(Rejected) as refused:
        Desk(type(plan)(**{**fields, field: value}))

    assert refused.value.reason == "invalid"


def test_a_population_of_its_own_has_tallies_of_its_own():
    """The id names whose; a participant's own board tells the same value."""
    desk = Desk(
        written(
            TEN_PERCENT,
            boards="{sdrs: {measure: sales, ties: pooled, show: 3, population: {roles: [sdr]}}}",
        ),
        person(),
        person(role="sdr", since=at("2026-05-01")),
        deal("d1", 100, "2026-04-10"),
        deal("d2", 2000, "2026-05-10"),
    )

    assert {key: tally.value for key, tally in desk.tallies().items()} == {
        "p/sales/2026-Q2|ada": 100,
        "p/sales@sdr/2026-Q2|ada": 2000,
    }


def test_a_choice_of_goal_is_kept():
    """For later; nothing rests on it yet."""
    choice = GoalChoice(
        participant="ada",
        plan_id="p",
        component="c",
        period="2026-Q2",
        revision=1,
        choice="five_deals",
        chosen_at=START,
    )
    desk = Desk(written(TEN_PERCENT))

    assert desk.put(choice) == []
