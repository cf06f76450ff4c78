from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.records import ExchangeRate, Person, Unit
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.reference import (
    FOREVER,
    UnknownUnitError,
    known_chain,
    members_at,
    people_ever_below,
    person_at,
    persons,
    put_reference,
    rate_at,
    unit_at,
    unit_chain,
    units,
    units_above,
    units_ever_above,
    units_ever_below,
    valid_until,
)

DAY = 86_400_000_000
START = 18_000 * DAY

PEOPLE = ("ann", "bob", "cyd")
UNITS = ("east", "north", "south", "west")

times = st.integers(0, 4).map(lambda day: START + day * DAY)
revisions = st.integers(1, 3)


def person(person_id="ann", day=0, revision=1, active=True, team_id=None, role="sdr"):
    """Return a version of a person, valid from a day on."""
    return Person(
        person_id=person_id,
        valid_from=START + day * DAY,
        revision=revision,
        active=active,
        role=role,
        team_id=team_id,
    )


def unit(unit_id, parent_id=None, day=0, revision=1, active=True):
    """Return a version of a unit, valid from a day on."""
    return Unit(
        unit_id=unit_id,
        valid_from=START + day * DAY,
        revision=revision,
        active=active,
        level="team",
        parent_id=parent_id,
    )


def rate(day=0, revision=1, value="1.10"):
    """Return a version of the rate from euros to dollars, valid from a day on."""
    return ExchangeRate(
        from_currency="EUR",
        to_currency="USD",
        valid_from=START + day * DAY,
        revision=revision,
        rate=Decimal(value),
    )


def view_of(*records):
    """Return a view in which the records were put one after the other."""
    view = MemoryView()
    for record in records:
        put_reference(view, record)
    return view


def natural_key(record):
    """Return what two revisions of one version have in common."""
    match record:
        case Person():
            return "person", record.person_id, record.valid_from
        case Unit():
            return "unit", record.unit_id, record.valid_from
        case ExchangeRate():
            return "rate", record.from_currency, record.to_currency, record.valid_from


def newest(records):
    """Return the highest revision of each version."""
    found = {}
    for record in sorted(records, key=lambda record: record.revision):
        found[natural_key(record)] = record
    return list(found.values())


some_people = st.builds(
    person,
    st.sampled_from(PEOPLE),
    st.integers(0, 3),
    revisions,
    st.booleans(),
    st.none() | st.sampled_from(UNITS),
)
some_units = st.builds(
    unit,
    st.sampled_from(UNITS),
    st.none() | st.sampled_from(UNITS),
    st.integers(0, 3),
    revisions,
    st.sampled_from((True, True, True, False)),
)
some_rates = st.builds(rate, st.integers(0, 3), revisions, st.sampled_from(("1.1", "1.2", "1.3")))
histories = st.lists(
    some_people | some_units | some_rates,
    max_size=14,
    unique_by=lambda record: (natural_key(record), record.revision),
)


@given(histories.flatmap(lambda h: st.tuples(st.just(h), st.permutations(h + h))))
def test_what_is_kept_depends_on_the_set_of_records_alone(case):
    """Order and duplicates leave the same rows; each version's newest revision stands."""
    history, shuffled = case

    assert list(view_of(*shuffled).items()) == list(view_of(*newest(history)).items())


@given(histories, st.sampled_from(PEOPLE), times)
def test_a_person_is_as_of_the_latest_version_before(history, person_id, at):
    """The version with the largest valid_from at or before the time holds."""
    versions = [r for r in newest(history) if isinstance(r, Person) and r.person_id == person_id]
    held = [version for version in versions if version.valid_from <= at]
    expected = max(held, key=lambda version: version.valid_from, default=None)

    assert person_at(view_of(*history), person_id, at) == expected


