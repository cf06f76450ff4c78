"""Small worlds of records by chance: everything that can happen, close together."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

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
from tests.pipeline.plans import PLAN_IDS, plan_versions

_ZONE = ZoneInfo("America/New_York")
_REPS = ("ana", "ben", "cy", "dee")
_ROLES = ("account_executive", "sdr", "sales_engineer")
#: Level and possible parents of each unit; `t3` is never known from the beginning.
_UNITS: tuple[tuple[str, str, tuple[str | None, ...]], ...] = (
    ("t1", "team", ("r1", "r1", "r2", None)),
    ("t2", "team", ("r1", "r2", "r2")),
    ("t3", "team", ("r1", None)),
    ("r1", "region", ("z1", "z1", "z2", None)),
    ("r2", "region", ("z1", "z2", "n")),
    ("z1", "zone", ("n", None)),
    ("z2", "zone", ("n",)),
    ("n", "nation", (None,)),
)


def _at(text: str, microseconds: int = 0) -> int:
    moment = datetime.fromisoformat(text).replace(tzinfo=_ZONE)
    return int(moment.timestamp()) * 1_000_000 + microseconds


_BEGINNING = _at("2025-10-01")
#: Times around every edge: of weeks, months, the quarter and the plan.
_MOMENTS = (
    _at("2026-01-15T12:00"),
    _at("2026-03-30T12:00"),
    _at("2026-04-01", -1),
    _at("2026-04-01"),
    _at("2026-04-06", -1),
    _at("2026-04-06"),
    _at("2026-04-15"),
    _at("2026-04-15T09:00"),
    _at("2026-05-01", -1),
    _at("2026-05-01"),
    _at("2026-05-20T17:30"),
    _at("2026-05-21T09:00"),
    _at("2026-06-10T12:00"),
    _at("2026-06-29T08:00"),
    _at("2026-07-01", -1),
    _at("2026-07-01"),
    _at("2026-08-10T10:00"),
)
_WORK: tuple[type[Record], ...] = (
    *(Activity, Activity, Activity),
    *(Meeting, Demo, LearningModule),
)
#: The largest is as much as an amount can be: two of them are more than can be ranked.
_CENTS = (0, 1, 50, 333, 100_00, 250_00, 1000_00, 1000_01, 5000_00, 2**53)


def world(chance: Random) -> list[Record]:
    """
    Return records in an order of arrival: any, with duplicates, with closings anywhere.

    A revision of a natural key says the same wherever it stands.
    """
    plan_ids = list(PLAN_IDS)[: chance.choice([1, 1, 1, 2])]
    deals = list(_deals(chance, chance.randint(2, 10)))
    records: list[Record] = [
        *_people(chance),
        *_units(chance),
        *_rates(chance),
        *(plan for plan_id in plan_ids for plan in plan_versions(chance, plan_id)),
        *deals,
        *_payments(chance, deals),
        *_work(chance),
        *_by_hand(chance),
    ]
    records += chance.choices(records, k=chance.randint(0, 3))
    chance.shuffle(records)
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        closing = Closing(plan_id=chance.choice(plan_ids), period=_period(chance), author="max")
        # Most come late, as they do.
        records.insert(chance.randint(len(records) // 2, len(records)), closing)
    return records


def _period(chance: Random) -> str:
    periods = ["2026-Q2", "2026-Q2", "2026-04", "2026-05", "2026-Q3"]
    return chance.choice([*periods, "2026-04-01--2026-07-01"])


def _moment(chance: Random) -> int:
    """Return a time, most often within the quarter."""
    return chance.choice([*_MOMENTS, *_MOMENTS[3:-2]])


def _revisions(chance: Random, most: int) -> range:
    return range(1, chance.randint(1, most) + 1)


# --- reference data ---


def _begins(chance: Random, known: bool, later: int) -> list[int]:
    """Return from when on versions of something hold: mostly one from the beginning."""
    # What changes at the very end of a period decides about targets and receivers.
    edges = [_at("2026-07-01"), _at("2026-07-01", -1), _at("2026-05-01"), _at("2026-04-01")]
    begins = chance.sample([*_MOMENTS, *edges, *edges], chance.choice([0, 0, 1, later]))
    return [*([_BEGINNING] if known else []), *dict.fromkeys(begins)]


def _people(chance: Random) -> Iterator[Record]:
    for person_id in _REPS:
        for valid_from in _begins(chance, chance.random() < 0.96, later=2):
            for revision in _revisions(chance, 2):
                yield Person(
                    person_id=person_id,
                    valid_from=valid_from,
                    revision=revision,
                    active=chance.random() < 0.97,
                    role=chance.choice([_ROLES[0], _ROLES[0], *_ROLES]),
                    team_id=chance.choice(["t1"] * 12 + ["t2"] * 12 + ["t3", None]),
                    manager_id=chance.choice([None, "max", "ana"]),
                    quotas=_quotas(chance),
                )


def _units(chance: Random) -> Iterator[Record]:
    for unit_id, level, parents in _UNITS:
        known = unit_id != "t3" and chance.random() < 0.97
        for valid_from in _begins(chance, known, later=1):
            for revision in _revisions(chance, 2):
                yield Unit(
                    unit_id=unit_id,
                    valid_from=valid_from,
                    revision=revision,
                    active=chance.random() < 0.98,
                    level=level,
                    parent_id=chance.choice(parents),
                    manager_id=chance.choice([None, "max", "dee"]),
                    quotas=_quotas(chance),
                )


def _quotas(chance: Random) -> tuple[Quota, ...]:
    amounts = [Decimal(0), Decimal(1000), Decimal("2500.50"), Decimal(5000)]
    return tuple(
        Quota(
            period=kind,
            amount=chance.choice(amounts),
            currency=chance.choice(["USD", "USD", "USD", "EUR"]),
        )
        for kind in ("month", "quarter", "year")
        if chance.random() < 0.7
    )


def _rates(chance: Random) -> Iterator[Record]:
    for pair, values in (
        ("EUR/USD", ["1", "1.1", "1.08765"]),
        ("JPY/USD", ["0.0067", "0.01"]),
        ("USD/EUR", ["0.9091", "1"]),
    ):
        for valid_from in _begins(chance, chance.random() < 0.7, later=2):
            for revision in _revisions(chance, 2):
                yield ExchangeRate(
                    from_currency=pair[:3],
                    to_currency=pair[4:],
                    valid_from=valid_from,
                    revision=revision,
                    rate=Decimal(chance.choice(values)),
                )


# --- transactions ---


def _money(chance: Random) -> tuple[Decimal, str]:
    currency = chance.choice(["USD"] * 14 + ["EUR", "JPY"])
    minor = chance.choice([*_CENTS, chance.randint(0, 6000_00)])
    return (Decimal(minor) if currency == "JPY" else Decimal(minor).scaleb(-2)), currency


def _deals(chance: Random, count: int) -> Iterator[Deal]:
    for number in range(count):
        for revision in _revisions(chance, 3):
            amount, currency = _money(chance)
            team = _team(chance)
            yield Deal(
                deal_id=f"d{number}",
                revision=revision,
                occurred_at=_moment(chance),
                stage=chance.choice(["won"] * 6 + ["lost", "open"]) if team else "open",
                amount=amount,
                currency=currency,
                account_id=chance.choice([None, "a1", "a2", "a3"]),
                team=team,
                kind=chance.choice([None, "new", "upsell"]),
                segment=chance.choice([None, "enterprise"]),
                dimensions=chance.choice([{}, {"campaign": "spring"}]),
            )


def _team(chance: Random) -> tuple[TeamMember, ...]:
    pairs = [(rep_id, role) for rep_id in _REPS for role in _ROLES]
    team = []
    left = 10_000
    for rep_id, role in chance.sample(pairs, chance.choice([0, 1, 1, 1, 2, 2, 3])):
        share = chance.choice([None, 0, 3333, 5000, 10_000])
        share = None if share is None else min(share, left)
        left -= share or 0
        team.append(TeamMember(rep_id=rep_id, role=role, share_bp=share))
    return tuple(team)


def _payments(chance: Random, deals: list[Deal]) -> Iterator[Record]:
    said = set()
    for number in range(chance.randint(0, 6)):
        deal = chance.choice(deals)
        deal_id = "d-unknown" if number == 5 else deal.deal_id
        # An id is its own among the payments of one deal only.
        payment_id = f"p{chance.randrange(3)}"
        if (deal_id, payment_id) in said:
            continue
        said.add((deal_id, payment_id))
        for revision in _revisions(chance, 2):
            whole = chance.random() < 0.5
            amount, currency = (deal.amount, deal.currency) if whole else _money(chance)
            yield Payment(
                payment_id=payment_id,
                revision=revision,
                occurred_at=_moment(chance),
                deal_id=deal_id,
                kind=chance.choice(["refund"] * 5 + ["payment", "bounce"]),
                amount=amount,
                currency=currency,
            )


def _work(chance: Random) -> Iterator[Record]:
    for number in range(chance.randint(0, 10)):
        name = f"w{number}"
        kind = chance.choice(_WORK)
        for revision in _revisions(chance, 2):
            yield _one_work(chance, kind, name, revision)


def _one_work(chance: Random, kind: type[Record], name: str, revision: int) -> Record:
    rep_id = chance.choice([*_REPS, *_REPS, "nobody"])
    at = _moment(chance)
    if kind is Activity:
        return Activity(
            activity_id=name,
            revision=revision,
            occurred_at=at,
            rep_id=rep_id,
            kind=chance.choice(["call", "call", "email"]),
            count=chance.choice([0, 1, 5, 10, 25]),
        )
    status = chance.choice(["held", "held", "no_show"])
    if kind is Meeting:
        return Meeting(
            meeting_id=name, revision=revision, occurred_at=at, rep_id=rep_id, status=status
        )
    if kind is Demo:
        return Demo(
            demo_id=name,
            revision=revision,
            occurred_at=at,
            rep_id=rep_id,
            status=status,
            deal_id="d0",
        )
    return LearningModule(
        completion_id=name,
        revision=revision,
        occurred_at=at,
        rep_id=rep_id,
        module_id="discovery",
        status=chance.choice(["completed", "failed"]),
    )


def _by_hand(chance: Random) -> Iterator[Record]:
    for revision in range(1, chance.choice([0, 0, 1, 2]) + 1):
        yield Adjustment(
            adjustment_id="by-hand",
            revision=revision,
            participant=chance.choice(["ana", "ben"]),
            plan_id=chance.choice(["small-world", "small-world", "abroad"]),
            period=chance.choice(["2026-Q2", "2026-Q2", "2026-04"]),
            occurred_at=_MOMENTS[6],
            amount=Decimal(chance.choice(["-20.00", "35.50", "0.00"])),
            currency=chance.choice(["USD", "USD", "EUR"]),
            author="max",
            reason="agreed",
        )
