import msgspec
import pytest

from accolade.streams.catalogue import TALLIES
from accolade.streams.records import Nudge
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Output, Partitioning, Position, Rejected
from accolade.streams.rules.tally import make_tally
from tests.streams.rules.tally_desk import (
    Desk,
    adjustment,
    at,
    closing,
    deal,
    person,
    placing,
    refund,
    unit,
    written,
)

TEN_PERCENT = "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}"
BOARD = "{top: {measure: sales, ties: pooled, show: 3}}"


def monthly(**parts):
    """Return a desk with a plan that pays 10 % by the month."""
    return Desk(written(TEN_PERCENT, period="month", **parts), person())


def test_a_closed_award_stands_and_later_facts_are_booked_in_the_open_period():
    """April is closed with 100.00; what comes late is May's adjustment."""
    desk = monthly()
    desk.put(deal("d1", 100_000, "2026-04-10"), closing("2026-04"), deal("d2", 5000, "2026-04-11"))

    assert desk.amounts() == {
        "p/c/2026-04/ada": 10_000,
        "p/c/2026-04/ada/adjusts/2026-05": 500,
    }
    booked = desk.awards()["p/c/2026-04/ada/adjusts/2026-05"]
    assert (booked.state, booked.adjusts) == ("adjustment", "p/c/2026-04/ada")
    assert (booked.period, booked.period_start) == ("2026-05", at("2026-05-01"))
    assert desk.tallies()["p/sales/2026-04|ada"].value == 100_000


def test_an_adjustment_follows_until_its_own_period_is_closed():
    """Then it stays, and only the rest is booked in the next."""
    desk = monthly()
    won = deal("d1", 100_000, "2026-04-10")
    desk.put(won, closing("2026-04"), refund("r1", won, 40_000, "2026-05-02"))

    assert desk.amounts()["p/c/2026-04/ada/adjusts/2026-05"] == -4000

    desk.put(closing("2026-05"), refund("r2", won, 10_000, "2026-06-02"))

    assert desk.amounts() == {
        "p/c/2026-04/ada": 10_000,
        "p/c/2026-04/ada/adjusts/2026-05": -4000,
        "p/c/2026-04/ada/adjusts/2026-06": -1000,
    }

    desk.put(refund("r2", won, 0, "2026-06-02", revision=2))

    assert "p/c/2026-04/ada/adjusts/2026-06" not in desk.amounts()


def test_the_open_period_may_lie_beyond_the_plan():
    """After the last quarter the next one takes the adjustment."""
    desk = Desk(written(TEN_PERCENT), person(), deal("d1", 1000), closing())
    desk.put(deal("d2", 1000))

    assert desk.amounts()["p/c/2026-Q2/ada/adjusts/2026-Q3"] == 100


def test_what_was_earned_only_after_the_closing_is_an_adjustment():
    """Nothing was frozen, so all of it is booked."""
    desk = monthly()
    desk.put(closing("2026-04"), deal("d1", 1000, "2026-04-10"))

    assert desk.amounts() == {"p/c/2026-04/ada/adjusts/2026-05": 100}


def test_what_comes_and_goes_after_the_closing_leaves_nothing():
    """The adjustment is withdrawn; there never was an award that it adjusted."""
    desk = monthly()
    desk.put(closing("2026-04"), deal("d1", 1000, "2026-04-10"))
    desk.put(deal("d1", 1000, "2026-04-10", revision=2, active=False))

    assert desk.amounts() == {}


def test_a_plan_may_ignore_what_comes_after_the_closing():
    """The award stands, and nothing is booked."""
    desk = monthly(after_close="ignore")
    desk.put(deal("d1", 1000, "2026-04-10"), closing("2026-04"), deal("d2", 500, "2026-04-11"))

    assert desk.amounts() == {"p/c/2026-04/ada": 100}


def test_a_second_closing_changes_nothing():
    """The first one counts."""
    desk = monthly()
    desk.put(deal("d1", 1000, "2026-04-10"), closing("2026-04"), deal("d2", 500, "2026-04-11"))
    before = desk.amounts()

    assert desk.put(closing("2026-04")) == []
    assert desk.amounts() == before


