from accolade.streams.bounds import LARGEST
from tests.streams.rules.tally_desk import Desk, deal, person, written

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
