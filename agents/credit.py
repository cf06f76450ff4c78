"""
crm.deals, crm.demos, crm.meetings, crm.activities, billing.payments,
learning.modules, incentive.announcements -> incentive.facts, incentive.parked

The newest revision of each transaction becomes one absolute credit per
participant; what can't be resolved yet is parked and counts by itself later.
"""

from functools import partial

from accolade.agents.stages import StageFactory
from accolade.streams.catalogue import (
    ACTIVITIES,
    ANNOUNCEMENTS,
    CREDIT_CHANGELOG,
    DEALS,
    DEMOS,
    MEETINGS,
    MODULES,
    PAYMENTS,
)
from accolade.streams.engine.stage import Stage
from accolade.streams.rules import credit as rules
from accolade.streams.rules.door import check_source
from accolade.streams.rules.state import Output, Partitioning

SOURCES = (DEALS, DEMOS, MEETINGS, ACTIVITIES, PAYMENTS, MODULES, ANNOUNCEMENTS)


def credit(factory: StageFactory, partitioning: Partitioning) -> Stage[Output]:
    """Return the stage."""
    door = partial(check_source, partitions=partitioning.crm)
    return factory.stage(CREDIT_CHANGELOG, SOURCES, rules.TABLES, rules.credit, door=door)
