"""
What could not be paid as a plan says it, or not as its author will have meant it.

Each module looks at one side of a plan and yields its issues.
"""

from accolade.streams.plans.findings import Issue
from accolade.streams.plans.lint import (
    calendar,
    curves,
    deal_floors,
    edges,
    matrices,
    measures,
    modifiers,
    ranks,
    references,
    scorecards,
    splits,
    tiers,
    units,
)
from accolade.streams.plans.model import PlanFile

#: Look at components alone.
_RULES = (
    tiers.check_floors,
    ranks.check_ranks,
    splits.check_shares,
    curves.check_curves,
    matrices.check_matrices,
    scorecards.check_scorecards,
    deal_floors.check_deal_floors,
)
#: Follow names of measures and boards, so these have to be there.
_RULES_OF_NAMES = (
    measures.check_measures,
    tiers.check_reach,
    units.check_units,
    modifiers.check_modifiers,
    calendar.check_calendar,
    ranks.check_shown,
    splits.check_holders,
    edges.check_edges,
)


def lint(plan: PlanFile, in_file: references.Names | None = None) -> list[Issue]:
    """
    Return all errors and warnings of a plan whose structure is right.

    Args:
        plan: The plan, or what is right of it.
        in_file: Names of measures and boards in the file, where the plan is not all of it.
    """
    unknown = list(references.unknown_names(plan, in_file or {}))
    # What uses it may be among what is not in the plan.
    unused = [] if in_file is not None else list(references.unused_names(plan))
    known = references.without_unknown(plan)
    return [
        *unknown,
        *unused,
        *(issue for rule in _RULES for issue in rule(plan)),
        *(issue for rule in _RULES_OF_NAMES for issue in rule(known)),
    ]
