"""Which measures are counted, for whom and by which periods: a plan's slots."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from accolade.streams.plans import model
from accolade.streams.plans.ties import BY_TIME
from accolade.streams.rules.compiled import (
    Board,
    Component,
    Counted,
    Form,
    Population,
    Slot,
    Uses,
    Weeks,
)
from accolade.streams.rules.compiled_pays import DealRule, RoleSplit
from accolade.streams.rules.compiling_units import in_units
from accolade.streams.rules.periods import Calendar, PeriodKind, calendar, midnight

#: What a tally's unit is called where it isn't money.
COUNT = "count"


@dataclass
class Need:
    """What depends on a slot, as far as it is known."""

    timed: bool = False
    boards: list[Board] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)
    following: list[Component] = field(default_factory=list)
    deals: list[DealRule] = field(default_factory=list)

    def uses(self) -> Uses:
        """Return it as the compiled plan has it."""
        return Uses(
            components=tuple(self.components),
            following=tuple(self.following),
            deals=tuple(self.deals),
            boards=tuple(self.boards),
            timed=self.timed,
        )


@dataclass(frozen=True)
class Place:
    """A measure of a population, by its label; beyond the plan's dates for a statistic."""

    measure: str
    population: str
    statistic: bool = False

    @property
    def scope(self) -> str:
        """What the names of a statistic end with."""
        return "|all" if self.statistic else ""


