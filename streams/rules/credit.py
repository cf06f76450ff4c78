"""
Transactions to credits: who has which part in what happened.

The newest revision of each transaction counts. Every rep it names gets one credit
over the whole of it, and so does each unit above any of them, as of when it
occurred. What names someone unknown is parked, and counts by itself once the person,
unit or deal arrives. All that is kept and said is a function of the set of records;
only revisions tell of their order.
"""

from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from accolade.streams.catalogue import FACTS, PARKED
from accolade.streams.records import (
    Adjustment,
    Closing,
    Credit,
    Deal,
    ExchangeRate,
    GoalChoice,
    Parked,
    Payment,
    Person,
    Plan,
    Record,
    Unit,
)
from accolade.streams.rules import reference
from accolade.streams.rules.credit_content import content_of
from accolade.streams.rules.credit_parties import Waits, parties_of, role_of
from accolade.streams.rules.credit_state import (
    CREDITED,
    INVOLVED,
    PAYMENTS_OF,
    SOURCE_RECORDS,
    TRANSACTIONS,
    WAITING,
    Credited,
    Mark,
    SourceRecord,
    Waiting,
    deal_of,
    keep,
    payments_of,
    transaction_id,
)
from accolade.streams.rules.reference import (
    people_ever_below,
    person_at,
    put_reference,
    unit_at,
    valid_until,
)
from accolade.streams.rules.state import Output, Position, View
from accolade.streams.validation import validate

TABLES = (TRANSACTIONS, CREDITED, WAITING, INVOLVED, PAYMENTS_OF, *reference.TABLES)

_STAGE = "credit"
#: Bytes; two different contents of one transaction never meet by chance.
_DIGEST_BYTES = 12
#: Announced to every step; these do not change who takes part in what.
_NOT_ABOUT_PARTIES = (Plan, ExchangeRate, Closing, GoalChoice, Adjustment)

_encode = msgspec.json.Encoder(order="deterministic").encode


def credit(view: View, record: Record, position: Position) -> Iterable[Output]:
    """
    Return the credits that a transaction, person or unit changes, and what it parks or releases.

    Raises:
        Rejected: `invalid`, for a transaction with a field out of its bounds.
        TypeError: A record that doesn't belong here.
    """
    if isinstance(record, SOURCE_RECORDS):
        validate(record)
        return _transaction(view, record)
    if isinstance(record, Person):
        return _person(view, record)
    if isinstance(record, Unit):
        return _unit(view, record)
    if isinstance(record, _NOT_ABOUT_PARTIES):
        return []
    raise TypeError(f"{type(record).__name__} is nothing to credit")


# --- what a record affects ---


def _transaction(view: View, record: SourceRecord) -> list[Output]:
    return _credit_again(view, record) if keep(view, record) else []


def _person(view: View, new: Person) -> list[Output]:
    old = person_at(view, new.person_id, new.valid_from)
    if not put_reference(view, new) or _parties_alike(old, new):
        return []
    until = valid_until(view, new)
    return _credit_people_again(view, {new.person_id}, new.valid_from, until)


def _parties_alike(old: Person | None, new: Person) -> bool:
    """Tell whether a version leaves its person's credits as the one before it made them."""
    return old is not None and (
        (old.active, old.team_id, old.role) == (new.active, new.team_id, new.role)
    )


def _unit(view: View, new: Unit) -> list[Output]:
    old = unit_at(view, new.unit_id, new.valid_from)
    if not put_reference(view, new):
        return []
    if old is not None and (old.active, old.parent_id) == (new.active, new.parent_id):
        return []
    until = valid_until(view, new)
    people = people_ever_below(view, new.unit_id)
    return _credit_people_again(view, people, new.valid_from, until)


def _credit_people_again(view: View, people: set[str], start: int, end: int) -> list[Output]:
    """Credit again what these people took part in from `start` to before `end`, µs UTC."""
    names = {
        name
        for person_id in people
        for name, involved in view.rows(INVOLVED, person_id)
        if start <= involved.occurred_at < end
    }
    outputs: list[Output] = []
    for name in sorted(names):
        row = view.get(TRANSACTIONS, name)
        if row is None:
            raise LookupError(f"{name} is listed for a person, but is not kept")
        outputs += _credit_again(view, row.record)
    return outputs


# --- crediting ---


def _credit_again(view: View, record: SourceRecord) -> list[Output]:
    """Say what changed in the credits of a transaction, and of a deal's payments."""
    parties = parties_of(view, record)
    deal = deal_of(view, record.deal_id) if isinstance(record, Payment) else None
    content = content_of(record, role_of(view, record), deal)
    name = transaction_id(record)
    if isinstance(parties, Waits):
        outputs = _park(view, name, content, parties) + _book(view, name, content, ())
    else:
        outputs = _release(view, name) + _book(view, name, content, parties)
    if isinstance(record, Deal):
        for payment in payments_of(view, record.deal_id):
            outputs += _credit_again(view, payment)
    return outputs


def _book(view: View, name: str, content: Credit, parties: tuple[str, ...]) -> list[Output]:
    """Say each party's credit where there is something new to say, and take back the others."""
    row = view.get(CREDITED, name) or Credited("", ())
    digest = _digest(content) if parties else ""
    marks = {(mark.participant, mark.source): mark for mark in row.marks}
    standing = {(participant, content.source) for participant in parties}
    lost = {whose for whose, mark in marks.items() if mark.active} - standing
    changed = lost | {
        whose
        for whose in standing
        if row.content != digest or whose not in marks or not marks[whose].active
    }
    if not changed:
        return []
    for whose in changed:
        old = marks.get(whose)
        revision = 1 if old is None else old.revision + 1
        marks[whose] = Mark(*whose, revision, whose in standing)
    view.put(CREDITED, name, "", Credited(digest, tuple(marks[whose] for whose in sorted(marks))))
    return [_output(content, marks[whose]) for whose in sorted(changed)]


def _output(content: Credit, mark: Mark) -> Output:
    credit_id = f"{mark.source}:{content.source_id}/{mark.participant}"
    said = msgspec.structs.replace(
        content, credit_id=credit_id, participant=mark.participant, revision=mark.revision
    )
    if not mark.active:
        said = msgspec.structs.replace(
            said, active=False, source=mark.source, amount_minor=0, quantity=0
        )
    # Ids may have colons: only with its participant is a credit's id its own.
    return Output(FACTS, mark.participant, said, id=credit_id)


def _digest(content: Credit) -> str:
    return blake2b(_encode(content), digest_size=_DIGEST_BYTES).hexdigest()


# --- parking ---


def _park(view: View, name: str, content: Credit, waits: Waits) -> list[Output]:
    parked = Parked(
        parked_id=f"{_STAGE}/{content.source}:{content.source_id}",
        stage=_STAGE,
        reason=waits.reason,
        message=waits.message,
        occurred_at=content.occurred_at,
        waits_for=waits.waits_for,
    )
    row = view.get(WAITING, name)
    if row is not None and row.parked == parked:
        return []
    # A payment that became a bounce is listed under another id.
    outputs = _release(view, name) if row and row.parked.parked_id != parked.parked_id else []
    view.put(WAITING, name, "", Waiting(parked))
    return [*outputs, Output(PARKED, parked.parked_id, parked, id=parked.parked_id)]


def _release(view: View, name: str) -> list[Output]:
    row = view.get(WAITING, name)
    if row is None:
        return []
    view.delete(WAITING, name)
    parked_id = row.parked.parked_id
    return [Output(PARKED, parked_id, None, id=parked_id)]