@pytest.mark.parametrize("record", [closing(plan="other"), closing("2026"), closing("Q2")])
def test_a_closing_of_what_is_not_there_is_refused(record):
    """An unknown plan, or a period that the plan doesn't have."""
    desk = Desk(written(TEN_PERCENT))

    with pytest.raises(Rejected) as refused:
        desk.put(record)

    assert refused.value.reason == "invalid"


def test_each_ranked_tally_is_told_to_be_closed():
    """Once for a measure, however many boards it has; months by themselves."""
    boards = (
        "{top: {measure: sales, ties: pooled, show: 3},"
        " again: {measure: sales, ties: pooled, show: 9},"
        " monthly: {measure: sales, ties: pooled, show: 3, period: month},"
        " teams: {measure: sales, ties: pooled, show: 3, population: {units: team}}}"
    )
    desk = Desk(written(TEN_PERCENT, boards=boards))
    desk.put(closing())

    assert sorted(desk.closed()) == ["p/sales/2026-Q2", "p/sales@team/2026-Q2"]

    desk.put(closing("2026-04"))

    assert "p/sales/2026-04" in desk.closed()


def test_no_tally_is_said_behind_its_closing():
    """Whatever comes: boards rely on it that a partition has said all when it has passed."""
    desk = Desk(
        written(TEN_PERCENT, boards=BOARD), person(), deal("d1", 1000, account="a"), closing()
    )
    other = "{sales: {of: deal, sum: amount, where: {status: [won, lost]}, credit: whole}}"
    late = (
        deal("d2", 500),
        deal("d1", 1000, revision=2, active=False),
        deal("d2", 500, revision=2, active=False),
        deal("d3", 500, participant="bob"),
        person("bob"),
        person(role="sdr", revision=2),
        person(revision=3),
        written(TEN_PERCENT, other, version=2, boards=BOARD),
        deal("d1", 1000, revision=3),
        written(TEN_PERCENT, other, version=3, active=False, boards=BOARD),
        written(TEN_PERCENT, version=4, boards=BOARD),
        deal("d1", 1500, revision=4),
    )
    said = [output.key for fact in late for output in desk.put(fact) if output.topic is TALLIES]

    assert said == []
    assert desk.tallies()["p/sales/2026-Q2|ada"].value == 1000


def test_badges_of_a_closed_period_stay():
    """Late deals grant none, late refunds take none."""
    plan = written(
        "{b: {measure: sales, pays: {badges: {on_refund: revoke, levels:"
        " [{from: 10, badge: One}, {from: 20, badge: Two}]}}}}"
    )
    won = deal("d1", 1500)
    desk = Desk(plan, person(), won, closing(), deal("d2", 1000))
    desk.put(refund("r1", won, 1500, "2026-07-01"))

    assert desk.badges() == ["p/b/2026-Q2/ada/One"]


def test_a_new_version_rewrites_no_closed_period():
    """April stays with 10 %, its late deal too; May is paid by 20 %."""
    desk = monthly()
    desk.put(deal("d1", 1000, "2026-04-10"), deal("d2", 1000, "2026-05-10"), closing("2026-04"))
    twenty = TEN_PERCENT.replace("10%", "20%")
    desk.put(written(twenty, period="month", version=2), deal("d3", 1000, "2026-04-11"))

    assert desk.amounts() == {
        "p/c/2026-04/ada": 100,
        "p/c/2026-04/ada/adjusts/2026-05": 100,
        "p/c/2026-05/ada": 200,
    }
    assert desk.awards()["p/c/2026-04/ada/adjusts/2026-05"].plan_version == 1
    assert desk.tallies()["p/sales/2026-04|ada"].plan_version == 1
    assert desk.tallies()["p/sales/2026-05|ada"].plan_version == 2