class Slots:
    """The slots of a plan, each made when it is first asked for."""

    def __init__(self, plan: model.PlanFile, state: str) -> None:
        """Start without slots; the names of all will begin with `state`."""
        self.plan = plan
        self.state = state
        zone = ZoneInfo(plan.time_zone)
        self.bounds = (midnight(plan.effective.from_, zone), midnight(plan.effective.to, zone))
        self.needs: dict[Slot, Need] = {}
        self._ordered = _ordered(plan)
        self._populations: dict[str, Population] = {}
        self._made: dict[tuple[Place, PeriodKind], Slot] = {}

    def place(
        self, part: model.Board | model.Component, measure: str, *, statistic: bool = False
    ) -> Place:
        """Return the measure of a board's or component's population."""
        return Place(measure, population_label(self.plan, part), statistic)

    def slot(self, place: Place, kind: PeriodKind) -> Slot:
        """Return the tallies of a measure by a kind of period."""
        if (place, kind) not in self._made:
            label = f"{place.measure}@{place.population}" if place.population else place.measure
            slot = Slot(
                name=f"{self.state}|{label}|{kind}{place.scope}",
                measure=place.measure,
                label=label,
                unit=self.unit(place.measure),
                calendar=self.calendar(kind),
                ordered=(place, kind) in self._ordered,
                said=not place.statistic,
                besides=self.bounds if place.statistic else None,
            )
            self._made[place, kind] = slot
            self.needs[slot] = Need()
        return self._made[place, kind]

    def unit(self, name: str) -> str:
        """Return what a measure is in: the plan's currency, or a count."""
        measure = self.plan.measures[name]
        money = isinstance(measure, model.SumMeasure) and measure.sum == "amount"
        return self.plan.currency if money else COUNT

    def calendar(self, kind: PeriodKind) -> Calendar:
        """Return the plan's periods of a kind."""
        effective = self.plan.effective
        return calendar(kind, self.plan.time_zone, effective.from_, effective.to)

    def complete(self) -> None:
        """Make a slot for each measure that nothing asked for: it is tallied all the same."""
        asked = {place.measure for place, _ in self._made}
        for measure in self.plan.measures:
            if measure not in asked:
                self.slot(Place(measure, ""), self.plan.period)

    def counted(self) -> tuple[dict[str, tuple[Counted, ...]], dict[Slot, Uses]]:
        """
        Return what is counted, by source, and what depends on each slot.

        Raises:
            ValueError: Weeks are counted of a measure that counts weeks itself.
        """
        uses = {slot: need.uses() for slot, need in self.needs.items()}
        by_place: dict[Place, list[Slot]] = {}
        for (place, _), slot in self._made.items():
            by_place.setdefault(place, []).append(slot)
        by_source: dict[str, list[Counted]] = {}
        for place, slots in by_place.items():
            measure = self.plan.measures[place.measure]
            bounds = None if place.statistic else self.bounds
            if isinstance(measure, model.WeeksMeasure):
                made, week, weeks = self._weekly(place, measure, tuple(slots), bounds)
                uses[week] = Uses(weeks=weeks)
            else:
                made = self._count(place, measure, tuple(slots), bounds, place.measure)
            by_source.setdefault(made.source, []).append(made)
        return {source: tuple(made) for source, made in by_source.items()}, uses

    def _weekly(
        self,
        place: Place,
        measure: model.WeeksMeasure,
        slots: tuple[Slot, ...],
        bounds: tuple[int, int] | None,
    ) -> tuple[Counted, Slot, Weeks]:
        """Return the weekly totals behind a count of weeks, their slot, and what counts them."""
        base = _not_weeks(self.plan, measure.weeks_of)
        calendar_of_weeks = self.calendar("week")
        unit = self.unit(measure.weeks_of)
        week = Slot(
            name=f"{slots[0].name}|weeks",
            measure=measure.weeks_of,
            label=measure.weeks_of,
            unit=unit,
            calendar=calendar_of_weeks,
            ordered=any(slot.ordered for slot in slots),
            said=False,
        )
        at_least = in_units(measure.at_least, unit)
        # Totals are whole: they reach a part of a unit when they reach the next whole one.
        reached = -(-at_least.numerator // at_least.denominator)
        since = bounds
        if bounds is not None and measure.before_start == "count":
            since = (calendar_of_weeks.at(bounds[0]).start, bounds[1])
        counted = self._count(place, base, (week,), since, f"{place.measure}|weeks")
        return counted, week, Weeks(reached, slots, bounds)

    def _count(
        self,
        place: Place,
        measure: model.SumMeasure | model.CountMeasure | model.DistinctMeasure,
        slots: tuple[Slot, ...],
        bounds: tuple[int, int] | None,
        name: str,
    ) -> Counted:
        rules = [rule for slot in slots if slot in self.needs for rule in self.needs[slot].deals]
        where = {key: frozenset(allowed) for key, allowed in measure.where.items()}
        return Counted(
            name=f"{self.state}|{name}|{place.population}{place.scope}",
            population=self._population(place.population),
            source=measure.of,
            form=_form(measure),
            where=tuple(sorted(where.items())),
            shared=isinstance(measure, model.SumMeasure) and measure.credit == "share",
            first_in=isinstance(measure, model.DistinctMeasure)
            and measure.first_in == "participant",
            refunds=self.plan.refunds,
            bounds=bounds,
            slots=slots,
            by_team=any(isinstance(rule.formula, RoleSplit) for rule in rules),
        )

    def _population(self, label: str) -> Population:
        """Return the population of a label, made once."""
        if label not in self._populations:
            parts: list[model.Board | model.Component] = [
                *self.plan.boards.values(),
                *self.plan.components.values(),
            ]
            found = next(
                (
                    self.plan.population_of(part)
                    for part in parts
                    if label and population_label(self.plan, part) == label
                ),
                self.plan.population,
            )
            levels = frozenset([found.units] if found.units else [])
            self._populations[label] = Population(frozenset(found.roles or ()), levels)
        return self._populations[label]


def population_label(plan: model.PlanFile, part: model.Board | model.Component) -> str:
    """Return what a board's or component's population is called; empty for the plan's own."""
    found, own = plan.population_of(part), plan.population
    if found.units == own.units and set(found.roles or ()) == set(own.roles or ()):
        return ""
    return found.units or "+".join(sorted(set(found.roles or ())))


def _ordered(plan: model.PlanFile) -> set[tuple[Place, PeriodKind]]:
    """Return where a board or badges need the order of occurrence."""
    found: set[tuple[Place, PeriodKind]] = set()
    for board in plan.boards.values():
        if board.ties in BY_TIME:
            place = Place(board.measure, population_label(plan, board))
            found.add((place, plan.period_of(board)))
    for component in plan.components.values():
        if component.pays.badges is not None and component.measure is not None:
            place = Place(component.measure, population_label(plan, component))
            found.add((place, plan.period_of(component)))
    return found


def _not_weeks(
    plan: model.PlanFile, name: str
) -> model.SumMeasure | model.CountMeasure | model.DistinctMeasure:
    measure = plan.measures[name]
    if isinstance(measure, model.WeeksMeasure):
        raise ValueError(f"measures.{name}: counts weeks, which can't be counted by weeks")  # noqa: TRY004  # the plan is wrong, not a type
    return measure


def _form(measure: model.SumMeasure | model.CountMeasure | model.DistinctMeasure) -> Form:
    if isinstance(measure, model.SumMeasure):
        return measure.sum
    return "transactions" if isinstance(measure, model.CountMeasure) else "distinct"
