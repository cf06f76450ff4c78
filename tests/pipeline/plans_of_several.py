"""Components by chance that look at several measures: matrices and scorecards."""

from collections.abc import Sequence
from random import Random
from typing import Any

_Part = dict[str, Any]

_PERCENTS = ("0%", "33.3%", "50%", "100%", "150%")
_AMOUNT_TARGETS: tuple[Any, ...] = (
    *(500, "2500.50"),
    *({"quota": "period_start"}, {"previous_period": "80%"}),
)
_COUNT_TARGETS: tuple[Any, ...] = (2, 5, {"previous_period": "150%"})


def of_several(chance: Random, amounts: Sequence[str], counts: Sequence[str]) -> _Part:
    """Return a component that pays by several measures, each an amount or a count."""
    if chance.random() < 0.5:
        return {"pays": {"scorecard": _scorecard(chance, amounts, counts)}}
    matrix: _Part = {
        "base": {"money": "1000.50"},
        "rows": _axis(chance, amounts, counts),
        "columns": _axis(chance, amounts, counts),
    }
    matrix["times"] = [
        [chance.choice(_PERCENTS) for _ in matrix["columns"]["from"]]
        for _ in matrix["rows"]["from"]
    ]
    if chance.random() < 0.5:
        return {"pays": {"matrix": matrix}}
    matrix["base"] = {"rate": "7.5%"}
    return {"measure": chance.choice(amounts), "pays": {"matrix": matrix}}


def _axis(chance: Random, amounts: Sequence[str], counts: Sequence[str]) -> _Part:
    is_amount = chance.random() < 0.5
    axis: _Part = {"measure": chance.choice(amounts if is_amount else counts)}
    if chance.random() < 0.6:
        target = chance.choice(_AMOUNT_TARGETS if is_amount else _COUNT_TARGETS)
        return {**axis, "target": target, "from": chance.choice([["0%", "100%"], ["80%"]])}
    return {**axis, "from": [0, 250, "999.99"] if is_amount else [1, 3]}


def _scorecard(chance: Random, amounts: Sequence[str], counts: Sequence[str]) -> _Part:
    weights = chance.choice([["100%"], ["25%", "75%"], ["33.3%", "33.3%", "33.4%"]])
    capped = chance.choice(["never", "before_weighting", "after_weighting"])
    return {
        "bonus": "1000.01",
        "capped": capped,
        **({} if capped == "never" else {"at": chance.choice(["100%", "150%"])}),
        "parts": [{**_part(chance, amounts, counts), "weight": weight} for weight in weights],
    }


def _part(chance: Random, amounts: Sequence[str], counts: Sequence[str]) -> _Part:
    is_amount = chance.random() < 0.5
    rising = sorted(chance.sample(range(0, 160, 10), 2))
    points = [{"from": f"{at}%", "pay": chance.choice(_PERCENTS)} for at in rising]
    curve = {"points": points, "beyond": chance.choice(["flat", "extend"])}
    return {
        "measure": chance.choice(amounts if is_amount else counts),
        "target": chance.choice(_AMOUNT_TARGETS if is_amount else _COUNT_TARGETS),
        "pay": chance.choice(["attainment", {"curve": curve}, {"steps": points}]),
    }