def test_a_withdrawn_plan_keeps_what_was_closed():
    """The open period's award goes; refunds of the closed one are still booked."""
    desk = monthly()
    won = deal("d1", 1000, "2026-04-10")
    desk.put(won, deal("d2", 1000, "2026-05-10"), closing("2026-04"))
    desk.put(written(TEN_PERCENT, period="month", version=2, active=False))

    assert desk.amounts() == {"p/c/2026-04/ada": 100}
    assert list(desk.tallies()) == ["p/sales/2026-04|ada"]

    desk.put(refund("r1", won, 500, "2026-05-11"))

    assert desk.amounts()["p/c/2026-04/ada/adjusts/2026-05"] == -50


CLUB = (
    "{club: {measure: sales, pays: {slabs: [{from: 10, experience: Dinner, value: 1},"
    " {from: 20, experience: Trip, value: 5}]}}}"
)


def test_another_thing_after_the_closing_is_given_by_itself():
    """From dinner to trip: the dinner is taken back with its value, and the trip is given."""
    desk = Desk(written(CLUB), person(), deal("d1", 1000), closing(), deal("d2", 1000))

    assert booked(desk) == {
        "p/club/2026-Q2/ada": (100, "USD", "Dinner"),
        "p/club/2026-Q2/ada/adjusts/2026-Q3": (-100, "USD", "Dinner"),
        "p/club/2026-Q2/ada/adjusts/2026-Q3/2": (500, "USD", "Trip"),
    }


def test_a_lesser_thing_after_the_closing_takes_back_the_greater():
    """The trip goes, not a second dinner; and comes back by another closing's late facts."""
    desk = Desk(written(CLUB), person(), deal("d1", 1000), deal("d2", 1000), closing())
    desk.put(deal("d2", 1000, revision=2, active=False))
    trip = "p/club/2026-Q2/ada"

    assert booked(desk) == {
        trip: (500, "USD", "Trip"),
        f"{trip}/adjusts/2026-Q3": (-500, "USD", "Trip"),
        f"{trip}/adjusts/2026-Q3/2": (100, "USD", "Dinner"),
    }

    desk.put(closing("2026-Q3"), deal("d2", 1000, revision=3))

    assert booked(desk) == {
        trip: (500, "USD", "Trip"),
        f"{trip}/adjusts/2026-Q3": (-500, "USD", "Trip"),
        f"{trip}/adjusts/2026-Q3/2": (100, "USD", "Dinner"),
        f"{trip}/adjusts/2026-Q4": (500, "USD", "Trip"),
        f"{trip}/adjusts/2026-Q4/2": (-100, "USD", "Dinner"),
    }


def booked(desk):
    """Return amount, currency and label of the awards that stand, by id."""
    awards = sorted(desk.awards().items())
    return {key: (one.amount_minor, one.currency, one.label) for key, one in awards}


def test_another_name_and_value_in_a_new_version_leave_a_closed_award_as_it_was():
    """Neither the version alone changes it nor a late deal, which is judged as it was closed."""
    slabs = (
        "{club: {measure: sales, pays: {slabs: [{from: 10, experience: Dinner, value: 1},"
        " {from: 20, experience: Trip, value: 5}]}}}"
    )
    renamed = slabs.replace("Dinner, value: 1", "Banquet, value: 3").replace("Trip", "Journey")
    desk = Desk(written(slabs), person(), deal("d1", 1000), closing())
    before = desk.awards()
    desk.put(written(renamed, version=2), deal("d2", 100))

    assert desk.awards() == before

    desk.put(deal("d3", 900))
    club = "p/club/2026-Q2/ada"

    assert {key: (a.amount_minor, a.label, a.plan_version) for key, a in desk.awards().items()} == {
        club: (100, "Dinner", 1),
        f"{club}/adjusts/2026-Q3": (-100, "Dinner", 1),
        f"{club}/adjusts/2026-Q3/2": (500, "Trip", 1),
    }


def test_another_prize_in_a_new_version_leaves_a_closed_contest_as_it_was():
    """Also where the final places come after the version."""
    renamed = RANKS.replace("500", "900").replace("Closing", "Opening")
    desk = contest(closing(), written(renamed, boards=BOARD, version=2), placing("ada", 1))

    assert desk.amounts() == {"p/prize/2026-Q2/ada": 50_000, "p/course/2026-Q2/ada": 0}
    assert desk.awards()["p/course/2026-Q2/ada"].label == "Closing"


