"""Small worlds of records for Hypothesis: everything that can happen, close together."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from accolade.streams.records import (
    Activity,
    Adjustment,
    Closing,
    Deal,
    Demo,
    ExchangeRate,
    LearningModule,
    Meeting,
    Payment,
    Person,
    Quota,
    Record,
    TeamMember,
    Unit,
)
from tests.pipeline.plans import PLAN_ID, plan_versions

_ZONE = ZoneInfo("America/New_York")
REPS = ("ana", "ben", "cy", "dee")
_TEAMS = ("t1", "t2")
_ROLES = ("account_executive", "sdr", "sales_engineer")


def _at(text: str, microseconds: int = 0) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=_ZONE)
    return int(moment.timestamp()) * 1_000_000 + microseconds


BEGINNING = _at("2025-10-01")
#: Times around every edge: of weeks, months, the quarter and the plan.
MOMENTS = (
    _at("2026-01-15T12:00"),
    _at("2026-03-30T12:00"),
    _at("2026-04-01", -1),
    _at("2026-04-01"),
    _at("2026-04-06", -1),
    _at("2026-04-06"),
    _at("2026-04-15T09:00"),
    _at("2026-04-15T09:00"),
    _at("2026-05-01", -1),
    _at("2026-05-01"),
    _at("2026-05-20T17:30"),
    _at("2026-06-29T08:00"),
    _at("2026-07-01", -1),
    _at("2026-07-01"),
    _at("2026-08-10T10:00"),
)
moments = st.sampled_from(MOMENTS)
_cents = st.one_of(
    st.sampled_from([0, 1, 50, 333, 100_00, 250_00, 1000_00, 1000_01, 5000_00]),
    st.integers(0, 6000_00),
)
_currencies = st.sampled_from(["USD", "USD", "USD", "EUR", "JPY"])


@st.composite
def _money(draw: st.DrawFn) -> tuple[Decimal, str]:
    currency = draw(_currencies)
    minor = draw(_cents)
    return (Decimal(minor) if currency == "JPY" else Decimal(minor).scaleb(-2)), currency


# --- reference data ---


@st.composite
def _quotas(draw: st.DrawFn) -> tuple[Quota, ...]:
    kinds = draw(st.lists(st.sampled_from(["month", "quarter", "year"]), unique=True, max_size=3))
    amounts = st.sampled_from([Decimal(0), Decimal(1000), Decimal("2500.50"), Decimal(5000)])
    currencies = st.sampled_from(["USD", "USD", "EUR"])
    return tuple(Quota(period=k, amount=draw(amounts), currency=draw(currencies)) for k in kinds)


@st.composite
def _people(draw: st.DrawFn) -> list[Record]:
    people: list[Record] = []
    for person_id in REPS:
        begins = draw(st.lists(moments, max_size=2, unique=True))
        if draw(st.integers(0, 9)):
            begins.append(BEGINNING)
        for valid_from in begins:
            for revision in range(1, draw(st.integers(1, 2)) + 1):
                people.append(
                    Person(
                        person_id=person_id,
                        valid_from=valid_from,
                        revision=revision,
                        active=draw(st.integers(0, 6)) > 0,
                        role=draw(st.sampled_from(_ROLES[:1] * 2 + _ROLES)),
                        team_id=draw(st.sampled_from([*_TEAMS, *_TEAMS, None, "t3"])),
                        manager_id=draw(st.sampled_from([None, "max", "ana"])),
                        quotas=draw(_quotas()),
                    )
                )
    return people


@st.composite
def _units(draw: st.DrawFn) -> list[Record]:
    units: list[Record] = []
    for unit_id, level, parents in (
        ("t1", "team", ["r1", "r1", "r2", None]),
        ("t2", "team", ["r1", "r2", "t1"]),
        ("t3", "team", [None]),
        ("r1", "region", ["n", None]),
        ("r2", "region", ["n"]),
        ("n", "nation", [None]),
    ):
        begins = draw(st.lists(moments, max_size=1))
        if unit_id != "t3" and draw(st.integers(0, 9)):
            begins.append(BEGINNING)
        for valid_from in begins:
            for revision in range(1, draw(st.integers(1, 2)) + 1):
                units.append(
                    Unit(
                        unit_id=unit_id,
                        valid_from=valid_from,
                        revision=revision,
                        active=draw(st.integers(0, 9)) > 0,
                        level=level,
                        parent_id=draw(st.sampled_from(parents)),
                        manager_id=draw(st.sampled_from([None, "max", "dee"])),
                        quotas=draw(_quotas()),
                    )
                )
    return units


@st.composite
def _rates(draw: st.DrawFn) -> list[Record]:
    rates: list[Record] = []
    for currency, values in (
        ("EUR", ["1", "1.1", "1.08765", "0.5"]),
        ("JPY", ["0.0067", "0.01"]),
    ):
        for valid_from in draw(
            st.lists(st.sampled_from([BEGINNING, *MOMENTS[:10]]), max_size=2, unique=True)
        ):
            for revision in range(1, draw(st.integers(1, 2)) + 1):
                rates.append(
                    ExchangeRate(
                        from_currency=currency,
                        to_currency="USD",
                        valid_from=valid_from,
                        revision=revision,
                        rate=Decimal(draw(st.sampled_from(values))),
                    )
                )
    return rates


# --- transactions ---


@st.composite
def _team(draw: st.DrawFn) -> tuple[TeamMember, ...]:
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(REPS), st.sampled_from(_ROLES)), max_size=3, unique=True)
    )
    left = 10_000
    team = []
    for rep_id, role in pairs:
        share = draw(st.sampled_from([None, 0, 3333, 5000, 10_000]))
        share = None if share is None else min(share, left)
        left -= share or 0
        team.append(TeamMember(rep_id=rep_id, role=role, share_bp=share))
    return tuple(team)


@st.composite
def _deal(draw: st.DrawFn, deal_id: str) -> list[Record]:
    revisions: list[Record] = []
    for revision in range(1, draw(st.integers(1, 3)) + 1):
        amount, currency = draw(_money())
        team = draw(_team())
        stages = ["won", "won", "won", "lost", "open"] if team else ["open"]
        revisions.append(
            Deal(
                deal_id=deal_id,
                revision=revision,
                occurred_at=draw(moments),
                stage=draw(st.sampled_from(stages)),
                amount=amount,
                currency=currency,
                account_id=draw(st.sampled_from([None, "a1", "a2", "a3"])),
                team=team,
                kind=draw(st.sampled_from([None, "new", "upsell"])),
                segment=draw(st.sampled_from([None, "enterprise"])),
                dimensions=draw(st.sampled_from([{}, {"campaign": "spring"}])),
            )
        )
    return revisions


@st.composite
def _payments(draw: st.DrawFn, deal_ids: list[str]) -> list[Record]:
    payments: list[Record] = []
    for number in range(draw(st.integers(0, 4))):
        deal_id = draw(st.sampled_from([*deal_ids, "d-unknown"]))
        for revision in range(1, draw(st.integers(1, 2)) + 1):
            amount, currency = draw(_money())
            payments.append(
                Payment(
                    payment_id=f"p{number}",
                    revision=revision,
                    occurred_at=draw(moments),
                    deal_id=deal_id,
                    kind=draw(st.sampled_from(["refund", "refund", "payment", "bounce"])),
                    amount=amount,
                    currency=currency,
                )
            )
    return payments


@st.composite
def _work(draw: st.DrawFn) -> list[Record]:
    work: list[Record] = []
    for number in range(draw(st.integers(0, 6))):
        for revision in range(1, draw(st.integers(1, 2)) + 1):
            rep_id = draw(st.sampled_from([*REPS, *REPS, "nobody"]))
            occurred_at = draw(moments)
            common = {"revision": revision, "occurred_at": occurred_at, "rep_id": rep_id}
            form = number % 5
            if form <= 1:
                count = draw(st.sampled_from([0, 1, 5, 10, 25]))
                kind = draw(st.sampled_from(["call", "call", "email"]))
                work.append(Activity(activity_id=f"c{number}", kind=kind, count=count, **common))
            elif form == 2:
                status = draw(st.sampled_from(["held", "held", "no_show"]))
                work.append(Meeting(meeting_id=f"m{number}", status=status, **common))
            elif form == 3:
                status = draw(st.sampled_from(["held", "cancelled"]))
                work.append(Demo(demo_id=f"x{number}", status=status, deal_id="d0", **common))
            else:
                status = draw(st.sampled_from(["completed", "failed"]))
                module = {"module_id": "discovery", "completion_id": f"l{number}"}
                work.append(LearningModule(status=status, **module, **common))
    return work


@st.composite
def _by_hand(draw: st.DrawFn) -> list[Record]:
    return [
        Adjustment(
            adjustment_id="by-hand",
            revision=revision,
            participant=draw(st.sampled_from(["ana", "ben"])),
            plan_id=PLAN_ID,
            period=draw(st.sampled_from(["2026-Q2", "2026-04", "2026-Q2"])),
            occurred_at=MOMENTS[6],
            amount=Decimal(draw(st.sampled_from(["-20.00", "35.50", "0.00"]))),
            currency="USD",
            author="max",
            reason="agreed",
        )
        for revision in range(1, draw(st.integers(0, 2)) + 1)
    ]


# --- the world ---


@st.composite
def worlds(draw: st.DrawFn) -> list[Record]:
    """
    Draw records in an order of arrival: any, with duplicates, with closings anywhere.

    A revision of a natural key says the same wherever it stands.
    """
    deal_ids = [f"d{number}" for number in range(draw(st.integers(1, 4)))]
    records: list[Record] = [
        *draw(_people()),
        *draw(_units()),
        *draw(_rates()),
        *draw(plan_versions()),
        *(record for deal_id in deal_ids for record in draw(_deal(deal_id))),
        *draw(_payments(deal_ids)),
        *draw(_work()),
        *draw(_by_hand()),
    ]
    records += draw(st.lists(st.sampled_from(records), max_size=3))
    records = draw(st.permutations(records))
    closings = draw(
        st.lists(
            st.sampled_from(["2026-Q2", "2026-Q2", "2026-04", "2026-05", "2026-Q3"]), max_size=3
        )
    )
    for period in closings:
        # Most closings come late, as they do.
        at = draw(st.one_of(st.integers(len(records) // 2, len(records)), st.just(len(records))))
        records.insert(at, Closing(plan_id=PLAN_ID, period=period, author="max"))
    return records
