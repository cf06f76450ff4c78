"""Tallies, and a log of them that is handed to the boards."""

from typing import Any

from redis import Redis

from accolade.sinks.decoding import decoder
from accolade.sinks.following import Source
from accolade.sinks.redis_boards import RedisBoards
from accolade.sinks.redis_changes import Changes
from accolade.streams.catalogue import CONTACTS, TALLIES
from accolade.streams.records import Tally, TallyBoard
from tests.sinks.store_log import SETTINGS, StoreLog

PREFIX = "test:"
TALLY_ID = "p/sales/2026-Q2"
POOLED = TallyBoard(board="p/pooled/2026-Q2", ties="pooled", show=3)
FIRST = TallyBoard(board="p/first/2026-Q2", ties="first_to_reach", show=3)
DENSE = TallyBoard(board="p/dense/2026-Q2", ties="dense", show=3)
MODIFIED = TallyBoard(board="p/modified/2026-Q2", ties="modified", show=3)
ORDINAL = TallyBoard(board="p/ordinal/2026-Q2", ties="ordinal", show=3)
BOARDS = (POOLED, FIRST, DENSE, MODIFIED, ORDINAL)
_CHANGES = Changes(decoder(SETTINGS, [TALLIES, CONTACTS]))


def tally(participant: str, revision: int, value: int, **changes: Any) -> Tally:
    """Return a tally of sales in a quarter, on both boards unless said otherwise."""
    fields: dict[str, Any] = {
        "tally_id": TALLY_ID,
        "participant": participant,
        "revision": revision,
        "plan_id": "p",
        "plan_version": 1,
        "measure": "sales",
        "period": "2026-Q2",
        "period_start": 1_775_000_000_000_000,
        "period_end": 1_783_000_000_000_000,
        "value": value,
        "unit": "USD",
        "active": True,
        "reached_at": 0,
        "reached_by": "",
        "boards": (POOLED, FIRST),
        **changes,
    }
    return Tally(**fields)


def begun_log(
    redis: Redis, topic: str = TALLIES.name, partition: int = 0, partitions: int = 1
) -> StoreLog:
    """Return a log that goes to the boards, and has been started."""
    log = StoreLog(RedisBoards(redis, PREFIX, _CHANGES), Source(topic, partition))
    log.start(partitions=partitions)
    return log
