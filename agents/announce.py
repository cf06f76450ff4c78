"""
incentive.reference -> incentive.facts, incentive.announcements

Reference data in one order, copied to every partition of the facts and, for
`credit`, of the CRM topics, in one transaction.
"""

from accolade.agents.stages import StageFactory
from accolade.streams.catalogue import ANNOUNCE_CHANGELOG, REFERENCE
from accolade.streams.engine.stage import Stage
from accolade.streams.rules.announce import TABLES, check_reference, make_announce
from accolade.streams.rules.state import Output, Partitioning

SOURCES = (REFERENCE,)


def announce(factory: StageFactory, partitioning: Partitioning) -> Stage[Output]:
    """Return the stage."""
    return factory.stage(
        ANNOUNCE_CHANGELOG, SOURCES, TABLES, make_announce(partitioning), door=check_reference
    )
