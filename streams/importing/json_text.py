"""Reads and writes JSON without a binary fraction in between."""

import json
from decimal import Decimal
from typing import NoReturn

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")


class NotJson(ValueError):
    """A text that isn't JSON, or says two things of one name."""


# Not msgspec: after a text that is nested too deeply it leaves the
# interpreter's own count of its depth wrong.
def read_json(text: str) -> object:
    """
    Return what a JSON text says; its fractions are `Decimal`.

    Raises:
        NotJson: It isn't JSON, names something twice, or is nested too deeply.
    """
    try:
        found: object = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_object
        )
        if "\\u" in text:
            # Half a pair of surrogates is no character, and can't be sent.
            json.dumps(found, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as error:
        raise NotJson(str(error)) from error
    return found


def write_json(value: object) -> str:
    """Return a value as a JSON text on one line; `Decimal` is written as a number."""
    return _ENCODER.encode(value).decode()


def _refuse_constant(name: str) -> NoReturn:
    raise NotJson(f"{name} is no number")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f"'{twice}' stands twice in one object")
    return found
