"""What a component's formula earns one participant in one period."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.plans.curves import Curve
from accolade.streams.plans.held import Held
from accolade.streams.plans.model import (
    Component,
    Floor,
    PlanFile,
    PreviousPeriodTarget,
    QuotaTarget,
    Reward,
    Split,
    Tiers,
)
from tests.reference import calendar
from tests.reference.calendar import Period, microseconds
from tests.reference.counting import LARGEST, Counted, Counting, largest_remainder, rounded
from tests.reference.lines import on_lines
from tests.reference.pace import Pay, hastened, slowed
from tests.reference.several import multiplier, part_of_bonus

#: Amount in minor units (points: whole points) and label, by kind of reward.
Earned = dict[str, tuple[int, str]]
#: The same before rounding.
_Exact = dict[str, tuple[Fraction, str]]
_ONE = Fraction(1)


class Paying:
    """The formulas of one plan."""

    def __init__(self, counting: Counting) -> None:
        self._counting = counting
        self._plan: PlanFile = counting.plan
        self._scale = int(10 ** MINOR_DECIMALS[self._plan.currency])

    def earned(self, component: Component, period: Period, who: str) -> Earned:
        """Return what a participant earns; nothing without a single counted credit."""
        population = self._plan.population_of(component)
        counts = [
            self._counting.counted(held.measure, population, period, who) for held in component.held
        ]
        own = Held((), self._plan.measure_name_of(component), component.target)
        target = self.target(component, own, period, who)
        if not any(counts) or (component.target is not None and target is None):
            return {}
        values = [
            self._counting.total(held.measure, counted)
            for held, counted in zip(component.held, counts, strict=True)
        ]
        if any(abs(value) > LARGEST for value in values):
            return {}
        look = _Look(component, period, who, own.measure, target, counts, values)
        return self._whole(component, self._modified(look, Fraction(values[0])))

    def _exact(self, look: "_Look", value: Fraction) -> _Exact:
        """Return what the form earns, not rounded, were the component's measure this."""
        component = look.component
        if component.pays.held:
            # Such a form has no pace, so it is only asked for what it is.
            return _money(self._of_several(component, look.values, look.period, look.who))
        if component.pays.flat or component.pays.marginal or component.pays.retroactive:
            return _money(self._by_rate(look, value))
        return self._by_level(component, value, look.measure, look.target)

    def _modified(self, look: "_Look", value: Fraction) -> _Exact:
        """Return what is earned with the money changed, in the order that the docs tell."""
        component, earned = look.component, self._exact(look, value)

        def plain(at: Fraction) -> Fraction:
            return self._exact(look, at).get("money", (Fraction(0), ""))[0]

        pay: Pay = plain
        if component.decelerator is not None:
            slow = component.decelerator
            point = self._floor(slow.below, look.measure, look.target)
            pay = slowed(pay, point, slow.times.fraction, slow.on == "all")
        if component.accelerator is not None:
            fast = component.accelerator
            point = self._floor(fast.from_, look.measure, look.target)
            pay = hastened(pay, point, fast.times.fraction, fast.on == "all")
        part = self._let_through(look)
        if "money" in earned or component.modifiers:
            earned = earned | _money(pay(value) * part)
        return {kind: one for kind, one in earned.items() if kind == "money" or part == 1}

    def _let_through(self, look: "_Look") -> Fraction:
        """Return how much of the money comes through the gate."""
        gate = look.component.gate
        if gate is None:
            return Fraction(1)
        population = self._plan.population_of(look.component)
        counted = self._counting.counted(gate.measure, population, look.period, look.who)
        total = self._counting.total(gate.measure, counted)
        target = self.target(look.component, gate.held, look.period, look.who)
        if gate.target is not None and target is None:
            return gate.otherwise.fraction
        is_open = abs(total) <= LARGEST and self._reaches(total, gate.from_, gate.measure, target)
        return Fraction(1) if is_open else gate.otherwise.fraction

    def _whole(self, component: Component, earned: _Exact) -> Earned:
        """Round what is earned, and keep to the cap."""
        whole = {kind: (self._round(amount), label) for kind, (amount, label) in earned.items()}
        if component.cap is not None and "money" in whole:
            most = int(component.cap.money * self._scale)
            whole["money"] = (min(whole["money"][0], most), "")
        return whole

    def _by_level(
        self, component: Component, value: Fraction, name: str, target: Fraction | None
    ) -> _Exact:
        pays = component.pays
        if pays.per_unit is not None:
            return self._rewarded([pays.per_unit.reward], times=value)
        if pays.spif is not None:
            times = value if pays.spif.times == "every" else min(value, Fraction(1))
            return self._rewarded([pays.spif.reward], times)
        if pays.curve is not None:
            return _money(self._on_curve(pays.curve, value, name, target))
        if pays.ladder is not None:
            steps = [s for s in pays.ladder if self._reaches(value, s.from_, name, target)]
            return self._added([reward for step in steps for reward in step.rewards])
        reached = [s for s in pays.slabs or () if self._reaches(value, s.from_, name, target)]
        return self._rewarded(reached[-1].rewards) if reached else {}

    def _by_rate(self, look: "_Look", value: Fraction) -> Fraction:
        """Return what a rate earns: on the total, or on each deal and rounded for each."""
        component, pays = look.component, look.component.pays
        tiers = pays.marginal or pays.retroactive
        if pays.flat is not None and pays.split is not None:
            rate = pays.flat.rate.fraction
            return Fraction(self._parts(look.counts[0], component, rate, pays.split, look.who))

        def formula(amount: Fraction) -> Fraction:
            if pays.flat is not None:
                return amount * pays.flat.rate.fraction
            assert tiers is not None
            of_tiers = self._marginal if pays.marginal else self._retroactive
            return of_tiers(amount, tiers, look.measure, look.target)

        if pays.on == "running_total":
            return formula(value)
        deals = [sum(item.value for item in deal) for deal in _deals(look.counts[0]).values()]
        return Fraction(sum(self._paid(component, d, formula(Fraction(d))) for d in deals))

    def badges(self, component: Component, period: Period, who: str) -> list[str]:
        """Return the badges that a participant has, by level."""
        assert component.pays.badges is not None
        assert component.measure is not None
        population = self._plan.population_of(component)
        counted = self._counting.counted(component.measure, population, period, who)
        target = self.target(component, component.held[0], period, who)
        if not counted or (component.target is not None and target is None):
            return []
        values = [self._counting.total(component.measure, counted)]
        if abs(values[0]) > LARGEST:
            return []
        if component.pays.badges.on_refund == "keep":
            values = self._counting.running(component.measure, counted)
        return [
            level.badge
            for level in component.pays.badges.levels
            if any(self._reaches(v, level.from_, component.measure, target) for v in values)
        ]

    def target(self, component: Component, held: Held, period: Period, who: str) -> Fraction | None:
        """Return what a measure is held against, in its minor units; None where there is none."""
        found = self._target(component, held, period, who)
        return found if found is not None and found > 0 else None

    def _target(
        self, component: Component, held: Held, period: Period, who: str
    ) -> Fraction | None:
        name, target = held.measure, held.target
        if target is None:
            return None
        if isinstance(target, PreviousPeriodTarget):
            before = calendar.before(period, self._plan.period_of(component))
            population = self._plan.population_of(component)
            effective = self._plan.effective
            inside = effective.from_ <= before.first and before.end <= effective.to
            counted = self._counting.counted(name, population, before, who, statistic=not inside)
            return self._counting.total(name, counted) * target.previous_period.fraction
        if isinstance(target, QuotaTarget):
            return self._quota(component, held, target, period, who)
        if target == "weeks_in_period":
            return Fraction(self._weeks(period))
        return Fraction(target) * self._unit_scale(name)

    def _quota(
        self, component: Component, held: Held, target: QuotaTarget, period: Period, who: str
    ) -> Fraction | None:
        history, zone = self._counting.history, self._plan.time_zone
        at = microseconds(period.first, zone)
        if target.quota == "period_end":
            at = microseconds(period.end, zone) - 1
        is_unit = who.startswith("unit:")
        of = history.unit(who.removeprefix("unit:"), at) if is_unit else history.person(who, at)
        for quota in of.quotas if of is not None else ():
            kind = self._plan.period_of(component)
            if quota.period == kind and quota.currency == self._plan.currency:
                return Fraction(quota.amount) * self._unit_scale(held.measure)
        return None

    def _weeks(self, period: Period) -> int:
        """Return how many Sundays a period has within the plan's dates."""
        effective = self._plan.effective
        first, end = max(period.first, effective.from_), min(period.end, effective.to)
        days = [first.fromordinal(n) for n in range(first.toordinal(), end.toordinal())]
        return sum(day.isoweekday() == 7 for day in days)

    # --- formulas ---

    def _marginal(
        self, amount: Fraction, tiers: Tiers, name: str, target: Fraction | None
    ) -> Fraction:
        floors = [self._floor(tier.from_, name, target) for tier in tiers.tiers]
        ceilings: list[Fraction] = [*floors[1:], max(amount, Fraction(0)) + floors[-1]]
        return sum(
            (
                max(min(amount, ceiling) - floor, Fraction(0)) * tier.rate.fraction
                for tier, floor, ceiling in zip(tiers.tiers, floors, ceilings, strict=True)
            ),
            Fraction(0),
        )

    def _retroactive(
        self, amount: Fraction, tiers: Tiers, name: str, target: Fraction | None
    ) -> Fraction:
        reached = [t for t in tiers.tiers if amount >= self._floor(t.from_, name, target)]
        return amount * reached[-1].rate.fraction if reached else Fraction(0)

    def _paid(self, component: Component, amount: int, pay: Fraction) -> int:
        """Return pay rounded, and not less than the floor of a deal that brings anything."""
        paid = self._round(pay)
        if component.floor is not None and amount > 0:
            return max(paid, int(component.floor.money * self._scale))
        return paid

    def _parts(
        self,
        counted: Sequence[Counted],
        component: Component,
        rate: Fraction,
        split: Split,
        who: str,
    ) -> int:
        """Return a rep's parts of the commissions on their deals."""
        total = 0
        for deal in _deals(counted).values():
            amount = sum(item.value for item in deal)
            commission = self._paid(component, amount, amount * rate)
            total += _role_parts(commission, deal[0], split).get(who, 0)
        return total

    def _on_curve(
        self, curve: Curve, value: Fraction, name: str, target: Fraction | None
    ) -> Fraction:
        at = [self._floor(point.from_, name, target) for point in curve.points]
        pays = [Fraction(point.money) * self._scale for point in curve.points]
        return on_lines(value, at, pays, extend=curve.beyond == "extend")

    def _of_several(
        self, component: Component, values: Sequence[int], period: Period, who: str
    ) -> Fraction:
        """Return what a matrix or a scorecard pays, minor units."""
        targets = [self.target(component, held, period, who) for held in component.held]
        reached: list[int] = []
        if component.pays.scorecard is not None:
            scorecard = component.pays.scorecard
            return (
                part_of_bonus(scorecard, values, targets) * Fraction(scorecard.bonus) * self._scale
            )
        matrix = component.pays.matrix
        assert matrix is not None
        for axis, value, target in zip(
            (matrix.rows, matrix.columns), values[-2:], targets[-2:], strict=True
        ):
            if axis.target is not None and target is None:
                return Fraction(0)
            floors = [f for f in axis.from_ if self._reaches(value, f, axis.measure, target)]
            reached.append(len(floors))
        times = multiplier(matrix, *reached)
        if matrix.base.rate is not None:
            return values[0] * matrix.base.rate.fraction * times
        return Fraction(matrix.base.money or 0) * self._scale * times

    # --- rewards ---

    def _rewarded(self, rewards: Sequence[Reward], times: Fraction = _ONE) -> _Exact:
        return {reward.kind: (self.worth(reward) * times, reward.label) for reward in rewards}

    def _added(self, rewards: Sequence[Reward]) -> _Exact:
        """Return the sum of rewards by kind; what has names is called by all of them."""
        return {
            kind: (
                Fraction(sum(self.worth(r) for r in rewards if r.kind == kind)),
                ", ".join(r.label for r in rewards if r.kind == kind and r.label),
            )
            for kind in {reward.kind for reward in rewards}
        }

    def worth(self, reward: Reward) -> int:
        """Return a reward in minor units, or whole points."""
        amount = reward.amount if reward.amount is not None else reward.value
        assert amount is not None
        return int(amount) if reward.kind == "points" else int(amount * self._scale)

    def _round(self, amount: Fraction) -> int:
        return rounded(amount, self._plan.rounding)

    def _reaches(
        self, value: Fraction | int, floor: Floor, name: str, target: Fraction | None
    ) -> bool:
        return value >= self._floor(floor, name, target)

    def _floor(self, floor: Floor, name: str, target: Fraction | None) -> Fraction:
        if floor.attainment is None:
            return floor.value * self._unit_scale(name)
        assert target is not None
        return floor.attainment * target

    def _unit_scale(self, name: str) -> int:
        return int(10 ** MINOR_DECIMALS.get(self._counting.unit(name), 0))


