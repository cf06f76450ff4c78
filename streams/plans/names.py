"""Texts, ids and names of a plan file."""

import re
from typing import Annotated, Any

from pydantic import PlainValidator, WithJsonSchema

from accolade.streams.plans.numbers import plain_text, refusal, shown

#: Ids and names go into the ids of awards and boards, which are cut at `/` and `|`.
_PLAN_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_LONGEST_TEXT = 200


def text(value: Any) -> str:
    """
    Return a text of 1 to 200 characters on one line.

    Raises:
        PydanticCustomError: It is none; a number or `true` has to be quoted to be one.
    """
    if not isinstance(value, str):
        plain = plain_text(value) or (str(value).lower() if isinstance(value, bool) else "")
        raise refusal(f"is not a text: {shown(value)}", f'"{plain}"' if plain else "")
    if not value.strip():
        raise refusal("is empty")
    if len(value) > _LONGEST_TEXT or not value.isprintable():
        raise refusal(f"is not one line of at most {_LONGEST_TEXT} characters")
    return value


def _plan_id(value: Any) -> str:
    if not isinstance(value, str) or _PLAN_ID.fullmatch(value) is None:
        fix = re.sub(r"[^a-z0-9]+", "-", str(value).lower())[:64].strip("-")
        says = "is not a plan id of small letters, digits and hyphens"
        raise refusal(f"{says}: {shown(value)}", fix)
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or _NAME.fullmatch(value) is None:
        fix = re.sub(r"[^a-z0-9]+", "_", str(value).lower())[:64].strip("_")
        says = "is not a name of small letters, digits and underscores"
        raise refusal(f"{says}: {shown(value)}", fix if _NAME.fullmatch(fix) else "")
    return value


def _badge(value: Any) -> str:
    name = text(value)
    if "/" in name or "|" in name:
        fix = re.sub(r" *[/|] *", " ", name)
        raise refusal(f"must not have `/` or `|`, which part ids: {shown(name)}", fix)
    return name


Text = Annotated[
    str,
    PlainValidator(text),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": _LONGEST_TEXT}),
]
PlanId = Annotated[
    str,
    PlainValidator(_plan_id),
    WithJsonSchema({"type": "string", "pattern": f"^{_PLAN_ID.pattern}$"}),
]
Name = Annotated[
    str,
    PlainValidator(_name),
    WithJsonSchema({"type": "string", "pattern": f"^{_NAME.pattern}$"}),
]
#: A badge's name is the end of its id.
BadgeName = Annotated[
    str,
    PlainValidator(_badge),
    WithJsonSchema(
        {"type": "string", "minLength": 1, "maxLength": _LONGEST_TEXT, "pattern": "^[^/|]*$"}
    ),
]
