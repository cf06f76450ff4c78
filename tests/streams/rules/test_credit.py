from decimal import Decimal

import msgspec
import pytest

from accolade.streams.records import (
    Activity,
    Closing,
    LearningModule,
    Meeting,
    Parked,
    Placing,
    Quota,
)
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Rejected
from tests.streams.rules.crediting import DAY, START, Log, deal, demo, payment, person, unit

#: Ann and Bob are in east, which is below north.
ORGANISATION = (person("ann"), person("bob"), unit("east", "north"), unit("north"))


def test_a_unit_is_credited_once_however_many_of_its_reps_take_part():
    """Two reps each credited with the whole of one order give their region the order once."""
    log = Log(*ORGANISATION, deal(amount="10000.00", reps=("ann", "bob")))

    amounts = {said.participant: said.amount_minor for said in log.credits().values()}

    assert amounts == {
        "ann": 10_000_00,
        "bob": 10_000_00,
        "unit:east": 10_000_00,
        "unit:north": 10_000_00,
    }


def test_a_rep_with_two_roles_has_one_credit():
    """The team keeps both roles, for a plan to split by."""
    log = Log(*ORGANISATION, deal(reps=("ann", "ann")))

    said = log.credits()["deal:D1/ann"]

    assert [member.role for member in said.team] == ["role0", "role1"]
    assert len(log.credits()) == 3


def test_ids_with_colons_name_different_credits():
    """A deal `D` of a unit and a deal `D:unit` of a rep don't meet in one id."""
    log = Log(person("ann", team_id="ann"), unit("ann"), deal("D", reps=("ann",)), deal("D:unit"))

    said = {"deal:D/unit:ann", "deal:D/ann", "deal:D:unit/ann", "deal:D:unit/unit:ann"}

    assert said <= set(log.credits())
    assert [output.id for output in log.outputs] == [o.record.credit_id for o in log.outputs]


def test_who_leaves_the_team_gets_an_explicit_zero():
    """The credit is said again, inactive and empty, with the next revision."""
    log = Log(*ORGANISATION, deal(reps=("ann", "bob")))

    said = log.put(deal(revision=2, reps=("bob",)))

    (zero,) = (one for one in said if not one.active)
    assert (zero.credit_id, zero.revision) == ("deal:D1/ann", 2)
    assert (zero.amount_minor, zero.quantity, zero.source_revision) == (0, 0, 2)


def test_a_deal_with_someone_unknown_is_parked_until_the_person_arrives():
    """Nobody gets a part of it before; then all do, and it is no longer listed."""
    log = Log(*ORGANISATION)

    (parked,) = log.put(deal(reps=("ann", "zed")))
    said = log.put(person("zed", team_id=None))

    assert parked == Parked(
        parked_id="credit/deal:D1",
        stage="credit",
        reason="unknown_person",
        message="person 'zed' is not known as of then",
        occurred_at=START + DAY,
        waits_for="zed",
    )
    assert said[0] is None
    assert {one.participant for one in said[1:]} == {"ann", "zed", "unit:east", "unit:north"}


def test_who_turns_out_to_have_left_takes_the_deals_credits_back():
    """A correction parks what was credited before, with a payment that stood on it."""
    log = Log(*ORGANISATION, deal(), payment())
    assert len(log.credits()) == 6

    log.put(person("ann", revision=2, active=False))

    assert log.credits() == {}
    assert log.parked() == {
        "credit/deal:D1": ("unknown_person", "ann"),
        "credit/payment:D1|P1": ("unknown_deal", "D1"),
    }


def test_a_payment_waits_for_its_deal_and_follows_its_status():
    """When the deal is lost, its refund's credit says so."""
    log = Log(*ORGANISATION, payment(kind="refund"))
    assert log.parked() == {"credit/refund:D1|P1": ("unknown_deal", "D1")}

    log.put(deal())
    won = log.credits()["refund:D1|P1/ann"]
    log.put(deal(revision=2, stage="lost"))
    lost = log.credits()["refund:D1|P1/ann"]

    assert log.parked() == {}
    assert (won.status, won.amount_minor, won.kind, won.account_id) == (
        "won",
        -40_00,
        "new",
        "acme",
    )
    assert (won.deal_occurred_at, won.occurred_at) == (START + DAY, START + 2 * DAY)
    assert lost == msgspec.structs.replace(won, status="lost")


def test_a_payment_of_a_deal_that_no_one_works_on_waits():
    """An open deal without a team is credited to no one, and so is its payment."""
    log = Log(payment(), deal(stage="open", reps=()))

    assert log.parked() == {"credit/payment:D1|P1": ("unknown_deal", "D1")}
    assert log.credits() == {}


def test_a_payment_that_bounces_is_another_credit():
    """The payment's credits are taken back, the bounce's stand against the deal."""
    log = Log(*ORGANISATION, deal(), payment(), payment(revision=2, kind="bounce"))

    amounts = {
        name: said.amount_minor for name, said in log.credits().items() if said.participant == "ann"
    }

    assert amounts == {"deal:D1/ann": 100_00, "bounce:D1|P1/ann": -40_00}


def test_a_parked_payment_that_bounces_is_listed_once():
    """The old id is erased when the new one is listed."""
    log = Log(payment(), payment(revision=2, kind="bounce"))

    assert log.parked() == {"credit/bounce:D1|P1": ("unknown_deal", "D1")}


