"""
What Redis holds of a tally and of a board, as JSON, and how places are ordered.

A board is a sorted set. Its score is the negated value, so the best come first;
doubles are exact for integers within ±2**53 and larger values are kept off the
boards. Equal scores stand in the order of their members' bytes, and the member
is made so that this is the board's order, whatever the ids look like.
"""

from msgspec import Struct

from accolade.streams.plans.ties import BY_TIME
from accolade.streams.records import Tally, TallyBoard

#: Doubles hold every integer up to here, either side of zero.
EXACT_WITHIN = 2**53
#: Below every character that an id may have: (a, b) and their join sort alike.
_SEPARATOR = "\0"
#: Digits of the largest 64-bit integer: as text of this length times sort as they do in number.
_TIME_DIGITS = 19


class TallyRow(Struct, frozen=True):
    """A participant's tally as it stands in Redis."""

    tally_id: str
    revision: int
    active: bool
    plan_id: str
    measure: str
    period: str
    #: Half-open bounds of the period, µs UTC.
    period_start: int
    period_end: int
    #: Minor units of `unit` where that is a currency, else a plain count.
    value: int
    unit: str
    #: Board and member of each place the participant holds.
    places: tuple[tuple[str, str], ...] = ()


class BoardInfo(Struct, frozen=True):
    """What a board ranks, by the newest plan version that was seen."""

    board: str
    tally_id: str
    plan_id: str
    plan_version: int
    measure: str
    period: str
    #: Half-open bounds of the period, µs UTC.
    period_start: int
    period_end: int
    #: An ISO 4217 code, or `count`.
    unit: str
    #: How who is equal is ranked, see `TallyBoard`.
    ties: str
    #: How many places the plan shows.
    show: int
    rewarded: int


def tally_row(tally: Tally) -> TallyRow:
    """Return the row of a tally; inactive ones, and those beyond exact scores, hold no place."""
    ranked = tally.active and is_exact(tally.value)
    return TallyRow(
        tally_id=tally.tally_id,
        revision=tally.revision,
        active=tally.active,
        plan_id=tally.plan_id,
        measure=tally.measure,
        period=tally.period,
        period_start=tally.period_start,
        period_end=tally.period_end,
        value=tally.value,
        unit=tally.unit,
        places=tuple((b.board, member_of(tally, b.ties)) for b in tally.boards) if ranked else (),
    )


def board_info(tally: Tally, board: TallyBoard) -> BoardInfo:
    """Return what the tally says of a board it is ranked on."""
    return BoardInfo(
        board=board.board,
        tally_id=tally.tally_id,
        plan_id=tally.plan_id,
        plan_version=tally.plan_version,
        measure=tally.measure,
        period=tally.period,
        period_start=tally.period_start,
        period_end=tally.period_end,
        unit=tally.unit,
        ties=board.ties,
        show=board.show,
        rewarded=board.rewarded,
    )


def is_exact(value: int) -> bool:
    """Tell whether a score can hold the value and every value next to it apart."""
    return -EXACT_WITHIN <= value <= EXACT_WITHIN


def score_of(value: int) -> str:
    """Return the score of a value, as text so that no float is ever made of it here."""
    return str(-value)


def value_of(score: bytes) -> int:
    """Return the value of a score as Redis prints it."""
    return -int(score)


def member_of(tally: Tally, ties: str) -> str:
    """Return a member whose bytes order equal values as the board does."""
    if ties not in BY_TIME:
        return tally.participant
    reached_at = f"{tally.reached_at:0{_TIME_DIGITS}d}"
    if ties == "ordinal":
        return _SEPARATOR.join((reached_at, tally.participant))
    return _SEPARATOR.join((reached_at, tally.reached_by, tally.participant))


def participant_of(member: bytes) -> str:
    """Return whose member it is."""
    return member.decode().rpartition(_SEPARATOR)[2]