def test_late_members_are_adjusted_by_themselves():
    """Who turns out to have been in the team at the end is booked, who wasn't is taken back."""
    plan = written(
        "{c: {measure: sales, to: {each_member: period_end},"
        " pays: {slabs: [{from: 1, money: 1}]}}}",
        population="{units: team}",
    )
    group = "p/c/2026-Q2"
    desk = Desk(
        plan, unit("red"), person("ada", team="red"), deal("d", 100, participant="unit:red")
    )
    desk.put(closing(), person("ada", revision=2), person("bob", team="red"))

    assert desk.amounts() == {
        f"{group}/ada/unit:red": 100,
        f"{group}/ada/unit:red/adjusts/2026-Q3": -100,
        f"{group}/bob/unit:red/adjusts/2026-Q3": 100,
    }


def test_a_closing_before_the_plan_is_refused():
    """Nothing of the plan can stand in it."""
    desk = monthly()

    with pytest.raises(Rejected, match="is before the first day"):
        desk.put(closing("2026-03"))


def test_no_row_of_the_state_grows_with_the_closings():
    """A plan of decades that is paid by the day has more of them than a message holds."""
    desk = monthly()
    desk.put(closing("2026-04"))
    largest = max(len(msgspec.json.encode(row)) for *_, row in desk.view.items())
    months = [f"{year}-{month:02}" for year in range(2027, 2047) for month in range(1, 13)]
    desk.put(*map(closing, months))

    assert max(len(msgspec.json.encode(row)) for *_, row in desk.view.items()) <= largest + 2


@pytest.mark.parametrize(
    "changed",
    [
        "{top: {measure: wins, ties: pooled, show: 3}}",
        "{top: {measure: sales, ties: pooled, show: 3, population: {units: team}}}",
    ],
)
def test_a_board_ranks_the_same_for_good(changed):
    """Otherwise two tasks would write its standing; a new name, or a new period, is another."""
    measures = (
        "{sales: {of: deal, sum: amount, where: {status: won}, credit: whole},"
        " wins: {of: deal, count: transactions, where: {status: won}}}"
    )
    first = written(TEN_PERCENT, measures, boards=BOARD)
    without = written(TEN_PERCENT, measures, version=2)
    desk = Desk(first, without)

    with pytest.raises(Rejected, match=r"boards\.top: .* give the board a new name"):
        desk.put(written(TEN_PERCENT, measures, boards=changed, version=3))

    desk.put(written(TEN_PERCENT, measures, boards=changed, version=4, period="month"))
    desk.put(written(TEN_PERCENT, measures, boards=changed.replace("top", "best"), version=5))


# --- contests ---

RANKS = (
    "{prize: {board: top, pays: {ranks: [{rank: 1, gift_card: 500}, {rank: 2, gift_card: 100}]}},"
    " course: {board: top, pays: {ranks: [{rank: 1-3, training: Closing, value: 0}]}}}"
)


def contest(*facts):
    """Return a desk with a contest's plan, three reps with a deal each, and facts."""
    reps = [person(name) for name in ("ada", "bob", "cy")]
    deals = [deal(f"d-{rep.person_id}", 100, participant=rep.person_id) for rep in reps]
    return Desk(written(RANKS, boards=BOARD), *reps, *deals, *facts)


def test_a_contest_is_paid_from_the_final_places_alone():
    """Not before, and not adjusted after."""
    desk = contest()

    assert desk.amounts() == {}

    desk.put(closing(), placing("ada", 1), deal("late", 900, participant="bob"))

    assert desk.amounts() == {"p/prize/2026-Q2/ada": 50_000, "p/course/2026-Q2/ada": 0}
    assert desk.awards()["p/course/2026-Q2/ada"].label == "Closing"
    assert {award.state for award in desk.awards().values()} == {"earned"}


def led(person_id="ada", manager="max", revision=1):
    """Return a rep with a manager."""
    return person(person_id, manager=manager, revision=revision)


TO_MANAGER = (
    "{prize: {board: top, to: {manager: period_end}, pays: {ranks: [{rank: 1, gift_card: 500}]}}}"
)


