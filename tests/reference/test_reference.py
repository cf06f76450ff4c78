"""The reference against figures that were worked by hand."""

import pytest

from accolade.streams.records import Closing, Record
from tests.reference.small_company import (
    at,
    calls,
    catalogue_plan,
    meetings,
    paid,
    person,
    refund,
    settle,
    won,
)

SAMPLE = "q2-sales-performance"
ANA, BEN, CY = person("ana"), person("ben"), person("cy")


def closed(plan_id: str, period: str = "2026-Q2") -> Closing:
    """Return the closing of a period."""
    return Closing(plan_id=plan_id, period=period, author="max")


# --- the sample plan ---


@pytest.mark.parametrize(
    ("sold", "earned"),
    [("1000.00", "50.00"), ("75000.00", "3750.00"), ("90000.00", "4800.00"), ("0.10", "0.01")],
)
def test_the_part_above_75000_earns_seven_percent(sold: str, earned: str) -> None:
    """Sales of 90,000 earn 5 % on 75,000 and 7 % on 15,000: 4,800."""
    found = settle(catalogue_plan(SAMPLE), ANA, won("d", sold, "ana"))

    assert {"ana": earned} == paid(found, "commission")


@pytest.mark.parametrize(("sold", "expected"), [("57499.99", {}), ("57500.00", {"ana": "1000.00"})])
def test_the_target_bonus_begins_at_115_percent(sold: str, expected: dict[str, str]) -> None:
    """115 % of 50,000 is 57,500 to the cent."""
    found = settle(catalogue_plan(SAMPLE), ANA, won("d", sold, "ana"))

    assert expected == paid(found, "target_bonus")


@pytest.mark.parametrize(("accounts", "expected"), [(9, {}), (10, {"ana": "1000.00"})])
def test_ten_accounts_won_for_the_first_time_earn_a_bonus(
    accounts: int, expected: dict[str, str]
) -> None:
    """An account won in the quarter before, and a second deal with one, are not new."""
    deals = [won(f"d{n}", "10.00", "ana", account=f"a{n}") for n in range(accounts)]
    again = won("again", "10.00", "ana", account="a0", on="2026-06-01T12:00")
    before = won("before", "10.00", "ana", account="old", on="2026-02-02T12:00")
    old = won("old", "10.00", "ana", account="old")
    found = settle(catalogue_plan(SAMPLE), ANA, *deals, again, before, old)

    assert expected == paid(found, "new_customer_bonus")


def test_a_month_is_paid_where_each_week_that_ends_in_it_has_50_calls() -> None:
    """The week of 30 March ends in April, the week of 29 June in July."""
    enough = calls("ana", "2026-03-30", "2026-06-26", 10)
    lazy_in_may = calls("ben", "2026-03-30", "2026-05-08", 10)
    lazy_in_may += calls("ben", "2026-06-01", "2026-06-26", 10)
    found = settle(catalogue_plan(SAMPLE), ANA, BEN, *enough, *lazy_in_may)
    months = [paid(found, "call_discipline", f"2026-0{month}") for month in (4, 5, 6)]

    assert months == [
        {"ana": "200.00", "ben": "200.00"},
        {"ana": "200.00"},
        {"ana": "200.00", "ben": "200.00"},
    ]


def test_calls_before_the_start_can_be_left_out() -> None:
    """Without its two days in March the first week has but 30 calls."""
    plan = catalogue_plan(SAMPLE, ("before_start: count", "before_start: ignore"))
    found = settle(plan, ANA, *calls("ana", "2026-03-30", "2026-06-26", 10))

    assert sorted(found.awards) == [
        f"{SAMPLE}/call_discipline/2026-05/ana",
        f"{SAMPLE}/call_discipline/2026-06/ana",
    ]


def test_the_gift_card_is_shared_by_who_tie() -> None:
    """Three first places share 500 to the cent; a fourth place gets nothing."""
    dee = person("dee")
    deals = [won("d", "900.00", "ana", "ben", "cy"), won("e", "100.00", "dee")]
    found = settle(catalogue_plan(SAMPLE), ANA, BEN, CY, dee, *deals, closed(SAMPLE))

    assert {"ana": "166.67", "ben": "166.67", "cy": "166.66"} == paid(found, "top_performer")
    assert {"ana", "ben", "cy"} == set(paid(found, "top_three_training"))


