"""
Avro decimals to and from `Decimal`: exact, and bounded by their precision.

Where a record's decimals stand is found once, from its schema; fastavro sees
their bytes.
"""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact
from typing import Any

#: Wide enough for every decimal of the schemas; what doesn't fit is an error, never rounded.
_EXACT = Context(prec=64, traps=[Inexact])


class DecimalType:
    """An Avro decimal: at most `precision` digits, `scale` of them behind the point."""

    def __init__(self, precision: int, scale: int) -> None:
        """Take the number of digits, and how many of them stand behind the point."""
        self.precision = precision
        self.scale = scale
        self._unscaled_limit = 10**precision
        self._limit = Decimal(10) ** (precision - scale)

    def to_bytes(self, value: Decimal) -> bytes:
        """
        Return the unscaled value as two's complement, the highest byte first.

        Raises:
            ValueError: Not a finite number, or more digits than the type holds.
        """
        # Looked at before anything is computed with it: 1E+999999 has a million digits.
        if not value.is_finite():
            raise ValueError(f"{value} is not a number")
        if value.copy_abs() >= self._limit:
            raise ValueError(f"{value} is larger than {self.precision - self.scale} digits")
        try:
            scaled = value.scaleb(self.scale, _EXACT)
        except Inexact:
            raise ValueError(f"{value} has more than {self.scale} decimals") from None
        unscaled = int(scaled)
        if unscaled != scaled:
            raise ValueError(f"{value} has more than {self.scale} decimals")
        return unscaled.to_bytes(unscaled.bit_length() // 8 + 1, "big", signed=True)

    def from_bytes(self, data: bytes) -> Decimal:
        """
        Return the value of what `to_bytes` returned.

        Raises:
            ValueError: No digit, or more digits than the type holds.
        """
        if not 0 < len(data) <= self.precision:
            raise ValueError(f"a decimal can't have {len(data)} bytes")
        unscaled = int.from_bytes(data, "big", signed=True)
        if abs(unscaled) >= self._unscaled_limit:
            raise ValueError(f"a decimal has more than {self.precision} digits")
        return Decimal(unscaled).scaleb(-self.scale, _EXACT)


#: Replaces the decimals of a record, which is a dict here, in place.
Conversion = Callable[[dict[str, Any]], None]


def decimals_to_bytes(schema: Mapping[str, Any]) -> Conversion:
    """Return what turns the decimals of a record of this schema into bytes."""
    return _conversion(schema, lambda kind: kind.to_bytes)


def bytes_to_decimals(schema: Mapping[str, Any]) -> Conversion:
    """Return what turns the bytes of a record of this schema into decimals."""
    return _conversion(schema, lambda kind: kind.from_bytes)


def _conversion(
    schema: Mapping[str, Any], way: Callable[[DecimalType], Callable[[Any], Any]]
) -> Conversion:
    fields: list[tuple[str, Callable[[Any], Any]]] = []
    lists: list[tuple[str, Conversion]] = []
    for field in schema["fields"]:
        kind = field["type"]
        if not isinstance(kind, Mapping):
            continue
        if kind.get("logicalType") == "decimal":
            fields.append((field["name"], way(DecimalType(kind["precision"], kind["scale"]))))
        elif kind["type"] == "array" and isinstance(kind["items"], Mapping):
            lists.append((field["name"], _conversion(kind["items"], way)))

    def convert(record: dict[str, Any]) -> None:
        for name, convert_one in fields:
            record[name] = convert_one(record[name])
        for name, convert_item in lists:
            for item in record[name]:
                convert_item(item)

    # Most schemas have none: their records are not walked at all.
    return convert if fields or lists else _unchanged


def _unchanged(record: dict[str, Any]) -> None:
    """A record without decimals."""
