"""The floors of a component: each row of them, wherever its form keeps it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from accolade.streams.plans.findings import Path
from accolade.streams.plans.held import Held
from accolade.streams.plans.model import Component, Floor, Pays
from accolade.streams.plans.scorecard import CurvedPay, ScorecardPart


class Floors(NamedTuple):
    """Floors that follow each other: what begins at each of them reaches up to the next."""

    #: Path of each.
    paths: tuple[Path, ...]
    floors: tuple[Floor, ...]
    #: The measure that reaches them, and its target.
    held: Held
    #: Whether all from 0 on has to lie above one of them.
    from_zero: bool = False


class _HasFrom(Protocol):
    @property
    def from_(self) -> Floor: ...


def floors_of(name: str, component: Component) -> Iterator[Floors]:
    """Return each row of floors that a component has, wherever its form keeps it."""
    path, pays = ("components", name, "pays", component.form), component.pays
    if component.measure is not None:
        own = component.held[0]
        yield from _of_own_measure(path, pays, own)
    if pays.matrix is not None:
        for held, axis in zip(
            pays.matrix.held, (pays.matrix.rows, pays.matrix.columns), strict=True
        ):
            at = (*path, held.path[-1], "from")
            yield Floors(tuple((*at, i) for i in range(len(axis.from_))), axis.from_, held)
    if pays.scorecard is not None:
        for part, held in zip(pays.scorecard.parts, pays.scorecard.held, strict=True):
            yield from _of_part(part, held, ("components", name, *held.path, "pay"))


def _of_own_measure(path: Path, pays: Pays, own: Held) -> Iterator[Floors]:
    rates = pays.marginal or pays.retroactive
    if rates is not None:
        yield _floors((*path, "tiers"), rates.tiers, own, from_zero=True)
    if pays.slabs is not None:
        yield _floors(path, pays.slabs, own)
    if pays.curve is not None:
        yield _floors((*path, "points"), pays.curve.points, own)
    if pays.ladder is not None:
        yield _floors(path, pays.ladder, own)
    if pays.badges is not None:
        yield _floors((*path, "levels"), pays.badges.levels, own)


def _of_part(part: ScorecardPart, held: Held, path: Path) -> Iterator[Floors]:
    if isinstance(part.pay, str):
        return
    at: Path
    if isinstance(part.pay, CurvedPay):
        at, rows = (*path, "curve", "points"), part.pay.curve.points
    else:
        at, rows = (*path, "steps"), part.pay.steps
    paths = tuple((*at, index, "from") for index in range(len(rows)))
    yield Floors(paths, tuple(Floor(attainment=row.from_.fraction) for row in rows), held)


def _floors(
    path: Path, tiers: Sequence[_HasFrom], held: Held, *, from_zero: bool = False
) -> Floors:
    paths = tuple((*path, index, "from") for index in range(len(tiers)))
    return Floors(paths, tuple(tier.from_ for tier in tiers), held, from_zero)
