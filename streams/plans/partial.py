"""
What can be said of a plan in spite of errors in its structure.

Someone who writes a plan wants to know of all mistakes at once. So what is wrong in
structure is left out, or stood in for where that can't change what is said of the rest.
"""

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from accolade.streams.plans.findings import Issue, Path
from accolade.streams.plans.json_schema import known_keys, schema_at
from accolade.streams.plans.lint import lint
from accolade.streams.plans.model import PlanFile
from accolade.streams.plans.translate import issue_of

_MAPS = ("measures", "boards", "components")
#: Keys whose value decides about no finding but its own: their example stands in for them.
_NEUTRAL = (
    *("times", "above", "otherwise"),
    *("rate", "on", "on_refund", "unfilled", "beyond", "credit", "first_in", "before_start"),
    *("ties", "show", "money", "points", "gift_card", "experience", "training", "value"),
)
#: Stand-ins for keys of the head whose example isn't neutral.
_STAND_INS = {"currency": "CLF", "period": "quarter"}
#: Stands in where no component is left.
_NO_COMPONENT = "none_left"


def validated(said: Any) -> tuple[PlanFile | None, list[Issue]]:
    """Return the plan that values say, or what is wrong with their structure."""
    try:
        return PlanFile.model_validate(said), []
    except ValidationError as error:
        problems = error.errors(include_url=False)
        return None, [issue_of(one) for one in problems if not _is_echo(one, problems)]


def _is_echo(problem: ErrorDetails, problems: list[ErrorDetails]) -> bool:
    """Tell whether a list is only empty for want of the items that were refused."""
    loc = problem["loc"]
    return problem["type"] == "too_short" and any(
        other["loc"][: len(loc)] == loc and other["loc"] != loc for other in problems
    )


def errors_in_the_rest(said: Any, structural: list[Issue]) -> list[Issue]:
    """
    Return the errors that lint finds in what is right of a plan's structure.

    Args:
        said: The file's values.
        structural: What is wrong with their structure.
    """
    paths = {issue.path for issue in structural}
    unknown = {path for path in paths if _is_unknown(path)}
    rest = without(said, unknown)
    replaced, broken = set[Path](), set[Path]()
    for path in sorted(paths - unknown, key=len):
        if path[:1] not in _MAP_PATHS and _is_of_head(path):
            replaced.add(path[:1])
            rest = {**rest, str(path[0]): _for_head(str(path[0]))}
        elif examples := _neutral_examples(path):
            replaced.add(path)
            rest = _with(rest, path, examples[0])
        else:
            broken.add(path[:2])
    plan = _plan_of(rest, broken)
    if plan is None:
        return []
    there = {name: said[name] for name in _MAPS if isinstance(said.get(name), dict)}
    return [
        issue
        for issue in lint(plan, there)
        if issue.severity == "error"
        and issue.path[:2] != ("components", _NO_COMPONENT)
        and not any(issue.path[: len(path)] == path for path in replaced)
    ]


_MAP_PATHS = [(name,) for name in _MAPS]


def _is_unknown(path: Path) -> bool:
    known = known_keys(schema_at(path[:-1]))
    return bool(path) and bool(known) and path[-1] not in known


def _is_of_head(path: Path) -> bool:
    return bool(path) and path[0] in PlanFile.model_fields


def _neutral_examples(path: Path) -> list[Any]:
    # Shorter paths are names, which may be any of these words.
    neutral = len(path) > 2 and path[-1] in _NEUTRAL
    return list(schema_at(path).get("examples", [])) if neutral else []


def _for_head(key: str) -> Any:
    return _STAND_INS.get(key) or schema_at((key,))["examples"][0]


def _plan_of(said: Any, broken: set[Path]) -> PlanFile | None:
    """Return the plan without what is broken and what uses that."""
    gone = {str(path[1]) for path in broken if len(path) > 1}
    rest = _without_users(without(said, broken), gone)
    if not rest.get("components"):
        measure = next(iter(rest.get("measures", {})), "")
        paid = {"measure": measure, "pays": {"per_unit": {"money": 1}}}
        rest = {**rest, "components": {_NO_COMPONENT: paid}}
    return validated(rest)[0]


def without(value: Any, refused: Collection[Path], path: Path = ()) -> Any:
    """Return a value without what stands at the refused paths of mappings."""
    if isinstance(value, dict):
        return {
            key: without(inside, refused, (*path, key))
            for key, inside in value.items()
            if (*path, key) not in refused
        }
    if isinstance(value, list):
        return [without(inside, refused, (*path, at)) for at, inside in enumerate(value)]
    return value


def _with(value: Any, path: Path, stand_in: Any) -> Any:
    """Return a value with another at a path, whose mapping or list is there."""
    if not path:
        return stand_in
    key, *more = path
    if isinstance(value, list) and isinstance(key, int):
        changed = _with(value[key], tuple(more), stand_in)
        return [changed if at == key else inside for at, inside in enumerate(value)]
    if isinstance(value, dict):
        return {**value, key: _with(value.get(key), tuple(more), stand_in)}
    return value


def _without_users(said: Any, gone: set[str]) -> Any:
    """Return the plan without what uses a measure or board that is gone, and so on."""
    users = {
        (name, key)
        for name in _MAPS
        for key, inside in said.get(name, {}).items()
        for use in ("measure", "board", "weeks_of")
        if isinstance(inside, dict) and inside.get(use) in gone
    }
    if not users:
        return said
    return _without_users(without(said, users), gone | {key for _, key in users})
