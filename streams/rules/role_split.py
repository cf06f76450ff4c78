"""A deal's commission shared by the roles in its team."""

from fractions import Fraction

from accolade.streams.records.source import TeamMember
from accolade.streams.rules.compiled_pays import RoleSplit
from accolade.streams.rules.money import share, split


def part_of(
    commission_minor: int, rule: RoleSplit, team: tuple[TeamMember, ...], rep_id: str
) -> int:
    """
    Return a rep's part of the commission on a deal, minor units.

    Roles share it by largest remainder in the plan's order, and
    the reps of a role share equally, the first by id with what is left over.

    Args:
        commission_minor: What the deal earns, rounded.
        rule: The shares.
        team: Who worked on the deal, with roles.
        rep_id: Whose part; 0 for who has no role with a share.

    Source:
        docs/plans.md, "Split by role".
    """
    by_role = _reps_by_role(team)
    shares = [(role, weight) for role, weight in rule.shares if role in by_role or not rule.spread]
    if sum((weight for _, weight in shares), Fraction(0)) <= 0:
        return 0
    parts = split(commission_minor, [weight for _, weight in shares])
    earned = 0
    for (role, _), part in zip(shares, parts, strict=True):
        reps = by_role.get(role, [])
        if rep_id in reps:
            earned += share(part, len(reps), reps.index(rep_id))
    return earned


def _reps_by_role(team: tuple[TeamMember, ...]) -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for member in team:
        found.setdefault(member.role, set()).add(member.rep_id)
    return {role: sorted(reps) for role, reps in found.items()}