def test_a_contest_follows_the_manager_whenever_the_managers_name_arrives():
    """Before the final place, after it, and after a closing: the one at the period's end."""
    plan, place = written(TO_MANAGER, boards=BOARD), placing("ada", 1)
    desk = Desk(plan, person(), closing(), place)

    assert desk.amounts() == {}

    desk.put(led(revision=2))

    assert desk.amounts() == {"p/prize/2026-Q2/max/ada": 50_000}

    desk.put(led(manager="may", revision=3))

    assert desk.amounts() == {"p/prize/2026-Q2/may/ada": 50_000}

    desk.put(person(manager="eve", since=at("2026-07-01")))

    assert desk.amounts() == {"p/prize/2026-Q2/may/ada": 50_000}


def test_a_contest_of_units_follows_their_manager():
    """A unit's version that arrives after its final place moves the award too."""
    plan = written(TO_MANAGER, boards=BOARD, population="{units: team}")
    desk = Desk(plan, unit("red"), closing(), placing("unit:red", 1))

    desk.put(unit("red", manager="max", revision=2))

    assert desk.amounts() == {"p/prize/2026-Q2/max/unit:red": 50_000}


def test_the_tied_pool_the_rewards_of_their_ranks():
    """Three at the top share 600.00; two share 500 and 100; the first gets the extra cent."""
    three = contest(
        closing(), *(placing(rep, 1, 3, n) for n, rep in enumerate(("ada", "bob", "cy")))
    )
    odd = written(RANKS.replace("500", "500.01"), boards=BOARD)
    two = Desk(odd, person("ada"), person("bob"), closing())
    two.put(placing("ada", 1, 2, 0), placing("bob", 1, 2, 1))

    assert {key: a for key, a in three.amounts().items() if "prize" in key} == {
        "p/prize/2026-Q2/ada": 20_000,
        "p/prize/2026-Q2/bob": 20_000,
        "p/prize/2026-Q2/cy": 20_000,
    }
    assert two.amounts()["p/prize/2026-Q2/ada"] == 30_001
    assert two.amounts()["p/prize/2026-Q2/bob"] == 30_000


def test_what_cannot_be_divided_goes_whole_to_each_who_is_tied():
    """Two share rank 3: both are trained, and neither wins the gift card."""
    desk = contest(closing(), placing("ada", 3, 2, 0), placing("bob", 3, 2, 1))

    assert desk.amounts() == {"p/course/2026-Q2/ada": 0, "p/course/2026-Q2/bob": 0}


def test_the_newest_placing_counts():
    """An older one after it changes nothing."""
    desk = contest(closing(), placing("ada", 2, revision=2), placing("ada", 1, revision=1))

    assert desk.amounts()["p/prize/2026-Q2/ada"] == 10_000


def test_a_placing_and_its_plan_come_in_any_order():
    """One for a plan that isn't there says nothing until it is."""
    desk = Desk(placing("ada", 1))

    assert desk.awards() == {}

    desk.put(written(RANKS, boards=BOARD))

    assert desk.amounts() == {"p/prize/2026-Q2/ada": 50_000, "p/course/2026-Q2/ada": 0}


def test_a_board_tells_how_far_down_it_is_rewarded():
    """The lowest rank of any component; the tally carries it to the ranking."""
    desk = contest()
    board = desk.tallies()["p/sales/2026-Q2|ada"].boards[0]

    assert (board.board, board.ties, board.show, board.rewarded) == (
        "p/top/2026-Q2",
        "pooled",
        3,
        3,
    )


# --- manual adjustments ---


def test_a_manual_adjustment_is_an_award():
    """Signed, in its own currency, with itself as the cause."""
    desk = Desk(written(TEN_PERCENT), adjustment("-12.50", currency="EUR"))
    award = desk.awards()["p/adjustment:a1/2026-Q2/ada"]

    assert (award.amount_minor, award.currency, award.kind) == (-1250, "EUR", "money")
    assert (award.state, award.component) == ("earned", "adjustment:a1")
    assert award.cause == "adjustment:a1"
    assert award.period_end == at("2026-07-01")


