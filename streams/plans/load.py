"""Reads a plan file: the plan, or everything that is wrong with its structure at once."""

from collections.abc import Collection
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from accolade.streams.plans.document import Document, read_document
from accolade.streams.plans.findings import Finding, Issue, Path, sentence
from accolade.streams.plans.json_schema import schema_at
from accolade.streams.plans.lint import lint
from accolade.streams.plans.model import PlanFile
from accolade.streams.plans.reserved import reserved_issues
from accolade.streams.plans.translate import empty_issue, issue_of

#: What can be left out of a plan, entry by entry, to look at the rest.
_MAPS = ("measures", "boards", "components")
_MAP_PATHS = [(name,) for name in _MAPS]
#: Values to look at the rest with, chosen so that they cause no finding of their own;
#: for other keys the example will do.
_STAND_INS = {"currency": "CLF", "period": "quarter"}
#: Stands in where no component is left.
_NO_COMPONENT = "none_left"


class Checked(NamedTuple):
    """What came of a file."""

    #: None where there are errors.
    plan: PlanFile | None
    #: By line and column.
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> int:
        """How many findings refuse the plan."""
        return sum(finding.severity == "error" for finding in self.findings)


def check(text: str | bytes) -> Checked:
    """Return the plan of a YAML text (bytes: UTF-8), and all that is wrong or worth a look."""
    document = read_document(text)
    plan, issues = _understand(document)
    found = sorted({_finding(issue, document) for issue in issues}, key=_by_place)
    refused = any(finding.severity == "error" for finding in found)
    return Checked(None if refused else plan, tuple(found))


def _by_place(finding: Finding) -> tuple[int, int, str]:
    return finding.line, finding.column, finding.message


def _finding(issue: Issue, document: Document) -> Finding:
    line, column = document.place(issue)
    return Finding(line, column, issue.path, sentence(issue), issue.fix, issue.severity)


def _understand(document: Document) -> tuple[PlanFile | None, list[Issue]]:
    said = document.value
    if said is None:
        return None, document.issues
    empty = [empty_issue(path) for path in document.empty]
    known = [*document.issues, *empty, *reserved_issues(said)]
    rest = _without(said, {issue.path for issue in known})
    plan, structural = _validated(rest)
    issues = [*known, *(issue for issue in structural if not _follows(issue, known))]
    if plan is not None:
        return plan, issues + lint(plan)
    return None, issues + _look_at_the_rest(rest, structural)


def _validated(said: Any) -> tuple[PlanFile | None, list[Issue]]:
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


def _follows(issue: Issue, known: list[Issue]) -> bool:
    """Tell whether an issue only says that what was refused before isn't there."""
    return any(issue.path in (refused.path, refused.path[:-1]) for refused in known if refused.path)


def _without(value: Any, refused: Collection[Path], path: Path = ()) -> Any:
    """Return the value without what stands at the refused paths."""
    if isinstance(value, dict):
        return {
            key: _without(inside, refused, (*path, key))
            for key, inside in value.items()
            if (*path, key) not in refused
        }
    if isinstance(value, list):
        return [_without(inside, refused, (*path, at)) for at, inside in enumerate(value)]
    return value


# --- what can be said in spite of errors in the structure ---


def _look_at_the_rest(said: Any, structural: list[Issue]) -> list[Issue]:
    """Return the errors of those parts of a plan whose structure is right."""
    broken: set[Path] = {
        issue.path[:2] if issue.path[:1] in _MAP_PATHS else issue.path[:1] for issue in structural
    }
    gone = {str(path[1]) for path in broken if len(path) > 1}
    rest = _without_users(_without(said, broken), gone)
    for path in broken:
        key = str(path[0])
        if key in PlanFile.model_fields and key not in _MAPS:
            rest[key] = _STAND_INS.get(key) or schema_at((key,))["examples"][0]
    if not rest.get("components"):
        broken.add(("components", _NO_COMPONENT))
        measure = next(iter(rest.get("measures", {})), "")
        rest["components"] = {
            _NO_COMPONENT: {"measure": measure, "pays": {"per_unit": {"money": 1}}}
        }
    plan, _ = _validated(rest)
    if plan is None:
        return []
    there = {name: said[name] for name in _MAPS if isinstance(said.get(name), dict)}
    issues = [issue for issue in lint(plan, there) if issue.severity == "error"]
    return [issue for issue in issues if not broken & {issue.path[:1], issue.path[:2]}]


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
    return _without_users(_without(said, users), gone | {key for _, key in users})
