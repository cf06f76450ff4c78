"""
What can be said of a plan in spite of errors in its structure.

Someone who writes a plan wants to know of all mistakes at once. So what is wrong in
structure is stood in for where that can't change what is said of the rest, and is left
out where it can.
"""

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from accolade.streams.plans.findings import Issue, Path
from accolade.streams.plans.lint import lint
from accolade.streams.plans.mending import Mended, mended
from accolade.streams.plans.model import PlanFile
from accolade.streams.plans.translate import issue_of

_MAPS = ("measures", "boards", "components")
#: What names a measure or a board.
_USES = {"measures": ("measure", "weeks_of"), "boards": ("board",)}
#: What mends one mistake may uncover another, a few levels deep at most.
_ROUNDS = 8


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


def findings_in_the_rest(said: Any, wrong: list[Issue]) -> list[Issue]:
    """
    Return what lint finds in what is right of a plan's structure.

    Args:
        said: The file's values.
        wrong: What is wrong with their structure.
    """
    so_far = Mended(said, frozenset())
    plan = None
    for _ in range(_ROUNDS):
        so_far = mended(so_far, [issue.path for issue in wrong])
        plan, wrong = validated(so_far.value)
        if plan is not None:
            return [issue for issue in lint(plan, _names(said)) if _can_be_told(issue, so_far)]
    return []


def _can_be_told(issue: Issue, of: Mended) -> bool:
    is_warning = issue.severity == "warning"
    return not of.hides(issue.path) and not (is_warning and of.colours(issue.path))


def _names(said: Any) -> dict[str, set[str]]:
    """Return the names of measures and boards in the file, also of broken ones."""
    return {name: _defined(said, name) for name in _USES}


def _defined(said: Any, name: str) -> set[str]:
    defined = said.get(name, {})
    if isinstance(defined, dict):
        return set(defined)
    # They can't be told: then each that is used will be meant.
    parts = [p for kind in _MAPS if isinstance(said.get(kind), dict) for p in said[kind].values()]
    return {str(part.get(use)) for part in parts if isinstance(part, dict) for use in _USES[name]}


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
