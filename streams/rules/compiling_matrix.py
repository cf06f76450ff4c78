"""A matrix, from the plan file's words to its compiled form."""

from decimal import Decimal

from accolade.streams.plans.matrix import Axis, Matrix
from accolade.streams.rules import compiled_pays
from accolade.streams.rules.compiling_units import (
    Measured,
    check_rising,
    compiled_floor,
    minor_units,
)


def compile_matrix(
    matrix: Matrix, currency: str, rows: Measured, columns: Measured
) -> compiled_pays.Matrix:
    """
    Return the compiled matrix.

    Args:
        matrix: As the plan file has it.
        currency: The plan's, which the base is in.
        rows: What the floors of its rows are measured in.
        columns: What those of its columns are.

    Raises:
        ValueError: A multiplier for each row and column is not there, floors don't rise,
            or are parts of a target where there is none.
    """
    base = matrix.base
    if len(matrix.times) != len(matrix.rows.from_) or any(
        len(row) != len(matrix.columns.from_) for row in matrix.times
    ):
        raise ValueError("pays: the matrix needs a multiplier for each row and column")
    return compiled_pays.Matrix(
        base=base.rate.fraction if base.rate else minor_units(base.money or Decimal(0), currency),
        rows=_floors(matrix.rows, rows),
        columns=_floors(matrix.columns, columns),
        times=tuple(tuple(each.fraction for each in row) for row in matrix.times),
    )


def _floors(axis: Axis, measured: Measured) -> tuple[compiled_pays.Floor, ...]:
    check_rising(axis.from_)
    return tuple(compiled_floor(floor, measured) for floor in axis.from_)
