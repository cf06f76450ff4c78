"""What docs/payouts.md says is there, is there."""

import re
from pathlib import Path

from accolade.sinks.ledger_rows import BatchRow

TEXT = (Path(__file__).parents[2] / "docs" / "payouts.md").read_text("utf-8")


def test_columns_are_told_in_the_order_of_the_file() -> None:
    """Each once."""
    table = TEXT.partition("| column, in this order |")[2].partition("\n\n")[0]
    told = [
        name for row in table.splitlines() for name in re.findall(r"`(\w+)`", row.split("|")[1])
    ]

    assert ["batch_id", *BatchRow.__struct_fields__] == told