def test_ranks_are_standard_competition_ranks() -> None:
    """Two who tie at rank 2 leave no rank 3."""
    people = [person(name) for name in ("ana", "ben", "cy", "dee")]
    deals = [
        won("d1", "900.00", "ana"),
        won("d2", "500.00", "ben", "cy"),
        won("d3", "100.00", "dee"),
    ]
    found = settle(catalogue_plan(SAMPLE), *people, *deals)
    places = found.boards[f"{SAMPLE}/top_sellers/2026-Q2"]

    assert [(place.participant, place.rank) for place in places] == [
        ("ana", 1),
        ("ben", 2),
        ("cy", 2),
        ("dee", 4),
    ]


@pytest.mark.parametrize(("sold", "members"), [("11999.99", set()), ("12000.00", {"ana", "ben"})])
def test_a_team_that_grows_by_20_percent_gives_each_member_a_weekend(
    sold: str, members: set[str]
) -> None:
    """Growth is held against the quarter before; `cy` is in the other team."""
    cy = person("cy", team_id="west")
    before = won("before", "10000.00", "ana", on="2026-02-02T12:00")
    found = settle(catalogue_plan(SAMPLE), ANA, BEN, cy, before, won("d", sold, "ben"))

    assert dict.fromkeys(members, "600.00 Weekend package") == paid(found, "team_growth")


# --- the other programmes of the catalogue ---


@pytest.mark.parametrize(
    ("held", "expected"),
    [(4, None), (5, "50.00"), (7, "50.00"), (8, "75.00"), (10, "75.00"), (11, "100.00")],
)
def test_held_meetings_earn_the_highest_slab_alone(held: int, expected: str | None) -> None:
    """The eleventh meeting adds 25 to 75; meetings that nobody came to add nothing."""
    sdr = person("sam", role="sdr")
    found = settle(catalogue_plan("sdr-performance-booster"), sdr, *meetings("sam", held, 9))

    assert ({} if expected is None else {"sam": expected}) == paid(found, "booster")


def test_a_deals_commission_is_shared_by_role_to_the_cent() -> None:
    """2 % of 5,000.50 is 100.01: 10 % is 10.00, 70 % is 70.01, 20 % is 20.00."""
    people = [ANA, person("sam", role="sdr"), person("eve", role="sales_engineer")]
    deal = won("d", "5000.50", "ana", "sam:sdr", "eve:sales_engineer")
    found = settle(catalogue_plan("team-success-bonus"), *people, deal)

    assert {"ana": "70.01", "sam": "10.00", "eve": "20.00"} == paid(found, "team_commission")


@pytest.mark.parametrize(
    ("unfilled", "expected"),
    [("spread", {"ana": "77.78", "eve": "22.22"}), ("forfeit", {"ana": "70.00", "eve": "20.00"})],
)
def test_an_unfilled_roles_share_goes_where_the_plan_says(
    unfilled: str, expected: dict[str, str]
) -> None:
    """Without an SDR 100.00 is shared 7 to 2, or 10.00 of it is nobody's."""
    plan = catalogue_plan("team-success-bonus", ("unfilled: spread", f"unfilled: {unfilled}"))
    people = [ANA, person("eve", role="sales_engineer")]
    found = settle(plan, *people, won("d", "5000.00", "ana", "eve:sales_engineer"))

    assert expected == paid(found, "team_commission")


@pytest.mark.parametrize(("on_refund", "kept"), [("keep", 3), ("revoke", 1)])
def test_a_jump_to_62_percent_grants_three_badges(on_refund: str, kept: int) -> None:
    """A refund down to 22 % takes two of them back, where the plan says so."""
    plan = catalogue_plan("badge-rush", ("on_refund: keep", f"on_refund: {on_refund}"))
    records: list[Record] = [plan, ANA, won("d", "31000.00", "ana")]
    names = ["Fast starter", "Milestone crusher", "Blockbuster"]
    badges = [f"badge-rush/badges/2026-Q2/ana/{name}" for name in names]

    assert set(badges) == settle(*records).badges
    assert set(badges[:kept]) == settle(*records, refund("d", "20000.00")).badges


