"""Everything that follows from a list of records: the whole of it, computed from nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.plans.canonical import parse_body
from accolade.streams.plans.model import Board, Component, PlanFile
from accolade.streams.records import Closing, Plan, Record
from tests.reference import calendar
from tests.reference.award import Award
from tests.reference.boards import Boards
from tests.reference.counting import Counting
from tests.reference.crediting import Crediting
from tests.reference.history import History
from tests.reference.of_plan import OfPlan, Tallies
from tests.reference.span import span_of


@dataclass
class Results:
    """What follows from a list of records."""

    awards: dict[str, Award] = field(default_factory=dict)
    badges: set[str] = field(default_factory=set)
    boards: Boards = field(default_factory=dict)
    tallies: Tallies = field(default_factory=dict)
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
    tallies: Tallies = field(default_factory=dict)


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
    frozen.tallies |= {name: v for name, v in standing.tallies.items() if _key(name[0]) == key}
    frozen.boards |= {board: p for board, p in standing.boards.items() if _key(board) == key}


def _key(name: str) -> Closed:
    """Return plan and period of a badge's, board's or tally's id."""
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
            body = parse_body(plan.body)
            credits = crediting.credits
            if plan is not newest:
                same = [
                    p for p, pinned in closed.items() if pinned.content_hash == plan.content_hash
                ]
                span = span_of(body, same)
                credits = [credit for credit in credits if span.holds(credit)]
            counting = Counting(history, credits, body)
            out.parked |= {f"tally/{name}": why for name, why in counting.parked.items()}
            others = {period for period, pinned in closed.items() if pinned is not plan}
            says = OfPlan(counting, closed.keys(), others, plan is newest)
            out.boards |= says.boards()
            out.tallies |= says.tallies()
            out.badges |= says.badges()
            out.awards |= says.prizes(frozen.boards)
            due |= says.awards()
            out.parked |= {f"tally/{name}": "too_large" for name in says.beyond}
        due |= _by_hand(history, newest)
    for record in history.adjustments:
        if record.amount and record.plan_id not in history.plans:
            name = f"tally/adjustment:{record.adjustment_id}|{record.participant}"
            out.parked[name] = "unknown_plan"
    _book(due, frozen, out)
    for badges in frozen.badges.values():
        out.badges |= badges
    out.boards |= frozen.boards
    out.tallies |= frozen.tallies
    return out


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
        for adjustment in _adjustments(award_id, due.get(award_id), frozen):
            out.awards[adjustment.award_id] = adjustment


def _adjustments(award_id: str, now: Award | None, frozen: _Frozen) -> Iterator[Award]:
    """Yield what is booked in the first open period, so that the parts add up to what is due."""
    booked = [a for a in frozen.awards.values() if award_id in (a.award_id, a.adjusts)]
    booked.sort(key=lambda award: (award.span.first, award.award_id))
    like = now or booked[-1]
    if not like.adjusted:
        return
    period = booked[0].span if booked else like.span
    while (like.plan_id, period.id) in frozen.plans:
        period = calendar.after(period, like.cut)
    # Neither two currencies nor a dinner and a trip add up to anything.
    parts = list(dict.fromkeys((a.currency, a.label) for a in [*booked, *([now] if now else [])]))
    for number, (currency, label) in enumerate(parts):
        same = [a for a in booked if (a.currency, a.label) == (currency, label)]
        is_due = now is not None and (now.currency, now.label) == (currency, label)
        amount = like.amount_minor if is_due else 0
        amount -= sum(award.amount_minor for award in same)
        besides = "" if number == 0 else f"/{number + 1}"
        if currency != parts[0][0]:
            besides = f"/{currency}"
        if amount or (label and not same):
            yield replace(
                like,
                award_id=f"{award_id}/adjusts/{period.id}{besides}",
                period=period.id,
                span=period,
                amount_minor=amount,
                currency=currency,
                label=label,
                state="adjustment",
                adjusts=award_id,
            )


def _has_period(plan: PlanFile, period_id: str) -> bool:
    """Tell whether a plan counts anything by periods of this one's kind."""
    named = calendar.named(period_id, (plan.effective.from_, plan.effective.to))
    if named is None:
        return False
    kind, period = named
    if period.end <= plan.effective.from_:
        return False
    parts: list[Board | Component] = [*plan.boards.values(), *plan.components.values()]
    used = {board.measure for board in plan.boards.values()}
    used |= {held.measure for part in plan.components.values() for held in part.looked_at}
    kinds = {plan.period_of(part) for part in parts}
    return kind in kinds or (kind == plan.period and not used >= plan.measures.keys())
