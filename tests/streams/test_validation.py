"""What comes from outside is within its bounds, or refused with the field's name."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from accolade.streams.bounds import TIME_END, TIME_FIRST
from accolade.streams.outgoing import SOURCE_TOPICS
from accolade.streams.records import (
    Activity,
    Adjustment,
    Closing,
    Contact,
    Deal,
    Demo,
    ExchangeRate,
    GoalChoice,
    LearningModule,
    Meeting,
    Payment,
    Person,
    Placing,
    Plan,
    Quota,
    Record,
    TeamMember,
    Unit,
)
from accolade.streams.rules.state import Rejected
from accolade.streams.validation import Invalid, validate

AT = 1_780_000_000_000_000
HELD: dict[str, Any] = {"revision": 1, "occurred_at": AT, "rep_id": "P-1", "status": "held"}
REP = TeamMember(rep_id="P-1", role="account_executive", share_bp=6_000)
OTHER = TeamMember(rep_id="P-2", role="sdr", share_bp=4_000)
BODY = '{"plan":"q2"}'

VALID: dict[type[Record], Record] = {
    type(record): record
    for record in (
        Deal(
            deal_id="D-1",
            revision=1,
            occurred_at=AT,
            stage="won",
            amount=Decimal("4200.10"),
            currency="USD",
            team=(REP, OTHER),
            kind="new",
            dimensions={"campaign": "spring"},
        ),
        Demo(demo_id="M-1", **HELD),
        Meeting(meeting_id="M-1", **HELD),
        Activity(activity_id="A-1", revision=1, occurred_at=AT, rep_id="P-1", kind="call"),
        Payment(
            payment_id="Y-1",
            revision=1,
            occurred_at=AT,
            deal_id="D-1",
            kind="refund",
            amount=Decimal(5),
            currency="JPY",
        ),
        LearningModule(
            completion_id="L-1",
            revision=1,
            occurred_at=AT,
            rep_id="P-1",
            module_id="m",
            status="completed",
            score_bp=10_000,
        ),
        Contact(person_id="P-1", revision=1, name="Ada"),
        Person(
            person_id="P-1",
            valid_from=AT,
            revision=1,
            active=True,
            role="sdr",
            quotas=(Quota(period="month", amount=Decimal(9), currency="USD"),),
        ),
        Unit(unit_id="west", valid_from=AT, revision=1, active=True, level="team"),
        Plan(plan_id="q2", version=1, content_hash=sha256(BODY.encode()).hexdigest(), body=BODY),
        ExchangeRate(
            from_currency="EUR", to_currency="USD", valid_from=AT, revision=1, rate=Decimal("1.1")
        ),
        Closing(plan_id="q2", period="2026-Q2"),
        GoalChoice(
            participant="P-1",
            plan_id="q2",
            component="c",
            period="2026-Q2",
            revision=1,
            choice="deals",
            chosen_at=AT,
        ),
        Adjustment(
            adjustment_id="J-1",
            revision=1,
            participant="unit:west",
            plan_id="q2",
            period="2026-Q2",
            occurred_at=AT,
            amount=Decimal("-10.50"),
            currency="USD",
            author="ada",
            reason="late deal",
        ),
    )
}


def quota(**changes: Any) -> Quota:
    """Return a quota with these fields changed."""
    valid = Quota(period="month", amount=Decimal(1), currency="USD")
    return msgspec.structs.replace(valid, **changes)


def refused(record: type[Record], **changes: Any) -> str:
    """Return the field for which the record with these fields is refused."""
    with pytest.raises(Invalid) as error:
        validate(msgspec.structs.replace(VALID[record], **changes))
    assert error.value.reason == "invalid"
    assert error.value.message.startswith(error.value.field)
    return error.value.field


def test_every_record_from_outside_is_covered() -> None:
    """Whatever may be on a topic that is written from outside."""
    assert {record for topic in SOURCE_TOPICS for record in topic.records} == set(VALID)


@pytest.mark.parametrize("record", VALID.values(), ids=lambda record: type(record).__name__)
def test_a_record_within_its_bounds_passes(record: Record) -> None:
    """Nothing is raised."""
    validate(record)


def test_a_record_of_the_flow_is_not_for_outside() -> None:
    """A placing is said by the flow alone."""
    placing = Placing(
        board="b",
        participant="P-1",
        revision=1,
        plan_id="q2",
        period="2026-Q2",
        rank=1,
        tied=1,
        tied_index=0,
        value=1,
    )

    with pytest.raises(TypeError, match="Placing doesn't come from outside"):
        validate(placing)


def test_a_refusal_is_a_rejection() -> None:
    """The runner makes a dead letter of it."""
    assert issubclass(Invalid, Rejected)


@pytest.mark.parametrize(
    "bad", ["", "a" * 129, "a|b", "a/b", "a\x00", "a\nb", "a\x7f", "\ud800", 7, None]
)
def test_what_is_no_id_is_refused(bad: object) -> None:
    """Ids are parts of keys and of longer ids."""
    assert refused(Deal, deal_id=bad) == "deal_id"


@pytest.mark.parametrize("good", ["D", "a" * 128, "urn:li:1", "zürich 7", "~"])
def test_an_id_may_be_what_a_crm_calls_it(good: str) -> None:
    """Anything that keys can hold."""
    validate(msgspec.structs.replace(VALID[Deal], deal_id=good))


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (Demo, "rep_id"),
        (Meeting, "rep_id"),
        (Activity, "rep_id"),
        (LearningModule, "rep_id"),
        (Person, "person_id"),
        (Person, "manager_id"),
        (Unit, "manager_id"),
        (Contact, "person_id"),
    ],
)
def test_a_person_is_no_unit(record: type[Record], field: str) -> None:
    """A person called `unit:west` would be credited what the unit is."""
    assert refused(record, **{field: "unit:west"}) == field


@pytest.mark.parametrize("bad", [TIME_FIRST - 1, TIME_END, 0, -1, AT // 1_000, float(AT), True])
def test_a_time_out_of_bounds_is_refused(bad: object) -> None:
    """1970 and 2999 are placeholders, milliseconds another unit."""
    assert refused(Deal, occurred_at=bad) == "occurred_at"
    assert refused(Person, valid_from=bad) == "valid_from"
    assert refused(GoalChoice, chosen_at=bad) == "chosen_at"


@pytest.mark.parametrize("good", [TIME_FIRST, TIME_END - 1])
def test_the_first_and_the_last_time_pass(good: int) -> None:
    """The bounds are half-open."""
    validate(msgspec.structs.replace(VALID[Deal], occurred_at=good, logged_at=good))


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        ("-0.01", "USD"),
        ("0.001", "USD"),
        ("0.5", "JPY"),
        ("90071992547409.93", "USD"),
        ("NaN", "USD"),
        ("Infinity", "USD"),
        ("1E+999999", "USD"),
    ],
)
def test_an_amount_out_of_bounds_is_refused(amount: str, currency: str) -> None:
    """Never negative, whole minor units, exact as a double."""
    assert refused(Deal, amount=Decimal(amount), currency=currency) == "amount"
    assert refused(Payment, amount=Decimal(amount), currency=currency) == "amount"


def test_a_float_is_no_amount() -> None:
    """Nothing inexact comes near money."""
    assert refused(Deal, amount=4200.1) == "amount"


@pytest.mark.parametrize("amount", ["0", "1.5000", "90071992547409.92"])
def test_the_smallest_and_the_largest_amount_pass(amount: str) -> None:
    """Up to 2**53 minor units; zeros behind the minor unit are nothing."""
    validate(msgspec.structs.replace(VALID[Deal], amount=Decimal(amount)))


@pytest.mark.parametrize("currency", ["usd", "XXX", "", None])
def test_an_unknown_currency_is_refused(currency: object) -> None:
    """Only active ones of ISO 4217."""
    assert refused(Deal, currency=currency) == "currency"


@pytest.mark.parametrize(
    ("team", "field"),
    [
        ((), "team"),
        ((REP, REP), "team[1]"),
        ((REP, msgspec.structs.replace(OTHER, share_bp=4_001)), "team"),
        ((REP, msgspec.structs.replace(OTHER, share_bp=-1)), "team[1].share_bp"),
        ((REP, msgspec.structs.replace(OTHER, rep_id="unit:west")), "team[1].rep_id"),
        ((REP, msgspec.structs.replace(OTHER, role="")), "team[1].role"),
        (tuple(TeamMember(rep_id=f"P-{n}", role="r") for n in range(101)), "team"),
    ],
)
def test_a_team_that_can_not_be_is_refused(team: tuple[TeamMember, ...], field: str) -> None:
    """Nobody, the same twice, more than the whole."""
    assert refused(Deal, team=team) == field


def test_a_lost_deal_has_a_team_and_an_open_one_need_not() -> None:
    """While it is open, nobody need work on it."""
    assert refused(Deal, stage="lost", team=()) == "team"
    validate(msgspec.structs.replace(VALID[Deal], stage="open", team=()))


def test_one_rep_may_have_two_roles() -> None:
    """Only the same role twice is a mistake."""
    both = (REP, msgspec.structs.replace(OTHER, rep_id=REP.rep_id))

    validate(msgspec.structs.replace(VALID[Deal], team=both))


@pytest.mark.parametrize(
    ("record", "changes", "field"),
    [
        (Deal, {"stage": "closed"}, "stage"),
        (Deal, {"kind": "other"}, "kind"),
        (Deal, {"revision": -1}, "revision"),
        (Deal, {"revision": 2**53 + 1}, "revision"),
        (Deal, {"revision": True}, "revision"),
        (Deal, {"account_id": ""}, "account_id"),
        (Deal, {"logged_at": 0}, "logged_at"),
        (Deal, {"segment": "x" * 1_001}, "segment"),
        (Deal, {"product": "\x00"}, "product"),
        (Deal, {"source": None}, "source"),
        (Deal, {"dimensions": {"a|b": ""}}, "dimensions"),
        (Deal, {"dimensions": {"a": "x" * 1_001}}, "dimensions[a]"),
        (Deal, {"dimensions": {str(n): "" for n in range(101)}}, "dimensions"),
        (Demo, {"status": "done"}, "status"),
        (Meeting, {"deal_id": "a/b"}, "deal_id"),
        (Activity, {"kind": "fax"}, "kind"),
        (Activity, {"count": -1}, "count"),
        (Activity, {"count": 1_000_001}, "count"),
        (Payment, {"kind": "gift"}, "kind"),
        (Payment, {"deal_id": ""}, "deal_id"),
        (LearningModule, {"status": "held"}, "status"),
        (LearningModule, {"score_bp": 10_001}, "score_bp"),
        (Contact, {"email": "x" * 1_001}, "email"),
        (Person, {"active": 1}, "active"),
        (Person, {"role": ""}, "role"),
        (Person, {"quotas": (quota(period="day"),)}, "quotas[0].period"),
        (Person, {"quotas": (quota(amount=Decimal(-1)),)}, "quotas[0].amount"),
        (Person, {"quotas": (quota(), quota())}, "quotas[1].period"),
        (Unit, {"level": "squad"}, "level"),
        (Unit, {"parent_id": "west"}, "parent_id"),
        (Plan, {"plan_id": "Q2"}, "plan_id"),
        (Plan, {"version": 0}, "version"),
        (Plan, {"body": ""}, "body"),
        (Plan, {"body": "{}"}, "content_hash"),
        (Plan, {"body": "x" * (256 * 1024 + 1)}, "body"),
        (ExchangeRate, {"to_currency": "EUR"}, "to_currency"),
        (ExchangeRate, {"rate": Decimal(0)}, "rate"),
        (ExchangeRate, {"rate": Decimal("0.00000000001")}, "rate"),
        (Closing, {"period": "Q2"}, "period"),
        (GoalChoice, {"participant": "unit:"}, "participant"),
        (GoalChoice, {"choice": ""}, "choice"),
        (Adjustment, {"reason": " "}, "reason"),
        (Adjustment, {"author": ""}, "author"),
        (Adjustment, {"amount": Decimal("0.001")}, "amount"),
    ],
)
def test_a_field_out_of_its_bounds_is_named(
    record: type[Record], changes: dict[str, Any], field: str
) -> None:
    """Each of them by the name it has in the record."""
    assert refused(record, **changes) == field


@pytest.mark.parametrize(
    "period",
    ["2026", "2026-Q2", "2026-04", "2026-W53", "2026-04-30", "2026-04-01--2026-07-01"],
)
def test_every_kind_of_period_passes(period: str) -> None:
    """As the calendar names them."""
    validate(Closing(plan_id="q2", period=period))


@pytest.mark.parametrize(
    "period",
    [
        "26",
        "2026-Q5",
        "2026-13",
        "2026-W54",
        "2026-02-30",
        "2026-07-01--2026-04-01",
        "2026-07-01--",
    ],
)
def test_what_is_no_period_is_refused(period: str) -> None:
    """A closing of it would close nothing."""
    assert refused(Closing, period=period) == "period"


def test_a_long_value_is_shortened_in_the_message() -> None:
    """A dead letter's message is for people."""
    with pytest.raises(Invalid) as error:
        validate(msgspec.structs.replace(VALID[Deal], deal_id="x" * 100_000))

    assert len(error.value.message) < 200
