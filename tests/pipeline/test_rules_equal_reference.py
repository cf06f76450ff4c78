"""The incremental rules come to what the slow reference computes from the whole list."""

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accolade.deploy.simulator import simulate
from accolade.streams.records import Closing, Record
from tests.pipeline.in_memory import InMemory
from tests.pipeline.worlds import world
from tests.reference import results


def assert_equal(records: Sequence[Record], seed: int) -> None:
    """Run records through the flow in one interleaving, and compare with the reference."""
    flow = InMemory(seed)
    flow.run(records)
    expected = results(records)

    # Only a closing can mean nothing: of a plan or period that isn't there (yet).
    assert {str(rejected)[:7] for rejected in flow.rejected} <= {"plan_id", "period:"}
    assert flow.parked() == expected.parked
    assert flow.badges() == expected.badges
    awards = {
        award_id: (a.participant, a.kind, a.amount_minor, a.currency, a.label, a.state, a.adjusts)
        for award_id, a in flow.awards().items()
    }
    assert awards == {
        award_id: (a.participant, a.kind, a.amount_minor, a.currency, a.label, a.state, a.adjusts)
        for award_id, a in expected.awards.items()
    }
    # How many places a standing shows is the plan's affair; at least the first.
    shown = {board: max(1, len(standing.top)) for board, standing in flow.standings().items()}
    boards = {
        board: ([(p.participant, p.rank, p.value) for p in standing.top], standing.size)
        for board, standing in flow.standings().items()
    }
    assert boards == {
        board: ([(p.participant, p.rank, p.value) for p in places[: shown.get(board)]], len(places))
        for board, places in expected.boards.items()
    }


def shuffled(records: Sequence[Record], seed: int) -> list[Record]:
    """Return records in another order, each on the same side of the closings as before."""
    chance = Random(seed)
    parts: list[list[Record]] = [[]]
    for record in records:
        if isinstance(record, Closing):
            parts.append([record])
            parts.append([])
        else:
            parts[-1].append(record)
    for part in parts:
        chance.shuffle(part)
    return [record for part in parts for record in part]


def test_a_simulated_quarter_comes_to_the_reference() -> None:
    """All plans of the catalogue over a small organisation's quarter, as it arrived."""
    assert_equal(simulate(11, reps=8).records(), seed=1)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_shuffled_quarter_comes_to_the_reference(seed: int) -> None:
    """The same quarter in another order of arrival."""
    assert_equal(shuffled(simulate(12, reps=8).records(), seed), seed)


@settings(max_examples=150)
@given(st.integers(0, 2**48))
def test_any_small_world_comes_to_the_reference(seed: int) -> None:
    """Whatever arrives in whatever order, cut into batches in whatever way."""
    assert_equal(world(Random(seed)), seed)
