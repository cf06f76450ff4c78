"""What is wrong with a plan: where, what, and what to write instead."""

from typing import Literal, NamedTuple

Severity = Literal["error", "warning"]

#: Keys and list positions from the top of the file to a value.
Path = tuple[str | int, ...]


class Place(NamedTuple):
    """A line and a column of the file, both from 1; columns count characters."""

    line: int
    column: int


class Issue(NamedTuple):
    """Something wrong at a path of a plan."""

    path: Path
    #: What it is or does, without the subject, which is the path's last key, and full stop.
    message: str
    #: What to write instead, as in the file; empty where no text would be right for all.
    fix: str = ""
    severity: Severity = "error"
    #: Whether it is about the key itself rather than its value.
    about_key: bool = False
    #: Where it stands, if a path can't say it.
    place: Place | None = None


class Finding(NamedTuple):
    """An issue at its place in the file."""

    line: int
    column: int
    path: Path
    #: A sentence without a full stop.
    message: str
    fix: str
    severity: Severity


def sentence(issue: Issue) -> str:
    """Return an issue's message with its subject."""
    if not issue.path:
        return f"the file {issue.message}"
    last = issue.path[-1]
    if isinstance(last, str):
        return f"`{last}` {issue.message}"
    of = next((step for step in reversed(issue.path) if isinstance(step, str)), "")
    return f"item {last + 1} of `{of}` {issue.message}"


def error(path: Path, message: str, fix: str = "") -> Issue:
    """Return an issue that refuses the plan."""
    return Issue(path, message, fix)


def warning(path: Path, message: str, fix: str = "") -> Issue:
    """Return an issue that is only worth a look."""
    return Issue(path, message, fix, "warning")
