"""Modifiers by chance; a plan in which they have no place is drawn again."""

from random import Random
from typing import Any

_Part = dict[str, Any]

_GATES: tuple[_Part, ...] = (
    {"measure": "calls", "from": 3, "otherwise": "0%"},
    {"measure": "wins", "from": "50%", "target": 2, "otherwise": "33.3%"},
    {"measure": "sales", "from": "100%", "target": {"quota": "period_end"}, "otherwise": "50%"},
    {"measure": "held", "from": "150%", "target": {"previous_period": "80%"}, "otherwise": "0%"},
)
_FAST: tuple[_Part, ...] = (
    {"from": "100%", "times": "150%"},
    {"from": "33.3%", "times": "112.5%"},
    {"from": 250, "times": "200%"},
    {"from": 2, "times": "300%"},
)
_SLOW: tuple[_Part, ...] = (
    {"below": "80%", "times": "50%"},
    {"below": "120.5%", "times": "0%"},
    {"below": 1000, "times": "33.3%"},
    {"below": 2, "times": "75%"},
)


def modifiers(chance: Random) -> _Part:
    """Return none, one or several modifiers."""
    part: _Part = {}
    if chance.random() < 0.15:
        part["gate"] = chance.choice(_GATES)
    if chance.random() < 0.12:
        part["accelerator"] = {**chance.choice(_FAST), "on": chance.choice(["above", "all"])}
    if chance.random() < 0.12:
        part["decelerator"] = {**chance.choice(_SLOW), "on": chance.choice(["below", "all"])}
    if chance.random() < 0.12:
        part["cap"] = {"money": chance.choice([50, "333.33"]), "above": "lost"}
    return part
