"""The plans that come with Accolade, as YAML files in this folder: to use, or to begin from."""

from functools import cache
from importlib.resources import files

from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.load import check
from accolade.streams.records import Plan

_SUFFIX = ".yaml"


@cache
def catalogue_names() -> tuple[str, ...]:
    """Return the ids of the plans, rising; each is in the file of that name."""
    there = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(_SUFFIX) for name in there if name.endswith(_SUFFIX)))


def catalogue_text(name: str) -> str:
    """
    Return the YAML text of a plan.

    Raises:
        KeyError: There is no such plan.
    """
    if name not in catalogue_names():
        raise KeyError(name)
    return files(__name__).joinpath(f"{name}{_SUFFIX}").read_text(encoding="utf-8")


@cache
def catalogue_plans() -> tuple[Plan, ...]:
    """Return the first version of each plan as the record that publishes it, by id."""
    plans = (check(catalogue_text(name)).plan for name in catalogue_names())
    return tuple(plan_record(plan, version=1) for plan in plans if plan is not None)
