"""What the models of a plan file have in common."""

from pydantic import BaseModel, ConfigDict


class PlanModel(BaseModel):
    """A mapping of the plan file: no key but the named ones, and nothing changes."""

    # The descriptions and examples of the fields are read by people: in the JSON Schema by
    # editors, in findings as what to write for a key that is missing.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def exactly_one(names: tuple[str, ...]) -> ConfigDict:
    """Return the configuration that says in the JSON Schema: exactly one of these keys."""
    return ConfigDict(json_schema_extra={"oneOf": [{"required": [name]} for name in names]})


def given(model: BaseModel, names: tuple[str, ...]) -> list[str]:
    """Return which of the named fields have a value, in that order."""
    return [name for name in names if getattr(model, name) is not None]


def one_of(names: tuple[str, ...]) -> str:
    """Return names as a list for people: `a`, `b` or `c`."""
    quoted = [f"`{name}`" for name in names]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else quoted[0]
