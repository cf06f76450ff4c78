"""What a participant's measures come to: every credit looked at again for each of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.plans.model import (
    DistinctMeasure,
    Measure,
    PlanFile,
    Population,
    PreviousPeriodTarget,
    SumMeasure,
    WeeksMeasure,
)
from tests.reference.calendar import Period, local_date, period_of
from tests.reference.crediting import Credit
from tests.reference.history import History

#: What is larger, in minor units or as a count, is neither ranked nor paid by.
LARGEST = 2**53


@dataclass(frozen=True)
class Counted:
    """A credit that counts, the local day that it counts on, and how much."""

    credit: Credit
    day: date
    value: int
    #: Whether it is the first that counts with its account, ever.
    is_first: bool = False


class Counting:
    """The measures of one plan."""

    def __init__(self, history: History, credits: Iterable[Credit], plan: PlanFile) -> None:
        self.history = history
        self.plan = plan
        self._all = sorted(credits, key=lambda credit: credit.order)
        self._credits: dict[str, list[Credit]] = {}
        for credit in self._all:
            self._credits.setdefault(credit.participant, []).append(credit)
        self.participants = sorted(self._credits)
        #: Reason by credit id.
        self.parked = self._stopped()
        self.whole_history = cache(self._whole_history)

    def unit(self, measure_name: str) -> str:
        """Return a measure's unit: the plan's currency for amounts, or `count`."""
        measure = self.plan.measures[measure_name]
        if isinstance(measure, SumMeasure) and measure.sum == "amount":
            return self.plan.currency
        return "count"

    def periods(self, name: str, population: Population, kind: str, who: str) -> list[Period]:
        """Return the periods within the plan's dates in which anything counts, in order."""
        counted = self.whole_history(name, population, who)
        measure = self.plan.measures[name]
        days = {item.day for item in counted if self._counts_on(measure, item.day)}
        return sorted({self.period(_belongs_to(measure, day), kind) for day in days})

    def period(self, day: date, kind: str) -> Period:
        """Return the period of a kind that a day is in."""
        effective = self.plan.effective
        return period_of(day, kind, (effective.from_, effective.to))

    def counted(
        self, name: str, population: Population, period: Period, who: str, statistic: bool = False
    ) -> list[Counted]:
        """Return what counts in a period, in the order of occurrence."""
        measure = self.plan.measures[name]
        return [
            item
            for item in self.whole_history(name, population, who)
            if period.first <= _belongs_to(measure, item.day) < period.end
            and (statistic or self._counts_on(measure, item.day))
        ]

    def running(self, name: str, counted: Sequence[Counted]) -> list[int]:
        """Return what the measure came to after each of what counts, in that order."""
        measure = self.plan.measures[name]
        totals: list[int] = []
        for end in range(1, len(counted) + 1):
            totals.append(self._total(measure, counted[:end]))
        return totals

    def total(self, name: str, counted: Sequence[Counted]) -> int:
        """Return what the measure comes to."""
        return self._total(self.plan.measures[name], counted)

    def _total(self, measure: Measure, counted: Sequence[Counted]) -> int:
        if isinstance(measure, DistinctMeasure):
            ever = measure.first_in == "participant"
            return len({item.credit.account for item in counted if item.is_first or not ever})
        if not isinstance(measure, WeeksMeasure):
            return sum(item.value for item in counted)
        weeks: dict[date, int] = {}
        for item in counted:
            week = _sunday(item.day)
            weeks[week] = weeks.get(week, 0) + item.value
        scale = 10 ** MINOR_DECIMALS.get(self.unit(measure.weeks_of), 0)
        return sum(total >= measure.at_least * scale for total in weeks.values())

    def in_plan(self, day: date) -> bool:
        """Tell whether a day is within the plan's dates."""
        return self.plan.effective.from_ <= day < self.plan.effective.to

    def _counts_on(self, measure: Measure, day: date) -> bool:
        """Tell whether what is of a day counts: in the plan, or in a week that ends in it."""
        if isinstance(measure, WeeksMeasure):
            before = measure.before_start == "count" and day < self.plan.effective.from_
            return self.in_plan(_sunday(day)) and (self.in_plan(day) or before)
        return self.in_plan(day)

    # --- which credits ---

    def _whole_history(self, name: str, population: Population, who: str) -> list[Counted]:
        """Return all of a participant's credits that a measure takes, plan dates or not."""
        measure = self.plan.measures[name]
        if isinstance(measure, WeeksMeasure):
            return self.whole_history(measure.weeks_of, population, who)
        found: list[Counted] = []
        accounts: set[str | None] = set()
        for credit in self._credits.get(who, []):
            item = self._item(measure, credit, population)
            if item is not None:
                found.append(replace(item, is_first=credit.account not in accounts))
                accounts.add(credit.account)
        return found

    def _item(self, measure: Measure, credit: Credit, population: Population) -> Counted | None:
        day = self._day(measure, credit, population)
        if day is None or credit.id in self.parked:
            return None
        if not isinstance(measure, SumMeasure):
            return Counted(credit, day, 1)
        if measure.sum == "quantity":
            return Counted(credit, day, credit.quantity)
        value = self._converted(credit)
        if value is None:
            # Outside the plan's dates, or it would have been stopped.
            return None
        return Counted(credit, day, _share(value, credit) if measure.credit == "share" else value)

    def _day(self, measure: Measure, credit: Credit, population: Population) -> date | None:
        """Return the day on which a measure takes a credit; None where it doesn't."""
        assert not isinstance(measure, WeeksMeasure)
        is_amount = isinstance(measure, SumMeasure) and measure.sum == "amount"
        is_refund = credit.source == "refund" and is_amount and self.plan.refunds != "ignore"
        if credit.source != measure.of and not is_refund:
            return None
        if isinstance(measure, DistinctMeasure) and not credit.account:
            return None
        if not _matches(measure.where, credit) or not self._belongs(credit, population):
            return None
        in_own_period = self.plan.refunds == "in_refund_period"
        at = credit.occurred_at if in_own_period else credit.deal_occurred_at
        return local_date(at, self.plan.time_zone)

    def _stopped(self) -> dict[str, str]:
        """Return the credits that would count in an amount, had they a rate of exchange."""
        stopped = {}
        foreign = [c for c in self._all if c.currency not in ("", self.plan.currency)]
        for name, population, statistic in self._uses():
            measure = self.plan.measures[name]
            base = self._base(measure)
            if not isinstance(base, SumMeasure) or base.sum != "amount":
                continue
            for credit in foreign:
                day = self._day(base, credit, population)
                if day is None or self._converted(credit) is not None:
                    continue
                if statistic or self._counts_on(measure, day):
                    stopped[credit.id] = "missing_rate"
        return stopped

    def _uses(self) -> Iterator[tuple[str, Population, bool]]:
        """Yield each measure that is asked for, of whom, and whether beyond the plan's dates."""
        asked = set()
        for board in self.plan.boards.values():
            asked.add(board.measure)
            yield board.measure, self.plan.population_of(board), False
        for component in self.plan.components.values():
            population = self.plan.population_of(component)
            for held in component.looked_at:
                asked.add(held.measure)
                yield held.measure, population, False
                if isinstance(held.target, PreviousPeriodTarget):
                    yield held.measure, population, True
        for name in self.plan.measures.keys() - asked:
            yield name, self.plan.population, False

    def _base(self, measure: Measure) -> Measure:
        """Return the measure behind a count of weeks, or the measure."""
        if isinstance(measure, WeeksMeasure):
            return self.plan.measures[measure.weeks_of]
        return measure

    def _belongs(self, credit: Credit, population: Population) -> bool:
        """Tell whether the participant was in the population when the deal occurred."""
        who, at = credit.participant, credit.deal_occurred_at
        if who.startswith("unit:"):
            unit = self.history.unit(who.removeprefix("unit:"), at)
            return unit is not None and unit.active and unit.level == population.units
        person = self.history.person(who, at)
        return person is not None and person.active and person.role in (population.roles or ())

    def _converted(self, credit: Credit) -> int | None:
        """Return minor units of the plan's currency; None where the rate is missing."""
        amount = Fraction(credit.amount)
        if credit.currency != self.plan.currency:
            rate = self.history.rate(credit.currency, self.plan.currency, credit.deal_occurred_at)
            if rate is None:
                return None
            amount *= Fraction(rate.rate)
        minor = rounded(amount * 10 ** MINOR_DECIMALS[self.plan.currency], self.plan.rounding)
        # A rate that makes more of it than can be kept is none.
        return minor if abs(minor) <= LARGEST or credit.currency == self.plan.currency else None


