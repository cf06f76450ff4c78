from accolade.streams.records import Award
from tests.streams.rules.tally_desk import (
    Desk,
    at,
    deal,
    meeting,
    person,
    written,
)


def test_an_award_names_what_it_was_computed_with():
    """Plan version and hash, rules version, period bounds, and the fact that changed it."""
    plan = written("{c: {measure: sales, pays: {flat: {on: running_total, rate: 10%}}}}")
    desk = Desk(plan, person(), deal("d1", 12_345))

    assert desk.awards()["p/c/2026-Q2/ada"] == Award(
        award_id="p/c/2026-Q2/ada",
        revision=2,
        participant="ada",
        earner="ada",
        plan_id="p",
        plan_version=1,
        plan_hash=plan.content_hash,
        rules_version="1",
        component="c",
        period="2026-Q2",
        period_start=at("2026-04-01T00:00"),
        period_end=at("2026-07-01T00:00"),
        kind="money",
        amount_minor=1235,
        currency="USD",
        label="",
        state="earned",
        adjusts=None,
        cause="deal:d1",
    )


def test_what_does_not_change_is_not_said_again():
    """A duplicate, an older revision, and a deal that isn't won say nothing."""
    plan = written("{c: {measure: sales, pays: {slabs: [{from: 10, money: 1}]}}}")
    desk = Desk(plan, person(), deal("d1", 5000, revision=2))

    assert desk.put(deal("d1", 5000, revision=2)) == []
    assert desk.put(deal("d1", 9000, revision=1)) == []
    assert desk.put(deal("d2", 9000, status="lost")) == []
    # Within the slab the tally moves, the award stays.
    assert [output.topic.name for output in desk.put(deal("d3", 1))] == ["incentive.tallies"]


def test_an_award_of_nothing_is_never_said():
    """Zero commission before, and none after it was withdrawn."""
    plan = written("{c: {measure: sales, pays: {flat: {on: running_total, rate: 1%}}}}")
    desk = Desk(plan, person(), deal("d1", 10))

    assert desk.awards() == {}

    desk.put(deal("d1", 1000, revision=2), deal("d1", 1000, revision=3, active=False))

    assert desk.awards() == {}
    assert _said(desk).state == "withdrawn"
    assert desk.put(deal("d1", 0, revision=4)) != []
    assert _said(desk).state == "withdrawn"


def test_kinds_of_reward_have_an_award_each():
    """The first kind has the plain id."""
    plan = written(
        "{c: {measure: sales, pays: {slabs: [{from: 10, money: 5, points: 7},"
        " {from: 20, training: Closing, value: 0}]}}}"
    )
    desk = Desk(plan, person(), deal("d1", 1000))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 500, "p/c/2026-Q2/ada/points": 7}

    desk.put(deal("d1", 2000, revision=2))

    assert desk.amounts() == {"p/c/2026-Q2/ada/training": 0}


def test_points_are_paid_per_unit():
    """Ten for each held meeting."""
    plan = written(
        "{c: {measure: held, pays: {per_unit: {points: 10}}}}",
        "{held: {of: meeting, count: transactions, where: {status: held}}}",
    )
    desk = Desk(plan, person(), meeting("m1", "2026-05-05"), meeting("m2", "2026-05-06"))

    assert desk.amounts() == {"p/c/2026-Q2/ada": 20}


def _said(desk):
    """Return what was last said of the award."""
    award = desk.last["incentive.awards", "p/c/2026-Q2/ada"]
    assert isinstance(award, Award)
    return award
