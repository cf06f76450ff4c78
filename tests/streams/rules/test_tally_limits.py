import msgspec
import pytest

from accolade.schemas import load_schemas
from accolade.streams.bounds import LARGEST
from accolade.streams.codecs import Codec
from accolade.streams.rules.tally import TABLES
from tests.streams.rules.tally_desk import (
    Desk,
    activity,
    closing,
    deal,
    person,
    placing,
    written,
)

COMMISSION = "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}"
BOARD = "{top: {measure: sales, ties: pooled, show: 3}}"
TALLY = "p/sales/2026-Q2"


def test_the_largest_sum_that_is_exact_is_ranked_and_paid():
    """It is the largest whole number up to which a board's scores are exact."""
    desk = Desk(written(COMMISSION, boards=BOARD), person(), deal("d1", LARGEST))

    assert desk.tallies()[f"{TALLY}|ada"].value == LARGEST
    assert desk.amounts() == {"p/c/2026-Q2/ada": 900_719_925_474_099}
    assert desk.parked() == {}


def test_a_larger_sum_is_listed_and_neither_ranked_nor_paid_until_it_is_smaller():
    """However large: inside it stays exact."""
    desk = Desk(written(COMMISSION, boards=BOARD), person(), deal("d1", 100_00))
    desk.put(*(deal(f"wrong{n}", LARGEST) for n in range(2_000)))

    assert (desk.tallies(), desk.amounts()) == ({}, {})
    (parked,) = desk.parked().values()
    assert (parked.parked_id, parked.reason) == (f"tally/{TALLY}|ada", "too_large")

    desk.put(*(deal(f"wrong{n}", 0, revision=2) for n in range(2_000)))

    assert desk.tallies()[f"{TALLY}|ada"].value == 100_00
    assert desk.amounts() == {"p/c/2026-Q2/ada": 10_00}
    assert desk.last["incentive.parked", parked.parked_id] is None


def test_a_reward_that_is_too_large_is_listed_and_not_paid():
    """The measure itself is still ranked."""
    tenfold = COMMISSION.replace("10%", "1000%")
    desk = Desk(written(tenfold), person(), deal("d1", LARGEST // 5))

    assert desk.amounts() == {}
    assert [(p.parked_id, p.reason) for p in desk.parked().values()] == [
        ("tally/awards/p/c/2026-Q2|ada", "too_large")
    ]

    desk.put(deal("d1", LARGEST // 10, revision=2))

    assert desk.amounts() == {"p/c/2026-Q2/ada": LARGEST // 10 * 10}


def test_a_withdrawn_plan_leaves_nothing_on_the_list():
    """Nothing of it is ranked or paid any more."""
    plan = written(COMMISSION.replace("10%", "1000%"), boards=BOARD)
    desk = Desk(plan, person(), deal("d1", LARGEST), deal("d2", LARGEST))
    assert len(desk.parked()) == 1

    desk.put(deal("d2", 0, revision=2))
    assert len(desk.parked()) == 1

    desk.put(written(COMMISSION, boards=BOARD, version=2, active=False))
    assert desk.last["incentive.parked", f"tally/{TALLY}|ada"] is None
    assert desk.last["incentive.parked", "tally/awards/p/c/2026-Q2|ada"] is None


# --- beyond 64 bits ---

PAYS = (
    "{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}},"
    " each: {measure: sales, pays: {flat: {on: each_transaction, rate: 10%}}},"
    " bonus: {measure: sales, pays: {slabs: [{from: 1, money: 5}]}},"
    " badge: {measure: sales, pays: {badges: {on_refund: keep, levels: [{from: 1, badge: One}]}}}}"
)
#: So many of the largest deals are more than 64 bits hold.
MANY = 2**64 // LARGEST
CODEC = Codec(load_schemas())


def enormous(revision=1, *, active=True):
    """Return deals of the largest amount that may come in."""
    return [deal(f"d{number}", LARGEST, revision=revision, active=active) for number in range(MANY)]


def write(desk):
    """Write all that was said, and the state, as the engine does."""
    for output in desk.said:
        if output.record is not None:
            CODEC.encode(output.record)
    rows = {table.name: table.row for table in TABLES}
    for table, _, _, row in desk.view.items():
        assert msgspec.json.decode(msgspec.json.encode(row), type=rows[table]) == row


def test_what_is_said_and_kept_can_be_written_whatever_credits_add_up_to():
    """Neither money nor badges of it; and as if it had never been once it has shrunk."""
    right = deal("right", 1000)
    desk = Desk(written(PAYS, boards=BOARD), person(), right, *enormous())

    assert (desk.amounts(), desk.badges(), list(desk.parked())) == ({}, [], [f"tally/{TALLY}|ada"])
    write(desk)

    desk.put(*enormous(2, active=False))
    small = Desk(written(PAYS, boards=BOARD), person(), right)

    assert (desk.amounts(), desk.badges()) == (small.amounts(), small.badges())
    assert desk.parked() == {}
    write(desk)


def test_a_sum_that_grows_too_large_after_the_closing_takes_back_and_gives_again():
    """The award stands as it was; what is booked in the open period goes with the mistake."""
    desk = Desk(written(PAYS, boards=BOARD), person(), deal("right", 1000), closing(), *enormous())

    assert desk.amounts() == {
        "p/bonus/2026-Q2/ada": 500,
        "p/bonus/2026-Q2/ada/adjusts/2026-Q3": -500,
        "p/c/2026-Q2/ada": 100,
        "p/c/2026-Q2/ada/adjusts/2026-Q3": -100,
        "p/each/2026-Q2/ada": 100,
        "p/each/2026-Q2/ada/adjusts/2026-Q3": -100,
    }

    desk.put(*enormous(2, active=False))

    assert desk.parked() == {}
    assert set(desk.amounts().values()) == {100, 500}


def test_a_contest_is_paid_whatever_a_sum_has_become():
    """By its final place: what happens to the tally after the closing moves no prize."""
    contest = "{prize: {board: top, pays: {ranks: [{rank: 1, money: 7}]}}}"
    desk = Desk(written(contest, boards=BOARD), person(), deal("d", 100), closing())
    desk.put(placing("ada", 1), *enormous())

    assert desk.amounts() == {"p/prize/2026-Q2/ada": 700}


#: For each call the most that a plan may say.
DEAR = "{dear: {measure: calls, pays: {per_unit: {money: 9999999999999.99}}}}"
CALLS = "{calls: {of: activity, sum: quantity, where: {kind: call}}}"
BADGES = (
    "{dear: {measure: calls, pays: {badges: {on_refund: keep, levels: [{from: 1, badge: A}]}}}}"
)


@pytest.mark.parametrize(
    ("instead", "expected"),
    [
        (DEAR, ["tally/awards/p/dear/2026-Q2|ada"]),
        (DEAR.replace("{dear:", "{other:"), ["tally/awards/p/other/2026-Q2|ada"]),
        (DEAR.replace("9999999999999.99", "1"), []),
        (BADGES, []),
    ],
)
def test_a_reward_is_listed_no_longer_where_a_new_version_pays_otherwise(instead, expected):
    """Though nothing was ever paid: less, by another name, or badges."""
    desk = Desk(written(DEAR, CALLS), person(), activity("c", 1_000_000, "2026-04-15"))
    write(desk)

    assert list(desk.parked()) == ["tally/awards/p/dear/2026-Q2|ada"]

    desk.put(written(instead, CALLS, version=2))

    assert list(desk.parked()) == expected
