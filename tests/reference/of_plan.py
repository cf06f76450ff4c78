"""What one version of a plan says of the periods that it speaks for."""

from collections.abc import Iterator, Set
from fractions import Fraction

from accolade.streams.plans.model import Component, Population, Reward, ToManager, ToMembers
from tests.reference import calendar
from tests.reference.award import Award
from tests.reference.boards import Boards, Place, boards_of
from tests.reference.calendar import Period, microseconds
from tests.reference.counting import LARGEST, Counting, largest_remainder
from tests.reference.paying import Earned, Paying

#: Value and unit by tally id and participant.
Tallies = dict[tuple[str, str], tuple[int, str]]


class OfPlan:
    """What one version of a plan says of the periods that it speaks for."""

    def __init__(
        self, counting: Counting, closed: Set[str], others: Set[str], is_newest: bool
    ) -> None:
        self.counting = counting
        self.plan = counting.plan
        self.paying = Paying(counting)
        self._closed = closed
        #: Closed periods that another version speaks for.
        self._others = others
        self._is_newest = is_newest
        #: Figures that are too large to be ranked or paid, as far as they were asked for.
        self.beyond: set[str] = set()

    def speaks_for(self, period_id: str) -> bool:
        """Tell whether a period is judged by this version."""
        if period_id in self._closed:
            return period_id not in self._others
        return self._is_newest

    def is_open(self, period_id: str) -> bool:
        """Tell whether a period is judged by this version and not closed."""
        return self._is_newest and period_id not in self._closed

    def boards(self) -> Boards:
        """Return the boards of open periods."""
        return boards_of(self.counting, self.is_open)

    def tallies(self) -> Tallies:
        """Return value and unit of all tallies of open periods."""
        tallies: Tallies = {}
        for name, population, kind in self._measured():
            same = _people(population) == _people(self.plan.population)
            label = name if same else f"{name}@{'+'.join(_people(population))}"
            for who in self.counting.participants:
                for period in self.counting.periods(name, population, kind, who):
                    if not self.speaks_for(period.id):
                        continue
                    counted = self.counting.counted(name, population, period, who)
                    value = self.counting.total(name, counted)
                    tally_id = f"{self.plan.plan}/{label}/{period.id}"
                    if abs(value) > LARGEST:
                        self.beyond.add(f"{tally_id}|{who}")
                    elif self.is_open(period.id):
                        tallies[tally_id, who] = value, self.counting.unit(name)
        return tallies

    def _measured(self) -> Iterator[tuple[str, Population, str]]:
        """Yield each measure that is asked for, of whom and by which kind of period."""
        asked = set()
        for board in self.plan.boards.values():
            asked.add(board.measure)
            yield board.measure, self.plan.population_of(board), self.plan.period_of(board)
        for part in self.plan.components.values():
            for held in part.looked_at:
                asked.add(held.measure)
                yield held.measure, self.plan.population_of(part), self.plan.period_of(part)
        for name in self.plan.measures.keys() - asked:
            yield name, self.plan.population, self.plan.period

    def badges(self) -> set[str]:
        """Return the ids of the badges of open periods."""
        return {
            f"{self.plan.plan}/{name}/{period.id}/{who}/{badge}"
            for name, component in self.plan.components.items()
            if component.pays.badges is not None
            for who, period in self._earners(component)
            if self.is_open(period.id)
            for badge in self.paying.badges(component, period, who)
        }

    def awards(self) -> dict[str, Award]:
        """Return what is due by all but contests, whether its period is closed or not."""
        due: dict[str, Award] = {}
        for name, component in self.plan.components.items():
            if component.pays.ranks is None and component.pays.badges is None:
                for who, period in self._earners(component):
                    earned = self.paying.earned(component, period, who)
                    if any(abs(amount) > LARGEST for amount, _ in earned.values()):
                        earned = {}
                        if self.is_open(period.id) or self.plan.after_close != "ignore":
                            self.beyond.add(f"awards/{self.plan.plan}/{name}/{period.id}|{who}")
                    due |= self._awards(name, component, period, who, earned)
        return due

    def prizes(self, final: Boards) -> dict[str, Award]:
        """Return what contests award by final boards: they are paid once a period is closed."""
        awards: dict[str, Award] = {}
        for name, component in self.plan.components.items():
            for board_id, places in final.items():
                plan_id, board, period_id, *_ = board_id.split("/")
                if (plan_id, board) != (self.plan.plan, component.board):
                    continue
                if self.speaks_for(period_id):
                    kind = self.plan.period_of(component)
                    period = next(p for p in self._periods(kind) if p.id == period_id)
                    for place in places:
                        pooled = self.plan.boards[board].ties == "pooled"
                        earned = self._for_place(component, place, pooled)
                        awards |= self._awards(name, component, period, place.participant, earned)
        return awards

    def _earners(self, component: Component) -> Iterator[tuple[str, Period]]:
        population = self.plan.population_of(component)
        kind = self.plan.period_of(component)
        for who in self.counting.participants:
            periods = {
                period
                for held in component.held
                for period in self.counting.periods(held.measure, population, kind, who)
                if self.speaks_for(period.id)
            }
            for period in sorted(periods):
                yield who, period

    def _for_place(self, component: Component, place: Place, pooled_by_ties: bool) -> Earned:
        """Return what a rank earns: on a pooled board the tied share the ranks they take."""
        if not pooled_by_ties:
            rewards = self._for_rank(component, place.rank)
            return {r.kind: (self.paying.worth(r), r.label) for r in rewards}
        pooled: dict[str, int] = {}
        earned: Earned = {}
        for rank in range(place.rank, place.rank + place.tied):
            for reward in self._for_rank(component, rank):
                if not reward.label:
                    pooled[reward.kind] = pooled.get(reward.kind, 0) + self.paying.worth(reward)
                elif rank == place.rank:
                    earned[reward.kind] = (self.paying.worth(reward), reward.label)
        for kind, amount in pooled.items():
            parts = largest_remainder(amount, [Fraction(1)] * place.tied)
            earned[kind] = (parts[place.tied_index], "")
        return earned

    def _for_rank(self, component: Component, rank: int) -> list[Reward]:
        rows = component.pays.ranks or ()
        return [
            reward
            for row in rows
            if row.rank.first <= rank <= row.rank.last
            for reward in row.rewards
        ]

    def _periods(self, kind: str) -> list[Period]:
        """Return the periods of a kind within the plan's dates."""
        effective = self.plan.effective
        first = self.counting.period(effective.from_, kind)
        periods = [first]
        while periods[-1].end < effective.to:
            periods.append(calendar.after(periods[-1], kind))
        return periods

    # --- awards ---

    def _awards(
        self, name: str, component: Component, period: Period, who: str, earned: Earned
    ) -> dict[str, Award]:
        awards = {}
        for receiver in self._receivers(component, period, who):
            own = f"{self.plan.plan}/{name}/{period.id}/{receiver}"
            own += "" if receiver == who else f"/{who}"
            for kind, (amount, label) in earned.items():
                if not amount and not label:
                    continue
                is_first = kind == component.pays.reward_kinds[0]
                award_id = own if is_first else f"{own}/{kind}"
                awards[award_id] = Award(
                    award_id=award_id,
                    participant=receiver,
                    plan_id=self.plan.plan,
                    component=name,
                    period=period.id,
                    kind=kind,
                    amount_minor=amount,
                    currency=self.plan.currency,
                    label=label,
                    span=period,
                    cut=self.plan.period_of(component),
                    adjusted=self.plan.after_close == "adjust_open_period",
                )
        return awards

    def _receivers(self, component: Component, period: Period, who: str) -> list[str]:
        at = microseconds(period.end, self.plan.time_zone) - 1
        history = self.counting.history
        unit_id = who.removeprefix("unit:")
        is_unit = unit_id != who
        if isinstance(component.to, ToManager):
            led = history.unit(unit_id, at) if is_unit else history.person(who, at)
            return [led.manager_id] if led is not None and led.manager_id else []
        if isinstance(component.to, ToMembers):
            return history.members(unit_id, at) if is_unit else []
        return [who]


def _people(population: Population) -> list[str]:
    return [population.units] if population.units else sorted(population.roles or ())
