"""Awards, and a log of them that is handed to the ledger."""

from typing import Any

from sqlalchemy import Engine

from accolade.sinks.decoding import decoder
from accolade.sinks.following import Source
from accolade.sinks.ledger_store import LedgerStore
from accolade.streams.catalogue import AWARDS
from accolade.streams.records import Award
from tests.sinks.store_log import SETTINGS, StoreLog

_DECODE = decoder(SETTINGS, [AWARDS])


def award(award_id: str, revision: int, amount_minor: int, **changes: Any) -> Award:
    """Return an award of dollars to Ann; `award_id` ends in its participant if it has a slash."""
    fields: dict[str, Any] = {
        "award_id": award_id,
        "revision": revision,
        "participant": award_id.rpartition("/")[2] if "/" in award_id else "ann",
        "earner": "ann",
        "plan_id": "q2",
        "plan_version": 1,
        "plan_hash": "0" * 64,
        "rules_version": "1",
        "component": "commission",
        "period": "2026-Q2",
        "period_start": 1_775_000_000_000_000,
        "period_end": 1_783_000_000_000_000,
        "kind": "money",
        "amount_minor": amount_minor,
        "currency": "USD",
        "label": "",
        "state": "earned",
        **changes,
    }
    return Award(**fields)


def begun_log(ledger: Engine, partition: int = 0) -> StoreLog:
    """Return a log that goes to the ledger, and has been started."""
    log = StoreLog(LedgerStore(ledger, _DECODE), Source(AWARDS.name, partition))
    log.start()
    return log
