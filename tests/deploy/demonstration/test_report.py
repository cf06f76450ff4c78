"""What the demo shows in the end."""

from accolade.deploy.demonstration.history import History
from accolade.deploy.demonstration.report import report
from accolade.deploy.demonstration.run import Played
from accolade.streams.records import Record
from tests.deploy.demonstration.told import (
    award,
    badge,
    collected,
    dead_letter,
    parked,
    shown,
    standing,
)

_HISTORY = History("A quarter", (), {"rep-1": "Ada Abara"}, next_step="go on.")


def told(*records: Record) -> list[str]:
    """Return the report's lines once these records have left the flow."""
    return shown(*report(Played(_HISTORY, collected(*records), seconds=21.6)))


def test_the_report_begins_with_what_was_played_and_ends_with_what_comes_next() -> None:
    """Also where nothing was earned."""
    lines = told()

    assert lines[0] == "A quarter: 0 events in 22 s"
    assert "Next: go on." in lines


def test_awards_are_told_by_plan_and_component() -> None:
    """Adjustments of closed periods apart from what was earned; nothing that was withdrawn."""
    lines = told(
        award("rep-1", 480_000),
        award("rep-2", 20_050),
        award("rep-3", 999, state="withdrawn"),
        award("rep-4", -100, state="adjustment"),
        award("rep-1", 60_000, plan="team-success-bonus", component="new_bonus"),
    )

    assert [line.split() for line in lines[4:9]] == [
        ["q2-sales-performance"],
        ["commission", "2", "5,000.50", "USD"],
        ["commission", "(adjusted)", "1", "-1.00", "USD"],
        ["team-success-bonus"],
        ["new", "bonus", "1", "600.00", "USD"],
    ]


def test_badges_are_told_in_the_order_of_their_levels() -> None:
    """Those that are granted."""
    lines = told(
        badge("rep-1", "Blockbuster", level=3),
        badge("rep-1", "Fast starter", level=1),
        badge("rep-2", "Fast starter", level=1),
        badge("rep-3", "Fast starter", level=1, granted=False),
    )

    assert "Badges: Fast starter 2, Blockbuster 1" in lines


def test_boards_are_told_with_their_first_three() -> None:
    """By plan, board and period; an open one is said to be open."""
    values = [("rep-1", 30), ("unit:west", 20), ("rep-3", 10), ("rep-4", 5)]
    lines = told(
        standing("own/top_sellers/2026-Q2", values, final=True),
        standing("own/top_sellers/2026-Q3", values),
        standing("own/top_sellers/2026-Q4", []),
    )
    told_of = [line for line in lines if line.startswith("  top sellers")]

    assert "own" in lines
    assert told_of[0].endswith("2026-Q2          1 Ada Abara, 2 west, 3 rep-3")
    assert told_of[1].endswith("2026-Q3 (open)   1 Ada Abara, 2 west, 3 rep-3")


def test_parked_and_refused_records_are_told_with_their_reasons() -> None:
    """The first five of each."""
    waiting = [parked(f"credit/deal:D-{n}", "unknown_person", f"rep-{n}") for n in range(7)]
    lines = told(*waiting, dead_letter("crm.deals/0/7", "amount: -1 is less than 0"))

    assert "  deal:D-0 waits for rep-0 (unknown_person)" in lines
    assert "  and 2 more" in lines
    assert "  crm.deals/0/7: amount: -1 is less than 0" in lines
