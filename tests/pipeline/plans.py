"""Plans by chance: any of the forms, targets, populations and recipients together."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.load import check
from accolade.streams.plans.model import PlanFile
from accolade.streams.records import Plan
from tests.pipeline.modifiers import modifiers
from tests.pipeline.plans_of_several import of_several

#: Currency by plan id: the second plan is there now and then.
PLAN_IDS = {"small-world": "USD", "abroad": "EUR"}
_ZONES = ("America/New_York", "America/New_York", "UTC", "Asia/Kolkata")

_Part = dict[str, Any]

_MEASURES: dict[str, _Part] = {
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
_COUNTS = (
    *("new_accounts", "accounts", "wins", "calls", "held", "demos", "learned"),
    *("new_accounts", "full_weeks", "full_weeks"),
)
_EVERYONE: _Part = {"roles": ["account_executive", "sdr", "sales_engineer"]}
_POPULATIONS: tuple[_Part, ...] = (
    _EVERYONE,
    {"roles": ["account_executive"]},
    {"units": "team"},
    {"units": "region"},
)
_RATES = ("5%", "7.5%", "0%", "33.3333%", "100%")
_REWARDS: tuple[_Part, ...] = (
    {"money": 100},
    {"money": "250.50"},
    {"points": 7},
    {"gift_card": 25, "money": 10},
    {"experience": "Dinner", "value": 60},
    {"experience": "Weekend", "value": 300, "money": 5},
    {"training": "Negotiation", "value": 0},
)


def plan_versions(chance: Random, plan_id: str) -> list[Plan]:
    """Return one to three versions of a plan; a later one may withdraw it."""
    zone = chance.choice(_ZONES)
    return [
        plan_record(
            _valid_plan(chance, plan_id, zone),
            version,
            active=version == 1 or chance.random() < 0.85,
        )
        for version in range(1, chance.choice([1, 1, 1, 2, 3]) + 1)
    ]


def _valid_plan(chance: Random, plan_id: str, zone: str) -> PlanFile:
    while True:
        text = _plan(chance) | {"plan": plan_id, "currency": PLAN_IDS[plan_id], "time_zone": zone}
        plan = check(json.dumps(text)).plan
        if plan is not None:
            return plan


def _plan(chance: Random) -> _Part:
    measures = {name: dict(measure) for name, measure in _MEASURES.items()}
    measures["full_weeks"]["before_start"] = chance.choice(["count", "ignore"])
    period = chance.choice(["quarter", "quarter", "month", "window"])
    population: _Part = chance.choice([_EVERYONE, _EVERYONE, *_POPULATIONS])
    boards = {}
    for _ in range(chance.randint(0, 3)):
        board = _board(chance)
        name = "any" if chance.random() < 0.1 else _board_name(board, period, population)
        boards[name] = board
    components = {
        f"part{number}": _component(chance, list(boards)) for number in range(chance.randint(1, 5))
    }
    return {
        "title": "Small world",
        "effective": {
            "from": chance.choice(["2026-04-01", "2026-04-01", "2026-04-15"]),
            "to": "2026-07-01",
        },
        "period": period,
        "population": population,
        "rounding": chance.choice(["half_up", "half_even", "down", "up"]),
        "refunds": chance.choice(["in_deal_period", "in_refund_period", "ignore"]),
        "clawback": "restate",
        "after_close": chance.choice(["adjust_open_period", "adjust_open_period", "ignore"]),
        "measures": measures,
        "boards": boards,
        "components": components,
    }


def _board(chance: Random) -> _Part:
    board: _Part = {
        "measure": chance.choice([*_AMOUNTS, *_COUNTS]),
        "ties": chance.choice(["pooled", "first_to_reach", "dense", "modified", "ordinal"]),
        "show": chance.choice([1, 3, 10]),
    }
    _maybe(chance, board, "period", ["month", "quarter"])
    _maybe(chance, board, "population", _POPULATIONS)
    _maybe(chance, board, "each", ["team", "region", "region", "zone"])
    return board


def _board_name(board: _Part, period: str, population: _Part) -> str:
    """Return a name that says what is ranked: mostly it is the same in all versions."""
    who = board.get("population", population)
    named = "_".join(who.get("roles", [who.get("units")]))
    return f"{board['measure']}_{board.get('period', period)}_{named}"


def _component(chance: Random, boards: Sequence[str]) -> _Part:
    members, manager = {"each_member": "period_end"}, {"manager": "period_end"}
    receivers = ["participant", manager, members, members]
    if boards and chance.random() < 0.45:
        contest: _Part = {"board": chance.choice(boards), "pays": {"ranks": _ranks(chance)}}
        _maybe(chance, contest, "to", receivers)
        return contest
    if chance.random() < 0.3:
        several = of_several(chance, _AMOUNTS, _COUNTS) | _of_whom(chance)
        several |= modifiers(chance)
        _maybe(chance, several, "to", receivers)
        return several
    is_amount = chance.random() < 0.6
    component: _Part = {"measure": chance.choice(_AMOUNTS if is_amount else _COUNTS)}
    component |= _of_whom(chance)
    component |= _amount_pays(chance) if is_amount else _count_pays(chance)
    if "each_transaction" in str(component["pays"]):
        _maybe(chance, component, "floor", [{"money": 20}, {"money": "33.33"}])
    if "badges" not in component["pays"]:
        _maybe(chance, component, "to", receivers)
        return component | modifiers(chance)
    return component


def _of_whom(chance: Random) -> _Part:
    part: _Part = {}
    _maybe(chance, part, "period", ["week", "month", "quarter", "year"])
    _maybe(chance, part, "population", _POPULATIONS)
    return part


def _maybe(chance: Random, part: _Part, key: str, values: Sequence[Any]) -> None:
    if chance.random() < 0.4:
        part[key] = chance.choice(values)


# --- forms ---


def _amount_pays(chance: Random) -> _Part:
    targets = [
        *(1000, "2500.50", {"quota": "period_start"}),
        *({"quota": "period_end"}, {"previous_period": "120%"}),
    ]
    form = chance.choice(["flat", "tiers", "tiers", "levels", "levels", "curve", "split"])
    if form == "curve":
        return _curve(chance, [0, 250, "1000.01"], targets)
    if form == "levels":
        return _levels(chance, [50, "1000.01", 2500], targets)
    on = chance.choice(["each_transaction", "running_total"])
    if form == "flat":
        return {"pays": {"flat": {"on": on, "rate": chance.choice(_RATES)}}}
    if form == "split":
        return {"pays": _split(chance)}
    kind = chance.choice(["marginal", "retroactive"])
    if on == "running_total" and chance.random() < 0.5:
        tiers = {"on": on, "tiers": _tiers(chance, ["50%", "100%"])}
        return {"target": chance.choice(targets), "pays": {kind: tiers}}
    return {"pays": {kind: {"on": on, "tiers": _tiers(chance, [250, "1000.01"])}}}


def _count_pays(chance: Random) -> _Part:
    if chance.random() < 0.3:
        reward = chance.choice([{"money": 5}, {"points": 3}])
        if chance.random() < 0.5:
            return {"pays": {"per_unit": reward}}
        return {"pays": {"spif": {"times": chance.choice(["every", "once"]), **reward}}}
    targets = [2, 10, {"previous_period": "50%"}, "weeks_in_period"]
    if chance.random() < 0.2:
        return _curve(chance, [0, 1, 5], targets)
    return _levels(chance, [1, 2, 6], targets)


def _levels(chance: Random, floors: Sequence[Any], targets: Sequence[Any]) -> _Part:
    """Return slabs or badges, in units or in parts of a target."""
    if chance.random() < 0.5:
        return {"pays": _slabs_or_badges(chance, chance.choice([floors, floors, [0, *floors]]))}
    parts = chance.choice([["20%", "100%"], ["0.5%"], ["50%", "115%", "120.5%"], ["0%", "50%"]])
    return {"target": chance.choice(targets), "pays": _slabs_or_badges(chance, parts)}


def _curve(chance: Random, floors: Sequence[Any], targets: Sequence[Any]) -> _Part:
    """Return a curve, over units or over parts of a target."""
    held: _Part = {}
    if chance.random() < 0.5:
        held = {"target": chance.choice(targets)}
        floors = chance.choice([["0%", "100%"], ["33.3%", "90%", "120.5%"]])
    paid = [chance.choice([0, 100, "333.33", 700]) for _ in floors]
    points = [{"from": at, "money": money} for at, money in zip(floors, paid, strict=True)]
    return {
        **held,
        "pays": {"curve": {"points": points, "beyond": chance.choice(["flat", "extend"])}},
    }


def _slabs_or_badges(chance: Random, floors: Sequence[Any]) -> _Part:
    if chance.random() < 0.6:
        form = chance.choice(["slabs", "ladder"])
        return {form: [{"from": floor, **chance.choice(_REWARDS)} for floor in floors]}
    levels = [{"from": floor, "badge": f"Badge {n}"} for n, floor in enumerate(floors, 1)]
    return {"badges": {"on_refund": chance.choice(["keep", "revoke"]), "levels": levels}}


def _tiers(chance: Random, floors: Sequence[Any]) -> list[_Part]:
    chosen = [0, *floors[: chance.randint(0, len(floors))]]
    return [{"from": floor, "rate": chance.choice(_RATES)} for floor in chosen]


def _ranks(chance: Random) -> list[_Part]:
    ranks = chance.choice([["1"], ["1", "2"], ["1-2", "3"], ["1-3"]])
    return [{"rank": rank, **chance.choice(_REWARDS)} for rank in ranks]


def _split(chance: Random) -> _Part:
    shares = [
        {"sdr": "10%", "account_executive": "70%", "sales_engineer": "20%"},
        {"sales_engineer": "33.3%", "sdr": "33.3%", "account_executive": "33.4%"},
        {"account_executive": "100%"},
        {"sdr": "50%", "account_executive": "50%"},
    ]
    return {
        "flat": {"on": "each_transaction", "rate": chance.choice(_RATES)},
        "split": {
            "by_role": chance.choice(shares),
            "unfilled": chance.choice(["forfeit", "spread"]),
        },
    }
