"""Transactions, people and units for tests of the credit step, and what it says of them."""

from decimal import Decimal

import msgspec

from accolade.streams.catalogue import FACTS, PARKED
from accolade.streams.records import (
    Deal,
    Demo,
    Payment,
    Person,
    TeamMember,
    Unit,
)
from accolade.streams.rules.credit import credit
from accolade.streams.rules.credit_state import Credited
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Position

DAY = 86_400_000_000
START = 18_000 * DAY

REPS = ("ann", "bob", "cyd")
UNITS = ("east", "north", "south")


# --- records ---


def person(person_id="ann", day=0, revision=1, active=True, team_id="east", role="sdr"):
    """Return a version of a person, valid from a day on."""
    return Person(
        person_id=person_id,
        valid_from=START + day * DAY,
        revision=revision,
        active=active,
        role=role,
        team_id=team_id,
    )


def unit(unit_id="east", parent_id=None, day=0, revision=1, active=True):
    """Return a version of a unit, valid from a day on."""
    return Unit(
        unit_id=unit_id,
        valid_from=START + day * DAY,
        revision=revision,
        active=active,
        level="team",
        parent_id=parent_id,
    )


def deal(deal_id="D1", day=1, revision=1, stage="won", amount="100.00", reps=("ann",)):
    """Return a deal in dollars; each rep has a role for the place in the list."""
    return Deal(
        deal_id=deal_id,
        revision=revision,
        occurred_at=START + day * DAY,
        stage=stage,
        amount=Decimal(amount),
        currency="USD",
        account_id="acme",
        team=tuple(TeamMember(rep_id=rep, role=f"role{at}") for at, rep in enumerate(reps)),
        kind="new",
        segment="smb",
        product="pro",
        logged_at=START + (day + 1) * DAY,
        dimensions={"channel": "web"},
    )


def payment(payment_id="P1", deal_id="D1", day=2, revision=1, kind="payment", amount="40.00"):
    """Return money that moved for a deal."""
    return Payment(
        payment_id=payment_id,
        revision=revision,
        occurred_at=START + day * DAY,
        deal_id=deal_id,
        kind=kind,
        amount=Decimal(amount),
        currency="USD",
    )


def demo(demo_id="M1", day=1, revision=1, rep_id="ann", status="held"):
    """Return a demo."""
    return Demo(
        demo_id=demo_id,
        revision=revision,
        occurred_at=START + day * DAY,
        rep_id=rep_id,
        status=status,
    )


# --- running ---


class Log:
    """Records credited one after the other, and all that was said."""

    def __init__(self, *records):
        self.view = MemoryView()
        self.outputs = []
        for record in records:
            self.put(record)

    def put(self, record):
        """Credit one record; return what was said of it."""
        position = Position("crm", 0, len(self.outputs))
        outputs = list(credit(self.view, record, position))
        self.outputs += outputs
        return [output.record for output in outputs]

    def credits(self):
        """Return the active credits as they stand, without revisions, by id."""
        last = {output.id: output.record for output in self.outputs if output.topic is FACTS}
        return {
            said.credit_id: msgspec.structs.replace(said, revision=0)
            for said in last.values()
            if said.active
        }

    def parked(self):
        """Return what is parked, as {id: (reason, waits for)}."""
        last = {output.id: output.record for output in self.outputs if output.topic is PARKED}
        return {
            name: (said.reason, said.waits_for) for name, said in last.items() if said is not None
        }

    def rows(self):
        """Return all rows but for what is left of credits that were taken back."""
        rows: list[tuple[object, ...]] = []
        for table, owner, key, row in self.view.items():
            if isinstance(row, Credited):
                marks = [mark.participant for mark in row.marks if mark.active]
                if marks:
                    rows.append((table, owner, key, row.content, marks))
            else:
                rows.append((table, owner, key, row))
        return rows
