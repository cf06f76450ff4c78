"""Modifiers, from the plan file's words to their compiled forms."""

from accolade.streams.plans import model
from accolade.streams.plans.modifiers import Accelerator
from accolade.streams.rules.compiled import NO_MODIFIERS, Gate, Held, Modifiers, Pace
from accolade.streams.rules.compiling_units import Measured, compiled_floor, minor_units

_OF_TOTALS = ("flat", "marginal", "retroactive", "curve")


def compile_modifiers(
    part: model.Component, currency: str, measured: Measured, gate: tuple[Held, Measured] | None
) -> Modifiers:
    """
    Return the compiled modifiers of a component.

    Args:
        part: The component as the plan file has it.
        currency: The plan's.
        measured: What points of the component's own measure are in.
        gate: The gate's measure, and what its point is in; None without a gate.

    Raises:
        ValueError: They stand beside what has no money, or no such point; the linter says
            so first.
    """
    if not part.modifiers:
        return NO_MODIFIERS
    if part.board is not None or "money" not in part.pays.reward_kinds:
        raise ValueError(f"{part.modifiers[0]}: changes money, and the component pays none")
    return Modifiers(
        paces=tuple(_pace(part, key, measured) for key in part.paces),
        gate=_gate(part, *gate) if gate is not None else None,
        most_minor=minor_units(part.cap.money, currency) if part.cap is not None else None,
    )


def _pace(part: model.Component, key: str, measured: Measured) -> Pace:
    pace = part.paces[key]
    above = isinstance(pace, Accelerator)
    on_all = pace.on == "all"
    by_totals = part.form in _OF_TOTALS and part.pays.on != "each_transaction"
    if part.measure is None or not (on_all or by_totals):
        raise ValueError(f"{key}: has no such part in what the component pays")
    point = pace.from_ if isinstance(pace, Accelerator) else pace.below
    return Pace(compiled_floor(point, measured), pace.times.fraction, above, on_all)


def _gate(part: model.Component, held: Held, measured: Measured) -> Gate:
    assert part.gate is not None  # it has a measure
    if part.gate.otherwise.fraction and part.pays.reward_kinds != ("money",):
        raise ValueError("gate: pays a part of what can't be divided while it is shut")
    return Gate(held, compiled_floor(part.gate.from_, measured), part.gate.otherwise.fraction)
