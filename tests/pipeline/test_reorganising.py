"""An organisation that changes while it is paid: late news of it reach all that rests on it."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.load import check
from accolade.streams.records import Closing, Person, Plan, Quota, Record, Unit
from tests.pipeline.test_rules_equal_reference import assert_equal
from tests.reference.small_company import at, won

#: All that looks at who is whose: boards of units, quotas, managers and members.
PLAN_TEXT = """
plan: organised
title: All that rests on the organisation
currency: USD
time_zone: America/New_York
effective: {from: 2026-04-01, to: 2026-07-01}
period: quarter
population: {roles: [account_executive]}
rounding: half_up
refunds: in_deal_period
clawback: restate
after_close: adjust_open_period
measures:
  sales: {of: deal, sum: amount, where: {status: won}, credit: whole}
boards:
  reps: {measure: sales, ties: pooled, show: 5, each: region}
  reps_of_zones: {measure: sales, ties: first_to_reach, show: 5, each: zone}
  teams: {measure: sales, ties: pooled, show: 5, each: zone, population: {units: team}}
  teams_of_all: {measure: sales, ties: pooled, show: 5, each: nation, population: {units: team}}
components:
  best_reps: {board: reps, to: {manager: period_end}, pays: {ranks: [{rank: 1, money: 10}]}}
  best_teams: {board: teams, to: {manager: period_end}, pays: {ranks: [{rank: 1, money: 20}]}}
  best_members:
    board: teams_of_all
    to: {each_member: period_end}
    pays: {ranks: [{rank: 1-2, money: 30}]}
  own_quota:
    measure: sales
    target: {quota: period_start}
    to: {manager: period_end}
    pays: {slabs: [{from: 100%, money: 40}]}
  zones_quota:
    measure: sales
    population: {units: zone}
    target: {quota: period_end}
    to: {each_member: period_end}
    pays: {slabs: [{from: 100%, money: 50}]}
  regions_quota:
    measure: sales
    population: {units: region}
    target: {quota: period_end}
    to: {manager: period_end}
    pays: {slabs: [{from: 100%, money: 60}]}
"""
LEVELS = {"t1": "team", "t2": "team", "r1": "region", "r2": "region"}
LEVELS |= {"z1": "zone", "z2": "zone", "n1": "nation", "n2": "nation"}
PARENTS = {"team": ("r1", "r2"), "region": ("z1", "z2"), "zone": ("n1", "n2"), "nation": (None,)}
BEGINNING = at("2026-01-01")
CLOSING = Closing(plan_id="organised", period="2026-Q2", author="max")


def the_plan() -> Plan:
    """Return the plan's record."""
    checked = check(PLAN_TEXT)
    assert checked.plan is not None, checked.findings
    return plan_record(checked.plan, version=1)


moments = st.sampled_from(
    [at("2026-04-01"), at("2026-05-10"), at("2026-06-30T23:00"), at("2026-07-01")]
)
quotas = st.sampled_from(["100", "1000"]).map(
    lambda amount: (Quota(period="quarter", amount=Decimal(amount), currency="USD"),)
)
managers = st.sampled_from([None, "max", "may"])


def versions_of_unit(unit_id: str) -> st.SearchStrategy[Unit]:
    """Return later versions of a unit: with another parent, manager or quota, or inactive."""
    level = LEVELS[unit_id]
    return st.builds(
        Unit,
        unit_id=st.just(unit_id),
        valid_from=moments,
        revision=st.integers(1, 2),
        active=st.sampled_from([True, True, True, True, False]),
        level=st.just(level),
        parent_id=st.sampled_from(PARENTS[level]),
        manager_id=managers,
        quotas=quotas,
    )


def versions_of_person(person_id: str) -> st.SearchStrategy[Person]:
    """Return later versions of a person: in another team, role or with another manager."""
    return st.builds(
        Person,
        person_id=st.just(person_id),
        valid_from=moments,
        revision=st.integers(1, 2),
        active=st.sampled_from([True, True, True, True, False]),
        role=st.sampled_from(["account_executive", "account_executive", "sdr"]),
        team_id=st.sampled_from(["t1", "t2"]),
        manager_id=managers,
        quotas=quotas,
    )


def natural_key(record: Person | Unit) -> tuple[str, int, int]:
    """Return what only one record has."""
    own = record.person_id if isinstance(record, Person) else record.unit_id
    return own, record.valid_from, record.revision


def organisation() -> list[Record]:
    """Return the plan, and an organisation of two of everything."""
    quota = (Quota(period="quarter", amount=Decimal(1000), currency="USD"),)
    people = [
        Person(
            person_id=person_id,
            valid_from=BEGINNING,
            revision=1,
            active=True,
            role="account_executive",
            team_id=team_id,
            manager_id="max",
            quotas=quota,
        )
        for person_id, team_id in (("ana", "t1"), ("ben", "t1"), ("cy", "t2"))
    ]
    units = [
        Unit(
            unit_id=unit_id,
            valid_from=BEGINNING,
            revision=1,
            active=True,
            level=level,
            parent_id=PARENTS[level][0],
            manager_id="max",
            quotas=quota,
        )
        for unit_id, level in LEVELS.items()
    ]
    return [the_plan(), *people, *units]


DEALS: list[Record] = [
    won("d1", "900.00", "ana", on="2026-04-20T12:00"),
    won("d2", "500.00", "ben", on="2026-05-20T12:00"),
    won("d3", "500.00", "cy", "ana", on="2026-06-20T12:00"),
]


changes = st.lists(
    st.one_of(
        *(versions_of_unit(unit_id) for unit_id in LEVELS),
        *(versions_of_person(person_id) for person_id in ("ana", "ben", "cy")),
    ),
    min_size=1,
    max_size=6,
    unique_by=natural_key,
)
# All in any order; or what is from the beginning comes first, so that most changes come late.
in_any_order = changes.flatmap(
    lambda found: (
        st.permutations([*organisation(), *DEALS, *found])
        | st.permutations([*DEALS, *found]).map(lambda later: [*organisation(), *later])
    )
)


@settings(max_examples=150)
@given(in_any_order, st.integers(0, 2**16))
def test_news_of_the_organisation_may_come_in_any_order(records: list[Record], seed: int) -> None:
    """Boards, targets and receivers are as if all had been known from the start."""
    assert_equal(records, seed)


@settings(max_examples=100)
@given(changes, changes, st.integers(0, 2**16))
def test_news_of_the_organisation_may_come_after_all_was_paid(
    before: list[Person | Unit], after: list[Person | Unit], seed: int
) -> None:
    """While the period is open, and once it is closed."""
    first = [*organisation(), *DEALS, *before]
    late = [record for record in after if natural_key(record) not in map(natural_key, before)]
    assert_equal(first, seed, after=late)
    assert_equal([*first, CLOSING], seed, after=late)
