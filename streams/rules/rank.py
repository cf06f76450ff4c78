"""
Tallies to boards: who stands where, who has moved, and what stands at the end.

A board is a function of the newest tally of each participant. Its period's end is
the one thing whose place in the log matters: each facts partition says when it has
passed the closing, and says no tally of the period behind that. Once all have
passed, the final standing is said, and its rewarded places go back as facts.
"""

from collections.abc import Iterable

from accolade.streams.catalogue import FACTS, LEADERBOARDS, STANDINGS
from accolade.streams.records import Closed, Leaderboard, Placing, Record, Standing, Tally
from accolade.streams.records.revision import revision_at
from accolade.streams.rules.rank_board import ORDERS, PLACES, SHOWN, Board, Place
from accolade.streams.rules.state import Output, Position, Row, Table, View


class Passed(Row, frozen=True):
    """The facts partitions that have passed the closing of a tally's period."""

    #: Those that have passed it, rising.
    passed: tuple[int, ...]


#: By (tally id).
CLOSINGS = Table("closings", Passed)

TABLES = (PLACES, SHOWN, ORDERS, CLOSINGS)


def rank(view: View, record: Record, position: Position) -> Iterable[Output]:
    """
    Return what a tally moves on its boards, or the final standings that a closing completes.

    Raises:
        TypeError: A record that doesn't belong here.
    """
    revision = revision_at(position.epoch, position.offset)
    if isinstance(record, Tally):
        return _tally(view, record, revision)
    if isinstance(record, Closed):
        return _closed(view, record, revision)
    raise TypeError(f"{type(record).__name__} is nothing to rank")


# --- moves ---


def _tally(view: View, tally: Tally, revision: int) -> list[Output]:
    old = view.get(PLACES, tally.tally_id, tally.participant)
    if old is not None and old.revision >= tally.revision:
        return []
    new = Place.of(tally)
    names = {board.board: None for board in new.boards}
    if old is not None:
        names |= {board.board: None for board in old.boards}
    view.put(PLACES, tally.tally_id, tally.participant, new)
    outputs: list[Output] = []
    for name in names:
        outputs += _move(Board(view, tally.tally_id, name), tally, old, new, revision)
    return outputs


def _ties(place: Place | None, name: str) -> str | None:
    """Return the tie rule of a board for a place on it; None where it is not on it."""
    if place is None:
        return None
    return next((board.ties for board in place.boards if board.board == name), None)


def _move(board: Board, tally: Tally, old: Place | None, new: Place, revision: int) -> list[Output]:
    """Move the tally's participant on a board, onto it or off it."""
    before = board.shown
    old_rank = new_rank = None
    old_ties, new_ties = _ties(old, board.name), _ties(new, board.name)
    if old is not None and old_ties is not None:
        old_rank = board.leave(tally.participant, old, old_ties)
    if new_ties is not None:
        new_rank = board.enter(tally.participant, new, new_ties)
    board.refresh()
    outputs = []
    if old_rank != new_rank:
        outputs.append(_leaderboard(board, tally, old_rank, new_rank, revision))
    if board.shown != before:
        unit = board.shown.unit or tally.unit
        outputs.append(_standing(board, tally.plan_id, tally.period, unit, revision))
    return outputs


def _leaderboard(
    board: Board, tally: Tally, old_rank: int | None, new_rank: int | None, revision: int
) -> Output:
    moved = Leaderboard(
        board=board.name,
        participant=tally.participant,
        revision=revision,
        old_rank=old_rank,
        new_rank=new_rank,
        value=tally.value,
        unit=tally.unit,
        top=board.shown.top,
        size=board.shown.size,
    )
    return Output(LEADERBOARDS, board.name, moved, id=f"{board.name}|{tally.participant}")


def _standing(
    board: Board, plan_id: str, period: str, unit: str, revision: int, *, final: bool = False
) -> Output:
    standing = Standing(
        board=board.name,
        revision=revision,
        plan_id=plan_id,
        period=period,
        unit=unit,
        top=board.shown.top,
        size=board.shown.size,
        final=final,
    )
    return Output(STANDINGS, board.name, standing, id=board.name)


# --- closing ---


def _closed(view: View, closed: Closed, revision: int) -> list[Output]:
    row = view.get(CLOSINGS, closed.tally_id) or Passed(())
    if closed.partition in row.passed:
        return []
    passed = tuple(sorted((*row.passed, closed.partition)))
    view.put(CLOSINGS, closed.tally_id, "", Passed(passed))
    if len(passed) < closed.partitions:
        return []
    outputs: list[Output] = []
    for name, _ in view.rows(SHOWN, closed.tally_id):
        outputs += _final(Board(view, closed.tally_id, name), closed, revision)
    return outputs


def _final(board: Board, closed: Closed, revision: int) -> list[Output]:
    """Return the final standing, and a placing for each rewarded participant."""
    unit = board.shown.unit
    outputs = [_standing(board, closed.plan_id, closed.period, unit, revision, final=True)]
    for place in board.rewarded():
        placing = Placing(
            board=board.name,
            participant=place.participant,
            revision=revision,
            plan_id=closed.plan_id,
            period=closed.period,
            rank=place.rank,
            tied=place.tied,
            tied_index=place.tied_index,
            value=place.value,
        )
        outputs.append(
            Output(FACTS, place.participant, placing, id=f"{board.name}|{place.participant}")
        )
    return outputs


__all__ = ["TABLES", "rank"]
