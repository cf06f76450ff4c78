"""Batches: what is paid, once, and the same bytes whenever they are written."""

import csv
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from accolade.sinks.ledger import LedgerError, open_ledger
from accolade.sinks.ledger_batches import (
    NoSuchBatchError,
    list_batches,
    load_batch,
    make_batch,
    open_totals,
)
from accolade.sinks.ledger_rows import PayoutBatch, Total
from accolade.sinks.ledger_statements import statement_of
from accolade.sinks.ledger_tables import BATCH_ROWS
from accolade.sinks.payout_files import as_csv, as_json, write_batch
from tests.sinks.award_log import award, begun_log
from tests.sinks.store_log import StoreLog


@pytest.fixture
def log(ledger: Engine) -> StoreLog:
    """A log of awards that has begun."""
    return begun_log(ledger)


def made(ledger: Engine, **chosen: Any) -> PayoutBatch:
    """Make a batch that has rows."""
    batch = make_batch(ledger, **chosen)
    assert batch is not None
    return batch


def paid(batch: PayoutBatch) -> list[tuple[str, str, str]]:
    """Return row id, amount and currency of a batch's rows."""
    return [(row.row_id, row.amount, row.currency) for row in batch.rows]


def test_a_batch_has_a_row_for_each_award_with_what_its_bookings_add_up_to(
    ledger: Engine, log: StoreLog
) -> None:
    """By participant; the next batch has only what changed since."""
    log.write(award("c/bob", 1, 5_00), award("c/ann", 2, 100), award("c/ann", 3, 1_250_00))
    assert paid(made(ledger)) == [("c/ann", "1250.00", "USD"), ("c/bob", "5.00", "USD")]
    log.write(award("c/ann", 4, 1_200_01), award("d/ann", 4, 7_000, currency="JPY"))

    assert paid(made(ledger)) == [("c/ann", "-49.99", "USD"), ("d/ann", "7000", "JPY")]
    assert make_batch(ledger) is None


def test_an_award_that_comes_to_nothing_is_settled_without_a_row(
    ledger: Engine, log: StoreLog
) -> None:
    """Given and withdrawn before it was paid."""
    log.write(award("c/ann", 1, 100), award("c/ann", 2, 0, state="withdrawn"))
    assert make_batch(ledger) is None
    log.write(award("c/bob", 1, 100))

    assert paid(made(ledger)) == [("c/bob", "1.00", "USD")]
    assert [line.batch_id for line in statement_of(ledger, "ann").lines] == [
        list_batches(ledger)[0].batch_id
    ] * 2


def test_a_batch_takes_only_what_is_asked_for(ledger: Engine, log: StoreLog) -> None:
    """Kinds of awards, and what was booked before a time."""
    log.write(award("c/ann", 1, 100), award("g/ann", 1, 500_00, kind="gift_card"))
    log.write(award("c/bob", 1, 100))

    assert paid(made(ledger, kinds=["money"], until=2_000_000)) == [("c/ann", "1.00", "USD")]
    assert paid(made(ledger, kinds=["gift_card"])) == [("g/ann", "500.00", "USD")]
    assert open_totals(ledger) == (
        Total(kind="money", currency="USD", rows=1, amount="1.00", amount_minor=100, items=0),
    )


def test_an_award_that_changed_its_currency_has_two_rows(ledger: Engine, log: StoreLog) -> None:
    """Row ids stay unique; the award as it is now has the plain one."""
    log.write(award("c/ann", 1, 100))
    made(ledger)
    log.write(award("c/ann", 2, 90, currency="EUR"))

    assert paid(made(ledger)) == [("c/ann", "0.90", "EUR"), ("c/ann#1", "-1.00", "USD")]


def test_control_totals_are_by_kind_and_currency(ledger: Engine, log: StoreLog) -> None:
    """With the number of rows, of things, and the sum."""
    log.write(
        *(award("c/ann", 1, 10), award("c/bob", 1, -3), award("c/cyd", 1, 5, currency="EUR")),
        award("p/ann", 1, 40, kind="points"),
        award("e/ann", 1, 600_00, kind="experience", label="Weekend"),
    )

    assert [
        (t.kind, t.currency, t.rows, t.amount, t.amount_minor, t.items) for t in made(ledger).totals
    ] == [
        ("experience", "USD", 1, "600.00", 60_000, 1),
        ("money", "EUR", 1, "0.05", 5, 0),
        ("money", "USD", 2, "0.07", 7, 0),
        ("points", "", 1, "40", 40, 0),
    ]


