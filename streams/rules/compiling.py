"""From a plan file to the compiled plan."""

from dataclasses import replace
from functools import lru_cache

from accolade.streams.plans import held as plan_held
from accolade.streams.plans import model
from accolade.streams.plans.canonical import parse_body
from accolade.streams.plans.ties import BY_TIME
from accolade.streams.rules.compiled import (
    Board,
    CompiledPlan,
    Component,
    FixedTarget,
    Held,
    PreviousTarget,
    QuotaTarget,
    Receiver,
    Slot,
    Target,
    WeeksTarget,
)
from accolade.streams.rules.compiled_pays import DealRule, EachTransaction, Pays
from accolade.streams.rules.compiling_modifiers import compile_modifiers
from accolade.streams.rules.compiling_pays import compile_pays
from accolade.streams.rules.compiling_slots import COUNT, Slots
from accolade.streams.rules.compiling_units import Measured, in_units, minor_units
from accolade.streams.rules.formulas import plain

#: Digits of the content hash that begin the keys of a plan's rows.
_STATE_DIGITS = 16


@lru_cache(maxsize=512)
def compiled_body(content_hash: str, body: str) -> CompiledPlan:
    """
    Return the compiled plan of a body; compiled once for a content hash.

    Raises:
        ValueError: The body is no plan, or one that can't be counted.
    """
    return compile_plan(parse_body(body), content_hash)


def state_of(content_hash: str) -> str:
    """Return what begins the keys of a plan content's rows."""
    return content_hash[:_STATE_DIGITS]


def compile_plan(plan: model.PlanFile, content_hash: str) -> CompiledPlan:
    """
    Return the plan made ready for counting.

    Raises:
        ValueError: It asks for what can't be counted; the linter says so first.
    """
    if not plan.effective.from_ < plan.effective.to:
        raise ValueError("effective: its first day is not before `to`")
    state = state_of(content_hash)
    slots = Slots(plan, state)
    boards = {name: _board(slots, name, board) for name, board in plan.boards.items()}
    components = {
        name: _component(slots, state, name, part) for name, part in plan.components.items()
    }
    slots.complete()
    counted, uses = slots.counted()
    said = {slot.calendar.kind: slot.calendar for slot in uses if slot.said}
    return CompiledPlan(
        plan_id=plan.plan,
        content_hash=content_hash,
        state=state,
        currency=plan.currency,
        time_zone=plan.time_zone,
        dates=(plan.effective.from_, plan.effective.to),
        rounding=plan.rounding,
        bounds=slots.bounds,
        adjusts=plan.after_close == "adjust_open_period",
        counted=counted,
        components=components,
        boards=boards,
        slots={slot.name: slot for slot in uses},
        uses=uses,
        calendars=tuple(said.values()),
    )


def _board(slots: Slots, name: str, board: model.Board) -> Board:
    slot = slots.slot(slots.place(board, board.measure), slots.plan.period_of(board))
    made = Board(
        name=name,
        slot=slot,
        ties=board.ties,
        show=board.show,
        rewarded=slots.plan.rewarded_ranks(name),
        each=board.each,
    )
    need = slots.needs[slot]
    need.boards.append(made)
    need.timed = need.timed or board.ties in BY_TIME
    return made


def _component(slots: Slots, state: str, name: str, part: model.Component) -> Component:
    kind = slots.plan.period_of(part)
    slot = None
    if part.measure is not None:
        slot = slots.slot(slots.place(part, part.measure), kind)
    target = _target(slots, part, slot, part.target) if slot is not None else None
    parts = tuple(_held(slots, part, named) for named in part.pays.held)
    measured = _measured(Held(slot, target)) if slot is not None else Measured(COUNT, False)
    made = Component(
        name=name,
        state=f"{state}|{name}",
        calendar=slots.calendar(kind),
        slot=slot,
        board=part.board,
        target=target,
        pays=_pays(slots, part, measured, parts),
        to=_receiver(part.to),
        kinds=part.pays.reward_kinds,
        parts=parts,
        modifiers=compile_modifiers(part, slots.plan.currency, measured, _gate(slots, part)),
    )
    _note(slots, made)
    return made


def _pays(slots: Slots, part: model.Component, measured: Measured, parts: tuple[Held, ...]) -> Pays:
    currency = slots.plan.currency
    pays = compile_pays(part.pays, currency, measured, tuple(map(_measured, parts)))
    if part.floor is None:
        return pays
    if not isinstance(pays, EachTransaction):
        raise ValueError("floor: is the least for each deal, and deals are not paid by themselves")  # noqa: TRY004  # the plan is wrong, not a type
    return replace(pays, least_minor=minor_units(part.floor.money, currency))


def _held(slots: Slots, part: model.Component, named: plan_held.Held) -> Held:
    """Return a measure that the component's form names, with its target."""
    slot = slots.slot(slots.place(part, named.measure), slots.plan.period_of(part))
    return Held(slot, _target(slots, part, slot, named.target))


def _gate(slots: Slots, part: model.Component) -> tuple[Held, Measured] | None:
    """Return the measure of the component's gate, and what its point is in."""
    if part.gate is None:
        return None
    held = _held(slots, part, part.gate.held)
    return held, _measured(held)


def _measured(held: Held) -> Measured:
    target = held.target
    fixed = target.value if isinstance(target, FixedTarget) else None
    return Measured(held.slot.unit, target is not None, fixed)


def _note(slots: Slots, component: Component) -> None:
    """Note what the component depends on."""
    for slot in dict.fromkeys(held.slot for held in component.looked_at):
        slots.needs[slot].components.append(component)
    if component.slot is not None and isinstance(component.pays, EachTransaction):
        pays = component.pays
        rule = DealRule(component.state, pays.formula, pays.least_minor)
        slots.needs[component.slot].deals.append(rule)
    for before in dict.fromkeys(slot for held in component.looked_at for slot in _before(held)):
        slots.needs[before].following.append(component)


def _before(held: Held) -> tuple[Slot, ...]:
    """Return the tallies of the period before that a target asks for."""
    target = held.target
    return (target.inside, target.outside) if isinstance(target, PreviousTarget) else ()


def _target(
    slots: Slots, part: model.Component, slot: Slot, target: model.Target | None
) -> Target | None:
    if target is None:
        return None
    if isinstance(target, model.QuotaTarget):
        return QuotaTarget(at_start=target.quota == "period_start")
    if isinstance(target, model.PreviousPeriodTarget):
        place = slots.place(part, slot.measure, statistic=True)
        outside = slots.slot(place, slot.calendar.kind)
        return PreviousTarget(target.previous_period.fraction, slot, outside)
    if isinstance(target, str):
        return WeeksTarget(slots.calendar("week"))
    return FixedTarget(plain(in_units(target, slot.unit)))


def _receiver(to: model.Recipient) -> Receiver:
    if isinstance(to, model.ToManager):
        return "manager"
    return "each_member" if isinstance(to, model.ToMembers) else "participant"
