"""The ledger against a plain fold of the awards."""

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from accolade.sinks.following import Source
from accolade.sinks.ledger import LedgerError, open_ledger
from accolade.sinks.ledger_bookings import Booking, stand_of
from accolade.sinks.ledger_refused import list_refused
from accolade.sinks.ledger_store import LedgerStore
from accolade.sinks.ledger_tables import AWARDS, BOOKINGS, LEDGER
from accolade.streams.records import Award
from tests.sinks.award_log import award, begun_log
from tests.sinks.store_log import StoreLog


@pytest.fixture
def log(ledger: Engine) -> StoreLog:
    """A log of awards that has begun."""
    return begun_log(ledger)


def booked(ledger: Engine) -> list[Booking]:
    """Return all bookings, in the order of the log."""
    with ledger.begin() as connection:
        rows = [Booking(**row._mapping) for row in connection.execute(select(BOOKINGS))]
    return sorted(rows, key=lambda row: (row.log_partition, row.log_offset, row.line))


def deltas(ledger: Engine) -> list[tuple[str, int, int]]:
    """Return award, revision and change of all bookings."""
    return [(row.award_id, row.revision, row.delta_minor) for row in booked(ledger)]


def folded(history: Sequence[Award]) -> dict[str, Award]:
    """Return the newest of each award, as they came, and which revisions were news."""
    newest: dict[str, Award] = {}
    for version in history:
        known = newest.get(version.award_id)
        if known is None or version.revision > known.revision:
            newest[version.award_id] = version
    return newest


awards = st.builds(
    award,
    st.sampled_from(["c/ann", "c/bob", "d/ann", "d/ann/x"]),
    st.integers(0, 9),
    st.sampled_from([0, 1, -1, 500_00, 2**53]),
    kind=st.sampled_from(["money", "money", "gift_card", "experience"]),
    currency=st.sampled_from(["USD", "USD", "JPY"]),
    label=st.sampled_from(["", "Dinner"]),
    state=st.sampled_from(["earned", "withdrawn", "adjustment"]),
)


@settings(max_examples=100)
@given(history=st.lists(awards, max_size=25), cuts=st.lists(st.integers(1, 6), max_size=8))
def test_bookings_add_up_to_the_newest_awards(history: list[Award], cuts: list[int]) -> None:
    """Each revision that was news is booked once, whatever was repeated or came late."""
    ledger = open_ledger("sqlite://")
    log = begun_log(ledger)
    rest = list(history)
    for size in [*cuts, len(history) or 1]:
        log.write(*rest[:size])
        rest = rest[size:]
    log.position = log.start()
    log.write(*history[:3])

    sums: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in booked(ledger):
        total = sums[row.award_id, row.participant, row.kind, row.currency, row.label]
        total[0] += row.delta_minor
        total[1] += row.delta_items
    expected = {}
    for version in folded(history).values():
        stand = stand_of(version)
        key = (version.award_id, stand.participant, stand.kind, stand.currency, stand.label)
        expected[key] = [stand.amount_minor, stand.items]
    assert {key: total for key, total in sums.items() if any(total)} == {
        key: total for key, total in expected.items() if any(total)
    }
    news: dict[str, int] = {}
    revisions = []
    for version in history:
        if version.revision > news.get(version.award_id, -1):
            news[version.award_id] = version.revision
            revisions.append((version.award_id, version.revision))
    assert [(row.award_id, row.revision) for row in booked(ledger) if row.line == 0] == revisions
    ledger.dispose()


def test_a_correction_books_the_difference(ledger: Engine, log: StoreLog) -> None:
    """Up, down, and to nothing."""
    log.write(award("a", 1, 100), award("a", 2, 250), award("a", 3, 200))
    log.write(award("a", 4, 0, state="withdrawn"))

    assert deltas(ledger) == [("a", 1, 100), ("a", 2, 150), ("a", 3, -50), ("a", 4, -200)]


def test_what_came_before_changes_nothing(ledger: Engine, log: StoreLog) -> None:
    """A repeated revision, an older one, in the same batch or later."""
    log.write(award("a", 5, 100), award("a", 5, 100), award("a", 4, 999))
    log.write(award("a", 3, 1), award("a", 5, 100))

    assert deltas(ledger) == [("a", 5, 100)]


def test_an_award_of_another_currency_takes_the_old_back(ledger: Engine, log: StoreLog) -> None:
    """Two lines of one revision: amounts of two currencies are never subtracted."""
    log.write(award("a", 1, 100), award("a", 2, 90, currency="EUR"))

    assert [(row.line, row.currency, row.delta_minor) for row in booked(ledger)] == [
        (0, "USD", 100),
        (0, "USD", -100),
        (1, "EUR", 90),
    ]


def test_experiences_and_trainings_are_counted(ledger: Engine, log: StoreLog) -> None:
    """A training may be worth nothing and is still given, and taken back."""
    log.write(award("t", 1, 0, kind="training", label="Negotiation"))
    log.write(award("e", 2, 600_00, kind="experience", label="Weekend"))
    log.write(award("t", 3, 0, kind="training", label="Negotiation", state="withdrawn"))

    assert [(row.kind, row.label, row.delta_minor, row.delta_items) for row in booked(ledger)] == [
        ("training", "Negotiation", 0, 1),
        ("experience", "Weekend", 600_00, 1),
        ("training", "Negotiation", 0, -1),
    ]


