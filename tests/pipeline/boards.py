"""Boards in full: as Redis shows them, and as the reference computes them."""

from collections.abc import Mapping
from typing import NamedTuple

from redis.exceptions import RedisError

from accolade.sinks.board_reader import BoardReader, UnknownBoardError
from tests.reference import Results


class Place(NamedTuple):
    """A participant's place."""

    rank: int
    participant: str
    value: int
    name: str


#: All places in order, by board.
Boards = dict[str, list[Place]]


def boards_in_redis(reader: BoardReader) -> Boards | None:
    """Return all boards in Redis; None while it is away or being filled."""
    try:
        if not reader.filled():
            return None
        parts = [reader.top(part.info.board, part.size) for part in reader.boards()]
    except (RedisError, UnknownBoardError):
        return None
    return {
        part.info.board: [
            Place(row.rank, row.participant, row.value, row.name) for row in part.rows
        ]
        for part in parts
    }


def boards_computed(due: Results, names: Mapping[str, str]) -> Boards:
    """Return the reference's boards, with the names of those who have one."""
    return {
        board: [
            Place(
                place.rank,
                place.participant,
                place.value,
                names.get(place.participant, place.participant),
            )
            for place in places
        ]
        for board, places in due.boards.items()
    }
