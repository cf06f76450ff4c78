"""Names of measures and boards: each that is used is there, and each that is there is used."""

from collections.abc import Collection, Iterator, Mapping

from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.model import PlanFile, WeeksMeasure
from accolade.streams.plans.suggest import nearest

#: Names by `measures` and `boards`.
Names = Mapping[str, Collection[str]]


def unknown_names(plan: PlanFile, in_file: Names) -> Iterator[Issue]:
    """
    Find measures and boards that something names and nothing defines.

    Args:
        plan: The plan.
        in_file: What is in the file, where the plan is not all of it.
    """
    measures = in_file.get("measures", plan.measures)
    boards = in_file.get("boards", plan.boards)
    for name, measure in plan.measures.items():
        if isinstance(measure, WeeksMeasure):
            yield from _known(measure.weeks_of, measures, ("measures", name, "weeks_of"))
    for name, board in plan.boards.items():
        yield from _known(board.measure, measures, ("boards", name, "measure"))
    for name, component in plan.components.items():
        path = ("components", name)
        if component.board is not None:
            yield from _known(component.board, boards, (*path, "board"))
        for held in component.looked_at:
            yield from _known(held.measure, measures, (*path, *held.path, "measure"))


def _known(name: str, names: Collection[str], path: Path) -> Iterator[Issue]:
    if name not in names:
        there = ", ".join(sorted(set(names))) or "none"
        says = f"names what the plan doesn't have: `{name}`; there are: {there}"
        yield error(path, says, nearest(name, names))


def without_unknown(plan: PlanFile) -> PlanFile:
    """Return the plan without what names an unknown measure or board, to look at the rest."""
    gone = {issue.path[:2] for issue in unknown_names(plan, {})}
    if not gone:
        return plan
    rest = plan.model_copy(
        update={
            kind: {
                name: part for name, part in getattr(plan, kind).items() if (kind, name) not in gone
            }
            for kind in ("measures", "boards", "components")
        }
    )
    return without_unknown(rest)


def unused_names(plan: PlanFile) -> Iterator[Issue]:
    """Find measures and boards that nothing uses."""
    bases = {m.weeks_of for m in plan.measures.values() if isinstance(m, WeeksMeasure)}
    ranked = {board.measure for board in plan.boards.values()}
    paid = {held.measure for component in plan.components.values() for held in component.looked_at}
    for name in plan.measures:
        if name not in bases | ranked | paid:
            yield warning(("measures", name), "is a measure that nothing uses")
