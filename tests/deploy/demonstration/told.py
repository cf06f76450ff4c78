"""What a flow has left behind, and texts as a terminal of 80 columns shows them."""

import io
from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console, RenderableType

from accolade.deploy.demonstration.collected import Collected
from accolade.streams.records import (
    Award,
    Badge,
    BoardPlace,
    DeadLetter,
    Parked,
    Record,
    Standing,
)

COLUMNS, LINES = 80, 24


def shown(*parts: RenderableType) -> list[str]:
    """Return the lines of what a terminal would show, as far as it has columns."""
    console = Console(
        file=io.StringIO(), width=COLUMNS, height=LINES, force_terminal=False, markup=False
    )
    for part in parts:
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert max(map(cell_len, lines)) <= COLUMNS
    return [line.rstrip() for line in lines]


def collected(*records: Record) -> Collected:
    """Return these records, collected in this order."""
    found = Collected()
    for record in records:
        found.put(record)
    return found


def award(
    participant: str,
    amount_minor: int,
    plan: str = "q2-sales-performance",
    component: str = "commission",
    state: str = "earned",
    label: str = "",
    kind: str = "money",
) -> Award:
    """Return an award of the second quarter."""
    return Award(
        award_id=f"{plan}/{component}/2026-Q2/{participant}",
        revision=1,
        participant=participant,
        earner=participant,
        plan_id=plan,
        plan_version=1,
        plan_hash="",
        rules_version="1",
        component=component,
        period="2026-Q2",
        period_start=0,
        period_end=1,
        kind=kind,
        amount_minor=amount_minor,
        currency="USD",
        label=label,
        state=state,
    )


def badge(participant: str, name: str, level: int, granted: bool = True) -> Badge:
    """Return a badge of the second quarter."""
    return Badge(
        badge_id=f"badge-rush/badges/2026-Q2/{participant}/{name}",
        revision=1,
        participant=participant,
        plan_id="badge-rush",
        plan_version=1,
        component="badges",
        period="2026-Q2",
        badge=name,
        level=level,
        granted=granted,
        reached_at=0,
    )


def standing(
    board: str, values: Iterable[tuple[str, int]], unit: str = "USD", final: bool = False
) -> Standing:
    """Return a board's standing with these participants, the first on top."""
    plan, _, period, *_ = board.split("/")
    top = tuple(BoardPlace(who, rank, value) for rank, (who, value) in enumerate(values, 1))
    return Standing(board, 1, plan, period, unit, top, len(top), final)


def parked(parked_id: str, reason: str, waits_for: str) -> Parked:
    """Return something that is parked."""
    return Parked(parked_id, "credit", reason, "", 0, waits_for)


def dead_letter(letter_id: str, message: str) -> DeadLetter:
    """Return something that was refused."""
    return DeadLetter(letter_id, "crm.deals", 0, 7, 0, None, None, "invalid", message, "credit")
