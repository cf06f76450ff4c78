"""A replay comes to what the reference computes, whatever the partitions."""

from functools import cache

import msgspec

from accolade.deploy.simulator import simulate
from accolade.streams.catalogue import FACTS
from accolade.streams.history.flow import Flow
from accolade.streams.history.fold import Fold
from accolade.streams.history.outcome import Outcome
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Award, Plan, Record
from accolade.streams.rules.credit import credit
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Position
from tests.reference import Award as Due
from tests.reference import results

_SEED, _REPS = 11, 9


@cache
def quarter() -> tuple[Record, ...]:
    """A simulated quarter, in order of arrival."""
    return tuple(simulate(_SEED, reps=_REPS).records())


def folded(records: tuple[Record, ...], *folds: Fold) -> list[Outcome]:
    """Return what folds come to on records."""
    flow = Flow(folds)
    for record in records:
        flow.put(record)
    return [fold.finish() for fold in folds]


def said(award: Award | Due) -> tuple[str, str, str, int, str, str, str]:
    """Return what an award comes to."""
    what = award.kind, award.amount_minor, award.currency
    return award.award_id, award.participant, *what, award.label, award.state


def test_a_replay_comes_to_the_reference():
    """Awards, badges, final standings and what waits."""
    (outcome,) = folded(quarter(), Fold())
    due = results(list(quarter()))

    assert {said(award) for award in due.awards.values()} == {
        said(award) for award in outcome.standing_awards()
    }
    assert due.badges == {badge.badge_id for badge in outcome.granted_badges()}
    assert due.parked == {key: parked.reason for key, parked in outcome.parked.items()}
    assert {board: len(places) for board, places in due.boards.items() if places} == {
        board: standing.size for board, standing in outcome.standings.items() if standing.size
    }


def test_a_log_of_several_partitions_comes_to_the_same():
    """Its own final places are left out: the fold has its own."""
    (expected,) = folded(quarter(), Fold())
    partitions = 3
    fold = Fold(partitions=partitions)
    for partition, fact in _facts(partitions):
        fold.put(fact, partition)
    outcome = fold.finish()

    assert {said(award) for award in expected.standing_awards()} == {
        said(award) for award in outcome.standing_awards()
    }


def _facts(partitions: int) -> list[tuple[int, Record]]:
    """Return the facts that credits and reference data make, by partition."""
    view = MemoryView()
    facts: list[tuple[int, Record]] = []
    for at, record in enumerate(quarter()):
        if type(record).__name__ == "Contact":
            continue
        if isinstance(record, FACTS.records):
            facts += [(partition, record) for partition in range(partitions)]
        for output in credit(view, record, Position("crm.deals", 0, at)):
            if output.topic is FACTS and output.record is not None:
                facts.append((partition_of(output.key.encode(), partitions), output.record))
    return facts


def test_other_plans_pay_in_place_of_those_of_the_history():
    """Twice the history under its own plans is the same; one plan alone pays its own part."""
    plans = [record for record in quarter() if isinstance(record, Plan)]
    one = [plan for plan in plans if plan.plan_id == "badge-rush"]
    own, same, alone = folded(quarter(), Fold(), Fold(plans), Fold(one))

    assert {said(award) for award in own.standing_awards()} == {
        said(award) for award in same.standing_awards()
    }
    assert alone.standing_awards() == []
    assert {badge.badge_id for badge in own.granted_badges()} == {
        badge.badge_id for badge in alone.granted_badges()
    }


def test_a_version_of_a_plan_in_the_history_does_not_count_beside_others():
    """Not a later one either."""
    plans = [record for record in quarter() if isinstance(record, Plan)]
    withdrawn = [msgspec.structs.replace(plan, version=9, active=False) for plan in plans]
    (outcome,) = folded((*quarter(), *withdrawn), Fold(plans))

    assert outcome.standing_awards() != []
