"""What the house rules say of the tree, and no tool checks."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = sorted(ROOT.glob("streams/rules/**/*.py"))
PLANS = sorted(ROOT.glob("streams/plans/**/*.py"))
TESTS = sorted(ROOT.glob("tests/**/*.py"))
CLOCKS = {"now", "today", "utcnow"}


def name_of(path: Path) -> str:
    """Return a module's path in the project."""
    return path.relative_to(ROOT).as_posix()


def expressions(path: Path) -> Iterator[ast.expr]:
    """Yield the expressions of a module."""
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.expr):
            yield node


def is_float(node: ast.expr) -> bool:
    """Tell whether this is a binary floating point number, or its type."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    return isinstance(node, ast.Name) and node.id == "float"


def is_call(node: ast.expr, names: set[str]) -> bool:
    """Tell whether this calls something's method of one of these names."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in names
    )


@pytest.mark.parametrize("path", RULES, ids=name_of)
def test_rules_know_no_float(path: Path) -> None:
    """Money is exact: no binary floating point number stands near it."""
    assert [node.lineno for node in expressions(path) if is_float(node)] == []


@pytest.mark.parametrize("path", [*RULES, *PLANS], ids=name_of)
def test_rules_and_plans_read_no_clock(path: Path) -> None:
    """Time comes in as data."""
    assert [node.lineno for node in expressions(path) if is_call(node, CLOCKS)] == []


@pytest.mark.parametrize("path", TESTS, ids=name_of)
def test_tests_wait_for_what_happens(path: Path) -> None:
    """No test waits for time to pass; it waits for what it is about."""
    sleeps = [node.lineno for node in expressions(path) if is_call(node, {"sleep"})]

    assert sleeps == []
