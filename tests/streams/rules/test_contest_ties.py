"""What equal results earn in a contest, as the board ranks them."""

import pytest

from tests.streams.rules.tally_desk import Desk, closing, person, placing, written

PRIZE = """{c: {board: top, pays: {ranks: [
    {rank: 1, money: 500, gift_card: 50}, {rank: 2, money: 200.01},
    {rank: 3, money: 90, training: Closing, value: 7}]}}}"""


def earned(ties, *places):
    """Return the minor units that Ada and Bob earn by their places, in all kinds."""
    boards = f"{{top: {{measure: sales, ties: {ties}, show: 3}}}}"
    desk = Desk(written(PRIZE, boards=boards), person("ada"), person("bob"), closing(), *places)
    return {key.removeprefix("p/c/2026-Q2/"): amount for key, amount in desk.amounts().items()}


@pytest.mark.parametrize(
    ("ties", "rank", "expected"),
    [
        ("pooled", 2, {"ada": 14_501, "bob": 14_500}),
        ("dense", 2, {"ada": 20_001, "bob": 20_001}),
        ("modified", 3, {"ada": 9000, "bob": 9000, "ada/training": 700, "bob/training": 700}),
    ],
)
def test_two_who_are_equal_earn_as_the_board_ranks_them(ties, rank, expected):
    """Ranks 2 and 3 are 290.01 together; by rank alone each has its own whole."""
    places = (placing("ada", rank, 2, 0), placing("bob", rank, 2, 1))

    assert earned(ties, *places) == expected


@pytest.mark.parametrize("ties", ["first_to_reach", "ordinal"])
def test_where_nobody_shares_a_rank_each_earns_its_own(ties):
    """The first to get there has the gift card too."""
    found = earned(ties, placing("ada", 1), placing("bob", 2))

    assert found == {"ada": 50_000, "ada/gift_card": 5000, "bob": 20_001}


def test_two_at_the_top_of_a_modified_board_are_second():
    """Nobody is paid for rank 1."""
    found = earned("modified", placing("ada", 2, 2, 0), placing("bob", 2, 2, 1))

    assert found == {"ada": 20_001, "bob": 20_001}
