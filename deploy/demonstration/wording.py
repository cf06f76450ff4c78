"""Amounts, names, boards and awards in words for people."""

from collections.abc import Mapping
from typing import NamedTuple

from accolade.streams.bounds import UNIT_PREFIX
from accolade.streams.currencies import MINOR_DECIMALS, major_text
from accolade.streams.records import Award, Badge


class BoardName(NamedTuple):
    """What a board's id says: `<plan>/<board>/<period>`, and a unit where there is one each."""

    plan: str
    board: str
    period: str
    unit: str = ""

    @property
    def title(self) -> str:
        """The board and its period: `top sellers 2026-Q2`."""
        return " ".join(filter(None, (plain(self.board), self.period, self.unit)))


def board_name(board: str) -> BoardName:
    """Return the parts of a board's id."""
    plan, name, period, *unit = board.split("/")
    return BoardName(plan, name, period, *unit)


def plain(name: str) -> str:
    """Return a name of a plan file as words: `top_sellers` is `top sellers`."""
    return name.replace("_", " ")


def name_of(participant: str, names: Mapping[str, str]) -> str:
    """Return what people call a participant; a unit has its id alone."""
    return names.get(participant) or participant.removeprefix(UNIT_PREFIX)


def number(value: int, unit: str) -> str:
    """Return a value without its unit: `4,800.00`, or a plain count."""
    whole, point, part = major_text(abs(value), unit).partition(".")
    sign = "-" if value < 0 else ""
    return f"{sign}{int(whole):,}{point}{part}"


def amount(value: int, unit: str) -> str:
    """Return a value in its unit: `4,800.00 USD`, or a plain count."""
    text = number(value, unit)
    return f"{text} {unit}" if unit in MINOR_DECIMALS else text


def earned(event: Award | Badge) -> tuple[str, str]:
    """Return what was earned, and its amount where that tells something."""
    if isinstance(event, Badge):
        return event.badge, "badge"
    what = event.label or plain(event.component)
    unit = "" if event.kind == "points" else event.currency
    return what, number(event.amount_minor, unit) if event.amount_minor else ""
