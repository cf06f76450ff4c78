"""Everything that follows from a list of records: the whole of it, computed from nothing."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from fractions import Fraction

from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.plans.canonical import parse_body
from accolade.streams.plans.model import Board, Component, PlanFile, Reward, ToManager, ToMembers
from accolade.streams.records import Closing, Plan, Record
from tests.reference import calendar
from tests.reference.boards import Boards, Place, boards_of
from tests.reference.calendar import Period, microseconds
from tests.reference.counting import Counting, largest_remainder
from tests.reference.crediting import Crediting
from tests.reference.history import History
from tests.reference.paying import Earned, Paying


@dataclass(frozen=True)
class Award:
    """An award as it stands."""

    award_id: str
    participant: str
    plan_id: str
    component: str
    period: str
    kind: str
    amount_minor: int
    currency: str
    label: str
    #: The period, the kind it is of, and whether it is adjusted once it is closed.
    span: Period
    cut: str
    adjusted: bool = True
    state: str = "earned"
    adjusts: str | None = None


@dataclass
class Results:
    """What follows from a list of records."""

    awards: dict[str, Award] = field(default_factory=dict)
    badges: set[str] = field(default_factory=set)
    boards: Boards = field(default_factory=dict)
    #: Reason by id.
    parked: dict[str, str] = field(default_factory=dict)


#: (plan id, period id).
Closed = tuple[str, str]


@dataclass
class _Frozen:
    """What closings have fixed so far."""

    #: The version of the plan that counted when the period was closed.
    plans: dict[Closed, Plan] = field(default_factory=dict)
    awards: dict[str, Award] = field(default_factory=dict)
    badges: dict[Closed, set[str]] = field(default_factory=dict)
    boards: Boards = field(default_factory=dict)


def results(records: Sequence[Record]) -> Results:
    """
    Return what follows from records in the order of the log.

    Only the places of closings matter: all that stands before one is before it.
    """
    frozen = _Frozen()
    before: list[Record] = []
    crediting: Crediting | None = None
    for record in records:
        if not isinstance(record, Closing):
            before.append(record)
            crediting = None
        elif (record.plan_id, record.period) not in frozen.plans:
            crediting = crediting or Crediting(History(before))
            _close(frozen, record, crediting)
    return _stand(Crediting(History(before)), frozen)


def _close(frozen: _Frozen, closing: Closing, crediting: Crediting) -> None:
    """Freeze a period of a plan as it stands."""
    plan = crediting.history.plans.get(closing.plan_id)
    if plan is None or not _has_period(parse_body(plan.body), closing.period):
        return
    standing = _stand(crediting, frozen, only=closing.plan_id)
    key = (closing.plan_id, closing.period)
    frozen.plans[key] = plan
    for award in standing.awards.values():
        if (award.plan_id, award.period) == key:
            frozen.awards[award.award_id] = award
    frozen.badges[key] = {badge for badge in standing.badges if _key(badge) == key}
    frozen.boards |= {board: p for board, p in standing.boards.items() if _key(board) == key}


def _key(name: str) -> Closed:
    """Return plan and period of a badge's or board's id."""
    plan_id, _, period, *_ = name.split("/")
    return plan_id, period


def _stand(crediting: Crediting, frozen: _Frozen, only: str | None = None) -> Results:
    """Return how everything stands, or that of one plan, given what closings have fixed."""
    history = crediting.history
    out = Results(parked=dict(crediting.parked))
    due: dict[str, Award] = {}
    for plan_id, newest in history.plans.items():
        if only not in (None, plan_id):
            continue
        closed = {period: plan for (of, period), plan in frozen.plans.items() if of == plan_id}
        versions = {plan.version: plan for plan in (*closed.values(), newest)}
        for plan in versions.values():
            if not plan.active:
                continue
            counting = Counting(history, crediting.credits, parse_body(plan.body))
            out.parked |= {f"tally/{name}": why for name, why in counting.parked.items()}
            others = {period for period, pinned in closed.items() if pinned is not plan}
            _OfPlan(counting, closed.keys(), others, plan is newest).add_to(out, due, frozen)
        due |= _by_hand(history, newest)
    _book(due, frozen, out)
    for badges in frozen.badges.values():
        out.badges |= badges
    out.boards |= frozen.boards
    return out


class _OfPlan:
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

    def speaks_for(self, period_id: str) -> bool:
        """Tell whether a period is judged by this version."""
        if period_id in self._closed:
            return period_id not in self._others
        return self._is_newest

    def is_open(self, period_id: str) -> bool:
        """Tell whether a period is judged by this version and not closed."""
        return self._is_newest and period_id not in self._closed

    def add_to(self, out: Results, due: dict[str, Award], frozen: _Frozen) -> None:
        """Add its boards, badges and awards."""
        out.boards |= boards_of(self.counting, self.is_open)
        for name, component in self.plan.components.items():
            if component.pays.ranks is not None:
                self._add_contest(name, component, out, frozen)
                continue
            for who, period in self._earners(component):
                if component.pays.badges is None:
                    earned = self.paying.earned(component, period, who)
                    due |= self._awards(name, component, period, who, earned)
                elif self.is_open(period.id):
                    badges = self.paying.badges(component, period, who)
                    prefix = f"{self.plan.plan}/{name}/{period.id}/{who}"
                    out.badges |= {f"{prefix}/{badge}" for badge in badges}

    def _earners(self, component: Component) -> Iterator[tuple[str, Period]]:
        measure = self.plan.measure_name_of(component)
        population = self.plan.population_of(component)
        kind = self.plan.period_of(component)
        for who in self.counting.participants:
            for period in self.counting.periods(measure, population, kind, who):
                if self.speaks_for(period.id):
                    yield who, period

    def _add_contest(self, name: str, component: Component, out: Results, frozen: _Frozen) -> None:
        """Add what final ranks earn: a contest is paid once its period is closed."""
        kind = self.plan.period_of(component)
        for board_id, places in frozen.boards.items():
            plan, board, period_id, *_ = board_id.split("/")
            if (plan, board) != (self.plan.plan, component.board):
                continue
            if not self.speaks_for(period_id):
                continue
            period = next(p for p in self._periods(kind) if p.id == period_id)
            for place in places:
                earned = self._for_place(component, place)
                out.awards |= self._awards(name, component, period, place.participant, earned)

    def _for_place(self, component: Component, place: Place) -> Earned:
        """Return what a rank earns: the tied pool what can be divided of the ranks they take."""
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


def _by_hand(history: History, plan: Plan) -> dict[str, Award]:
    """Return the awards of the manual adjustments of a plan."""
    awards = {}
    effective = parse_body(plan.body).effective
    for record in history.adjustments:
        if record.plan_id != plan.plan_id or not record.amount:
            continue
        component = f"adjustment:{record.adjustment_id}"
        award_id = f"{record.plan_id}/{component}/{record.period}/{record.participant}"
        named = calendar.named(record.period, (effective.from_, effective.to))
        if named is None:
            continue
        cut, span = named
        awards[award_id] = Award(
            award_id=award_id,
            participant=record.participant,
            plan_id=record.plan_id,
            component=component,
            period=record.period,
            kind="money",
            amount_minor=int(record.amount * 10 ** MINOR_DECIMALS[record.currency]),
            currency=record.currency,
            label="",
            span=span,
            cut=cut,
        )
    return awards


# --- closed periods ---


def _book(due: Mapping[str, Award], frozen: _Frozen, out: Results) -> None:
    """Add the awards of open periods as due, those of closed ones as frozen, and the difference."""
    for award_id, award in due.items():
        if (award.plan_id, award.period) not in frozen.plans:
            out.awards[award_id] = award
    out.awards |= frozen.awards
    bases = {a.award_id for a in frozen.awards.values() if a.adjusts is None}
    bases |= {a.adjusts for a in frozen.awards.values() if a.adjusts is not None}
    late = {i for i, a in due.items() if (a.plan_id, a.period) in frozen.plans}
    for award_id in sorted(bases | late):
        adjustment = _adjustment(award_id, due.get(award_id), frozen)
        if adjustment is not None:
            out.awards[adjustment.award_id] = adjustment


def _adjustment(award_id: str, now: Award | None, frozen: _Frozen) -> Award | None:
    """Return what is booked in the first open period, so that the parts add up to what is due."""
    booked = [a for a in frozen.awards.values() if award_id in (a.award_id, a.adjusts)]
    booked.sort(key=lambda award: award.span.first)
    like = now or booked[-1]
    if not like.adjusted:
        return None
    amount = (now.amount_minor if now else 0) - sum(award.amount_minor for award in booked)
    is_new = now is not None and now.label and [b.label for b in booked][-1:] != [now.label]
    if not amount and not is_new:
        return None
    period = booked[0].span if booked else like.span
    while (like.plan_id, period.id) in frozen.plans:
        period = calendar.after(period, like.cut)
    return replace(
        like,
        award_id=f"{award_id}/adjusts/{period.id}",
        period=period.id,
        span=period,
        amount_minor=amount,
        state="adjustment",
        adjusts=award_id,
    )


def _has_period(plan: PlanFile, period_id: str) -> bool:
    """Tell whether a plan counts anything by periods of this one's kind."""
    named = calendar.named(period_id, (plan.effective.from_, plan.effective.to))
    if named is None:
        return False
    kind, _ = named
    parts: list[Board | Component] = [*plan.boards.values(), *plan.components.values()]
    used = {plan.measure_name_of(p) if isinstance(p, Component) else p.measure for p in parts}
    kinds = {plan.period_of(part) for part in parts}
    return kind in kinds or (kind == plan.period and not used >= plan.measures.keys())
