"""What reading a board gives: some of its places, in order, with their ranks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from accolade.sinks.board_rows import BoardInfo, participant_of, value_of
from accolade.streams.plans.ties import BY_TIME


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
    #: Index of the first place, from 0.
    first: int
    #: Rank of the first place, from 1; on a modified board that of the last one.
    rank: int
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
    if info.ties == "modified":
        rows = _shared(rows[::-1], answer.rank)[::-1]
    elif info.ties == "dense":
        rows = _dense(rows, answer.rank)
    elif info.ties not in BY_TIME:
        rows = _shared(rows, answer.rank)
    return BoardPart(info, answer.size, answer.final == 1, tuple(rows))


def _shared(rows: list[BoardRow], first_rank: int) -> list[BoardRow]:
    """Return the rows with equal values at the rank of the first of them."""
    shared = [replace(row, rank=first_rank) for row in rows[:1]]
    for row in rows[1:]:
        is_tied = row.value == shared[-1].value
        shared.append(replace(row, rank=shared[-1].rank) if is_tied else row)
    return shared


def _dense(rows: list[BoardRow], first_rank: int) -> list[BoardRow]:
    """Return the rows with a rank more for each value less."""
    ranked = [replace(row, rank=first_rank) for row in rows[:1]]
    for row in rows[1:]:
        is_less = row.value != ranked[-1].value
        ranked.append(replace(row, rank=ranked[-1].rank + is_less))
    return ranked
