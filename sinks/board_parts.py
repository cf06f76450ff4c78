"""What reading a board gives: some of its places, in order, with their ranks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from accolade.sinks.board_rows import FIRST_TO_REACH, BoardInfo, participant_of, value_of


@dataclass(frozen=True)
class BoardRow:
    """One place of a board."""

    rank: int
    participant: str
    #: Minor units of the board's unit where that is a currency, else a plain count.
    value: int
    #: The participant's name; the id where there is none.
    name: str


@dataclass(frozen=True)
class BoardPart:
    """Some places of a board, as they stood together."""

    info: BoardInfo
    #: How many participants are on the board.
    size: int
    #: True once the period is closed: the board stays as it is.
    final: bool
    rows: tuple[BoardRow, ...]

    def named(self, names: Mapping[str, str]) -> "BoardPart":
        """Return it with the names that are known."""
        rows = (replace(row, name=names.get(row.participant, row.name)) for row in self.rows)
        return replace(self, rows=tuple(rows))


class Answer(NamedTuple):
    """What the script `READ` answers."""

    info: bytes
    size: int
    final: int
    #: Index of the first place, from 0, and its rank, from 1.
    first: int
    first_rank: int
    #: Member, score, member, score and so on.
    places: list[bytes]


def part_of(answer: Answer) -> BoardPart:
    """Return the part of a board that the script has read."""
    info = msgspec.json.decode(answer.info, type=BoardInfo)
    rows: list[BoardRow] = []
    places = zip(answer.places[::2], answer.places[1::2], strict=True)
    for rank, (member, score) in enumerate(places, answer.first + 1):
        participant, value = participant_of(member), value_of(score)
        rows.append(BoardRow(rank, participant, value, participant))
    if info.ties != FIRST_TO_REACH and rows:
        rows = _pooled(rows, answer.first_rank)
    return BoardPart(info, answer.size, answer.final == 1, tuple(rows))


def _pooled(rows: list[BoardRow], first_rank: int) -> list[BoardRow]:
    """Return the rows with equal values at the rank of the first of them."""
    shared = [replace(rows[0], rank=first_rank)]
    for row in rows[1:]:
        is_tied = row.value == shared[-1].value
        shared.append(replace(row, rank=shared[-1].rank) if is_tied else row)
    return shared
