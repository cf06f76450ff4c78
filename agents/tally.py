"""
incentive.facts -> incentive.tallies, incentive.awards, incentive.badges, incentive.parked

A participant's credits become running tallies, and these awards and badges the
moment they are earned.
"""

from accolade.agents.stages import StageFactory
from accolade.streams.catalogue import FACTS, TALLY_CHANGELOG
from accolade.streams.engine.stage import Stage
from accolade.streams.rules.state import Output, Partitioning
from accolade.streams.rules.tally import TABLES, make_tally

SOURCES = (FACTS,)


def tally(factory: StageFactory, partitioning: Partitioning) -> Stage[Output]:
    """Return the stage."""
    return factory.stage(TALLY_CHANGELOG, SOURCES, TABLES, make_tally(partitioning))
