"""Payout batches as files: the rows as CSV or JSON, with the control total beside them."""

import csv
import hashlib
import io
import os
import tempfile
from pathlib import Path

import msgspec
from msgspec.structs import asdict

from accolade.sinks.ledger_rows import BatchRow, PayoutBatch

#: What others may do with the file: its group can read what is paid, the world can't.
_MODE = 0o640


def as_csv(batch: PayoutBatch) -> bytes:
    """Return the rows as CSV in UTF-8 (RFC 4180), with the column names in the first line."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["batch_id", *BatchRow.__struct_fields__])
    for row in batch.rows:
        writer.writerow([batch.batch_id, *asdict(row).values()])
    return text.getvalue().encode()


def as_json(batch: PayoutBatch) -> bytes:
    """Return the batch as JSON: its id, control total and rows."""
    return _json({"batch_id": batch.batch_id, "totals": batch.totals, "rows": batch.rows})


def write_batch(batch: PayoutBatch, folder: Path, *, json: bool = False) -> list[Path]:
    """
    Write the batch and its control total into the folder, which is made if need be.

    Each file appears whole or not at all; what is there already is replaced by
    the same bytes. The control total is written last: where it is, the rows are.

    Returns:
        `batch-<id>.csv` (or `.json`), and that name with `.control.json` behind it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    content = as_json(batch) if json else as_csv(batch)
    rows = folder / f"batch-{batch.batch_id}.{'json' if json else 'csv'}"
    control = folder / f"{rows.name}.control.json"
    _write_whole(rows, content)
    _write_whole(control, _control(batch, rows.name, content))
    return [rows, control]


def _control(batch: PayoutBatch, name: str, content: bytes) -> bytes:
    return _json(
        {
            "batch_id": batch.batch_id,
            "file": name,
            "sha256": hashlib.sha256(content).hexdigest(),
            "rows": len(batch.rows),
            "totals": batch.totals,
        }
    )


def _json(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is never seen in part, also after a loss of power."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), _MODE)
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
