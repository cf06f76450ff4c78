"""The JSON Schema of plan files: for editors, and for what a finding says to write."""

import json
from copy import deepcopy
from functools import cache
from typing import Any

from accolade.streams.plans.findings import Path
from accolade.streams.plans.model import PlanFile
from accolade.streams.plans.reserved import RESERVED_KEYS, ReservedKey

Schema = dict[str, Any]

_REF = "#/$defs/"


def plan_schema() -> Schema:
    """
    Return the JSON Schema of a plan file.

    It holds the structure; what `lint` looks at, such as the order of tiers or names
    that nothing has, is beyond it. Reserved keys are refused with what they will be.
    """
    return deepcopy(_schema())


def schema_text() -> str:
    """Return the schema as it is printed and published."""
    return json.dumps(_schema(), indent=2, ensure_ascii=False) + "\n"


def schema_at(path: Path) -> Schema:
    """
    Return what the schema says of the value at a path; empty for a place it doesn't know.

    A step in angle brackets chooses among forms: `<sum>` is the one with the key `sum`;
    without it the first form with the next key is taken.
    """
    found = _schema()
    for step in path:
        found = _inside(_resolved(found), step)
    return _resolved(found)


def known_keys(schema: Schema) -> list[str]:
    """Return the keys that a mapping of this schema can have, those of all its forms."""
    forms = [_resolved(form) for form in schema.get("oneOf", []) if "$ref" in form]
    return [
        key
        for form in [schema, *forms]
        for key, says in form.get("properties", {}).items()
        if "not" not in says
    ]


@cache
def _schema() -> Schema:
    made = PlanFile.model_json_schema(by_alias=True)
    for model in [made, *made["$defs"].values()]:
        model["properties"] = {
            key: _plain(says) for key, says in model.get("properties", {}).items()
        }
    for key in RESERVED_KEYS:
        for model in _models_of(key, made):
            # A choice such as `clawback` is no mapping yet.
            model.get("properties", {}).setdefault(key.key, _refused(key))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **made,
        "title": "Accolade plan file",
    }


def _plain(says: Schema) -> Schema:
    """Leave out what is noise to the reader of a file: titles, and null for what is left out."""
    kept = {key: value for key, value in says.items() if key not in ("title", "default")}
    if says.get("default") not in (None, {}):
        kept["default"] = says["default"]
    not_null = [option for option in says.get("anyOf", []) if option.get("type") != "null"]
    if len(not_null) == 1:
        del kept["anyOf"]
        kept = {**not_null[0], **kept}
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept


def _models_of(key: ReservedKey, schema: Schema) -> list[Schema]:
    """Return the definitions of the mappings that a reserved key will belong in."""
    found = schema
    for step in key.place:
        found = _inside(_resolve(found, schema), step)
    found = _resolve(found, schema)
    forms = [_resolve(form, schema) for form in found.get("oneOf", []) if "$ref" in form]
    return forms or [found]


def _refused(key: ReservedKey) -> Schema:
    return {"not": {}, "description": f"Not supported yet: {key.meaning}."}


def _resolved(schema: Schema) -> Schema:
    return _resolve(schema, _schema())


def _resolve(schema: Schema, root: Schema) -> Schema:
    """Return the definition that a schema refers to, with what it says beside."""
    if "$ref" not in schema:
        return schema
    said = {key: value for key, value in schema.items() if key != "$ref"}
    definition: Schema = root["$defs"][schema["$ref"].removeprefix(_REF)]
    return {**definition, **said} if said else definition


def _inside(schema: Schema, step: str | int) -> Schema:
    if isinstance(step, int):
        return _mapping(schema.get("items"))
    if step.startswith("<"):
        return _form(schema, step.strip("<>"))
    named = schema.get("properties", {})
    if step in named:
        return _mapping(named[step])
    form = _form(schema, step)
    if form:
        return _mapping(form["properties"][step])
    by_pattern = list(schema.get("patternProperties", {}).values())
    return _mapping(by_pattern[0] if by_pattern else schema.get("additionalProperties"))


def _form(schema: Schema, key: str) -> Schema:
    forms = map(_resolved, schema.get("oneOf", []))
    return next((form for form in forms if key in form.get("properties", {})), {})


def _mapping(schema: Any) -> Schema:
    return schema if isinstance(schema, dict) else {}
