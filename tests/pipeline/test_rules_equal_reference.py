"""The incremental rules come to what the slow reference computes from the whole list."""

from collections.abc import Sequence
from decimal import Decimal
from random import Random

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from accolade.deploy.simulator import simulate
from accolade.streams.records import Closing, Record
from accolade.streams.rules.state import Partitioning
from tests.pipeline.in_memory import InMemory
from tests.pipeline.worlds import world
from tests.reference import Award, results
from tests.reference.small_company import UNITS, catalogue_plan, person, refund, won


def assert_equal(
    records: Sequence[Record], seed: int, after: Sequence[Record] = (), crm: int = 2
) -> None:
    """
    Run records through the flow in one interleaving, and compare with the reference.

    What comes `after` is published once all before it has been worked off; `crm` is how
    many partitions the topics of the CRM have.
    """
    flow = InMemory(seed, Partitioning(crm=crm, facts=3, boards=2))
    flow.run(records)
    flow.run(after)
    expected = results([*records, *after])

    # A closing can mean nothing: of a plan or period that isn't there (yet). And a version
    # of a plan is refused where one of its boards ranks something else than before.
    refused = [str(rejected) for rejected in flow.rejected]
    assert [] == [
        one for one in refused if not one.startswith(("plan_id: ", "period: ", "body: boards."))
    ]
    assert expected.parked == flow.parked()
    assert expected.tallies == flow.tallies()
    assert expected.badges == flow.badges()
    awards = {
        award_id: (a.participant, a.kind, a.amount_minor, a.currency, a.label, a.state, a.adjusts)
        for award_id, a in flow.awards().items()
    }
    assert {award_id: _said(award) for award_id, award in expected.awards.items()} == awards
    boards = {
        board: ([(p.participant, p.rank, p.value) for p in standing.top], standing.size)
        for board, standing in flow.standings().items()
    }
    # How many places a standing shows is the plan's affair; at least the first.
    shown = {board: max(1, len(top)) for board, (top, _) in boards.items()}
    assert {
        board: ([(p.participant, p.rank, p.value) for p in places[: shown.get(board)]], len(places))
        for board, places in expected.boards.items()
    } == boards


def _said(a: Award) -> tuple[str | int | None, ...]:
    return a.participant, a.kind, a.amount_minor, a.currency, a.label, a.state, a.adjusts


def fewest(records: Sequence[Record], seed: int) -> list[Record]:
    """Return fewer of the records that differ still: what a person can look at."""
    kept = list(records)
    at = len(kept)
    while at > 0:
        at -= 1
        fewer = kept[:at] + kept[at + 1 :]
        try:
            assert_equal(fewer, seed)
        except AssertionError:
            kept = fewer
            at = min(at, len(kept))
    return kept


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


# Worlds come from a seed: drawn piece by piece they are mostly empty, and take minutes
# to shrink. So a world that differs is made smaller here.
@settings(max_examples=150, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(st.integers(0, 2**48))
def test_any_small_world_comes_to_the_reference(seed: int) -> None:
    """Whatever arrives in whatever order, cut into batches in whatever way."""
    records = world(Random(seed))
    try:
        assert_equal(records, seed)
    except AssertionError as error:
        error.add_note("\n".join(map(str, fewest(records, seed))))
        raise


def test_a_simulated_quarter_comes_to_the_reference() -> None:
    """All plans of the catalogue over a small organisation's quarter, as it arrived."""
    assert_equal(simulate(11, reps=8).records(), seed=1)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_shuffled_quarter_comes_to_the_reference(seed: int) -> None:
    """The same quarter in another order of arrival."""
    assert_equal(shuffled(simulate(12, reps=8).records(), seed), seed)


@pytest.mark.parametrize("seed", range(20))
def test_a_batch_over_a_closing_leaves_the_final_standing_as_it_was(seed: int) -> None:
    """What comes after the closing takes no part in what was said before it."""
    plan, ana, ben = catalogue_plan("regional-manager"), person("ana"), person("ben")
    before = [won("d", "900.00", "ana"), won("e", "500.00", "ben")]
    closing = Closing(plan_id="regional-manager", period="2026-Q2", author="max")
    assert_equal([*UNITS, plan, ana, ben, *before, closing, refund("d", "900.00")], seed)


@pytest.mark.parametrize("crm", [1, 2, 3, 5])
def test_a_payment_booked_on_another_deal_counts_by_deal_in_any_partitioning(crm: int) -> None:
    """One id on two deals is two payments; the amount 0 takes one of them back."""
    plan, ana, ben = catalogue_plan("q2-sales-performance"), person("ana"), person("ben")
    deals = [won("d", "900.00", "ana"), won("e", "500.00", "ben"), won("f", "70.00", "ana")]
    wrong = refund("d", "300.00")
    right = msgspec.structs.replace(wrong, deal_id="e", revision=2)
    nothing = msgspec.structs.replace(wrong, amount=Decimal(0), revision=2)
    records = [*UNITS, plan, ana, ben, *deals, wrong, right]
    for seed in range(5):
        assert_equal(shuffled([*records, nothing], seed), seed, crm=crm)
        assert_equal(records, seed, after=[nothing], crm=crm)


@pytest.mark.parametrize("first", ["badges", "slabs"])
def test_a_component_that_becomes_another_takes_back_what_it_gave(first: str) -> None:
    """A new version of a plan may grant badges where the one before paid, or the reverse."""
    badges = catalogue_plan("badge-rush")
    slabs = catalogue_plan(
        "badge-rush",
        ("      badges:\n        on_refund: keep\n        levels:", "      slabs:"),
        ("badge: Fast starter", "money: 10"),
        ("badge: Milestone crusher", "money: 20"),
        ("badge: Blockbuster", "money: 30"),
        ("badge: Badge ranger", "money: 40"),
    )
    plans = [badges, slabs] if first == "badges" else [slabs, badges]
    versions = [msgspec.structs.replace(plan, version=n) for n, plan in enumerate(plans, 1)]
    sold = [person("ana"), won("d", "31000.00", "ana")]
    assert_equal([*UNITS, *sold, versions[0]], seed=1, after=versions[1:])
