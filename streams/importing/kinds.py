"""What can be published from a file, by the word used on the command line."""

from accolade.streams import records
from accolade.streams.records import Record

KINDS: dict[str, type[Record]] = {
    "deals": records.Deal,
    "demos": records.Demo,
    "meetings": records.Meeting,
    "activities": records.Activity,
    "payments": records.Payment,
    "modules": records.LearningModule,
    "people": records.Person,
    "units": records.Unit,
    "contacts": records.Contact,
    "rates": records.ExchangeRate,
    "closings": records.Closing,
    "adjustments": records.Adjustment,
    "choices": records.GoalChoice,
}
"""Plans are published by `accolade plan`, which lints them first."""
#: What one of them is called, where it isn't the word without its last letter.
_ONE = {"activities": "activity", "people": "person"}


def named(kind: str, count: int) -> str:
    """Return a kind's word for so many of them: `1 deal`, `1,200 deals`."""
    return f"{count:,} {_ONE.get(kind, kind[:-1]) if count == 1 else kind}"
