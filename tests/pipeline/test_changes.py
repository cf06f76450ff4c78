"""Plans and people that change while the flow runs: the end is as if they had always been so."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import pytest

from accolade.streams.catalogue import REFERENCE
from accolade.streams.records import Award, Plan
from tests.pipeline.deployment import Deployment
from tests.pipeline.office import PLAN_ID, deals, office, plan_text
from tests.pipeline.outcome import Outcome, computed_from, said_by
from tests.streams.rules.tally_desk import at, person

pytestmark = pytest.mark.pipeline


@pytest.fixture(scope="module")
def deployment(running: Deployment) -> Deployment:
    """A deployment that has counted some deals of the office."""
    running.play(office())
    running.play(deals("sold", 30))
    return running


# --- plans ---


def test_a_new_version_of_a_plan_counts_for_what_was_sold_before_it(deployment, tmp_path):
    """At its rate and under its number; awards of other plans stay as they are."""
    publish_plan(deployment, tmp_path, plan_text("5%", "raised"))
    before = deployment.results().awards
    publish_plan(deployment, tmp_path, plan_text("7.5%", "raised"))
    after = deployment.results().awards
    raised = names_of(before, "raised")

    assert computed_from(deployment.published) == said_by(deployment)
    assert {name: amount * 3 // 2 for name, amount in commissions(before).items()} == (
        commissions(after)
    )
    assert {2} == {after[name].plan_version for name in raised}
    assert {name: before[name] for name in before.keys() - raised} == {
        name: after[name] for name in after.keys() - raised
    }


def test_a_withdrawn_plan_takes_back_what_it_gave_until_it_is_published_again(deployment, tmp_path):
    """Awards, badges and boards."""
    publish_plan(deployment, tmp_path, plan_text("5%", "short-lived"))
    before = said_by(deployment)
    change_plan(deployment, "withdraw", "short-lived")
    without = said_by(deployment)
    publish_plan(deployment, tmp_path, plan_text("5%", "short-lived"))

    assert all(names_of(names, "short-lived") for names in named_in(before))
    assert not any(names_of(names, "short-lived") for names in named_in(without))
    assert before == computed_from(deployment.published) == said_by(deployment)


def publish_plan(deployment: Deployment, folder: Path, text: str) -> None:
    """Publish a plan file as its next version."""
    file = folder / "plan.yaml"
    file.write_text(text)
    change_plan(deployment, "publish", str(file))


def change_plan(deployment: Deployment, *arguments: str) -> None:
    """Run `accolade plan` with these arguments, and wait until what it says is counted."""
    assert 0 == deployment.command("plan", *arguments).exit_code
    deployment.worker.wait_until_counted()
    plan = deployment.log(REFERENCE)[-1].record
    assert isinstance(plan, Plan)
    deployment.published.append(plan)


def commissions(awards: Mapping[str, Award]) -> dict[str, int]:
    """Return the amounts of the commissions of the plan that is raised, by award id."""
    prefix = "raised/commission/"
    return {name: a.amount_minor for name, a in awards.items() if name.startswith(prefix)}


def named_in(outcome: Outcome) -> tuple[Iterable[str], ...]:
    """Return the ids of awards, of badges and of boards."""
    return outcome.awards, outcome.badges, outcome.boards, outcome.values


def names_of(names: Iterable[str], plan_id: str) -> set[str]:
    """Return those ids that are of a plan: its awards, badges or boards."""
    return {name for name in names if name.startswith(f"{plan_id}/")}


# --- people ---


def test_a_change_of_team_that_comes_late_moves_what_was_sold_since(deployment):
    """From one team's tally to the other's, and on the boards of both."""
    board = f"{PLAN_ID}/top_teams/2026-Q2"
    before = said_by(deployment).values[board]
    deployment.play([person("ben", team="south", since=at("2026-04-10T00:00"))])
    outcome = said_by(deployment)
    after = outcome.values[board]

    assert computed_from(deployment.published) == outcome
    assert 1_000_00 == after["unit:south"] - before["unit:south"]
    assert 1_000_00 == before["unit:north"] - after["unit:north"]


def test_what_someone_sold_who_had_left_waits_until_that_is_put_right(deployment):
    """Parked, with all that it had earned taken back, and counted again."""
    before = said_by(deployment)
    left = person("cy", team="south", since=at("2026-04-10T00:00"), active=False)
    deployment.play([left])
    without = said_by(deployment)
    assert computed_from(deployment.published) == without
    deployment.play([msgspec.structs.replace(left, revision=2, active=True)])

    assert 10 == len(without.parked)
    assert f"{PLAN_ID}/commission/2026-Q2/cy" in before.awards.keys() - without.awards.keys()
    assert before == computed_from(deployment.published) == said_by(deployment)
