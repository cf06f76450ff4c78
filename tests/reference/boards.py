"""Who stands where: everybody's value, sorted."""

from collections.abc import Callable
from dataclasses import dataclass

from accolade.streams.plans.model import Board, DistinctMeasure, PlanFile, WeeksMeasure
from tests.reference.calendar import Period, microseconds
from tests.reference.counting import LARGEST, Counting


@dataclass(frozen=True)
class Place:
    """A participant's place on a board."""

    participant: str
    rank: int
    value: int
    #: How many share the rank, and which of them this one is, from 0.
    tied: int
    tied_index: int


#: Places in order, by board id.
Boards = dict[str, list[Place]]


def boards_of(counting: Counting, is_open: Callable[[str], bool]) -> Boards:
    """
    Return all boards of a plan.

    Args:
        counting: The plan's measures.
        is_open: Whether a period, by its id, is judged by this version and not closed.
    """
    boards: Boards = {}
    for name, board in counting.plan.boards.items():
        values: dict[str, list[tuple[int, tuple[int, str], str]]] = {}
        for who in counting.participants:
            for period in _periods(counting, board, who):
                if is_open(period.id):
                    for board_id in _board_ids(counting, name, board, period, who):
                        entry = _entry(counting, board, period, who)
                        if abs(entry[0]) <= LARGEST:
                            values.setdefault(board_id, []).append(entry)
        for board_id, entries in values.items():
            boards[board_id] = _ranked(entries, board.ties)
    return boards


def _periods(counting: Counting, board: Board, who: str) -> list[Period]:
    plan = counting.plan
    kind = plan.period_of(board)
    return counting.periods(board.measure, plan.population_of(board), kind, who)


def _entry(
    counting: Counting, board: Board, period: Period, who: str
) -> tuple[int, tuple[int, str], str]:
    """Return what sorts a participant: the value, when it was reached, and the id."""
    population = counting.plan.population_of(board)
    counted = counting.counted(board.measure, population, period, who)
    value = counting.total(board.measure, counted)
    if board.ties not in ("first_to_reach", "ordinal"):
        return -value, (0, ""), who
    measure = counting.plan.measures[board.measure]
    if value == 0 and isinstance(measure, DistinctMeasure | WeeksMeasure):
        # Nothing had to happen for it.
        return 0, (0, ""), who
    running = counting.running(board.measure, counted)
    first = next(at for at, total in enumerate(running) if total >= value)
    at, credit_id = counted[first].credit.order
    return -value, (at, credit_id if board.ties == "first_to_reach" else ""), who


def _board_ids(counting: Counting, name: str, board: Board, period: Period, who: str) -> list[str]:
    plan: PlanFile = counting.plan
    board_id = f"{plan.plan}/{name}/{period.id}"
    if board.each is None:
        return [board_id]
    history = counting.history
    at = microseconds(period.end, plan.time_zone) - 1
    person = history.person(who, at)
    team_id = person.team_id if person else None
    lowest = who.removeprefix("unit:") if who.startswith("unit:") else team_id
    chain = history.known_chain(lowest, at)
    units = [unit_id for unit_id in chain if _level(counting, unit_id, at) == board.each]
    return [f"{board_id}/{unit_id}" for unit_id in units[:1]]


def _level(counting: Counting, unit_id: str, at: int) -> str:
    unit = counting.history.unit(unit_id, at)
    return unit.level if unit else ""


def _ranked(entries: list[tuple[int, tuple[int, str], str]], ties: str) -> list[Place]:
    places = []
    ordered = sorted(entries)
    values = [-negative for negative, _, _ in ordered]
    for at, (value, (_, _, who)) in enumerate(zip(values, ordered, strict=True)):
        above = values.index(value)
        tied, tied_index = values.count(value), at - above
        match ties:
            case "pooled":
                rank = above + 1
            case "dense":
                rank = len({other for other in values if other >= value})
            case "modified":
                rank = above + tied
            case _:
                rank, tied, tied_index = at + 1, 1, 0
        places.append(Place(who, rank, value, tied, tied_index))
    return places