def test_the_newest_revision_of_an_adjustment_counts():
    """In another period, for another participant, or of nothing."""
    desk = Desk(written(TEN_PERCENT), adjustment("5"))
    desk.put(adjustment("6", participant="bob", period="2026-05", revision=3))
    desk.put(adjustment("7", revision=2))

    assert desk.amounts() == {"p/adjustment:a1/2026-05/bob": 600}

    desk.put(adjustment("0", participant="bob", period="2026-05", revision=4))

    assert desk.amounts() == {}


def test_an_adjustment_waits_for_its_plan_and_outlives_it():
    """Its period is the plan's; what someone decided stands when the plan is withdrawn."""
    desk = Desk(adjustment("5"))
    waits = desk.parked()["tally/adjustment:a1|ada"]

    assert desk.amounts() == {}
    assert (waits.reason, waits.waits_for) == ("unknown_plan", "p")
    assert waits.message == "no plan 'p' is known here to adjust by 5 USD"

    desk.put(written(TEN_PERCENT))

    assert desk.amounts() == {"p/adjustment:a1/2026-Q2/ada": 500}
    assert desk.parked() == {}

    desk.put(written(TEN_PERCENT, version=2, active=False))

    assert desk.amounts() == {"p/adjustment:a1/2026-Q2/ada": 500}
    assert desk.awards()["p/adjustment:a1/2026-Q2/ada"].plan_version == 2


def test_an_adjustment_of_a_closed_period_is_booked_in_the_open_one():
    """Also where the plan ignores late facts: someone decided on it."""
    desk = Desk(written(TEN_PERCENT, after_close="ignore"), closing(), adjustment("5"))

    assert desk.amounts() == {"p/adjustment:a1/2026-Q2/ada/adjusts/2026-Q3": 500}


def test_an_adjustment_that_changes_its_currency_after_a_closing_mixes_no_amounts():
    """The dollars are taken back, and the euros given, each by themselves."""
    desk = monthly()
    desk.put(adjustment("50.00", period="2026-04"), closing("2026-04"))
    desk.put(adjustment("40.00", period="2026-04", revision=2, currency="EUR"))
    award = "p/adjustment:a1/2026-04/ada"

    assert {key: (a.amount_minor, a.currency) for key, a in desk.awards().items()} == {
        award: (5000, "USD"),
        f"{award}/adjusts/2026-05": (-5000, "USD"),
        f"{award}/adjusts/2026-05/EUR": (4000, "EUR"),
    }

    desk.put(adjustment("45.00", period="2026-04", revision=3))

    assert desk.amounts() == {award: 5000, f"{award}/adjusts/2026-05": -500}


BY_HAND = "p/adjustment:a1/2026-Q2/ada"


def test_two_currencies_of_an_adjustment_are_never_summed():
    """After a closing the old currency is taken back whole, and the new one booked beside it."""
    desk = Desk(written(TEN_PERCENT), adjustment("5", currency="EUR"), closing())
    desk.put(adjustment("7", currency="USD", revision=2))

    assert booked(desk) == {
        BY_HAND: (500, "EUR", ""),
        f"{BY_HAND}/adjusts/2026-Q3": (-500, "EUR", ""),
        f"{BY_HAND}/adjusts/2026-Q3/USD": (700, "USD", ""),
    }

    desk.put(closing("2026-Q3"), adjustment("6", currency="EUR", revision=3))

    assert booked(desk) == {
        BY_HAND: (500, "EUR", ""),
        f"{BY_HAND}/adjusts/2026-Q3": (-500, "EUR", ""),
        f"{BY_HAND}/adjusts/2026-Q3/USD": (700, "USD", ""),
        f"{BY_HAND}/adjusts/2026-Q4": (600, "EUR", ""),
        f"{BY_HAND}/adjusts/2026-Q4/USD": (-700, "USD", ""),
    }


def test_an_adjustment_that_goes_to_another_is_taken_back_in_its_own_currency():
    """What was five euros is not taken back as five dollars."""
    desk = Desk(written(TEN_PERCENT), adjustment("5", currency="EUR"), closing())
    desk.put(adjustment("5", participant="bob", currency="USD", revision=2))

    assert booked(desk) == {
        BY_HAND: (500, "EUR", ""),
        f"{BY_HAND}/adjusts/2026-Q3": (-500, "EUR", ""),
        "p/adjustment:a1/2026-Q2/bob/adjusts/2026-Q3": (500, "USD", ""),
    }


