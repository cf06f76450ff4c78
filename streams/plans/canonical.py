"""
The one text of a plan: canonical JSON, the same however the file was laid out.

Keys are sorted, numbers are exact text, what is not said is left out: so a key that
plans gain later changes the hash of no plan that doesn't use it.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from pydantic import ValidationError

from accolade.streams.plans.findings import Issue
from accolade.streams.plans.lint.references import unknown_names
from accolade.streams.plans.lint.units import wrong_forms
from accolade.streams.plans.model import PlanFile
from accolade.streams.records import Plan


class PlanBodyError(ValueError):
    """A body that is no plan."""


def canonical_text(plan: PlanFile) -> str:
    """Return the plan as canonical JSON."""
    said = plan.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_hash(body: str) -> str:
    """Return the SHA-256 of a canonical text, hexadecimal."""
    return sha256(body.encode()).hexdigest()


@lru_cache(maxsize=256)
def parse_body(body: str) -> PlanFile:
    """
    Return the plan that a canonical text says.

    What else `lint` refuses is not looked for: it was, before the plan was published,
    and what it comes to refuse later must not undo what was.

    Raises:
        PlanBodyError: The text is not JSON, not of a plan's structure, names a measure or
            board that it doesn't have, or pays a rate on a count or a price on money.
    """
    plan = _read(body)
    _refuse(unknown_names(plan, {}))
    _refuse(wrong_forms(plan))
    return plan


def _refuse(issues: Iterable[Issue]) -> None:
    for issue in issues:
        place = ".".join(str(part) for part in issue.path)
        raise PlanBodyError(f"{place}: {issue.message}")


def _read(body: str) -> PlanFile:
    try:
        # Numbers without quotes are read as text: a float would not be exact.
        said = json.loads(body, parse_float=str, parse_int=str)
        return PlanFile.model_validate(said)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise PlanBodyError(f"{place or 'plan'}: {first['msg']}") from error
    except (ValueError, RecursionError) as error:
        raise PlanBodyError(f"not JSON: {error}") from error


def plan_record(plan: PlanFile, version: int, *, active: bool = True) -> Plan:
    """
    Return the record that publishes the plan.

    Args:
        plan: The plan.
        version: At least 1, higher than any published before.
        active: False withdraws the plan.
    """
    body = canonical_text(plan)
    return Plan(
        plan_id=plan.plan,
        version=version,
        content_hash=content_hash(body),
        body=body,
        active=active,
    )
