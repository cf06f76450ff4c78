"""What the demo's terminal shows while it plays."""

import pytest

from accolade.deploy.demonstration.collected import Collected
from accolade.deploy.demonstration.history import simulated
from accolade.deploy.demonstration.screen import Screen, shown_standing
from accolade.streams.records import Record
from tests.deploy.demonstration.told import LINES, award, badge, collected, shown, standing
from tests.pipeline.in_memory import InMemory

#: 14 May 2026, noon UTC.
_NOW_US = 1_778_760_000_000_000
_Q2 = "q2-sales-performance/top_sellers/2026-Q2"
_NAMES = {"rep-1": "Ada Abara", "rep-2": "Bruno Bianchi"}


def drawn(*records: Record, names: dict[str, str] = _NAMES) -> list[str]:
    """Return the screen's lines once these records have left the flow."""
    return shown(Screen(collected(*records), names, total=200).draw(_NOW_US, 50, LINES))


def test_the_screen_begins_with_date_and_progress() -> None:
    """The history's day, and how much of it was played."""
    assert drawn()[0].startswith(" Thu 14 May 2026  50 of 200 events  ━━")


def test_the_board_shows_ranks_names_and_amounts() -> None:
    """Names of people where they are known, ids elsewhere."""
    lines = drawn(standing(_Q2, [("rep-2", 4_500_050), ("rep-9", 100)]))

    assert lines[1].startswith("╭─ Top sellers 2026-Q2, USD ───────╮")
    assert lines[2].startswith("│  1 Bruno Bianchi       45,000.50 │")
    assert lines[3].startswith("│  2 rep-9                    1.00 │")


def test_what_was_earned_last_stands_above() -> None:
    """With the component or the thing itself, and the amount; what was taken back as well."""
    lines = drawn(
        award("rep-1", 480_000),
        award("rep-1", 60_000, component="trip", label="Weekend package", kind="experience"),
        badge("rep-2", "Fast starter", level=1),
    )

    assert [line[36:].strip("│ ").split() for line in lines[2:5]] == [
        ["Bruno", "Bianchi", "Fast", "starter", "badge"],
        ["Ada", "Abara", "Weekend", "package", "600.00"],
        ["Ada", "Abara", "commission", "4,800.00"],
    ]


def test_totals_are_told_by_plan() -> None:
    """Awards that stand, and their money; badges that are granted."""
    lines = drawn(
        award("rep-1", 480_000),
        award("rep-2", 20_050),
        award("rep-3", 999, state="withdrawn"),
        award("rep-1", 500, plan="team-success-bonus"),
        badge("rep-1", "Fast starter", level=1),
        badge("rep-2", "Fast starter", level=1, granted=False),
    )

    assert [line.strip("│ ").split() for line in lines[-4:-1]] == [
        ["q2-sales-performance", "2", "awards", "5,000.50", "USD"],
        ["team-success-bonus", "1", "award", "5.00", "USD"],
        ["badges", "1", "parked", "0", "refused", "0"],
    ]


@pytest.mark.parametrize(
    ("boards", "expected"),
    [
        (["sdr/most_meetings/2026-05", _Q2], _Q2),
        ([_Q2, _Q2.replace("Q2", "Q1"), _Q2.replace("Q2", "Q3")], _Q2),
        ([_Q2.replace("Q2", "Q1"), _Q2.replace("2026-Q2", "2025-Q4")], _Q2.replace("Q2", "Q1")),
        (["own/rush/2026-Q2", "own/rush/2026-05"], "own/rush/2026-Q2"),
    ],
)
def test_the_sample_plans_board_of_the_running_period_is_shown(
    boards: list[str], expected: str
) -> None:
    """The latest period where none runs, and any plan where that one isn't there."""
    standings = {board: standing(board, [("rep-1", 1)]) for board in boards}
    chosen = shown_standing(standings, _NOW_US)

    assert chosen is not None
    assert chosen.board == expected


def test_no_line_is_longer_than_the_terminal() -> None:
    """Whatever people, boards and rewards are called, and with all plans at once."""
    long = {"rep-1": "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh"}
    names = [f"{'very-long-plan-name' * 3}-{number}" for number in range(6)]
    lines = drawn(
        standing(_Q2, [("rep-1", 10**15), (f"unit:{'x' * 100}", -(10**14))]),
        *(award("rep-1", 10**14, plan=plan, component="a_long_name" * 5) for plan in names),
        award("rep-1", 10**12, label="A journey around the whole world for two", kind="trip"),
        names=long,
    )

    # `shown` has looked at every line's length.
    assert lines[-1].startswith("╰──")


def test_the_screen_of_a_whole_quarter_fits_the_terminal() -> None:
    """All plans of the catalogue."""
    history, flow = simulated(3, reps=6), InMemory(1)
    flow.run(history.records())
    found: Collected = collected(*flow.standings().values(), *flow.awards().values())
    lines = shown(Screen(found, history.names, 1).draw(_NOW_US, 1, LINES))

    assert len(lines) <= LINES