@given(histories, times)
def test_members_are_those_whose_units_lead_up_to_it(history, at):
    """Membership equals climbing from every active person."""
    view = view_of(*history)
    for unit_id in UNITS:
        expected = set()
        for person_id in PEOPLE:
            found = person_at(view, person_id, at)
            team_id = found.team_id if found and found.active else None
            if team_id is not None and unit_id in known_chain(view, team_id, at):
                expected.add(person_id)

        assert members_at(view, unit_id, at) == tuple(sorted(expected))
        assert expected <= people_ever_below(view, unit_id)
        assert all(unit_id in units_ever_above(view, person_id) for person_id in expected)
        above = known_chain(view, unit_id, at)
        assert all(unit_id in units_ever_below(view, other) for other in above)


def test_a_duplicate_or_an_older_revision_changes_nothing():
    """Only a higher revision that says something else is a change."""
    view = MemoryView()

    changes = [
        put_reference(view, person(revision=2)),
        put_reference(view, person(revision=2, role="other")),
        put_reference(view, person(revision=1, role="other")),
        put_reference(view, person(revision=3)),
        put_reference(view, person(revision=4, role="other")),
        put_reference(view, unit("east", revision=1)),
        put_reference(view, unit("east", revision=2)),
        put_reference(view, rate(revision=1)),
        put_reference(view, rate(revision=2)),
        put_reference(view, rate(revision=2, value="2")),
    ]

    assert changes == [True, False, False, False, True, True, False, True, False, False]


def test_a_rate_holds_until_the_next_and_no_rate_is_made_up():
    """Before the first rate there is none, nor the other way round."""
    view = view_of(rate(day=1, value="1.10"), rate(day=3, value="1.20"))

    found = [rate_at(view, "EUR", "USD", START + day * DAY) for day in range(5)]

    assert found == [None, Decimal("1.10"), Decimal("1.10"), Decimal("1.20"), Decimal("1.20")]
    assert rate_at(view, "USD", "EUR", START + 2 * DAY) is None
    assert rate_at(view, "USD", "USD", START) == Decimal(1)


def test_units_above_are_the_team_and_its_parents_of_that_time():
    """A team that moves takes its people along from that day on."""
    view = view_of(
        person(team_id="east"),
        unit("east", "north"),
        unit("east", "south", day=2),
        unit("north"),
        unit("south"),
    )

    assert units_above(view, "ann", START + DAY) == ("east", "north")
    assert units_above(view, "ann", START + 2 * DAY) == ("east", "south")
    assert units_above(view, "bob", START) == ()
    assert persons(view) == ["ann"]
    assert units(view) == ["east", "north", "south"]


def test_a_unit_is_as_of_the_latest_version_before():
    """Before its first version a unit is not there."""
    view = view_of(unit("east", "north", day=1), unit("east", day=3, active=False))

    found = [unit_at(view, "east", START + day * DAY) for day in (0, 1, 2, 3)]

    assert [version and version.active for version in found] == [None, True, True, False]


def test_units_that_are_their_own_ancestors_are_named_once():
    """A ring of units ends the way up."""
    view = view_of(unit("east", "north"), unit("north", "east"))

    assert unit_chain(view, "east", START) == ("east", "north")


@pytest.mark.parametrize("north", [None, unit("north", active=False), unit("north", day=1)])
def test_a_unit_not_known_or_not_active_then_is_told(north):
    """The unit that is missing is named, wherever it is on the way up."""
    view = view_of(person(team_id="east"), unit("east", "north"), *([north] if north else []))

    with pytest.raises(UnknownUnitError, match="'north' is not known as active at 2019-") as told:
        units_above(view, "ann", START)

    assert told.value.unit_id == "north"
    assert known_chain(view, "east", START) == ("east",)


def test_a_version_is_valid_until_the_next_begins():
    """The last one of each is valid for good."""
    view = view_of(person(), person(day=2), unit("east"), unit("east", day=1), rate(), rate(day=3))

    found = [valid_until(view, version) for version in (person(), unit("east"), rate())]

    assert found == [START + 2 * DAY, START + DAY, START + 3 * DAY]
    assert valid_until(view, person(day=2)) == FOREVER