def test_two_reps_credited_with_one_order_give_their_region_the_order_once() -> None:
    """The region has 10,000, not 20,000: a fifth of its quota, and no bonus."""
    ben = person("ben", team_id="west")
    found = settle(catalogue_plan("regional-manager"), ANA, ben, won("d", "10000.00", "ana", "ben"))
    places = found.boards["regional-manager/regions/2026-Q2"]

    assert [("unit:north", 1_000_000)] == [(place.participant, place.value) for place in places]


def test_a_manager_is_paid_by_the_regions_attainment() -> None:
    """100 % of the quota of 50,000 earns 2,500, however many teams it came from."""
    ben = person("ben", team_id="west")
    deals = [won("d", "20000.00", "ana"), won("e", "30000.00", "ben")]
    found = settle(catalogue_plan("regional-manager"), ANA, ben, *deals)

    assert {"max": "2500.00"} == paid(found, "regional_manager")


@pytest.mark.parametrize(
    ("sold", "expected"),
    [
        ("49999.99", None),
        ("50000.00", "150.00 Dinner for two"),
        ("55250.00", "150.00 Dinner for two"),
        ("55500.00", "800.00 Weekend trip"),
        ("60500.00", "2500.00 International trip"),
    ],
)
def test_an_experience_is_for_an_attainment_up_to_the_next_floor(
    sold: str, expected: str | None
) -> None:
    """110.5 % of the quota is a dinner, 111 % a weekend, 121 % an international trip."""
    found = settle(catalogue_plan("elite-achievers-club"), ANA, won("d", sold, "ana"))

    assert ({} if expected is None else {"ana": expected}) == paid(found, "experience")


# --- corrections, currencies ---


def test_a_refund_after_the_close_is_booked_in_the_open_period() -> None:
    """5 % to 100,000, then 10 %: of 120,000 sold 30,000 go back, and so do 2,500."""
    plan = catalogue_plan(SAMPLE, ("from: 75000, rate: 7%", "from: 100000, rate: 10%"))
    deals = [won("d", "30000.00", "ana"), won("e", "90000.00", "ana")]
    late = refund("d", "30000.00", on="2026-07-10T12:00")
    found = settle(plan, ANA, *deals, closed(SAMPLE), late)

    assert {"ana": "7000.00"} == paid(found, "commission", "2026-Q2")
    assert {"ana": "-2500.00"} == paid(found, "commission", "2026-Q3")


def test_adjustments_of_a_closed_period_add_up_to_what_is_due() -> None:
    """What one open period has booked is not booked again in the next."""
    deals = [won("d", "1000.00", "ana"), won("e", "1000.00", "ana")]
    first = refund("d", "100.00", on="2026-07-10T12:00")
    second = refund("e", "300.00", on="2026-10-10T12:00")
    records = [catalogue_plan(SAMPLE), ANA, *deals, closed(SAMPLE), first]
    found = settle(*records, closed(SAMPLE, "2026-Q3"), second)
    booked = [paid(found, "commission", f"2026-Q{quarter}") for quarter in (2, 3, 4)]

    assert [{"ana": "100.00"}, {"ana": "-5.00"}, {"ana": "-15.00"}] == booked


def test_without_a_rate_of_exchange_nothing_is_paid() -> None:
    """The credit is parked for its rate, and never counted in another currency."""
    found = settle(catalogue_plan(SAMPLE), ANA, won("d", "1000.00", "ana", currency="EUR"))

    assert {} == found.awards
    assert "missing_rate" == found.parked["tally/deal:d/ana"]


def test_what_occurred_at_midnight_belongs_to_the_period_that_begins() -> None:
    """The plan ends with 30 June, local time."""
    deals = [
        won("last", "1000.00", "ana", on="2026-06-30T23:59:59"),
        won("late", "1000.00", "ana", on="2026-07-01T00:00:00"),
    ]
    found = settle(catalogue_plan(SAMPLE), ANA, *deals)

    assert {"ana": "50.00"} == paid(found, "commission")
    assert at("2026-07-01") == deals[1].occurred_at
