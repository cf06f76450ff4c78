"""What the models find wrong, in the words of the file."""

from typing import Any

from pydantic_core import ErrorDetails

from accolade.streams.plans.base import one_of
from accolade.streams.plans.findings import Issue, Path
from accolade.streams.plans.json_schema import Schema, known_keys, schema_at
from accolade.streams.plans.numbers import shown
from accolade.streams.plans.suggest import nearest

#: Keys that people write out of habit: one that is known in the same place, and what to do.
_HABITS = {
    "to": ("from", "a tier reaches up to the next `from`: leave `to` out"),
    "until": ("from", "a tier reaches up to the next `from`: leave `until` out"),
    "amount": ("money", "name what is paid: `money`, `points` or `gift_card`"),
    "version": ("plan", "versions are counted when a plan is published: leave it out"),
}
#: Keys that tell what is meant by a name that stands at the top of the file.
_TELLING = {
    "measures": {"of", "weeks_of"},
    "boards": {"ties", "show"},
    "components": {"pays"},
}
_KINDS = {
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
}


def issue_of(problem: ErrorDetails) -> Issue:
    """Return what a model found as an issue at its path in the file."""
    location: Path = tuple(problem["loc"])
    path = tuple(step for step in location if not _is_form(step))
    context: dict[str, Any] = problem.get("ctx", {})
    match problem["type"]:
        case "missing":
            return _missing(location, path)
        case "extra_forbidden":
            return _unknown(location, path, problem["input"])
        case "literal_error" | "enum":
            return _not_among(location, path, problem["input"])
        case "refused":
            return _refused(path, context)
        case "one_form":
            return Issue(path, problem["msg"])
        case "too_short":
            fewest = context.get("min_length", 1)
            many = f"must have at least {fewest} entries"
            return Issue(path, many if fewest > 1 else "must not be empty")
        case kind if kind in _KINDS:
            says = f"must be {_KINDS[kind]}, not {shown(problem['input'])}"
            return Issue(path, says, _example(path[-1:], schema_at(location)))
    return Issue(path, problem["msg"])


def empty_issue(path: Path) -> Issue:
    """Return that a key or a list item has no value."""
    fix = _example(path[-1:], schema_at(path))
    return Issue(path, "has no value", fix, about_key=True)


def _is_form(step: str | int) -> bool:
    return isinstance(step, str) and step.startswith("<") and step.endswith(">")


def _refused(path: Path, context: dict[str, Any]) -> Issue:
    message, fix, key = context["message"], context["fix"], context["key"]
    # The key of a mapping, not its value: pydantic says so at the end of the path.
    if path[-1:] == ("[key]",):
        return Issue(path[:-1], message, fix, about_key=True)
    if not key:
        return Issue(path, message, fix)
    return Issue((*path, key), message, fix, about_key=True)


def _missing(location: Path, path: Path) -> Issue:
    says = schema_at(location)
    about = _sentence(says)
    message = f"is missing: {about}" if about else "is missing"
    return Issue(path, message, _example(path[-1:], says), about_key=True)


def _unknown(location: Path, path: Path, value: Any) -> Issue:
    key, known = str(path[-1]), known_keys(schema_at(location[:-1]))
    if len(path) == 1 and (part := _part_of(value)):
        says = f"is not known here: a name of `{part}` is indented deeper than that"
        return Issue(path, says, f"  {key}:", about_key=True)
    beside, advice = _HABITS.get(key, ("", ""))
    if beside in known:
        return Issue(path, f"is not known here: {advice}", about_key=True)
    says = f"is not known here; known: {', '.join(dict.fromkeys(known))}"
    return Issue(path, says, nearest(key, known), about_key=True)


def _part_of(value: Any) -> str:
    """Return which part of a plan a value looks like one of."""
    keys = value.keys() if isinstance(value, dict) else ()
    return next((part for part, own in _TELLING.items() if own & set(keys)), "")


def _not_among(location: Path, path: Path, value: Any) -> Issue:
    says = schema_at(location)
    allowed = tuple(str(one) for one in says.get("enum", [says.get("const", "")]))
    near = nearest(str(value), allowed)
    fix = near or (allowed[0] if len(allowed) == 1 else "")
    return Issue(path, f"must be {one_of(allowed)}, not {shown(value)}", fix)


def _sentence(says: Schema) -> str:
    text = str(says.get("description", "")).rstrip(".")
    return text[:1].lower() + text[1:]


def _example(key: Path, says: Schema) -> str:
    examples = says.get("examples", [])
    if not examples or not key or isinstance(key[0], int):
        return ""
    return f"{key[0]}: {flow(examples[0])}"


def flow(value: Any) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(inside)}" for key, inside in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(inside) for inside in value) + "]"
    return str(value)
