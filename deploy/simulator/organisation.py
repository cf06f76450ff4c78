"""Who sells: a nation of regions and teams, their people, and what changes mid-quarter."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from accolade.deploy.simulator.calendar import at
from accolade.deploy.simulator.dice import Dice
from accolade.streams.records import Contact, Person, Quota, Unit

EXECUTIVE, SDR, ENGINEER = "account_executive", "sdr", "sales_engineer"
_MANAGER = "sales_manager"
#: Of twelve reps seven close, three develop and two engineer.
_ROLES = (
    *(EXECUTIVE, SDR, EXECUTIVE, EXECUTIVE, ENGINEER, EXECUTIVE),
    *(EXECUTIVE, SDR, EXECUTIVE, EXECUTIVE, SDR, ENGINEER),
)
_TEAM_SIZE = 6
_TEAMS_A_REGION = 2
#: How well executives sell, per mille of the quarter's target: few sell most.
_SKILLS = (2100, 350, 900, 1250, 600, 1600, 820, 450, 1180, 700, 1480, 520, 1000, 260)
#: Calls a workday that reps of a kind make, from and to, dealt in turn.
_CALLS_A_DAY = ((11, 16), (9, 12), (3, 8), (12, 18), (8, 13))
_GIVEN = (
    *("Ada", "Bruno", "Chiara", "Dmitri", "Esther", "Farid", "Greta", "Hiro", "Ines", "Jonas"),
    *("Keiko", "Lamar", "Mina", "Nils", "Olga", "Pedro", "Qing", "Rosa", "Samir", "Tove"),
)
_FAMILY = (
    *("Abara", "Bianchi", "Castel", "Dahl", "Eriksen", "Fontaine", "Grau", "Haddad"),
    *("Ivarsson", "Jansen", "Kato", "Lindqvist", "Moreau", "Novak", "Okafor", "Petrov"),
    *("Quiroga", "Rossi", "Santos", "Tanaka", "Ueda", "Varga", "Weiss"),
)


@dataclass(frozen=True)
class Rep:
    """A rep as the simulator knows them."""

    person_id: str
    role: str
    team_id: str
    #: Per mille of the quarter's target that the rep tends to sell.
    skill: int
    #: Calls a workday, from and to.
    calls: tuple[int, int]
    #: First day at work, and the first no longer there.
    joined: date
    left: date


@dataclass(frozen=True)
class Organisation:
    """The reps, and the records that say who they are."""

    reps: list[Rep]
    people: list[Person]
    units: list[Unit]
    contacts: list[Contact]
    #: A rep whose record reaches the log weeks after their first deal.
    latecomer: str
    #: A rep who leaves mid-quarter.
    leaver: str
    quotas: dict[str, Decimal] = field(default_factory=dict)

    def of_role(self, role: str) -> list[Rep]:
        """Return the reps of a role, in the order of their ids."""
        return [rep for rep in self.reps if rep.role == role]


def organise(seed: int, reps: int, start: date, weeks: int, known_from: date) -> Organisation:
    """Return the organisation of a world with so many reps."""
    end = start + timedelta(weeks=weeks)
    team = [_rep(seed, index, reps, start, end, known_from) for index in range(reps)]
    executives = [rep for rep in team if rep.role == EXECUTIVE]
    mover, leaver, joiner, latecomer = (executives[n % len(executives)] for n in (2, 4, 6, 8))
    third = timedelta(weeks=max(1, weeks // 3))
    team = [replace(rep, joined=start + third) if rep == joiner else rep for rep in team]
    team = [replace(rep, left=end - third) if rep == leaver else rep for rep in team]
    quotas = {rep.person_id: _quota(rep) for rep in team if rep.role == EXECUTIVE}
    people = [_person(rep, quotas.get(rep.person_id)) for rep in team]
    people += _changes(people, mover, leaver, at(start + third), at(end - third), len(team))
    managers, units = _units(team, quotas, known_from)
    return Organisation(
        team,
        people + managers,
        units,
        [_contact(index, person) for index, person in enumerate(_first_versions(people, managers))],
        latecomer.person_id,
        leaver.person_id,
        quotas,
    )


def _rep(seed: int, index: int, reps: int, start: date, end: date, known_from: date) -> Rep:
    dice = Dice(seed, "rep", index)
    before = _ROLES[: index % len(_ROLES)].count(EXECUTIVE)
    turn = index // len(_ROLES) * _ROLES.count(EXECUTIVE) + before
    return Rep(
        person_id=f"rep-{index + 1:0{max(3, len(str(reps)))}}",
        role=_ROLES[index % len(_ROLES)],
        team_id=_team_id(index // _TEAM_SIZE),
        skill=_SKILLS[turn % len(_SKILLS)] * dice.between(92, 108) // 100,
        calls=_CALLS_A_DAY[turn % len(_CALLS_A_DAY)],
        joined=known_from,
        left=end + timedelta(days=365),
    )


def _team_id(team: int) -> str:
    return f"team-{team + 1:02}"


def _region_id(team: int) -> str:
    return f"region-{team // _TEAMS_A_REGION + 1:02}"


def _quota(rep: Rep) -> Decimal:
    """Return the quarter's quota in US dollars: the better, the higher, but not by as much."""
    return Decimal(30_000 + rep.skill * 20 // 1_000 * 1_000)


def _quotas(quarter: Decimal) -> tuple[Quota, ...]:
    return (
        Quota(period="month", amount=(quarter / 3).quantize(Decimal(1)), currency="USD"),
        Quota(period="quarter", amount=quarter, currency="USD"),
        Quota(period="year", amount=quarter * 4, currency="USD"),
    )


def _person(rep: Rep, quota: Decimal | None) -> Person:
    return Person(
        person_id=rep.person_id,
        valid_from=at(rep.joined),
        revision=1,
        active=True,
        role=rep.role,
        team_id=rep.team_id,
        manager_id=f"manager-{rep.team_id}",
        quotas=() if quota is None else _quotas(quota),
    )


def _changes(
    people: list[Person], mover: Rep, leaver: Rep, moves_at: int, leaves_at: int, reps: int
) -> list[Person]:
    """Return the later versions of the rep who changes team and of the one who leaves."""
    by_id = {person.person_id: person for person in people}
    moved = by_id[mover.person_id]
    teams = (reps + _TEAM_SIZE - 1) // _TEAM_SIZE
    own = int(mover.team_id.removeprefix("team-")) - 1
    new_team = _team_id((own + 1) % teams)
    gone = by_id[leaver.person_id]
    return [
        Person(
            person_id=moved.person_id,
            valid_from=moves_at,
            revision=1,
            active=True,
            role=moved.role,
            team_id=new_team,
            manager_id=f"manager-{new_team}",
            quotas=moved.quotas,
        ),
        Person(
            person_id=gone.person_id,
            valid_from=leaves_at,
            revision=1,
            active=False,
            role=gone.role,
        ),
    ]


def _units(
    reps: list[Rep], quotas: dict[str, Decimal], known_from: date
) -> tuple[list[Person], list[Unit]]:
    """Return the units above the reps and the people who manage them."""
    totals: dict[str, Decimal] = {"nation": Decimal(0)}
    parents: dict[str, str | None] = {"nation": None}
    for index, rep in enumerate(reps):
        team, region = rep.team_id, _region_id(index // _TEAM_SIZE)
        parents[team], parents[region] = region, "nation"
        for unit_id in (team, region, "nation"):
            totals[unit_id] = totals.get(unit_id, Decimal(0)) + quotas.get(rep.person_id, 0)
    units = [
        _unit(unit_id, parents[unit_id], totals[unit_id], at(known_from))
        for unit_id in sorted(totals)
    ]
    managers = [_manager(unit, at(known_from)) for unit in units]
    return managers, units


def _unit(unit_id: str, parent_id: str | None, quota: Decimal, valid_from: int) -> Unit:
    return Unit(
        unit_id=unit_id,
        valid_from=valid_from,
        revision=1,
        active=True,
        level=unit_id.split("-")[0],
        parent_id=parent_id,
        manager_id=f"manager-{unit_id}",
        quotas=_quotas(quota),
    )


def _manager(unit: Unit, valid_from: int) -> Person:
    return Person(
        person_id=f"manager-{unit.unit_id}",
        valid_from=valid_from,
        revision=1,
        active=True,
        role=_MANAGER,
        # Who manages a unit belongs to the one above: what its members win isn't theirs.
        team_id=unit.parent_id,
        manager_id=None if unit.parent_id is None else f"manager-{unit.parent_id}",
    )


def _first_versions(people: list[Person], managers: list[Person]) -> list[Person]:
    seen: dict[str, Person] = {}
    for person in (*people, *managers):
        seen.setdefault(person.person_id, person)
    return list(seen.values())


def _contact(index: int, person: Person) -> Contact:
    """Return an invented name: every pair of a given and a family name before any again."""
    given = _GIVEN[index % len(_GIVEN)]
    family = _FAMILY[index % len(_FAMILY)]
    number = index // (len(_GIVEN) * len(_FAMILY))
    name = f"{given} {family}" + (f" {number + 1}" if number else "")
    return Contact(
        person_id=person.person_id,
        revision=1,
        name=name,
        email=f"{person.person_id}@example.com",
    )
