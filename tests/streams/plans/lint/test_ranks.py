import pytest

from tests.streams.plans.lint.cases import Case, ranks

CASES = {
    "first_rank_left_out": Case(ranks("{rank: 2, money: 5}"), "2,", "ranks above 2", "rank: 1"),
    "gap_between_ranks": Case(
        ranks("{rank: 1, money: 5}", "{rank: 3, money: 4}"),
        "3,",
        "leaves a gap after 1",
        "rank: 2-3",
    ),
    "overlapping_ranks": Case(
        ranks("{rank: 1-2, money: 5}", "{rank: 2-3, money: 4}"), "2-3", "overlaps 1-2", "rank: 3"
    ),
    "rank_that_is_not_shown": Case(
        ranks("{rank: 1-5, money: 5}"),
        "1-5",
        "is beyond the 3 places",
        "show: 5",
        severity="warning",
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_ranks_follow_each_other(case: Case) -> None:
    """From 1, without a gap, as far as the board shows."""
    case.check()
