"""Line 1 of each agent is its edge in the flow: what it reads, and what it really writes."""

import re
from fnmatch import filter as matching
from pathlib import Path
from types import ModuleType

import pytest

from accolade.agents import announce, credit, rank, tally
from accolade.deploy.simulator import simulate
from accolade.deploy.simulator.outages import bad_records
from accolade.streams.catalogue import ANNOUNCEMENTS, CATALOGUE, DEADLETTERS, PARKED
from accolade.streams.records import Closing
from tests.agents.wire_flow import WireFlow
from tests.pipeline.office import deal
from tests.pipeline.raw_records import Raw, raw_of

AGENTS = (announce, credit, tally, rank)
ROOT = Path(__file__).parents[2]

_AT_ONCE = 200

by_agent = pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: name_of(agent))


def name_of(agent: ModuleType) -> str:
    """Return an agent's name."""
    return agent.__name__.rpartition(".")[2]


def edge_of(agent: ModuleType) -> tuple[list[str], list[str]]:
    """Return the topics that an agent's docstring says it reads, and those it writes."""
    assert agent.__doc__ is not None
    line = " ".join(agent.__doc__.strip().partition("\n\n")[0].split())
    sources, _, targets = line.partition(" -> ")
    return sources.split(", "), targets.split(", ")


@by_agent
def test_the_edge_names_the_sources(agent):
    """In their order."""
    assert [topic.name for topic in agent.SOURCES] == edge_of(agent)[0]


@by_agent
def test_the_edge_names_topics_of_the_catalogue(agent):
    """Nothing else is read or written."""
    sources, targets = edge_of(agent)

    assert {*sources, *targets} <= {topic.name for topic in CATALOGUE}


@pytest.fixture(scope="module")
def emitted() -> dict[str, set[str]]:
    """What each stage writes to over a quarter with all that happens, good and bad."""
    flow = WireFlow()
    for bad in bad_records(flow.codec, flow.settings.crm_partitions):
        partition = () if bad.partition is None else (bad.partition,)
        flow.send(Raw(bad.topic, bad.key, bad.value, *partition))
    for number, record in enumerate(simulate(4, reps=6, weeks=4).records()):
        if isinstance(record, Closing) or number % _AT_ONCE == 0:
            flow.run()
        flow.send(raw_of(record, flow.codec))
    flow.send(raw_of(deal("abroad", "10.00", "rep-001", currency="CHF"), flow.codec))
    flow.run()
    return flow.emitted


@by_agent
def test_the_edge_names_what_is_written(agent, emitted):
    """All of it, and nothing else; what is refused becomes a dead letter from any stage."""
    assert set(edge_of(agent)[1]) == emitted[name_of(agent)] - {DEADLETTERS.name}


# --- the pictures ---


def picture_in(file: str) -> str:
    """Return the first drawing in a file of the project."""
    return (ROOT / file).read_text(encoding="utf-8").split("```")[1]


def topics_in(picture: str) -> set[str]:
    """Return the topics that a drawing names, one by one or by a pattern."""
    names = [topic.name for topic in CATALOGUE]
    found = re.findall(r"(?:crm|billing|learning|incentive)\.[a-z*]+", picture)
    unknown = [name for name in found if not matching(names, name)]
    assert not unknown
    return {name for pattern in found for name in matching(names, pattern)}


def edges() -> set[str]:
    """Return all topics that any agent reads or writes."""
    return {name for agent in AGENTS for names in edge_of(agent) for name in names}


@pytest.mark.parametrize("file", ["README.md", "ARCHITECTURE.md"])
def test_the_picture_names_every_agent(file):
    """By its name."""
    words = set(re.findall(r"\w+", picture_in(file)))

    assert {name_of(agent) for agent in AGENTS} <= words


def test_the_picture_for_engineers_names_every_topic_of_the_flow():
    """And no other."""
    assert edges() == topics_in(picture_in("ARCHITECTURE.md")) - {"crm.contacts"}


def test_the_picture_for_users_names_what_they_write_and_read():
    """It leaves out what the flow says to itself and to operators."""
    shown = edges() - {ANNOUNCEMENTS.name, PARKED.name}

    assert shown == topics_in(picture_in("README.md")) - {"crm.contacts"}
