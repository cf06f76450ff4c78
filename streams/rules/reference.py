"""
Reference data as of a time: people, organisation units, rates of exchange.

Each has versions by `valid_from`; the version that holds at a time is the one with
the largest `valid_from` at or before it.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from accolade.streams.bounds import UNIT_PREFIX
from accolade.streams.records import Person, Unit
from accolade.streams.rules.reference_versions import (
    CHILDREN,
    FOREVER,
    MEMBERS,
    PEOPLE,
    RATES,
    TABLES,
    UNITS,
    Reference,
    put_reference,
    rate_pair,
    time_key,
    valid_until,
)
from accolade.streams.rules.state import View

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownUnitError(LookupError):
    """A unit that something refers to has no version at that time, or an inactive one."""

    def __init__(self, unit_id: str, at_us: int) -> None:
        """Take the unit and the time, µs UTC."""
        at = (_EPOCH + timedelta(microseconds=at_us)).isoformat()
        super().__init__(f"unit {unit_id!r} is not known as active at {at}")
        self.unit_id = unit_id
        self.at_us = at_us


# --- as of a time ---


def person_at(view: View, person_id: str, at_us: int) -> Person | None:
    """
    Return the person as of a time (µs UTC), or None where no version holds yet.

    Someone who left is returned as well, with `active` False.
    """
    latest = time_key(at_us)
    found = None
    for key, row in view.rows(PEOPLE, person_id):
        if key > latest:
            break
        found = row.person
    return found


def unit_at(view: View, unit_id: str, at_us: int) -> Unit | None:
    """Return the unit as of a time (µs UTC), active or not; None where no version holds yet."""
    latest = time_key(at_us)
    found = None
    for key, row in view.rows(UNITS, unit_id):
        if key > latest:
            break
        found = row.unit
    return found


def rate_at(view: View, from_currency: str, to_currency: str, at_us: int) -> Decimal | None:
    """
    Return the units of `to_currency` for one of `from_currency` as of a time (µs UTC).

    1 within a currency; None where no rate holds yet. No rate is inverted or chained:
    what a plan pays by is a rate that someone published.
    """
    if from_currency == to_currency:
        return Decimal(1)
    latest = time_key(at_us)
    found = None
    for key, row in view.rows(RATES, rate_pair(from_currency, to_currency)):
        if key > latest:
            break
        found = row.rate.rate
    return found


# --- the hierarchy ---


def units_above(view: View, person_id: str, at_us: int) -> tuple[str, ...]:
    """
    Return the ids of a person's team, its parent, and so on up, as of a time (µs UTC).

    Empty for a person without a team, or not known then. Units that are their own
    ancestors are named once.

    Raises:
        UnknownUnitError: A unit on the way is not known then, or not active.
    """
    person = person_at(view, person_id, at_us)
    if person is None or person.team_id is None:
        return ()
    return unit_chain(view, person.team_id, at_us)


def unit_chain(view: View, unit_id: str, at_us: int) -> tuple[str, ...]:
    """
    Return the unit, its parent, and so on up, as of a time (µs UTC).

    Raises:
        UnknownUnitError: The unit or one above it is not known then, or not active.
    """
    chain, missing = _climb(view, unit_id, at_us)
    if missing is not None:
        raise UnknownUnitError(missing, at_us)
    return chain


def members_at(view: View, unit_id: str, at_us: int) -> tuple[str, ...]:
    """Return the ids of the active people in the unit or below it at a time (µs UTC), rising."""
    return tuple(
        person_id
        for person_id in sorted(people_ever_below(view, unit_id))
        if is_member(view, person_id, unit_id, at_us)
    )


def known_chain(view: View, unit_id: str, at_us: int) -> tuple[str, ...]:
    """Return the unit, its parent, and so on up, as far as they are known and active then."""
    return _climb(view, unit_id, at_us)[0]


def units_ever_above(view: View, participant: str) -> set[str]:
    """Return the ids of all units above a participant (a unit itself too) in any version."""
    if participant.startswith(UNIT_PREFIX):
        waiting: list[str | None] = [participant.removeprefix(UNIT_PREFIX)]
    else:
        waiting = [row.person.team_id for _, row in view.rows(PEOPLE, participant)]
    seen: set[str] = set()
    while waiting:
        unit = waiting.pop()
        if unit is None or unit in seen:
            continue
        seen.add(unit)
        waiting.extend(row.unit.parent_id for _, row in view.rows(UNITS, unit))
    return seen


def people_ever_below(view: View, unit_id: str) -> set[str]:
    """Return the ids of all who are below the unit in any version: whom its change can affect."""
    return {
        person_id
        for below in units_ever_below(view, unit_id)
        for person_id, _ in view.rows(MEMBERS, below)
    }


def units_ever_below(view: View, unit_id: str) -> set[str]:
    """Return the ids of the unit and of all units that are below it in any version."""
    seen: set[str] = set()
    waiting = [unit_id]
    while waiting:
        unit = waiting.pop()
        if unit not in seen:
            seen.add(unit)
            waiting.extend(child for child, _ in view.rows(CHILDREN, unit))
    return seen


def persons(view: View) -> list[str]:
    """Return the ids of all people with a version, rising."""
    return view.owners(PEOPLE)


def units(view: View) -> list[str]:
    """Return the ids of all units with a version, rising."""
    return view.owners(UNITS)


def is_member(view: View, person_id: str, unit_id: str, at_us: int) -> bool:
    """Tell whether the person is active and in the unit or below it at a time (µs UTC)."""
    person = person_at(view, person_id, at_us)
    if person is None or not person.active or person.team_id is None:
        return False
    # What is missing further up takes no one out of the units below it.
    return unit_id in _climb(view, person.team_id, at_us)[0]


def _climb(view: View, unit_id: str, at_us: int) -> tuple[tuple[str, ...], str | None]:
    """Return the units from `unit_id` up, and the unit at which the way ends for want of it."""
    chain: list[str] = []
    above: str | None = unit_id
    while above is not None and above not in chain:
        unit = unit_at(view, above, at_us)
        if unit is None or not unit.active:
            return tuple(chain), above
        chain.append(above)
        above = unit.parent_id
    return tuple(chain), None


__all__ = [
    "FOREVER",
    "TABLES",
    "UNIT_PREFIX",
    "Reference",
    "UnknownUnitError",
    "is_member",
    "known_chain",
    "members_at",
    "people_ever_below",
    "person_at",
    "persons",
    "put_reference",
    "rate_at",
    "rate_pair",
    "unit_at",
    "unit_chain",
    "units",
    "units_above",
    "units_ever_above",
    "units_ever_below",
    "valid_until",
]
