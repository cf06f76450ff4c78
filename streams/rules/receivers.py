"""Who receives what a participant earns: themself, the manager, or each member of the unit."""

from accolade.streams.rules.compiled import Component
from accolade.streams.rules.periods import Period
from accolade.streams.rules.reference import (
    UNIT_PREFIX,
    is_member,
    members_at,
    person_at,
    unit_at,
)
from accolade.streams.rules.state import View


def receivers_of(
    view: View, component: Component, participant: str, period: Period
) -> tuple[str, ...]:
    """
    Return who receives it, as of the last instant of the period.

    Members are the active people in the unit and all below it. Without a manager, or for
    a person where members are meant, nobody does.

    Source:
        docs/plans.md, "Who receives it".
    """
    if component.to == "participant":
        return (participant,)
    at = period.end - 1
    if component.to == "manager":
        manager = _manager(view, participant, at)
        return (manager,) if manager else ()
    if not participant.startswith(UNIT_PREFIX):
        return ()
    return members_at(view, participant.removeprefix(UNIT_PREFIX), at)


def receives(view: View, unit: str, person_id: str, period: Period) -> bool:
    """Tell whether a person is among the members that a unit's reward goes to."""
    return is_member(view, person_id, unit.removeprefix(UNIT_PREFIX), period.end - 1)


def _manager(view: View, participant: str, at_us: int) -> str | None:
    if participant.startswith(UNIT_PREFIX):
        unit = unit_at(view, participant.removeprefix(UNIT_PREFIX), at_us)
        return unit.manager_id if unit else None
    person = person_at(view, participant, at_us)
    return person.manager_id if person else None
