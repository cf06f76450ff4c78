"""
What a plan's boards rank, which stays what it is under one name.

Standings are kept by what is ranked, each in its own task. Were another version to rank
something else under the same name, two tasks would write one standing.
"""

from accolade.streams.rules.compiled import CompiledPlan
from accolade.streams.rules.state import Row, Table, View


class Ranked(Row, frozen=True, array_like=True):
    """What a board has ranked since a version of its plan first named it."""

    #: The measure, with `@` and the population where that is not the plan's.
    label: str


#: By (plan id, board and kind of period): standings of two kinds have different names.
RANKED = Table("ranked", Ranked)


def check_boards(view: View, plan: CompiledPlan) -> str | None:
    """Return which board would rank something else than before, and what to do; else None."""
    for board in plan.boards.values():
        known = view.get(RANKED, plan.plan_id, _key(board.name, board.slot.calendar.kind))
        if known is not None and known.label != board.slot.label:
            return (
                f"boards.{board.name}: ranks {board.slot.label!r}, and an earlier version of the "
                f"plan ranks {known.label!r} under this name: give the board a new name"
            )
    return None


def keep_boards(view: View, plan: CompiledPlan) -> None:
    """Keep what the boards of a plan version rank."""
    for board in plan.boards.values():
        key = _key(board.name, board.slot.calendar.kind)
        view.put(RANKED, plan.plan_id, key, Ranked(board.slot.label))


def _key(board: str, kind: str) -> str:
    return f"{board}|{kind}"
