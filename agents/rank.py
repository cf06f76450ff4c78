"""
incentive.tallies -> incentive.leaderboards, incentive.standings, incentive.facts

Tallies become ranks; once every facts partition has passed a closing, the final
standing is frozen and its places go back as facts.
"""

from accolade.agents.stages import StageFactory
from accolade.streams.catalogue import RANK_CHANGELOG, TALLIES
from accolade.streams.engine.stage import Stage
from accolade.streams.rules import rank as rules
from accolade.streams.rules.state import Output, Partitioning

SOURCES = (TALLIES,)


def rank(factory: StageFactory, partitioning: Partitioning) -> Stage[Output]:
    """Return the stage."""
    return factory.stage(RANK_CHANGELOG, SOURCES, rules.TABLES, rules.rank)
