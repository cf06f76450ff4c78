"""Who takes part in a transaction, as of when it occurred, or what it has to wait for."""

from collections.abc import Iterable
from typing import NamedTuple

from accolade.streams.records import Deal, Payment
from accolade.streams.rules.credit_state import SourceRecord, deal_of, reps_of
from accolade.streams.rules.reference import (
    UNIT_PREFIX,
    UnknownUnitError,
    person_at,
    unit_chain,
)
from accolade.streams.rules.state import View


class Waits(NamedTuple):
    """Why a transaction can't be credited yet."""

    #: `unknown_person`, `unknown_unit` or `unknown_deal`.
    reason: str
    message: str
    #: The id of the person, unit or deal.
    waits_for: str


Parties = tuple[str, ...] | Waits
"""The participants, each once; reps before the units above them."""


def parties_of(view: View, record: SourceRecord) -> Parties:
    """
    Return the participants of a transaction: its reps, and each unit above any of them once.

    Reps and hierarchy are those as of the transaction's own time. A payment's are its
    deal's. Empty for an open deal on which no one works yet, and for a payment of
    nothing: it is how one that was booked wrongly is taken back.
    """
    if isinstance(record, Payment):
        return _like_deal(view, record)
    return _reps_and_units(view, reps_of(record), record.occurred_at)


def role_of(view: View, record: SourceRecord) -> str:
    """Return the only rep's own role as of the transaction; empty for deals and payments."""
    if isinstance(record, Deal | Payment):
        return ""
    person = person_at(view, record.rep_id, record.occurred_at)
    return "" if person is None else person.role


def _reps_and_units(view: View, reps: Iterable[str], at_us: int) -> Parties:
    found: dict[str, None] = {}
    teams: dict[str, None] = {}
    for rep_id in reps:
        person = person_at(view, rep_id, at_us)
        if person is None:
            return Waits("unknown_person", f"person {rep_id!r} is not known as of then", rep_id)
        if not person.active:
            return Waits("unknown_person", f"person {rep_id!r} was not active then", rep_id)
        found[rep_id] = None
        if person.team_id is not None:
            teams[person.team_id] = None
    for team_id in teams:
        try:
            chain = unit_chain(view, team_id, at_us)
        except UnknownUnitError as error:
            return Waits("unknown_unit", str(error), error.unit_id)
        found.update((UNIT_PREFIX + unit_id, None) for unit_id in chain)
    return tuple(found)


def _like_deal(view: View, payment: Payment) -> Parties:
    if not payment.amount:
        return ()
    deal = deal_of(view, payment.deal_id)
    if deal is None:
        return _unknown_deal(payment, "has not arrived")
    parties = parties_of(view, deal)
    if isinstance(parties, Waits):
        return _unknown_deal(payment, f"waits itself: {parties.message}")
    return parties or _unknown_deal(payment, "has no team yet")


def _unknown_deal(payment: Payment, why: str) -> Waits:
    return Waits("unknown_deal", f"deal {payment.deal_id!r} {why}", payment.deal_id)
