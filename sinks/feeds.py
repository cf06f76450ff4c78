"""Puts each sink together: what it follows, into what, as the settings say."""

from redis import Redis
from sqlalchemy import Engine

from accolade.sinks.board_reader import BoardReader
from accolade.sinks.decoding import decoder
from accolade.sinks.follower import Follower
from accolade.sinks.ledger_store import LedgerStore
from accolade.sinks.redis_boards import RedisBoards, refill
from accolade.sinks.redis_changes import Changes
from accolade.streams.catalogue import AWARDS, CONTACTS, TALLIES
from accolade.streams.settings import Settings

#: Redis that doesn't answer in this time is taken for gone, and tried again.
_REDIS_SECONDS = 10.0
#: How soon an emptied Redis is noticed while no records arrive.
_BOARDS_CHECK_SECONDS = 1.0
#: How soon a ledger that was put back from a copy is noticed.
_LEDGER_CHECK_SECONDS = 10.0


def connect_redis(settings: Settings) -> Redis:
    """
    Return a client of the settings' Redis; it connects when it is first used.

    Raises:
        ValueError: The URL is none of Redis.
    """
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_timeout=_REDIS_SECONDS,
        socket_connect_timeout=_REDIS_SECONDS,
        decode_responses=False,
    )


def boards_follower(settings: Settings, redis: Redis) -> Follower:
    """Return what keeps the boards in Redis up to date."""
    topics = [TALLIES, CONTACTS] if settings.boards_names else [TALLIES]
    store = RedisBoards(redis, settings.redis_prefix, Changes(decoder(settings, topics)))
    return Follower("boards", store, settings, topics, _BOARDS_CHECK_SECONDS)


def refill_boards(settings: Settings, redis: Redis) -> int:
    """Have the boards filled anew; return how many partitions will be read again."""
    topics = [settings.topic_name(TALLIES), settings.topic_name(CONTACTS)]
    return refill(redis, settings.redis_prefix, topics)


def board_reader(settings: Settings, redis: Redis) -> BoardReader:
    """Return what reads those boards."""
    return BoardReader(
        redis,
        settings.redis_prefix,
        settings.topic_name(TALLIES),
        settings.topic_name(CONTACTS),
    )


def ledger_store(settings: Settings, ledger: Engine) -> LedgerStore:
    """Return what books awards in the ledger."""
    return LedgerStore(ledger, decoder(settings, [AWARDS]))


def payouts_follower(settings: Settings, ledger: Engine) -> Follower:
    """Return what keeps the ledger up to date."""
    store = ledger_store(settings, ledger)
    return Follower("payouts", store, settings, [AWARDS], _LEDGER_CHECK_SECONDS)
