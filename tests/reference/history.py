"""What the whole list of records says: the newest revision of each, and who was who when."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from accolade.streams.plans.canonical import parse_body
from accolade.streams.records import (
    Activity,
    Adjustment,
    Deal,
    Demo,
    ExchangeRate,
    LearningModule,
    Meeting,
    Payment,
    Person,
    Plan,
    Record,
    Unit,
)

T = TypeVar("T", bound=Record)
V = TypeVar("V", Person, Unit, ExchangeRate)


class History:
    """The newest revision of everything in a list of records."""

    def __init__(self, records: Sequence[Record]) -> None:
        people = _newest(Person, records, "person_id", "valid_from")
        units = _newest(Unit, records, "unit_id", "valid_from")
        rates = _newest(ExchangeRate, records, "from_currency", "to_currency", "valid_from")
        self.people = _grouped(people, lambda person: person.person_id)
        self.units = _grouped(units, lambda unit: unit.unit_id)
        self.rates = _grouped(rates, lambda rate: f"{rate.from_currency}/{rate.to_currency}")
        self.deals = _newest(Deal, records, "deal_id")
        self.payments = _newest(Payment, records, "deal_id", "payment_id")
        self.demos = _newest(Demo, records, "demo_id")
        self.meetings = _newest(Meeting, records, "meeting_id")
        self.activities = _newest(Activity, records, "activity_id")
        self.modules = _newest(LearningModule, records, "completion_id")
        self.adjustments = _newest(Adjustment, records, "adjustment_id")
        self.plans = _plans(record for record in records if isinstance(record, Plan))

    def person(self, person_id: str, at: int) -> Person | None:
        """Return the person's version that holds at a time."""
        return _as_of(self.people.get(person_id, []), at)

    def unit(self, unit_id: str, at: int) -> Unit | None:
        """Return the unit's version that holds at a time."""
        return _as_of(self.units.get(unit_id, []), at)

    def rate(self, source: str, target: str, at: int) -> ExchangeRate | None:
        """Return the rate of exchange that holds at a time."""
        return _as_of(self.rates.get(f"{source}/{target}", []), at)

    def chain(self, team_id: str | None, at: int) -> list[str] | None:
        """Return the units from a team up; None if one of them isn't known then."""
        chain = self.known_chain(team_id, at)
        last = self.unit(chain[-1], at) if chain else None
        above = last.parent_id if last else team_id
        return chain if above is None or above in chain else None

    def known_chain(self, team_id: str | None, at: int) -> list[str]:
        """Return the units from a team up, as far as they are known."""
        chain: list[str] = []
        while team_id is not None and team_id not in chain:
            unit = self.unit(team_id, at)
            if unit is None or not unit.active:
                break
            chain.append(team_id)
            team_id = unit.parent_id
        return chain

    def members(self, unit_id: str, at: int) -> list[str]:
        """Return the active people in a unit and below it, by rising id."""
        people = {person_id: self.person(person_id, at) for person_id in sorted(self.people)}
        return [
            person_id
            for person_id, person in people.items()
            if person is not None
            and person.active
            and unit_id in self.known_chain(person.team_id, at)
        ]


def _newest(kind: type[T], records: Iterable[Record], *key: str) -> list[T]:
    """Return the record with the highest revision of each natural key."""
    newest: dict[tuple[object, ...], T] = {}
    for record in records:
        if isinstance(record, kind):
            name = tuple(getattr(record, field) for field in key)
            old = newest.get(name)
            if old is None or record.revision > old.revision:  # type: ignore[attr-defined]
                newest[name] = record
    return list(newest.values())


def _plans(versions: Iterable[Plan]) -> dict[str, Plan]:
    """Return each plan's highest version, less those that rank something new by an old name."""
    plans: dict[str, Plan] = {}
    ranked: dict[tuple[str, str, str], str] = {}
    for version in versions:
        old = plans.get(version.plan_id)
        if old is not None and version.version <= old.version:
            continue
        boards = _ranked(version)
        if all(ranked.get(board, what) == what for board, what in boards.items()):
            ranked |= boards
            plans[version.plan_id] = version
    return plans


def _ranked(version: Plan) -> dict[tuple[str, str, str], str]:
    """Return what each board ranks by plan, board and kind of period: measure and population."""
    plan = parse_body(version.body)
    own = (plan.population.units, set(plan.population.roles or ()))
    found: dict[tuple[str, str, str], str] = {}
    for name, board in plan.boards.items():
        population = plan.population_of(board)
        units, roles = population.units, set(population.roles or ())
        whose = "" if (units, roles) == own else f"@{units}{sorted(roles)}"
        found[plan.plan, name, plan.period_of(board)] = f"{board.measure}{whose}"
    return found


def _grouped(versions: Iterable[V], name: Callable[[V], str]) -> dict[str, list[V]]:
    groups: dict[str, list[V]] = {}
    for version in versions:
        groups.setdefault(name(version), []).append(version)
    return groups


def _as_of(versions: Sequence[V], at: int) -> V | None:
    holding = [version for version in versions if version.valid_from <= at]
    return max(holding, key=lambda version: version.valid_from, default=None)
