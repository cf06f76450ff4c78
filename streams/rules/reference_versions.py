"""
How versions of reference data are kept.

What is kept is a function of the set of records: of two with the same natural key
the higher revision stands.
"""

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

#: After every time that a record may have, µs UTC.
FOREVER = 2**63 - 1


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
    key = time_key(new.valid_from)
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
    key = time_key(new.valid_from)
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
    pair, key = rate_pair(new.from_currency, new.to_currency), time_key(new.valid_from)
    row = view.get(RATES, pair, key)
    old = None if row is None else row.rate
    if old is not None and old.revision >= new.revision:
        return False
    view.put(RATES, pair, key, RateVersion(new))
    return old is None or old.rate != new.rate


def valid_until(view: View, record: Reference) -> int:
    """Return when the next version takes over from the one that begins as `record` does, µs UTC."""
    begins = time_key(record.valid_from)
    later = (key for key in _version_keys(view, record) if key > begins)
    return int(next(later, FOREVER))


def _version_keys(view: View, record: Reference) -> list[str]:
    match record:
        case Person():
            return [key for key, _ in view.rows(PEOPLE, record.person_id)]
        case Unit():
            return [key for key, _ in view.rows(UNITS, record.unit_id)]
        case ExchangeRate():
            pair = rate_pair(record.from_currency, record.to_currency)
            return [key for key, _ in view.rows(RATES, pair)]


def rate_pair(from_currency: str, to_currency: str) -> str:
    """Return how a pair of currencies is called, e.g. `EUR/USD`."""
    return f"{from_currency}/{to_currency}"


def time_key(at_us: int) -> str:
    """Return a time (µs UTC) as text that sorts as times do."""
    # 17 digits reach the year 5138; records reach 2100.
    return f"{at_us:017d}"
