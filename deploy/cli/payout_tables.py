"""Batches and statements as `accolade payouts` prints them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from accolade.deploy.cli.tables import table
from accolade.sinks.ledger_batches import ListedBatch
from accolade.sinks.ledger_refused import RefusedRecord
from accolade.sinks.ledger_rows import Total
from accolade.sinks.ledger_statements import Statement


def totals_table(totals: Sequence[Total]) -> Table:
    """Return a control total, one row for each kind and currency."""
    numbers = ("rows", "amount", "items")
    shown = table("kind", "currency", *numbers, right=numbers)
    for total in totals:
        items = str(total.items or "")
        shown.add_row(total.kind, total.currency, str(total.rows), total.amount, items)
    return shown


def batches_table(batches: Sequence[ListedBatch]) -> Table:
    """Return one row for each batch."""
    shown = table("batch", "made", "rows", right=("rows",))
    for listed in batches:
        shown.add_row(listed.batch_id, _minute(listed.made_at), str(listed.rows))
    return shown


def unpaid_note(unpaid: Sequence[Total]) -> str:
    """Return what is in no batch yet."""
    amounts = ", ".join(f"{t.kind} {t.amount} {t.currency}".rstrip() for t in unpaid)
    return f"in no batch yet: {amounts or 'nothing'}"


def batches_json(batches: Sequence[ListedBatch], unpaid: Sequence[Total]) -> dict[str, Any]:
    """Return the batches, and what is in none yet, as a JSON object."""
    return {"batches": [listed._asdict() for listed in batches], "unpaid": unpaid}


def statement_tables(statement: Statement) -> list[Table]:
    """Return the lines of a statement, and what they add up to."""
    lines = table("date", "award", "change", "balance", "batch", right=("change", "balance"))
    for line in statement.lines:
        what = f"{line.award_id} ({line.label})" if line.label else line.award_id
        state = "" if line.state == "earned" else f" [{line.state}]"
        lines.add_row(
            _minute(line.booked_at)[:10],
            what + state,
            f"{line.amount} {line.currency}".rstrip(),
            line.balance,
            (line.batch_id or "").partition("-")[0],
        )
    balances = table("kind", "currency", "earned", "in batches", right=("earned", "in batches"))
    for balance in statement.balances:
        balances.add_row(balance.kind, balance.currency, balance.amount, balance.paid)
    return [lines, balances]


def refused_table(rows: Sequence[RefusedRecord]) -> Table:
    """Return one row for each refused record."""
    shown = table("record", "key", "reason", "message")
    for row in rows:
        shown.add_row(f"{row.topic}/{row.partition}/{row.offset}", row.key, row.reason, row.message)
    return shown


def _minute(time_us: int) -> str:
    """Return a time in UTC, to the minute."""
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M")