@dataclass(frozen=True)
class _Look:
    """A component with what it looks at: for one participant and period."""

    component: Component
    period: Period
    who: str
    #: Its own measure, its target, and by held measure what counts and what it comes to.
    measure: str
    target: Fraction | None
    counts: Sequence[Sequence[Counted]]
    values: Sequence[int]


def _money(amount: Fraction) -> _Exact:
    return {"money": (amount, "")}


def _deals(counted: Sequence[Counted]) -> dict[str | None, list[Counted]]:
    deals: dict[str | None, list[Counted]] = {}
    for item in counted:
        deals.setdefault(item.credit.deal_id, []).append(item)
    return deals


def _role_parts(commission: int, item: Counted, split: Split) -> dict[str, int]:
    """Return each rep's part of a deal's commission."""
    holders = {
        role: sorted({m.rep_id for m in item.credit.team if m.role == role})
        for role in split.by_role
    }
    shares = {role: share.fraction for role, share in split.by_role.items()}
    if split.unfilled == "spread":
        shares = {role: share for role, share in shares.items() if holders[role]}
    parts: dict[str, int] = {}
    for role, part in zip(
        shares, largest_remainder(commission, list(shares.values())), strict=True
    ):
        reps = holders[role]
        for rep, own in zip(reps, largest_remainder(part, [Fraction(1)] * len(reps)), strict=True):
            parts[rep] = parts.get(rep, 0) + own
    return parts
