"""Matrices: a multiplier for each row and column, and none that falls."""

from collections.abc import Iterator
from itertools import pairwise

from accolade.streams.plans.findings import Issue, Path, error, warning
from accolade.streams.plans.matrix import Matrix
from accolade.streams.plans.model import PlanFile


def check_matrices(plan: PlanFile) -> Iterator[Issue]:
    """Find multipliers that are missing or too many, and those that fall."""
    for name, component in plan.components.items():
        matrix = component.pays.matrix
        if matrix is not None:
            path = ("components", name, "pays", "matrix", "times")
            yield from _check_shape(matrix, path)
            yield from _check_falls(matrix, path)


def _check_shape(matrix: Matrix, path: Path) -> Iterator[Issue]:
    rows, columns = len(matrix.rows.from_), len(matrix.columns.from_)
    if len(matrix.times) != rows:
        says = f"has {len(matrix.times)} lists of multipliers for {rows} rows"
        yield error(path, f"{says}: one for each `from` of the rows")
    for index, row in enumerate(matrix.times):
        if len(row) != columns:
            says = f"has {len(row)} multipliers for {columns} columns"
            yield error((*path, index), f"{says}: one for each `from` of the columns")


def _check_falls(matrix: Matrix, path: Path) -> Iterator[Issue]:
    says = "is less than the one before it: one more sale pays less"
    for at, row in enumerate(matrix.times):
        for column, (left, right) in enumerate(pairwise(row), start=1):
            if right.fraction < left.fraction:
                yield warning((*path, at, column), says)
    for at, (upper, lower) in enumerate(pairwise(matrix.times), start=1):
        for column, (before, after) in enumerate(zip(upper, lower, strict=False)):
            if after.fraction < before.fraction:
                yield warning((*path, at, column), says)
