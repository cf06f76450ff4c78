"""Batches and statements as `accolade payouts` prints them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from rich.table import Table

from accolade.deploy.cli.tables import counted, table
from accolade.sinks.ledger_batches import ListedBatch
from accolade.sinks.ledger_refused import RefusedRecord
from accolade.sinks.ledger_rows import Total
from accolade.sinks.ledger_statements import Balance, StatementLine

_COLUMNS, _INDENT = 80, "    "


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
    return f"in no batch yet: {_amounts(unpaid) or 'nothing'}"


def batches_json(batches: Sequence[ListedBatch], unpaid: Sequence[Total]) -> dict[str, Any]:
    """Return the batches, and what is in none yet, as a JSON object."""
    return {"batches": [listed._asdict() for listed in batches], "unpaid": unpaid}


def booked_note(totals: Sequence[Total]) -> str:
    """Return what was booked."""
    if not totals:
        return "nothing new to book"
    count = sum(total.rows for total in totals)
    return f"{counted(count, 'booking')}: {_amounts(totals)}"


def statement_lines(lines: Sequence[StatementLine]) -> Iterator[str]:
    """Yield what is printed of bookings: two lines each, as an award's id needs one of its own."""
    yield f"{'date':<10} {'change':>17} {'balance':>17}  {'kind':<10}  batch"
    for line in lines:
        change = f"{line.amount} {line.currency}".rstrip()
        balance = f"{line.balance} {line.currency}".rstrip()
        batch = line.batch_id or "none yet"
        day = _minute(line.booked_at)[:10]
        yield f"{day:<10} {change:>17} {balance:>17}  {line.kind:<10}  {batch}"
        label = f" ({line.label})" if line.label else ""
        state = "" if line.state == "earned" else f" [{line.state}]"
        what = f"{label}{state}"
        if what and len(line.award_id) + len(what) > _COLUMNS - len(_INDENT):
            yield f"{_INDENT}{line.award_id}"
            yield f"{_INDENT}{what.strip()}"
        else:
            yield f"{_INDENT}{line.award_id}{what}"


def balances_table(balances: Sequence[Balance]) -> Table:
    """Return what the bookings of a statement add up to."""
    shown = table("kind", "currency", "earned", "in batches", right=("earned", "in batches"))
    for balance in balances:
        shown.add_row(balance.kind, balance.currency, balance.amount, balance.paid)
    return shown


def refused_table(rows: Sequence[RefusedRecord]) -> Table:
    """Return one row for each refused record."""
    shown = table("record", "key", "reason", "message")
    for row in rows:
        shown.add_row(f"{row.topic}/{row.partition}/{row.offset}", row.key, row.reason, row.message)
    return shown


def _amounts(totals: Sequence[Total]) -> str:
    return ", ".join(f"{t.kind} {t.amount} {t.currency}".rstrip() for t in totals)


def _minute(time_us: int) -> str:
    """Return a time in UTC, to the minute."""
    return datetime.fromtimestamp(time_us // 1_000_000, UTC).strftime("%Y-%m-%d %H:%M")
