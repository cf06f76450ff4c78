"""
What reference data changes in the tallies: of exactly those whom it concerns.

Whenever it arrives, the result is the same as if it had been there from the start.
"""

from collections.abc import Iterable
from functools import partial

from accolade.streams.records import Credit, ExchangeRate, Person, Unit
from accolade.streams.rules.awards import Group
from accolade.streams.rules.reference import (
    UNIT_PREFIX,
    people_ever_below,
    units_ever_above,
    units_ever_below,
)
from accolade.streams.rules.reference_versions import put_reference
from accolade.streams.rules.state import View
from accolade.streams.rules.tally_contests import ask_contests_of
from accolade.streams.rules.tally_rows import CREDITS, RESULTS
from accolade.streams.rules.tally_turn import Turn
from accolade.streams.rules.tally_waiting import converted_by


def on_person(turn: Turn, person: Person) -> None:
    """
    Keep a version of a person, and look again at what rests on it.

    That is whether their credits count (role), their targets (quota), boards (team), who
    receives what they earn or win (manager), and what the units above them give to each
    member.
    """
    participant = person.person_id
    above = units_ever_above(turn.view, participant)
    credits = credits_of(turn.view, participant)
    if not turn.recount_around(credits, partial(put_reference, turn.view, person)):
        return
    _look_again(turn, participant)
    for unit_id in sorted(above | units_ever_above(turn.view, participant)):
        for group in _given_to_members(turn, unit_id):
            turn.ask_for(group, participant)


def on_unit(turn: Turn, unit: Unit) -> None:
    """
    Keep a version of a unit, and look again at what rests on it.

    Beside what a person's version changes for the person: who is below the units above
    it, and the boards of all that are below itself, people and units.
    """
    participant = UNIT_PREFIX + unit.unit_id
    above = units_ever_above(turn.view, participant)
    credits = credits_of(turn.view, participant)
    if not turn.recount_around(credits, partial(put_reference, turn.view, unit)):
        return
    _look_again(turn, participant)
    for unit_id in sorted(above | units_ever_above(turn.view, participant)):
        for group in _given_to_members(turn, unit_id):
            turn.ask(group, receivers_moved=True)
    if any(board.each for counting in turn.plans.all for board in counting.plan.boards.values()):
        for below in sorted(_ever_below(turn.view, unit.unit_id) - {participant}):
            turn.touch(below)


def on_rate(turn: Turn, rate: ExchangeRate) -> None:
    """Keep a rate of exchange; count what it converts, or what has waited for it."""
    is_asked_for = any(one.plan.currency == rate.to_currency for one in turn.plans.all)
    credits = list(converted_by(turn.view, rate)) if is_asked_for else []
    # All versions of a plan together: what any of them waits for is the plan's.
    turn.recount_around(credits, partial(put_reference, turn.view, rate))


def credits_of(view: View, participant: str) -> list[Credit]:
    """Return the newest revision of each of a participant's credits."""
    return [row.credit for _, row in view.rows(CREDITS, participant)]


def _look_again(turn: Turn, participant: str) -> None:
    """Look at all that is said of a participant: tallies, and what pays by them or by places."""
    turn.touch(participant)
    ask_contests_of(turn, participant)


def _ever_below(view: View, unit_id: str) -> set[str]:
    """Return the participants that are below a unit in any version, itself among them."""
    units = {UNIT_PREFIX + below for below in units_ever_below(view, unit_id)}
    return units | people_ever_below(view, unit_id)


def _given_to_members(turn: Turn, unit_id: str) -> Iterable[Group]:
    """Yield what a unit has earned for each of its members."""
    participant = UNIT_PREFIX + unit_id
    for key, _ in turn.view.rows(RESULTS, participant):
        plan_id, component, period = split_key(key)
        counting = turn.plans.for_period(plan_id, period)
        found = counting.plan.components.get(component) if counting else None
        if found is not None and found.to == "each_member":
            yield Group(plan_id, component, period, participant)


def split_key(key: str) -> tuple[str, str, str]:
    """Return plan, component and period of a group's key."""
    plan_id, _, rest = key.partition("/")
    component, _, period = rest.rpartition("/")
    return plan_id, component, period
