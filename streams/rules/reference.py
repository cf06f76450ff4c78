"""
Reference data as of a time: people, organisation units, rates of exchange.

Each has versions by `valid_from`; the version that holds at a time is the one with
the largest `valid_from` at or before it. What is kept is a function of the set of
records: of two with the same natural key the higher revision stands.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from accolade.streams.records import ExchangeRate, Person, Unit
from accolade.streams.rules.state import Row, Table, View

#: What is kept here; plans, closings, choices and adjustments are the tally step's.
Reference = Person | Unit | ExchangeRate


class PersonVersion(Row, frozen=True):
    """One version of a person."""

    person: Person


class UnitVersion(Row, frozen=True):
    """One version of an organisation unit."""

    unit: Unit


class RateVersion(Row, frozen=True):
    """One version of a rate of exchange."""

    rate: ExchangeRate


class Link(Row, frozen=True):
    """Says only that it is there."""


#: By (person id, valid_from).
PEOPLE = Table("people", PersonVersion)
#: By (unit id, valid_from).
UNITS = Table("units", UnitVersion)
#: By (`EUR/USD`, valid_from).
RATES = Table("rates", RateVersion)
#: By (unit id, person id): a version of the person names the unit as the team.
MEMBERS = Table("members", Link)
#: By (unit id, unit id below): a version of the unit below names this one as its parent.
CHILDREN = Table("children", Link)

TABLES = (PEOPLE, UNITS, RATES, MEMBERS, CHILDREN)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnknownUnitError(LookupError):
    """A unit that something refers to has no version at that time, or an inactive one."""

    def __init__(self, unit_id: str, at_us: int) -> None:
        """Take the unit and the time, µs UTC."""
        at = (_EPOCH + timedelta(microseconds=at_us)).isoformat()
        super().__init__(f"unit {unit_id!r} is not known as active at {at}")
        self.unit_id = unit_id
        self.at_us = at_us


# --- keeping ---


def put_reference(view: View, record: Reference) -> bool:
    """
    Keep a version, unless the same or a newer revision of it stands.

    Returns:
        Whether what holds changed: False for a duplicate, an older revision, or a
        newer one that says the same.
    """
    match record:
        case Person():
            return _put_person(view, record)
        case Unit():
            return _put_unit(view, record)
        case ExchangeRate():
            return _put_rate(view, record)


def _put_person(view: View, new: Person) -> bool:
    key = _time_key(new.valid_from)
    row = view.get(PEOPLE, new.person_id, key)
    old = None if row is None else row.person
    if old is not None and old.revision >= new.revision:
        return False
    view.put(PEOPLE, new.person_id, key, PersonVersion(new))
    if old is not None and old.team_id is not None:
        teams = {row.person.team_id for _, row in view.rows(PEOPLE, new.person_id)}
        if old.team_id not in teams:
            view.delete(MEMBERS, old.team_id, new.person_id)
    if new.team_id is not None:
        view.put(MEMBERS, new.team_id, new.person_id, Link())
    return old is None or msgspec.structs.replace(old, revision=new.revision) != new


def _put_unit(view: View, new: Unit) -> bool:
    key = _time_key(new.valid_from)
    row = view.get(UNITS, new.unit_id, key)
    old = None if row is None else row.unit
    if old is not None and old.revision >= new.revision:
        return False
    view.put(UNITS, new.unit_id, key, UnitVersion(new))
    if old is not None and old.parent_id is not None:
        parents = {row.unit.parent_id for _, row in view.rows(UNITS, new.unit_id)}
        if old.parent_id not in parents:
            view.delete(CHILDREN, old.parent_id, new.unit_id)
    if new.parent_id is not None:
        view.put(CHILDREN, new.parent_id, new.unit_id, Link())
    return old is None or msgspec.structs.replace(old, revision=new.revision) != new


def _put_rate(view: View, new: ExchangeRate) -> bool:
    pair, key = rate_pair(new.from_currency, new.to_currency), _time_key(new.valid_from)
    row = view.get(RATES, pair, key)
    old = None if row is None else row.rate
    if old is not None and old.revision >= new.revision:
        return False
    view.put(RATES, pair, key, RateVersion(new))
    return old is None or old.rate != new.rate


# --- as of a time ---


def person_at(view: View, person_id: str, at_us: int) -> Person | None:
    """
    Return the person as of a time (µs UTC), or None where no version holds yet.

    Someone who left is returned as well, with `active` False.
    """
    latest = _time_key(at_us)
    found = None
    for key, row in view.rows(PEOPLE, person_id):
        if key > latest:
            break
        found = row.person
    return found


def unit_at(view: View, unit_id: str, at_us: int) -> Unit | None:
    """Return the unit as of a time (µs UTC), active or not; None where no version holds yet."""
    latest = _time_key(at_us)
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
    latest = _time_key(at_us)
    found = None
    for key, row in view.rows(RATES, rate_pair(from_currency, to_currency)):
        if key > latest:
            break
        found = row.rate.rate
    return found


def rate_pair(from_currency: str, to_currency: str) -> str:
    """Return how a pair of currencies is called, e.g. `EUR/USD`."""
    return f"{from_currency}/{to_currency}"


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
        if _is_member(view, person_id, unit_id, at_us)
    )


def people_ever_below(view: View, unit_id: str) -> set[str]:
    """Return the ids of all who are below the unit in any version: whom its change can affect."""
    people: set[str] = set()
    seen: set[str] = set()
    waiting = [unit_id]
    while waiting:
        unit = waiting.pop()
        if unit in seen:
            continue
        seen.add(unit)
        people.update(person for person, _ in view.rows(MEMBERS, unit))
        waiting.extend(child for child, _ in view.rows(CHILDREN, unit))
    return people


def persons(view: View) -> list[str]:
    """Return the ids of all people with a version, rising."""
    return view.owners(PEOPLE)


def units(view: View) -> list[str]:
    """Return the ids of all units with a version, rising."""
    return view.owners(UNITS)


def _is_member(view: View, person_id: str, unit_id: str, at_us: int) -> bool:
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


def _time_key(at_us: int) -> str:
    # 17 digits reach the year 5138; records reach 2100.
    return f"{at_us:017d}"
