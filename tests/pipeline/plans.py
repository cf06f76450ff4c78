"""Plans for Hypothesis: any of the forms, targets, populations and recipients together."""

import json
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.load import check
from accolade.streams.records import Plan

PLAN_ID = "small-world"

_MEASURES: dict[str, dict[str, Any]] = {
    "sales": {"of": "deal", "sum": "amount", "where": {"status": "won"}, "credit": "whole"},
    "shares": {"of": "deal", "sum": "amount", "where": {"status": "won"}, "credit": "share"},
    "upsold": {
        "of": "deal",
        "sum": "amount",
        "where": {"status": ["won", "lost"], "kind": "upsell"},
        "credit": "whole",
    },
    "as_executive": {
        "of": "deal",
        "sum": "amount",
        "where": {"status": "won", "role": "account_executive"},
        "credit": "whole",
    },
    "new_accounts": {
        "of": "deal",
        "distinct": "account",
        "where": {"status": "won"},
        "first_in": "participant",
    },
    "accounts": {
        "of": "deal",
        "distinct": "account",
        "where": {"status": "won", "campaign": "spring"},
        "first_in": "period",
    },
    "wins": {"of": "deal", "count": "transactions", "where": {"status": "won"}},
    "calls": {"of": "activity", "sum": "quantity", "where": {"kind": "call"}},
    "held": {"of": "meeting", "count": "transactions", "where": {"status": "held"}},
    "demos": {"of": "demo", "count": "transactions", "where": {"status": "held"}},
    "learned": {"of": "learning", "count": "transactions", "where": {"status": "completed"}},
    "full_weeks": {"weeks_of": "calls", "at_least": 10, "weeks": "iso", "belong_to": "end"},
}
_AMOUNTS = ("sales", "sales", "shares", "upsold", "as_executive")
_COUNTS = ("new_accounts", "accounts", "wins", "calls", "held", "demos", "learned", "full_weeks")
_POPULATIONS = (
    {"roles": ["account_executive"]},
    {"roles": ["account_executive", "sdr", "sales_engineer"]},
    {"units": "team"},
    {"units": "region"},
)


@st.composite
def plan_versions(draw: st.DrawFn) -> list[Plan]:
    """Draw one to three versions of a plan; a later one may withdraw it."""
    versions = []
    for version in range(1, draw(st.sampled_from([1, 1, 1, 2, 3])) + 1):
        checked = check(json.dumps(draw(_plan())))
        assume(checked.plan is not None)
        assert checked.plan is not None
        active = version == 1 or draw(st.integers(0, 5)) > 0
        versions.append(plan_record(checked.plan, version, active=active))
    return versions


@st.composite
def _plan(draw: st.DrawFn) -> dict[str, Any]:
    measures = {name: dict(measure) for name, measure in _MEASURES.items()}
    measures["full_weeks"]["before_start"] = draw(st.sampled_from(["count", "ignore"]))
    boards = {f"board{n}": draw(_board()) for n in range(draw(st.integers(0, 2)))}
    components = {
        f"part{number}": draw(_component(list(boards))) for number in range(draw(st.integers(1, 4)))
    }
    return {
        "plan": PLAN_ID,
        "title": "Small world",
        "currency": "USD",
        "time_zone": "America/New_York",
        "effective": {
            "from": draw(st.sampled_from(["2026-04-01", "2026-04-01", "2026-04-15"])),
            "to": "2026-07-01",
        },
        "period": draw(st.sampled_from(["quarter", "quarter", "month", "window"])),
        "population": draw(st.sampled_from(_POPULATIONS)),
        "rounding": draw(st.sampled_from(["half_up", "half_even", "down", "up"])),
        "refunds": draw(st.sampled_from(["in_deal_period", "in_refund_period", "ignore"])),
        "clawback": "restate",
        "after_close": draw(st.sampled_from(["adjust_open_period", "ignore"])),
        "measures": measures,
        "boards": boards,
        "components": components,
    }


@st.composite
def _board(draw: st.DrawFn) -> dict[str, Any]:
    board: dict[str, Any] = {
        "measure": draw(st.sampled_from([*_AMOUNTS, *_COUNTS])),
        "ties": draw(st.sampled_from(["pooled", "first_to_reach"])),
        "show": draw(st.sampled_from([1, 3, 10])),
    }
    _maybe(draw, board, "period", st.sampled_from(["month", "quarter"]))
    _maybe(draw, board, "population", st.sampled_from(_POPULATIONS))
    _maybe(draw, board, "each", st.sampled_from(["team", "region"]))
    return board


@st.composite
def _component(draw: st.DrawFn, boards: list[str]) -> dict[str, Any]:
    if boards and draw(st.integers(0, 3)) == 0:
        return {"board": draw(st.sampled_from(boards)), "pays": {"ranks": draw(_ranks())}}
    is_amount = draw(st.booleans())
    component: dict[str, Any] = {
        "measure": draw(st.sampled_from(_AMOUNTS if is_amount else _COUNTS)),
    }
    _maybe(draw, component, "period", st.sampled_from(["week", "month", "quarter", "year"]))
    _maybe(draw, component, "population", st.sampled_from(_POPULATIONS))
    component |= draw(_amount_pays() if is_amount else _count_pays())
    if "badges" not in component["pays"]:
        recipients = ["participant", {"manager": "period_end"}, {"each_member": "period_end"}]
        _maybe(draw, component, "to", st.sampled_from(recipients))
    return component


