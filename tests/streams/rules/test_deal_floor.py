"""The least that a deal pays, worked by hand."""

import pytest

from accolade.streams.records import TeamMember
from tests.streams.rules.tally_desk import Desk, closing, deal, person, refund, written


def desk(pays, *facts, people=None, **head):
    """Return a desk with a component whose deals pay 1.00 at least."""
    plan = written(f"{{c: {{measure: sales, floor: {{money: 1}}, pays: {{{pays}}}}}}}", **head)
    return Desk(plan, *(people or [person()]), *facts)


FLAT = "flat: {on: each_transaction, rate: 1%}"
AWARD = "p/c/2026-Q2/ada"


def test_each_deal_has_a_floor_of_its_own():
    """0.50 and 1.00 and 1.01 by rate: 1.00, 1.00 and 1.01."""
    deals = [deal(f"d{n}", minor) for n, minor in enumerate((5000, 10_000, 10_100))]

    assert desk(FLAT, *deals).amounts() == {AWARD: 301}


@pytest.mark.parametrize(
    ("sold", "expected"), [(1, 100), (2000, 100), (2_000_099, 100), (2_010_100, 101)]
)
def test_tiers_that_begin_with_nothing_have_a_floor_too(sold, expected):
    """1 % of what lies above 20,000."""
    tiers = "[{from: 0, rate: 0%}, {from: 20000, rate: 1%}]"
    marginal = f"marginal: {{on: each_transaction, tiers: {tiers}}}"

    assert desk(marginal, deal("d1", sold)).amounts() == {AWARD: expected}


def test_a_deal_that_brings_nothing_pays_nothing():
    """Worth nothing, refunded, or refunded beyond what it was worth."""
    sold, over = deal("d1", 5000), deal("d2", 5000)
    one = desk(FLAT, deal("d0", 0), sold, over)

    assert one.amounts() == {AWARD: 200}
    one.put(refund("r1", sold, 5000, "2026-05-05"))
    assert one.amounts() == {AWARD: 100}
    one.put(refund("r2", over, 6000, "2026-05-05"))
    assert one.amounts() == {AWARD: -10}


def test_a_refund_of_another_period_takes_back_by_the_rate():
    """The deal keeps its floor where it was sold."""
    sold = deal("d1", 5000)
    back = refund("r1", sold, 5000, "2026-05-05")
    found = desk(FLAT, sold, back, period="month", refunds="in_refund_period").amounts()

    assert found == {"p/c/2026-04/ada": 100, "p/c/2026-05/ada": -50}


def test_the_floor_is_the_commission_that_a_team_shares():
    """1.00 of a deal of 50.00, by thirds: 0.34 to the first role."""
    people = [person("ada"), person("bob", "sdr"), person("cy", "engineer")]
    roles = {"ada": "account_executive", "bob": "sdr", "cy": "engineer"}
    team = tuple(TeamMember(rep_id=rep, role=role) for rep, role in roles.items())
    third = "33.3333333333%"
    split = (
        f"{FLAT}, split: {{by_role: {{account_executive: 33.3333333334%, sdr: {third},"
        f" engineer: {third}}}, unfilled: forfeit}}"
    )
    found = desk(
        split,
        *(deal("d1", 5000, participant=rep, team=team) for rep in roles),
        people=people,
        population="{roles: [account_executive, sdr, engineer]}",
    ).amounts()

    assert found == {AWARD: 34, "p/c/2026-Q2/bob": 33, "p/c/2026-Q2/cy": 33}


def test_a_late_refund_takes_the_floor_back_in_the_open_period():
    """What is left of the deal pays nothing by itself."""
    sold = deal("d1", 5000)
    one = desk(FLAT, sold, closing(), refund("r1", sold, 5000, "2026-07-05"))

    assert one.amounts() == {AWARD: 100, f"{AWARD}/adjusts/2026-Q3": -100}