def test_the_currency_of_an_adjustment_may_change_while_its_period_is_open():
    """It is one award still, now of the other currency."""
    desk = Desk(written(TEN_PERCENT), closing(), adjustment("5", currency="EUR"))
    desk.put(adjustment("5", revision=2))

    assert booked(desk) == {f"{BY_HAND}/adjusts/2026-Q3": (500, "USD", "")}


def test_an_adjustment_is_said_where_its_participant_is():
    """Reference data reaches every partition; one of them pays."""
    tally = make_tally(Partitioning(crm=1, facts=2, boards=1))
    said: list[Output] = []
    for partition in (0, 1):
        view = MemoryView()
        for offset, fact in enumerate((written(TEN_PERCENT), adjustment("5"))):
            said += tally(view, fact, Position("incentive.facts", partition, offset))

    assert [output.key for output in said] == ["p/adjustment:a1/2026-Q2/ada"]


def test_who_waits_for_a_plan_is_listed_alone():
    """Another revision may name another participant, or nothing; then nobody waits."""
    desk = Desk(adjustment("5"), adjustment("5", participant="bob", revision=2))

    assert list(desk.parked()) == ["tally/adjustment:a1|bob"]

    desk.put(adjustment("0", participant="bob", revision=3))

    assert desk.parked() == {}


def test_an_adjustment_of_a_period_that_the_zone_skipped_is_listed():
    """Samoa had no 30 December 2011; with another day it is paid."""
    plan = written(TEN_PERCENT, zone="Pacific/Apia")
    desk = Desk(adjustment("5", period="2011-12-30"), plan)

    assert desk.awards() == {}
    assert desk.parked()["tally/adjustment:a1|ada"].reason == "unknown_period"

    desk.put(adjustment("5", period="2011-12-29", revision=2))

    assert desk.amounts() == {"p/adjustment:a1/2011-12-29/ada": 500}
    assert desk.parked() == {}


@pytest.mark.parametrize("period", ["2011-12-30", "2026-04-03--2026-05-01"])
def test_an_adjustment_of_a_period_that_its_plan_cannot_have_is_refused(period):
    """A day that the zone skipped, and a window of other dates than the plan's."""
    desk = Desk(written(TEN_PERCENT, zone="Pacific/Apia"))

    with pytest.raises(Rejected, match=f"plan 'p' has no period '{period}'"):
        desk.put(adjustment("5", period=period))

    desk.put(adjustment("6", revision=2), adjustment("7", period=period))

    assert desk.amounts() == {"p/adjustment:a1/2026-Q2/ada": 600}


def test_an_adjustment_of_a_window_stands_though_the_plan_gets_other_dates():
    """What was taken once can be corrected too."""
    window = "2026-04-01--2026-07-01"
    longer = written(TEN_PERCENT, version=2, effective="{from: 2026-04-01, to: 2026-08-01}")
    desk = Desk(written(TEN_PERCENT), adjustment("5", period=window), longer)

    assert desk.amounts() == {f"p/adjustment:a1/{window}/ada": 500}

    desk.put(adjustment("0", period=window, revision=2))

    assert desk.amounts() == {}


def test_a_record_that_is_no_fact_is_a_mistake():
    """The runner never hands one over; if it does, that is loud."""
    with pytest.raises(TypeError, match="Nudge is no fact to tally"):
        Desk(
            Nudge(
                nudge_id="n",
                participant="ada",
                revision=1,
                plan_id="p",
                component="c",
                period="2026-Q2",
                text="nearly there",
            )
        )


@pytest.mark.parametrize("record", [adjustment("1.001"), adjustment("1", period="spring")])
def test_an_adjustment_that_means_nothing_is_refused(record):
    """Finer than a cent, or for no period."""
    with pytest.raises(Rejected) as refused:
        Desk(written(TEN_PERCENT), record)

    assert refused.value.reason == "invalid"
