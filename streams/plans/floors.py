"""Where tiers begin, and which ranks are rewarded."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema

from accolade.streams.plans.numbers import (
    NUMBER,
    PERCENT,
    number,
    number_text,
    percent,
    percent_text,
    plain_text,
    refusal,
    shown,
)


@dataclass(frozen=True, slots=True)
class Floor:
    """Where a tier begins: an attainment (1 is the whole target) or units of the measure."""

    #: Of the target, exact; None where the floor is in units.
    attainment: Fraction | None = None
    #: Major units of money, or a count; None where the floor is an attainment.
    units: Decimal | None = None

    def __str__(self) -> str:
        """Return it as a plan writes it: `115%` or `75000`."""
        if self.attainment is not None:
            return percent_text(self.attainment)
        return number_text(self.units or Decimal(0))

    @property
    def value(self) -> Fraction:
        """The number itself, whatever its unit, to compare floors of one kind."""
        return self.attainment if self.attainment is not None else Fraction(self.units or 0)


def _floor(value: Any) -> Floor:
    if isinstance(value, Floor):
        return value
    if isinstance(value, str) and value.endswith("%"):
        return Floor(attainment=percent(value))
    return Floor(units=number(value))


TierFloor = Annotated[
    Floor,
    PlainValidator(_floor),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "type": ["number", "string"],
            "minimum": 0,
            "pattern": f"^({NUMBER.pattern}|{PERCENT.pattern})$",
        }
    ),
]


# --- ranks ---


@dataclass(frozen=True, slots=True)
class RankRange:
    """Ranks from `first` to `last`, both included."""

    first: int
    last: int

    def __str__(self) -> str:
        """Return it as a plan writes it: `1` or `1-3`."""
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"


_RANKS = re.compile(r"([1-9][0-9]{0,5})(?: ?- ?([1-9][0-9]{0,5}))?")


def _ranks(value: Any) -> RankRange:
    if isinstance(value, RankRange):
        return value
    text = value if isinstance(value, str) else plain_text(value)
    found = _RANKS.fullmatch(text or "")
    if found is None:
        raise refusal(f"is not a rank or a range of ranks: {shown(value)}", "1-3")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise refusal(f"runs backwards: {shown(value)}", f"{last}-{first}")
    return RankRange(first, last)


Ranks = Annotated[
    RankRange,
    PlainValidator(_ranks),
    PlainSerializer(str),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 1, "pattern": f"^{_RANKS.pattern}$"}),
]
