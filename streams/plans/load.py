"""Reads a plan file: the plan, or everything that is wrong with its structure at once."""

from typing import NamedTuple

from accolade.streams.plans.document import Document, read_document
from accolade.streams.plans.findings import Finding, Issue, sentence
from accolade.streams.plans.lint import lint
from accolade.streams.plans.model import PlanFile
from accolade.streams.plans.partial import findings_in_the_rest, validated, without
from accolade.streams.plans.reserved import reserved_issues
from accolade.streams.plans.translate import empty_issue


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
    # Of a key that is there twice, which is known by its place, the first value stands.
    rest = without(said, {issue.path for issue in known if issue.place is None})
    plan, structural = validated(rest)
    issues = [*known, *(issue for issue in structural if not _follows(issue, known))]
    if plan is not None and not empty:
        return plan, issues + lint(plan)
    return None, issues + findings_in_the_rest(rest, [*structural, *empty])


def _follows(issue: Issue, known: list[Issue]) -> bool:
    """Tell whether an issue only says that what was refused before isn't there."""
    return any(issue.path in (refused.path, refused.path[:-1]) for refused in known if refused.path)
