"""
incentive.tallies -> Redis: live boards and tallies.

Each batch and the position behind it are written by one script, so they happen
together or not at all. Scores are absolute and versioned by the tally's
revision: an older or repeated record leaves everything as it was. A Redis that
was emptied has no position; then everything is read again from the start.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import structlog
from redis import Redis
from redis.exceptions import RedisError

from accolade.sinks.following import Batch, Source, Span, UnavailableError
from accolade.sinks.redis_changes import Changes
from accolade.sinks.redis_scripts import BEGIN, WRITE, Call

_LOG = structlog.get_logger(__name__)

#: Redis does nothing else while a script runs: so many records take it a few milliseconds.
_RECORDS_A_CALL = 200

Found = list[bytes | None]


class RedisBoards:
    """The store of live boards, tallies, and where wanted names; see `redis_scripts` for keys."""

    def __init__(self, redis: Redis, prefix: str, changes: Changes) -> None:
        """
        Take where the boards are kept.

        Args:
            redis: A client that answers in bytes.
            prefix: What all keys begin with.
            changes: Turns records into what the script does.
        """
        self._redis = redis
        self._prefix = prefix
        self._changes = changes

    def start(self, source: Source, span: Span) -> int:
        """
        Return the position to read from; forget the source's data if it isn't from this log.

        Raises:
            UnavailableError: Redis can't be reached, or is still loading.
        """
        try:
            found = self._redis.hmget(position_key(self._prefix, source), ["next", "topic"])
            position, topic_id = (str(value or b"", "ascii") for value in cast("Found", found))
            if position and _fits(int(position), topic_id, span):
                return int(position)
            return self._begin(source, position, span)
        except RedisError as error:
            raise _unavailable(error) from error

    def write(self, batches: Sequence[Batch]) -> Mapping[Source, int | None]:
        """
        Write the batches in one round trip; see `Store.write`.

        Raises:
            UnavailableError: Redis can't be reached, is loading, or takes no writes. Any
                part may be written: the positions tell.
        """
        calls = [(batch.source, call) for batch in batches for call in self._calls(batch)]
        try:
            answers = WRITE.run_all(self._redis, [call for _, call in calls])
        except RedisError as error:
            raise _unavailable(error) from error
        # The last answer of a source tells whether all its calls found their position.
        return {
            source: None if answer is None else int(answer)
            for (source, _), answer in zip(calls, answers, strict=True)
        }

    def _calls(self, batch: Batch) -> list[Call]:
        """Cut a batch into calls that each begin where the one before ended."""
        key = position_key(self._prefix, batch.source)
        base = base_of(self._prefix, batch.source)
        calls = []
        position = batch.position
        for first in range(0, max(1, len(batch.records)), _RECORDS_A_CALL):
            records = batch.records[first : first + _RECORDS_A_CALL]
            is_last = first + _RECORDS_A_CALL >= len(batch.records)
            reached = batch.next_position if is_last else records[-1].offset + 1
            changes = self._changes.of_records(batch.source, records)
            calls.append(Call(key, [base, position, reached, *changes]))
            position = reached
        return calls

    def _begin(self, source: Source, seen: str, span: Span) -> int:
        if seen:
            _LOG.warning("boards_begin_anew", **source._asdict(), position=seen)
        arguments: list[str | bytes | int] = [
            base_of(self._prefix, source),
            *(seen, span.topic_id, span.partitions, span.first, span.end),
        ]
        return int(BEGIN.run(self._redis, Call(position_key(self._prefix, source), arguments)))


def refill(redis: Redis, prefix: str, topics: Iterable[str]) -> int:
    """
    Take the positions of some topics away; the sink then reads them from the beginning.

    Returns:
        How many positions there were.

    Raises:
        RedisError: Redis can't be reached.
    """
    taken = 0
    for topic in topics:
        known = redis.hget(position_key(prefix, Source(topic, 0)), "partitions")
        for partition in range(int(cast("bytes", known or b"0"))):
            taken += redis.hdel(position_key(prefix, Source(topic, partition)), "next")
    return taken


def base_of(prefix: str, source: Source) -> str:
    """Return what the keys of a source's data begin with; the braces keep them on one node."""
    return f"{prefix}{{{source.topic}/{source.partition}}}"


def position_key(prefix: str, source: Source) -> str:
    """Return the key of a source's position."""
    return f"{base_of(prefix, source)}:position"


def _fits(position: int, topic_id: str, span: Span) -> bool:
    """Tell whether a position can be of the log that is there."""
    is_other_topic = topic_id and span.topic_id and topic_id != span.topic_id
    return not is_other_topic and span.first <= position <= span.end


def _unavailable(error: RedisError) -> UnavailableError:
    return UnavailableError(f"Redis: {str(error) or type(error).__name__}")
