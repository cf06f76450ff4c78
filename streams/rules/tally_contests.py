"""What pays by final places: whom a place, or news of a participant, concerns."""

from accolade.streams.rules.awards import Group
from accolade.streams.rules.tally_rows import PLACINGS
from accolade.streams.rules.tally_turn import Turn


def ask_contests(turn: Turn, board_id: str, participant: str) -> None:
    """Evaluate the components that pay by the ranks of a board."""
    plan_id, board, period = board_id.split("/")[:3]
    counting = turn.plans.for_period(plan_id, period)
    if counting is None:
        return
    for component in counting.plan.components.values():
        if component.board == board:
            turn.ask(Group(plan_id, component.name, period, participant))


def ask_contests_of(turn: Turn, participant: str, plan_id: str | None = None) -> None:
    """Evaluate what pays by any final place of a participant, or by those of one plan."""
    for board_id, _ in turn.view.rows(PLACINGS, participant):
        if plan_id is None or board_id.startswith(f"{plan_id}/"):
            ask_contests(turn, board_id, participant)