def rounded(amount: Fraction, rounding: str) -> int:
    """Return an amount in whole minor units."""
    lower = int(abs(amount))
    rest = abs(amount) - lower
    half = Fraction(1, 2)
    up = {
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and lower % 2 == 1),
        "down": False,
        "up": rest > 0,
    }[rounding]
    return (lower + up) * (1 if amount >= 0 else -1)


def _matches(where: dict[str, tuple[str, ...]], credit: Credit) -> bool:
    has: set[str | None]
    for field, allowed in where.items():
        if field == "role":
            has = {m.role for m in credit.team if m.rep_id == credit.participant}
        elif field in ("status", "kind", "segment", "product", "account"):
            has = {getattr(credit, field)}
        else:
            has = {dict(credit.dimensions).get(field)}
        if not has & set(allowed):
            return False
    return True


def _share(minor: int, credit: Credit) -> int:
    """Return a rep's share as the CRM splits the deal; a unit has the whole."""
    given = [member.share_bp for member in credit.team]
    if credit.participant.startswith("unit:") or given == [None] * len(given):
        return minor
    shares = [Fraction(share or 0) for share in given]
    parts = largest_remainder(minor, [*shares, max(Fraction(0), 10_000 - sum(shares, Fraction(0)))])
    reps = [member.rep_id for member in credit.team]
    return sum(part for part, rep in zip(parts, reps, strict=False) if rep == credit.participant)


def largest_remainder(amount: int, weights: Sequence[Fraction]) -> list[int]:
    """Return an amount in parts by weight; what is left goes to the largest remainders."""
    if not weights:
        return []
    sign = 1 if amount >= 0 else -1
    exact = [abs(amount) * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(exact)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[: abs(amount) - sum(parts)]:
        parts[at] += 1
    return [sign * part for part in parts]


def _belongs_to(measure: Measure, day: date) -> date:
    """Return the day that decides about the period: for weeks their last."""
    return _sunday(day) if isinstance(measure, WeeksMeasure) else day


def _sunday(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())