def test_a_payment_is_its_deals_own():
    """Under another deal the same id and a higher revision is another payment."""
    log = Log(*ORGANISATION, deal("D1"), deal("D2"))
    log.put(payment("P1", "D1", kind="refund", amount="40.00"))
    log.put(payment("P1", "D2", kind="refund", amount="30.00", revision=2))

    amounts = {
        name: said.amount_minor
        for name, said in log.credits().items()
        if said.source == "refund" and said.participant == "ann"
    }

    assert amounts == {"refund:D1|P1/ann": -40_00, "refund:D2|P1/ann": -30_00}


@pytest.mark.parametrize("known", [(), (*ORGANISATION, deal())])
def test_a_payment_of_nothing_is_credited_to_no_one_and_waits_for_nothing(known):
    """So one that was booked on a wrong deal, or on none that is known, is taken back."""
    log = Log(*known, payment(kind="refund"))

    log.put(payment(kind="refund", revision=2, amount="0.00"))

    assert [name for name in log.credits() if name.startswith("refund:")] == []
    assert log.parked() == {}


def test_activities_meetings_and_modules_are_credited_to_their_rep():
    """Each carries its own count, kind, status and the rep's own role."""
    at = START + DAY
    log = Log(
        *ORGANISATION,
        Activity(activity_id="A1", revision=1, occurred_at=at, rep_id="ann", kind="call", count=12),
        Meeting(meeting_id="M1", revision=1, occurred_at=at, rep_id="ann", status="held"),
        LearningModule(
            completion_id="L1",
            revision=1,
            occurred_at=at,
            rep_id="ann",
            module_id="pitch",
            status="completed",
        ),
    )

    facts = {
        name: (said.quantity, said.kind, said.status, said.dimensions, said.team[0].role)
        for name, said in log.credits().items()
        if said.participant == "ann"
    }

    assert facts == {
        "activity:A1/ann": (12, "call", "", {}, "sdr"),
        "meeting:M1/ann": (1, "", "held", {}, "sdr"),
        "learning:L1/ann": (1, "", "completed", {"module_id": "pitch"}, "sdr"),
    }


def test_a_new_version_credits_only_what_occurred_while_it_holds_again():
    """A rep who changes teams takes along what occurs from that day on, and no more."""
    log = Log(*ORGANISATION, unit("south"), deal("D1", day=1), deal("D2", day=3))

    said = log.put(person("ann", day=2, team_id="south"))

    assert {(one.credit_id, one.active) for one in said} == {
        ("deal:D2/unit:east", False),
        ("deal:D2/unit:north", False),
        ("deal:D2/unit:south", True),
    }


def test_a_corrected_role_is_in_the_reps_own_credits():
    """A plan that filters by role counts what the rep was then, once it is put right."""
    log = Log(*ORGANISATION, demo())

    log.put(person("ann", revision=2, role="account_executive"))

    assert log.credits()["demo:M1/ann"].team[0].role == "account_executive"


def test_an_equal_or_older_revision_changes_nothing():
    """A revision that stands is not said again, whatever else comes under its number."""
    log = Log(*ORGANISATION, deal(revision=2))
    before = list(log.view.items())

    said = log.put(deal(revision=2, amount="7.00")) + log.put(deal(revision=1, amount="7.00"))

    assert said == []
    assert list(log.view.items()) == before


class Listening(MemoryView):
    """A view that tells how often it was read and written."""

    touched = 0

    def get(self, table, owner, key=""):
        """Count and read."""
        self.touched += 1
        return super().get(table, owner, key)

    def rows(self, table, owner):
        """Count the rows and read them."""
        rows = super().rows(table, owner)
        self.touched += len(rows)
        return rows


def test_a_record_costs_the_same_however_much_a_rep_has():
    """The thousandth deal touches as many rows as the first."""
    touched = []
    log = Log()
    log.view = Listening()
    for record in ORGANISATION:
        log.put(record)
    for at in range(300):
        log.view.touched = 0
        log.put(deal(f"D{at}"))
        touched.append(log.view.touched)

    assert set(touched) == {touched[0]}


def test_a_version_that_changes_no_party_touches_no_transaction():
    """A new quota leaves the rep's transactions unread."""
    log = Log()
    log.view = Listening()
    for record in ORGANISATION:
        log.put(record)
    for at in range(100):
        log.put(deal(f"D{at}"))
    log.view.touched = 0
    quota = Quota(period="month", amount=Decimal(1000), currency="USD")

    said = log.put(msgspec.structs.replace(person("ann", revision=2), quotas=(quota,)))
    said += log.put(unit("east", "north", revision=2, day=1))

    assert said == []
    assert log.view.touched < 10


def test_an_invalid_transaction_is_refused_before_anything_is_written():
    """It becomes a dead letter; the state stays empty."""
    log = Log()

    with pytest.raises(Rejected) as refused:
        log.put(deal(amount="-1"))

    assert refused.value.reason == "invalid"
    assert list(log.view.items()) == []


def test_reference_data_that_names_no_party_says_nothing():
    """A closing is announced to every step; it credits no one."""
    log = Log(Closing(plan_id="q2", period="2026-Q2"))

    assert log.outputs == []
    assert list(log.view.items()) == []


def test_what_is_neither_a_transaction_nor_reference_data_is_an_error():
    """A record of another step is a bug, not something to pass over."""
    placing = Placing(
        board="b",
        participant="ann",
        revision=1,
        plan_id="q2",
        period="2026-Q2",
        rank=1,
        tied=1,
        tied_index=0,
        value=1,
    )

    with pytest.raises(TypeError, match="Placing is nothing to credit"):
        Log(placing)
