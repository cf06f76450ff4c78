"""
What has its place in a plan file, but is not evaluated yet.

Each is refused by name, never ignored; docs/plans.md lists them with what they are for.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from accolade.streams.plans.findings import Issue, Path


class ReservedKey(NamedTuple):
    """A key that a plan will have."""

    #: Path of the mapping it belongs in; `*` stands for any name.
    place: tuple[str, ...]
    key: str
    meaning: str
    #: How it will be written.
    example: str


class ReservedValue(NamedTuple):
    """A value that a key will take."""

    #: Path of the key; `*` stands for any name.
    place: tuple[str, ...]
    value: str
    meaning: str


_PLAN: tuple[str, ...] = ()
_CLAWBACK = ("clawback",)
_MEASURE = ("measures", "*")
_COMPONENT = ("components", "*")
_TARGET = ("components", "*", "target")
_PAYS = ("components", "*", "pays")

RESERVED_KEYS: tuple[ReservedKey, ...] = (
    ReservedKey(
        _PLAN, "grace", "days after a period's end in which facts are awaited", "{days: 5}"
    ),
    ReservedKey(
        _PLAN,
        "cohorts",
        "participants grouped by their result in the last closed period",
        "{measure: sales, shares: {top: 10%, middle: 30%, tail: 60%}}",
    ),
    ReservedKey(
        _PLAN,
        "hours",
        "the hours of the day in which facts count",
        '{from: "15:00", to: "16:00"}',
    ),
    ReservedKey(
        _PLAN,
        "starts",
        "a plan that runs for some days from each participant's own start",
        "{at: participant_start, days: 30}",
    ),
    ReservedKey(
        _PLAN,
        "outcome",
        "an end with passed or failed",
        "{passed: {component: target, at_least: 100%}}",
    ),
    ReservedKey(_CLAWBACK, "within_days", "how long after a deal pay is taken back", "90"),
    ReservedKey(_CLAWBACK, "prorated", "taking back less, the later", "by_days"),
    ReservedKey(
        _MEASURE, "ratio", "a ratio of two sums", "{of: [won, demos], min_denominator: 10}"
    ),
    ReservedKey(
        _MEASURE,
        "requires",
        "records count only when complete and timely",
        "{fields: [segment, product], logged_within_days: 3}",
    ),
    ReservedKey(
        _MEASURE,
        "hygiene",
        "the share of complete and timely records",
        "{fields: [segment, product], logged_within_days: 3}",
    ),
    ReservedKey(
        _TARGET,
        "statistic",
        "a statistic of a closed period: mean, maximum, mean + 2 sigma, a cohort's",
        "{of: maximum, times: 105%}",
    ),
    ReservedKey(
        _TARGET,
        "result_of_rank",
        "the result of a rank in a closed period",
        "{board: top_sellers, ranks: 1-4, after_clawback: frozen}",
    ),
    ReservedKey(_TARGET, "goal", "the goal that the participant has chosen", "personal"),
    ReservedKey(
        _COMPONENT,
        "goals",
        "personal goals to choose from until a lock time",
        "{lock: 2026-04-15, choices: {new_deals: {target: 5, money: 500}}}",
    ),
    ReservedKey(
        _PAYS,
        "pool",
        "an amount shared by the members of a unit",
        "{money: 5000, shared: equally, joiners: by_days}",
    ),
    ReservedKey(_COMPONENT, "draw", "an advance on pay", "{money: 1000, recoverable: true}"),
    ReservedKey(_COMPONENT, "ramp", "lower targets for those who are new", "{months: [50%, 75%]}"),
    ReservedKey(_COMPONENT, "proration", "targets and pay by days in the population", "{by: days}"),
    ReservedKey(
        _COMPONENT, "holdback", "a part that is paid later", "{share: 20%, release_days: 90}"
    ),
    ReservedKey(_COMPONENT, "instalments", "pay in parts over time", "{months: 3}"),
    ReservedKey(
        _COMPONENT, "release", "what must happen before it is paid", "{when: payment_cleared}"
    ),
)

RESERVED_VALUES: tuple[ReservedValue, ...] = (
    ReservedValue(("clawback",), "original_rate", "what was paid for a deal is taken back"),
    ReservedValue((*_MEASURE, "of"), "payment", "money that came in"),
    ReservedValue(
        (*_COMPONENT, "cap", "above"), "carry_over", "what is above is paid in later periods"
    ),
)


def reserved_issues(said: Any) -> Iterator[Issue]:
    """Return what a plan uses that is reserved."""
    for key in RESERVED_KEYS:
        for path, mapping in _matches(said, key.place):
            if isinstance(mapping, dict) and key.key in mapping:
                says = f"is not supported yet ({key.meaning})"
                yield Issue((*path, key.key), says, about_key=True)
    for value in RESERVED_VALUES:
        for path, found in _matches(said, value.place):
            if found == value.value:
                yield Issue(path, f"is not supported yet as `{value.value}` ({value.meaning})")


def _matches(said: Any, place: tuple[str, ...]) -> Iterator[tuple[Path, Any]]:
    """Return the values at a place, with their paths."""
    found: list[tuple[Path, Any]] = [((), said)]
    for step in place:
        found = [
            ((*path, name), inside)
            for path, value in found
            if isinstance(value, dict)
            for name, inside in value.items()
            if step in ("*", name)
        ]
    yield from found
