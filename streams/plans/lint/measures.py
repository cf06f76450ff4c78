"""Measures: what they count exists, and its filters can be met."""

from collections.abc import Iterator

from accolade.streams.plans.base import one_of
from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.measures import WHERE_FIELDS
from accolade.streams.plans.model import (
    Component,
    CountMeasure,
    DistinctMeasure,
    Measure,
    PlanFile,
    SumMeasure,
    WeeksMeasure,
)
from accolade.streams.plans.suggest import nearest

_MEETINGS = ("scheduled", "held", "no_show", "cancelled")
#: What the status of each transaction can be; those not named have none.
_STATUSES = {
    "deal": ("open", "won", "lost"),
    "demo": _MEETINGS,
    "meeting": _MEETINGS,
    "learning": ("started", "completed", "failed"),
}
#: As `_STATUSES`, of the kind.
_KINDS = {"deal": ("new", "renewal", "upsell", "cross_sell"), "activity": ("call", "email")}
#: Fields that some transactions alone have.
_ONLY_OF = {
    "segment": ("deal",),
    "product": ("deal",),
    "role": ("deal",),
    "account": ("deal", "demo", "meeting"),
}
#: The status that is counted in nearly every plan.
_USUAL = {"deal": "won", "demo": "held", "meeting": "held", "learning": "completed"}

_Counted = SumMeasure | CountMeasure | DistinctMeasure


def check_measures(plan: PlanFile) -> Iterator[Issue]:
    """Find measures of what isn't there, and filters that nothing passes."""
    for name, measure in plan.measures.items():
        path = ("measures", name)
        if isinstance(measure, WeeksMeasure):
            yield from _check_weeks(plan.measures[measure.weeks_of], measure, path)
        else:
            yield from _check_source(measure, path)
            yield from _check_where(measure, path)
    for name, component in plan.components.items():
        yield from _check_role_of_units(plan, component, ("components", name))


def _check_weeks(base: Measure, measure: WeeksMeasure, path: Path) -> Iterator[Issue]:
    counts = isinstance(base, CountMeasure) or (
        isinstance(base, SumMeasure) and base.sum == "quantity"
    )
    if not counts:
        says = (
            "must be a count of transactions or a sum of quantities, "
            f"and `{measure.weeks_of}` is neither"
        )
        yield error((*path, "weeks_of"), says)


def _check_source(measure: _Counted, path: Path) -> Iterator[Issue]:
    if isinstance(measure, SumMeasure):
        source = "deal" if measure.sum == "amount" else "activity"
        if measure.of != source:
            says = f"adds up `{measure.sum}`, which only `of: {source}` has"
            fix = "count: transactions" if measure.sum == "quantity" else f"of: {source}"
            yield error((*path, "sum"), says, fix)
    if isinstance(measure, CountMeasure) and measure.of == "activity":
        says = "counts records, however many calls or emails each is for"
        yield warning((*path, "count"), says, "sum: quantity")
    if isinstance(measure, DistinctMeasure) and measure.of not in _ONLY_OF["account"]:
        yield error((*path, "of"), f"is `{measure.of}`, which has no account", "of: deal")


def _check_where(measure: _Counted, path: Path) -> Iterator[Issue]:
    of, where = measure.of, (*path, "where")
    if of in _USUAL and "status" not in measure.where:
        says = f"names no status, so each {of} counts: {', '.join(_STATUSES[of])}"
        yield warning(path, says, f"where: {{status: {_USUAL[of]}}}")
    for key, values in measure.where.items():
        at = (*where, key)
        if key not in WHERE_FIELDS:
            yield from _check_dimension(key, at)
        elif key in _ONLY_OF and of not in _ONLY_OF[key]:
            yield error(at, f"is not known of `{of}`, so nothing would count")
        elif key in ("status", "kind"):
            allowed = (_STATUSES if key == "status" else _KINDS).get(of, ())
            yield from _check_values(key, of, values, allowed, at)


def _check_values(
    key: str, of: str, values: tuple[str, ...], allowed: tuple[str, ...], path: Path
) -> Iterator[Issue]:
    if not allowed:
        yield error(path, f"is not known of `{of}`, so nothing would count")
        return
    for value in values:
        if value not in allowed:
            says = f"of `{of}` is {one_of(allowed)}, never `{value}`"
            yield error(path, says, nearest(value, allowed))


def _check_dimension(key: str, path: Path) -> Iterator[Issue]:
    near = nearest(key, WHERE_FIELDS)
    if near:
        yield warning(path, f"is taken for a dimension called `{key}`; `{near}` is a field", near)


def _check_role_of_units(plan: PlanFile, component: Component, path: Path) -> Iterator[Issue]:
    if plan.population_of(component).units is None:
        return
    used: list[tuple[Path, str]] = [
        ((*path, *held.path, "measure"), held.measure) for held in component.looked_at
    ]
    if component.board is not None:
        used.append(((*path, "board"), plan.boards[component.board].measure))
    for at, name in used:
        measure = plan.measures[name]
        if isinstance(measure, WeeksMeasure):
            measure = plan.measures[measure.weeks_of]
        if not isinstance(measure, WeeksMeasure) and "role" in measure.where:
            says = "is filtered by role, and a unit has no role in a deal: nothing would count"
            yield error(at, says)
