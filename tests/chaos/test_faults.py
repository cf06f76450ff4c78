"""A dozen random faults; `tests/chaos/run` makes as many as are asked for."""

import pytest

from tests.chaos.faults import Conditions, run

pytestmark = pytest.mark.pipeline


@pytest.mark.parametrize("seed", [4])
def test_joins_leaves_kills_and_stalls_change_no_count(kafka, prefix, tmp_path, seed):
    """Every record is counted once, nobody ends without a reason, and who leaves says 0."""
    outcome = run(kafka, prefix, tmp_path, Conditions(faults=12, seed=seed), print)

    assert ([], 2, 12) == (outcome.problems, outcome.checks, outcome.faults.total())