def _maybe(draw: st.DrawFn, part: dict[str, Any], key: str, values: st.SearchStrategy[Any]) -> None:
    if draw(st.integers(0, 2)) == 0:
        part[key] = draw(values)


# --- forms ---


def _rates() -> st.SearchStrategy[str]:
    return st.sampled_from(["5%", "7.5%", "0%", "33.3333%", "100%"])


@st.composite
def _tiers(draw: st.DrawFn, floors: list[Any]) -> list[dict[str, Any]]:
    chosen = [0, *floors[: draw(st.integers(0, len(floors)))]]
    return [{"from": floor, "rate": draw(_rates())} for floor in chosen]


@st.composite
def _reward(draw: st.DrawFn) -> dict[str, Any]:
    return draw(
        st.sampled_from(
            [
                {"money": 100},
                {"money": "250.50"},
                {"points": 7},
                {"gift_card": 25, "money": 10},
                {"experience": "Dinner", "value": 60},
                {"experience": "Weekend", "value": 300, "money": 5},
                {"training": "Negotiation", "value": 0},
            ]
        )
    )


@st.composite
def _ranks(draw: st.DrawFn) -> list[dict[str, Any]]:
    ranks = draw(st.sampled_from([["1"], ["1", "2"], ["1-2", "3"], ["1-3"]]))
    return [{"rank": rank, **draw(_reward())} for rank in ranks]


@st.composite
def _slabs(draw: st.DrawFn, floors: list[Any]) -> dict[str, Any]:
    return {"slabs": [{"from": floor, **draw(_reward())} for floor in floors]}


@st.composite
def _badges(draw: st.DrawFn, floors: list[Any]) -> dict[str, Any]:
    levels = [{"from": floor, "badge": f"Badge {n}"} for n, floor in enumerate(floors, 1)]
    return {"badges": {"on_refund": draw(st.sampled_from(["keep", "revoke"])), "levels": levels}}


@st.composite
def _levels(draw: st.DrawFn, floors: list[Any], targets: list[Any]) -> dict[str, Any]:
    """Draw slabs or badges, in units or in parts of a target."""
    forms = draw(st.sampled_from([_slabs, _badges]))
    if draw(st.booleans()):
        return {"pays": draw(forms(floors))}
    parts = draw(st.sampled_from([["20%", "100%"], ["0.5%"], ["50%", "115%", "120.5%"]]))
    return {"target": draw(st.sampled_from(targets)), "pays": draw(forms(parts))}


@st.composite
def _amount_pays(draw: st.DrawFn) -> dict[str, Any]:
    targets = [
        1000,
        "2500.50",
        {"quota": "period_start"},
        {"quota": "period_end"},
        {"previous_period": "120%"},
    ]
    form = draw(st.sampled_from(["flat", "tiers", "tiers", "levels", "levels", "split"]))
    if form == "levels":
        return draw(_levels([100, "1000.01", 2500], targets))
    on = draw(st.sampled_from(["each_transaction", "running_total"]))
    if form == "flat":
        return {"pays": {"flat": {"on": on, "rate": draw(_rates())}}}
    if form == "split":
        return {"pays": draw(_split())}
    kind = draw(st.sampled_from(["marginal", "retroactive"]))
    if on == "running_total" and draw(st.booleans()):
        tiers = draw(_tiers(["50%", "100%"]))
        return {
            "target": draw(st.sampled_from(targets)),
            "pays": {kind: {"on": on, "tiers": tiers}},
        }
    return {"pays": {kind: {"on": on, "tiers": draw(_tiers([250, "1000.01"]))}}}


@st.composite
def _count_pays(draw: st.DrawFn) -> dict[str, Any]:
    if draw(st.integers(0, 2)) == 0:
        unit = draw(st.sampled_from([{"money": 5}, {"points": 3}]))
        return {"pays": {"per_unit": unit}}
    targets = [2, 10, {"previous_period": "50%"}, "weeks_in_period"]
    return draw(_levels([1, 2, 11], targets))


@st.composite
def _split(draw: st.DrawFn) -> dict[str, Any]:
    shares = draw(
        st.sampled_from(
            [
                {"sdr": "10%", "account_executive": "70%", "sales_engineer": "20%"},
                {"sales_engineer": "33.3%", "sdr": "33.3%", "account_executive": "33.4%"},
                {"account_executive": "100%"},
                {"sdr": "50%", "account_executive": "50%"},
            ]
        )
    )
    return {
        "flat": {"on": "each_transaction", "rate": draw(_rates())},
        "split": {
            "by_role": shares,
            "unfilled": draw(st.sampled_from(["forfeit", "spread"])),
        },
    }