def test_exporting_again_gives_the_same_bytes(
    ledger: Engine, log: StoreLog, tmp_path: Path
) -> None:
    """Also after more was booked and paid; the control total names the file's hash."""
    log.write(award("c/é, ann", 1, 1_00, label='a "label"'), award("c/bob", 1, 2_00))
    batch = made(ledger)
    first = {
        file.name: file.read_bytes()
        for as_rows in (False, True)
        for file in write_batch(batch, tmp_path / "first", json=as_rows)
    }
    log.write(award("c/bob", 2, 9_00))
    made(ledger)

    again = load_batch(ledger, batch.batch_id)
    written = write_batch(again, tmp_path / "again")
    assert again == batch
    assert [file.read_bytes() for file in written] == [first[file.name] for file in written]
    assert as_json(again) == first[f"batch-{batch.batch_id}.json"]
    control = json.loads(written[1].read_text())
    assert control["sha256"] == hashlib.sha256(written[0].read_bytes()).hexdigest()
    assert (control["rows"], control["totals"][0]["amount"]) == (2, "3.00")
    assert {file.name for file in (tmp_path / "again").iterdir()} == {f.name for f in written}


def test_a_csv_file_reads_back_as_its_rows(ledger: Engine, log: StoreLog) -> None:
    """Commas, quotes and line ends in names are kept."""
    log.write(award('c/é, "ann"', 1, -1_05, label="two\nlines"))
    batch = made(ledger)

    rows = list(csv.DictReader(as_csv(batch).decode().splitlines(keepends=True)))
    assert [(row["row_id"], row["amount"], row["label"], row["batch_id"]) for row in rows] == [
        ('c/é, "ann"', "-1.05", "two\nlines", batch.batch_id)
    ]


def test_a_batch_that_was_changed_in_the_ledger_is_not_written(
    ledger: Engine, log: StoreLog
) -> None:
    """Its id tells."""
    log.write(award("c/ann", 1, 100))
    batch = made(ledger)
    with ledger.begin() as connection:
        connection.execute(BATCH_ROWS.update().values(amount_minor=1_000_000))

    with pytest.raises(LedgerError, match="were changed"):
        load_batch(ledger, batch.batch_id)


def test_a_batch_that_is_not_there_is_told(ledger: Engine) -> None:
    """By its id."""
    with pytest.raises(NoSuchBatchError):
        load_batch(ledger, "000001-000000000000")


def test_a_statement_adds_up(ledger: Engine, log: StoreLog) -> None:
    """Each line's balance is what came before and its change; paid and unpaid apart."""
    log.write(award("c/ann", 1, 100), award("c/bob", 1, 7), award("d/ann", 1, 30))
    made(ledger)
    log.write(award("c/ann", 2, 60), award("p/ann", 1, 5, kind="points"))

    statement = statement_of(ledger, "ann")
    assert [(line.award_id, line.amount, line.balance) for line in statement.lines] == [
        ("c/ann", "1.00", "1.00"),
        ("d/ann", "0.30", "1.30"),
        ("c/ann", "-0.40", "0.90"),
        ("p/ann", "5", "5"),
    ]
    assert [(b.kind, b.amount, b.paid) for b in statement.balances] == [
        ("money", "0.90", "1.30"),
        ("points", "5", "0"),
    ]


changes = st.tuples(
    st.sampled_from(["c/ann", "c/bob", "d/ann"]),
    st.integers(-(10**6), 10**6),
    st.sampled_from(["USD", "USD", "JPY"]),
)


@settings(max_examples=50)
@given(steps=st.lists(st.one_of(changes, st.just("batch")), max_size=25))
def test_batches_pay_every_award_exactly_what_it_comes_to(steps: list[object]) -> None:
    """Whenever batches are made between the changes, and no row id is used twice in one."""
    ledger = open_ledger("sqlite://")
    log = begun_log(ledger)
    stands: dict[str, tuple[str, int]] = {}
    batches = []
    for revision, step in enumerate([*steps, "batch"]):
        if isinstance(step, tuple):
            award_id, amount_minor, currency = step
            log.write(award(award_id, revision, amount_minor, currency=currency))
            stands[award_id] = currency, amount_minor
        elif (batch := make_batch(ledger)) is not None:
            batches.append(batch)

    sums: Counter[tuple[str, str]] = Counter()
    for batch in batches:
        assert len({row.row_id for row in batch.rows}) == len(batch.rows)
        assert {(t.kind, t.currency): t.amount_minor for t in batch.totals} == {
            (row.kind, row.currency): sum(
                other.amount_minor for other in batch.rows if other.currency == row.currency
            )
            for row in batch.rows
        }
        for row in batch.rows:
            sums[row.award_id, row.currency] += row.amount_minor
    assert {key: amount for key, amount in sums.items() if amount} == {
        (award_id, currency): amount for award_id, (currency, amount) in stands.items() if amount
    }
    assert open_totals(ledger) == ()
    assert [listed.batch_id for listed in list_batches(ledger)] == [b.batch_id for b in batches]
    ledger.dispose()
