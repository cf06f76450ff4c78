"""Plans of the catalogue, worked by hand: what the flow pays, and the reference too."""

from collections.abc import Sequence
from decimal import Decimal

import msgspec
import pytest

from accolade.streams.records import Closing, Deal, Demo, Meeting, Record
from tests.pipeline.in_memory import InMemory
from tests.reference import results
from tests.reference.small_company import UNITS, at, catalogue_plan, meetings, person, won

ANA, BEN, CY = person("ana"), person("ben"), person("cy")
SAM = person("sam", role="sdr")


def paid(plans: Sequence[str], *facts: Record) -> dict[str, str]:
    """Return what is paid by the end of the award id, in major units (points: whole)."""
    records = [*UNITS, *(catalogue_plan(name) for name in plans), *facts]
    flow = InMemory(1)
    # What is before a closing in the list has been worked off when it comes.
    flow.run([record for record in records if not isinstance(record, Closing)])
    flow.run([record for record in records if isinstance(record, Closing)])
    said = {award_id: (award.kind, award.amount_minor) for award_id, award in flow.awards().items()}
    assert said == {
        award_id: (award.kind, award.amount_minor)
        for award_id, award in results(records).awards.items()
    }
    return {
        award_id.partition("/")[2]: str(
            minor if kind == "points" else Decimal(minor).scaleb(-2).normalize().__format__(",f")
        )
        for award_id, (kind, minor) in said.items()
    }


# --- super-closers ---


def steps(demos: int, scopes: int, agreements: int, deals: int) -> list[Record]:
    """Return so many of each step in May."""
    results_of = ["scope_document"] * scopes + ["agreement"] * agreements + ["nothing"] * 5
    held = [
        msgspec.structs.replace(meeting, dimensions={"result": result})
        for meeting, result in zip(meetings("ana", len(results_of)), results_of, strict=True)
        if isinstance(meeting, Meeting)
    ]
    shown: list[Record] = [
        Demo(
            demo_id=f"demo{number}",
            revision=1,
            occurred_at=at("2026-05-04T10:00"),
            rep_id="ana",
            status="held" if number < demos else "no_show",
        )
        for number in range(demos + 3)
    ]
    return [*shown, *held, *(won(f"d{number}", "10.00", "ana") for number in range(deals))]


@pytest.mark.parametrize(
    ("done", "bonus"),
    [
        pytest.param((20, 10, 6, 4), "1,000", id="each target is met"),
        pytest.param((10, 5, 3, 2), None, id="half of each target"),
        pytest.param((11, 5, 3, 2), "20", id="one demo more: 10 % of a fifth"),
        pytest.param((25, 10, 6, 4), "1,100", id="125 % of the demos pay 150 % of a fifth"),
        pytest.param((60, 10, 6, 4), "1,100", id="and no number of demos pays more"),
        pytest.param((19, 10, 5, 4), "896.67", id="180 + 200 + two thirds of 250 + 350"),
        pytest.param((20, 0, 0, 0), "200", id="demos alone"),
        pytest.param((0, 0, 0, 5), "525", id="five deals of four: 150 % of 350"),
    ],
)
def test_super_closers(done: tuple[int, int, int, int], bonus: str | None) -> None:
    """Weighted by 20, 20, 25 and 35 per cent of 1,000."""
    expected = {} if bonus is None else {"super_closer/2026-05/ana": bonus}

    assert paid(["super-closers"], ANA, *steps(*done)) == expected


# --- festival-week ---


def new(deal_id: str, amount: str, rep: str = "ana", on: str = "2026-05-12T12:00") -> Deal:
    """Return a new deal in the week."""
    return msgspec.structs.replace(won(deal_id, amount, rep, on=on), kind="new")


def of_week(found: dict[str, str], component: str) -> dict[str, str]:
    """Return what a component pays, by who receives it."""
    return {
        award_id.partition("/")[2].partition("/")[2]: amount
        for award_id, amount in found.items()
        if award_id.startswith(f"{component}/")
    }


@pytest.mark.parametrize(
    ("sold", "bonus"),
    [
        ("4999.99", None),
        ("5000.00", "100"),
        ("7500.00", "250"),
        ("10000.00", "400"),
        ("12500.00", "700"),
        ("15000.00", "1,000"),
        ("99999.99", "1,000"),
    ],
)
def test_festival_week_pays_on_a_line_from_half_of_its_target(sold: str, bonus: str | None) -> None:
    """100 at 50 %, 400 at 100 %, 1,000 at 150 % and beyond."""
    found = paid(["festival-week"], ANA, new("d", sold))

    assert of_week(found, "week_bonus") == ({} if bonus is None else {"ana": bonus})


def test_festival_week_counts_its_seven_days_alone() -> None:
    """To the last second of Sunday, local time; three of five new deals."""
    days = [
        *("2026-05-10T23:59:59", "2026-05-11T00:00:00", "2026-05-14T12:00"),
        *("2026-05-17T23:59:59", "2026-05-18T00:00:00"),
    ]
    renewal = msgspec.structs.replace(won("r", "1.00", "ana", on=days[2]), kind="renewal")
    found = paid(
        ["festival-week"],
        ANA,
        renewal,
        *(new(f"d{n}", "1.00", on=day) for n, day in enumerate(days)),
    )

    assert of_week(found, "each_new_deal") == {"ana": "150"}
    assert of_week(found, "first_new_deal") == {"ana": "100"}


def test_festival_week_stands_beside_the_quarters_plan() -> None:
    """The same deal earns 400 here and its 5 % there."""
    both = paid(["festival-week", "q2-sales-performance"], ANA, new("d", "10000.00"))

    assert of_week(both, "week_bonus") == {"ana": "400"}
    assert both["commission/2026-Q2/ana"] == "500"


def test_festival_week_gives_all_who_share_a_rank_its_prize() -> None:
    """Two are second, so the next one is third, and has the prize of that rank."""
    dee, eve = person("dee"), person("eve")
    sold = {"ana": "900", "ben": "700", "cy": "700", "dee": "500", "eve": "100"}
    deals = [new(f"d-{rep}", f"{amount}.00", rep) for rep, amount in sold.items()]
    week = next(
        award_id.split("/")[1]
        for award_id in paid(["festival-week"], ANA, *deals[:1])
        if award_id.startswith("each_new_deal")
    )
    closing = Closing(plan_id="festival-week", period=week, author="max")
    found = paid(["festival-week"], ANA, BEN, CY, dee, eve, *deals, closing)

    assert of_week(found, "prizes") == {"ana": "250", "ben": "100", "cy": "100", "dee": "100"}


# --- SDRs ---


@pytest.mark.parametrize(
    ("held", "slab", "each"),
    [(4, None, 20), (5, 50, 25), (7, 50, 35), (8, 75, 40), (10, 75, 50), (11, 100, 55)],
)
def test_sdrs_are_paid_by_slabs_by_meeting_or_by_both(
    held: int, slab: int | None, each: int
) -> None:
    """Meetings that nobody came to count in none of the three plans."""
    facts = [SAM, *meetings("sam", held, 9)]
    by_slab = {} if slab is None else {"booster/2026-05/sam": str(slab)}
    by_meeting = {"each_meeting/2026-05/sam": str(each)}

    assert paid(["sdr-performance-booster"], *facts) == by_slab
    assert paid(["sdr-pay-per-meeting"], *facts) == by_meeting
    assert paid(["sdr-booster-with-meeting-pay"], *facts) == by_slab | by_meeting