def test_points_are_of_no_currency(ledger: Engine, log: StoreLog) -> None:
    """Whatever the currency of their plan: 40 points are not 0.40."""
    log.write(award("p", 1, 40, kind="points"), award("p", 2, 50, kind="points", currency="EUR"))

    assert [(row.currency, row.delta_minor) for row in booked(ledger)] == [("", 40), ("", 10)]


def test_a_booking_has_the_records_own_time_and_place(ledger: Engine, log: StoreLog) -> None:
    """So a ledger that is made anew from the log is the same."""
    log.write(award("a", 1, 100), award("b", 1, 100))

    assert [(row.booked_at, row.log_partition, row.log_offset) for row in booked(ledger)] == [
        (0, 0, 0),
        (1_000_000, 0, 1),
    ]


def test_awards_are_kept_as_last_seen(ledger: Engine, log: StoreLog) -> None:
    """All their fields."""
    last = award("a", 2, 150, cause="deal:7", adjusts="z", label="é", state="adjustment")
    log.write(award("a", 1, 100), last)

    with ledger.begin() as connection:
        assert [Award(**row._mapping) for row in connection.execute(select(AWARDS))] == [last]


def test_of_two_writers_one_books(ledger: Engine, log: StoreLog) -> None:
    """The other is told where the ledger stands."""
    other = begun_log(ledger)
    log.write(award("a", 1, 100))

    assert other.write(award("a", 1, 100), award("b", 1, 7)) == 1
    assert deltas(ledger) == [("a", 1, 100)]


def test_an_error_books_nothing_of_a_batch(ledger: Engine, log: StoreLog) -> None:
    """Bookings and position are one transaction."""
    with ledger.begin() as connection:
        connection.execute(text("DROP TABLE settled"))
        connection.execute(text("ALTER TABLE bookings RENAME TO hidden"))
    with pytest.raises(Exception, match="bookings"):
        log.write(award("a", 1, 100))
    with ledger.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO bookings"))

    assert log.start() == 0
    assert deltas(ledger) == []


def test_a_topic_made_anew_is_read_again_without_booking_twice(
    ledger: Engine, log: StoreLog
) -> None:
    """What is booked has a revision, and new awards have risen ones."""
    log.write(award("a", 1, 100), award("b", 1, 7))

    assert log.start(topic_id="two") == 0
    log.write(award("a", 1, 100), award("a", 2, 110))
    assert sorted(deltas(ledger)) == [("a", 1, 100), ("a", 2, 10), ("b", 1, 7)]


@pytest.mark.parametrize(("first", "end"), [(3, 9), (0, 1)])
def test_a_log_that_lost_records_stops_the_ledger(log: StoreLog, first: int, end: int) -> None:
    """It is told, not skipped."""
    log.write(award("a", 1, 100), award("b", 1, 7))

    with pytest.raises(LedgerError, match="up to offset 2"):
        log.start(first=first, end=end)


def test_what_cannot_be_booked_is_kept_and_booked_later(ledger: Engine, log: StoreLog) -> None:
    """Unreadable bytes, no value, an amount that no database holds: the rest goes on."""
    log.write(b"no record", None, award("a", 1, 2**62), award("b", 1, 7))
    assert [(row.offset, row.reason) for row in list_refused(ledger)] == [
        (0, "undecodable"),
        (1, "undecodable"),
        (2, "out_of_range"),
    ]
    assert deltas(ledger) == [("b", 1, 7)]

    put_right = LedgerStore(ledger, lambda topic, value: award("c", 1, 9))
    assert put_right.retry_refused() == 2
    assert [row.offset for row in list_refused(ledger)] == [1]
    assert deltas(ledger)[0] == ("c", 1, 9)


def test_partitions_are_booked_side_by_side(ledger: Engine) -> None:
    """Each has a position of its own."""
    one, two = begun_log(ledger), begun_log(ledger, 1)
    one.write(award("a", 1, 100))

    assert two.write(award("b", 1, 7), award("c", 1, 8)) == 2
    assert (one.start(), two.start()) == (1, 2)
    assert two.source == Source("incentive.awards", 1)


def test_a_ledger_of_another_version_is_refused(ledger: Engine, ledger_url: str) -> None:
    """Rather than booked into tables that aren't known."""
    with ledger.begin() as connection:
        connection.execute(LEDGER.update().values(version=99))

    with pytest.raises(LedgerError, match="tables of version 99"):
        open_ledger(ledger_url)


@pytest.mark.parametrize("url", ["nonsense", "sqlite:////no/such/folder/x.db", "oracle://x"])
def test_a_url_that_cannot_be_used_is_told(url: str) -> None:
    """With what is wrong, and no trace."""
    with pytest.raises(LedgerError, match="ledger"):
        open_ledger(url)
