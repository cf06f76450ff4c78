"""Any plan, for properties: Hypothesis strategies of plan files as plain values."""

from typing import Any

from hypothesis import strategies as st

from accolade.streams.bounds import END_DAY, FIRST_DAY

#: Days a plan may hold on.
DAYS = st.dates(FIRST_DAY, END_DAY)

MEASURES = ("sales", "calls", "wins")

measured = st.sampled_from(MEASURES)
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=12)
numbers = st.decimals(0, 10**9, places=4).map(lambda number: format(number, "f"))
amounts = st.decimals("0.01", 10**9, places=2).map(lambda number: format(number, "f"))
counts = st.integers(1, 10**6)
percents = st.decimals(0, 1000, places=5).map(lambda number: f"{number:f}%")
kinds = st.sampled_from(["day", "week", "month", "quarter", "year", "window"])
populations = st.one_of(
    st.fixed_dictionaries({"roles": st.lists(texts, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"units": st.sampled_from(["team", "region", "zone", "nation"])}),
)
applies = st.sampled_from(["each_transaction", "running_total"])
floors = st.one_of(numbers, percents)
beyond = st.sampled_from(["flat", "extend"])


def mapping(required: dict[str, Any], optional: dict[str, Any] | None = None) -> Any:
    """Return a strategy of mappings."""
    return st.fixed_dictionaries(required, optional=optional or {})


where = st.dictionaries(
    texts, st.one_of(texts, st.lists(texts, min_size=1, max_size=3)), max_size=2
)
sources = st.sampled_from(["deal", "demo", "meeting", "activity", "learning"])
measures = st.one_of(
    mapping(
        {"of": sources, "sum": st.just("amount"), "credit": st.sampled_from(["whole", "share"])},
        {"where": where},
    ),
    mapping({"of": sources, "count": st.just("transactions")}, {"where": where}),
    mapping(
        {
            "of": sources,
            "distinct": st.just("account"),
            "first_in": st.sampled_from(["participant", "period"]),
        }
    ),
    mapping(
        {
            "weeks_of": measured,
            "at_least": amounts,
            "weeks": st.just("iso"),
            "belong_to": st.just("end"),
            "before_start": st.sampled_from(["count", "ignore"]),
        }
    ),
)
boards = mapping(
    {
        "measure": measured,
        "ties": st.sampled_from(["pooled", "first_to_reach", "dense", "modified", "ordinal"]),
        "show": st.integers(1, 1000),
    },
    {"period": kinds, "population": populations, "each": st.sampled_from(["team", "region"])},
)
tiers = mapping(
    {"on": applies, "tiers": st.lists(mapping({"from": floors, "rate": percents}), min_size=1)}
)
rewards = st.one_of(
    mapping({"money": amounts}, {"gift_card": amounts, "points": counts}),
    mapping({"experience": texts, "value": numbers}),
    mapping({"training": texts, "value": numbers}, {"money": amounts}),
)


def rewarded(key: str, values: Any) -> Any:
    """Return a strategy of rows with a key and rewards."""
    return st.lists(
        st.tuples(values, rewards).map(lambda row: {key: row[0], **row[1]}), min_size=1, max_size=3
    )


shares = st.dictionaries(texts, percents, min_size=1, max_size=4)
pays = st.one_of(
    mapping({"flat": mapping({"on": applies, "rate": percents})}),
    mapping(
        {
            "flat": mapping({"on": st.just("each_transaction"), "rate": percents}),
            "split": mapping(
                {"by_role": shares, "unfilled": st.sampled_from(["forfeit", "spread"])}
            ),
        }
    ),
    mapping({"per_unit": st.one_of(mapping({"money": amounts}), mapping({"points": counts}))}),
    mapping(
        {
            "spif": st.one_of(
                mapping({"times": st.sampled_from(["every", "once"]), "money": amounts}),
                mapping({"times": st.just("every"), "points": counts}),
            )
        }
    ),
    mapping(
        {
            "curve": mapping(
                {
                    "points": st.lists(
                        mapping({"from": floors, "money": numbers}), min_size=2, max_size=4
                    ),
                    "beyond": beyond,
                }
            )
        }
    ),
    mapping({"ladder": rewarded("from", floors)}),
    mapping({"marginal": tiers}),
    mapping({"retroactive": tiers}),
    mapping({"slabs": rewarded("from", floors)}),
    mapping(
        {
            "badges": mapping(
                {
                    "on_refund": st.sampled_from(["keep", "revoke"]),
                    "levels": st.lists(
                        mapping({"from": floors, "badge": names}), min_size=1, max_size=3
                    ),
                }
            )
        }
    ),
)
targets = st.one_of(
    amounts,
    st.just("weeks_in_period"),
    mapping({"quota": st.sampled_from(["period_start", "period_end"])}),
    mapping({"previous_period": percents}),
)
axes = mapping(
    {"measure": measured, "from": st.lists(floors, min_size=1, max_size=3)}, {"target": targets}
)
bases = st.one_of(mapping({"money": amounts}), mapping({"rate": percents}))
matrices = mapping(
    {
        "base": bases,
        "rows": axes,
        "columns": axes,
        "times": st.lists(st.lists(percents, max_size=3), min_size=1, max_size=3),
    }
)
pay_points = mapping({"from": percents, "pay": percents})
part_pays = st.one_of(
    st.just("attainment"),
    mapping(
        {
            "curve": mapping(
                {"points": st.lists(pay_points, min_size=2, max_size=3), "beyond": beyond}
            )
        }
    ),
    mapping({"steps": st.lists(pay_points, min_size=1, max_size=3)}),
)
parts = mapping({"measure": measured, "target": targets, "weight": percents, "pay": part_pays})
scorecards = st.one_of(
    mapping({"bonus": amounts, "capped": st.just("never"), "parts": st.lists(parts, min_size=1)}),
    mapping(
        {
            "bonus": amounts,
            "capped": st.sampled_from(["before_weighting", "after_weighting"]),
            "at": percents,
            "parts": st.lists(parts, min_size=1, max_size=3),
        }
    ),
)


def of_several(pays: dict[str, Any]) -> dict[str, Any]:
    """Return a component of a form that names its own measures."""
    rated = "rate" in pays.get("matrix", {}).get("base", {})
    return {"pays": pays, **({"measure": "sales"} if rated else {})}


recipients = st.one_of(
    st.just("participant"),
    st.just({"each_member": "period_end"}),
    st.just({"manager": "period_end"}),
)
components = st.one_of(
    mapping(
        {"measure": measured, "pays": pays},
        {
            "period": kinds,
            "population": populations,
            "target": targets,
            "to": recipients,
            "floor": mapping({"money": amounts}),
        },
    ),
    st.one_of(mapping({"matrix": matrices}), mapping({"scorecard": scorecards})).map(of_several),
    mapping(
        {
            "board": st.just("top"),
            "pays": mapping({"ranks": rewarded("rank", st.sampled_from([1, "2-5"]))}),
        },
        {"to": recipients},
    ),
)


def _suited(said: dict[str, Any]) -> dict[str, Any]:
    """Pay rates on amounts and prices on counts: nothing else can be read again."""
    for component in said["components"].values():
        if "measure" not in component:
            continue
        is_amount = said["measures"][component["measure"]].get("sum") == "amount"
        forms = component["pays"].keys()
        if {"flat", "marginal", "retroactive", "matrix"} & forms and not is_amount:
            component["pays"] = {"per_unit": {"points": 5}}
            component.pop("floor", None)
        elif {"per_unit", "spif"} & forms and is_amount:
            component["pays"] = {"flat": {"on": "running_total", "rate": "5%"}}
    return said


#: Right in structure, all measures and boards are there, and forms suit them; tiers are what
#: they come to be.
plans = mapping(
    {
        "plan": st.from_regex(r"[a-z0-9]{1,9}(-[a-z0-9]{1,9})?", fullmatch=True),
        "title": texts,
        "currency": st.sampled_from(["USD", "EUR", "JPY", "KWD"]),
        "time_zone": st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"]),
        "effective": mapping(
            {"from": DAYS.map(str), "to": DAYS.map(str)},
        ),
        "period": kinds,
        "population": populations,
        "rounding": st.sampled_from(["half_up", "half_even", "down", "up"]),
        "refunds": st.sampled_from(["in_deal_period", "in_refund_period", "ignore"]),
        "clawback": st.just("restate"),
        "after_close": st.sampled_from(["adjust_open_period", "ignore"]),
        "measures": mapping(dict.fromkeys(MEASURES, measures)),
        "boards": mapping({"top": boards}),
        "components": st.dictionaries(names, components, min_size=1, max_size=3),
    },
).map(_suited)
