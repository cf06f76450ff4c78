"""
Stands in for what is wrong in a plan's structure, so that the rest of it can be judged.

A stand-in decides about no finding but those at its own place, which are not reported.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from accolade.streams.plans.findings import Path
from accolade.streams.plans.json_schema import known_keys, schema_at
from accolade.streams.plans.model import PlanFile

#: Stands in for the name of a measure, and is the component's where none is left.
NO_NAME = "none_left"
_ANY_PAYS = {"per_unit": {"money": 1}}
#: Keys whose value decides about no finding but its own: their example stands in for them.
_NEUTRAL = frozenset(
    {
        *("rate", "on", "on_refund", "unfilled", "beyond", "credit", "first_in", "before_start"),
        *("ties", "show", "money", "points", "gift_card", "experience", "training", "value"),
    }
)
#: Stand-ins for keys of the head whose example isn't neutral.
_HEAD = {"currency": "CLF", "period": "quarter"}
#: Stand-ins for whole parts.
_PARTS = {
    "measures": {NO_NAME: {"of": "deal", "count": "transactions"}},
    "boards": {},
    "components": {NO_NAME: {"measure": NO_NAME, "pays": _ANY_PAYS}},
}
#: Parts of a component that it does without.
_MODIFIERS = frozenset({"floor", "gate", "accelerator", "decelerator", "cap"})
#: Keys of a list's items that are held against one another.
_ORDERED = frozenset({"from", "rank"})
_EACH = "*"


class Mended(NamedTuple):
    """Values with stand-ins."""

    value: Any
    #: Paths of what is stood in for; `*` is any item of a list.
    stood_in: frozenset[Path]

    def hides(self, path: Path) -> bool:
        """Tell whether an issue there would be about a stand-in."""
        return any(_begins(path, hidden) for hidden in self.stood_in)

    def colours(self, path: Path) -> bool:
        """Tell whether an item beside it, which it may be held against, has a stand-in."""
        return any(_EACH in hidden and _begins(path, hidden[:-2]) for hidden in self.stood_in)


def mended(so_far: Mended, wrong: Iterable[Path]) -> Mended:
    """Return values with the wrong ones stood in for, or left out."""
    value, stood_in = so_far
    for path in sorted(set(wrong), key=len):
        if so_far.hides(path):
            # The stand-in doesn't help: without all of it, then.
            value = _left_out(value, path)
            continue
        value, hidden = _mended(value, path)
        stood_in |= hidden
    return Mended(value, stood_in)


def _mended(value: Any, path: Path) -> tuple[Any, frozenset[Path]]:
    first, last = (path[0], path[-1]) if path else ("", "")
    if _is_unknown(path):
        return without_path(value, path), frozenset()
    if path[:1] == path and first in _PARTS:
        return _with(value, path, _PARTS[str(first)]), frozenset({(*path, NO_NAME)})
    if first not in _PARTS and first in PlanFile.model_fields:
        return _with(value, path[:1], _of_head(str(first))), frozenset({path[:1]})
    # Shorter paths are names, which may be any of these words.
    examples = schema_at(path).get("examples", []) if len(path) > 2 else []
    if last in _ORDERED | _NEUTRAL and examples:
        is_item = isinstance(path[-2], int)
        hidden = (*path[:-2], _EACH, last) if is_item else path
        return _with(value, path, examples[0]), frozenset({hidden})
    return (
        _mended_component(value, path)
        if first == "components"
        else (_left_out(value, path), frozenset())
    )


def _mended_component(value: Any, path: Path) -> tuple[Any, frozenset[Path]]:
    part = path[:3]
    if path[2:3] == ("target",):
        return _with(value, part, 1), frozenset({part})
    if path[2:3] == ("pays",):
        return _with(value, part, _ANY_PAYS), frozenset({part})
    if _MODIFIERS.intersection(path[2:3]):
        return without_path(value, part), frozenset({part})
    component = value["components"].get(path[1])
    if len(path) == 2 and isinstance(component, dict):
        # It names no measure and no board, or both.
        named = {**component, "measure": NO_NAME}
        named.pop("board", None)
        return _with(value, path, named), frozenset({(*path, "measure")})
    return _left_out(value, path), frozenset()


def _left_out(value: Any, path: Path) -> Any:
    """Return the values without the measure, board or component that a path is in."""
    return without_path(value, path[:2])


def _is_unknown(path: Path) -> bool:
    known = known_keys(schema_at(path[:-1]))
    return bool(path) and bool(known) and path[-1] not in known


def _of_head(key: str) -> Any:
    return _HEAD.get(key) or schema_at((key,))["examples"][0]


def _begins(path: Path, with_: Path) -> bool:
    return len(path) >= len(with_) and all(
        wanted in (_EACH, step) for step, wanted in zip(path, with_, strict=False)
    )


def without_path(value: Any, path: Path) -> Any:
    """Return a value without what stands at a path of mappings."""
    if not path:
        return value
    key, rest = path[0], path[1:]
    if isinstance(value, dict) and key in value:
        if not rest:
            return {name: inside for name, inside in value.items() if name != key}
        return {**value, key: without_path(value[key], rest)}
    if isinstance(value, list) and isinstance(key, int) and rest:
        return [without_path(v, rest) if at == key else v for at, v in enumerate(value)]
    return value


def _with(value: Any, path: Path, stand_in: Any) -> Any:
    """Return a value with another at a path, whose mapping or list is there."""
    if not path:
        return stand_in
    key, rest = path[0], path[1:]
    if isinstance(value, list) and isinstance(key, int):
        return [_with(v, rest, stand_in) if at == key else v for at, v in enumerate(value)]
    if isinstance(value, dict):
        return {**value, key: _with(value.get(key), rest, stand_in)}
    return value
