import json
from contextlib import suppress
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.model import PlanFile
from accolade.streams.rules.compiling import compiled_body
from accolade.streams.rules.state import Rejected
from tests.streams.plans.drawn_plans import plans
from tests.streams.rules.tally_desk import (
    CATALOGUE,
    Desk,
    activity,
    closing,
    deal,
    person,
    plan_of,
    refund,
    written,
)


def body(change):
    """Return a body that the linter would refuse: a good one, changed."""
    said = json.loads(written("{c: {measure: sales, pays: {slabs: [{from: 1, money: 1}]}}}").body)
    change(said)
    return json.dumps(said)


def pays(**forms):
    """Return a change of the component's `pays`."""
    return lambda said: said["components"]["c"].update(pays=forms)


BY_DEAL = {"on": "each_transaction", "tiers": [{"from": "1%", "rate": "1%"}]}


def count_weeks_of_weeks(said):
    """Count the weeks of a measure that counts weeks."""
    weeks = {"at_least": "1", "weeks": "iso", "belong_to": "end", "before_start": "count"}
    said["measures"]["a"] = {"weeks_of": "b", **weeks}
    said["measures"]["b"] = {"weeks_of": "a", **weeks}


def count_deals(said):
    """Pay each deal by a measure that counts deals."""
    said["measures"]["sales"] = {"of": "deal", "count": "transactions"}
    said["components"]["c"]["pays"] = {"flat": {"on": "each_transaction", "rate": "1%"}}


def names_its_own(**forms):
    """Return a change to a form that names its own measures."""

    def change(said):
        said["components"]["c"] = {"pays": forms}

    return change


AXIS = {"measure": "sales", "from": ["1", "2"]}
PART = {"measure": "sales", "target": "5", "weight": "100%"}


def points(*attainments):
    """Return a scorecard whose only part pays by these attainments."""
    steps = [{"from": each, "pay": "1%"} for each in attainments]
    return names_its_own(
        scorecard={"bonus": "1", "capped": "never", "parts": [{**PART, "pay": {"steps": steps}}]}
    )


def matrix(rows, times):
    """Return a matrix of rows and multipliers."""
    axis = {**AXIS, "from": rows}
    return names_its_own(
        matrix={"base": {"money": "1"}, "rows": axis, "columns": AXIS, "times": times}
    )


def curve(*floors):
    """Return a curve through these floors, of a component with a target."""
    through = [{"from": floor, "money": "1"} for floor in floors]
    paid = pays(curve={"points": through, "beyond": "flat"})

    def change(said):
        paid(said)
        said["components"]["c"]["target"] = "10"

    return change


def on_no_day(said):
    """Hold from a day to before the same day."""
    said.update(period="window", effective={"from": "2026-04-01", "to": "2026-04-01"})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (curve("1", "1"), "points must rise"),
        # 50 % of 10 is 5: two points at one place.
        (curve("4", "50%"), "points must rise"),
        (points("5%", "5%"), "points must rise"),
        (matrix(["2", "1"], [["1%", "1%"]] * 2), "points must rise"),
        (matrix(["1"], [["1%", "1%"]] * 2), "a multiplier for each row and column"),
        (matrix(["1"], [["1%"]]), "a multiplier for each row and column"),
        (matrix(["1%"], [["1%", "1%"]]), "part of a target, and there is none"),
        (pays(slabs=[{"from": "1%", "money": "1"}]), "part of a target, and there is none"),
        (pays(marginal=BY_DEAL), "part of a target"),
        (pays(slabs=[{"from": "1", "money": "1.005"}]), "finer than the minor unit of USD"),
        (count_weeks_of_weeks, "can't be counted by weeks"),
        (count_deals, "`sales` is a count"),
        (on_no_day, "first day is not before"),
        (pays(per_unit={"money": "5"}), "`sales` is an amount"),
        (lambda said: said["components"]["c"].update(measure="calls"), "names what the plan"),
        (lambda said: said.pop("rounding"), "rounding"),
    ],
)
def test_a_body_that_cannot_be_counted_is_refused(change, says):
    """Where no linter has looked at it: the record is refused, and the rest goes on."""
    text = body(change)
    content = sha256(text.encode()).hexdigest()

    with pytest.raises(ValueError, match=says):
        compiled_body(content, text)

    plan = written("{c: {measure: sales, pays: {slabs: [{from: 1, money: 1}]}}}")
    fields = {name: getattr(plan, name) for name in plan.__struct_fields__}
    with pytest.raises(Rejected, match=says):
        Desk(type(plan)(**{**fields, "body": text, "content_hash": content}))


@given(plans, st.permutations(range(7)))
def test_no_plan_stops_a_partition(said, order):
    """Also one that the linter would refuse is counted, or is refused with a reason."""
    without_filters = {
        name: {key: value for key, value in measure.items() if key != "where"}
        for name, measure in said["measures"].items()
    }
    plan = plan_record(PlanFile.model_validate({**said, "measures": without_filters}), version=1)
    effective = said["effective"]
    role = said["population"].get("roles", ["rep"])[0]
    facts = [
        plan,
        person(role=role),
        deal("d1", 10**6, account="a"),
        refund("r1", deal("d1", 10**6), 1, "2026-05-01"),
        activity("c", 60, "2026-04-15"),
        closing("2026-Q2", said["plan"]),
        closing(f"{effective['from']}--{effective['to']}", said["plan"]),
    ]
    desk = Desk(person(role=role))

    for at in [*order, *order]:
        with suppress(Rejected):
            desk.put(facts[at])


def test_tiers_by_deal_cannot_begin_at_parts_of_a_target():
    """A deal alone has no quota."""
    quota = {"quota": "period_end"}
    text = body(
        lambda said: said["components"]["c"].update(target=quota, pays={"marginal": BY_DEAL})
    )

    with pytest.raises(ValueError, match="part"):
        compiled_body("0" * 64, text)


def test_every_shipped_plan_compiles():
    """The catalogue holds no plan that can't be counted."""
    for path in sorted(CATALOGUE.glob("*.yaml")):
        plan = plan_of(path.read_text())

        assert compiled_body(plan.content_hash, plan.body).plan_id == plan.plan_id
