"""
Reads live boards and tallies from Redis: rank, top and neighbours in one call each.

Equal values share a rank, listed by participant id, on a pooled (1, 2, 2, 4), dense
(1, 2, 2, 3) or modified board (1, 3, 3, 4); on a first-to-reach or ordinal board each
has its own.
"""

from typing import cast

import msgspec
from redis import Redis

from accolade.sinks.board_parts import Answer, BoardPart, BoardRow, part_of
from accolade.sinks.board_rows import BoardInfo, TallyRow
from accolade.sinks.following import Source
from accolade.sinks.redis_boards import base_of, position_key
from accolade.sinks.redis_scripts import READ, READ_TALLIES, Call
from accolade.streams.catalogue import CONTACTS, TALLIES


class UnknownBoardError(LookupError):
    """There is no board of this name in Redis (yet)."""


class BoardReader:
    """Reads what `RedisBoards` keeps; Redis' own errors (`RedisError`) are passed on."""

    def __init__(
        self,
        redis: Redis,
        prefix: str,
        tallies_topic: str = TALLIES.name,
        contacts_topic: str = CONTACTS.name,
    ) -> None:
        """
        Take where the boards are kept.

        Args:
            redis: A client that answers in bytes.
            prefix: What all keys begin with.
            tallies_topic: The topic that the boards are made from.
            contacts_topic: The topic that names are from.
        """
        self._redis = redis
        self._prefix = prefix
        self._tallies_topic = tallies_topic
        self._contacts_topic = contacts_topic
        #: Where each board and the names are; found again when a board isn't in its place.
        self._boards: dict[str, tuple[Source, BoardInfo]] = {}
        self._names: list[Source] = []

    def top(self, board: str, count: int) -> BoardPart:
        """
        Return the first `count` places, at least one.

        Raises:
            UnknownBoardError: There is no such board.
        """
        return self._read(board, "", max(1, count))

    def around(self, board: str, participant: str, count: int) -> BoardPart:
        """
        Return the participant's place, and up to `count` on either side of it.

        No places where the participant isn't on the board.

        Raises:
            UnknownBoardError: There is no such board.
        """
        return self._read(board, participant, max(0, count))

    def rank(self, board: str, participant: str) -> BoardRow | None:
        """
        Return the participant's place; None where the participant isn't on the board.

        Raises:
            UnknownBoardError: There is no such board.
        """
        return next(iter(self.around(board, participant, 0).rows), None)

    def boards(self) -> list[BoardPart]:
        """Return every board that has participants, without its places, by name."""
        self._find_boards()
        answers = READ.run_all(
            self._redis, [self._call(board, "", 0) for board in sorted(self._boards)]
        )
        parts = [part_of(Answer(*answer)) for answer in answers if answer is not None]
        return [part for part in parts if part.size]

    def tallies(self, participant: str) -> list[TallyRow]:
        """Return the participant's tallies that count something, by tally id."""
        calls = [
            Call(position_key(self._prefix, source), [base_of(self._prefix, source), participant])
            for source in self._sources(self._tallies_topic)
        ]
        rows = [
            msgspec.json.decode(row, type=TallyRow)
            for answer in READ_TALLIES.run_all(self._redis, calls)
            for row in answer
        ]
        return sorted((row for row in rows if row.active), key=lambda row: row.tally_id)

    def filled(self) -> bool:
        """Tell whether the boards hold all that the log held when they were begun."""
        sources = self._sources(self._tallies_topic)
        pipeline = self._redis.pipeline(transaction=False)
        for source in sources:
            pipeline.hmget(position_key(self._prefix, source), ["next", "until"])
        return bool(sources) and all(
            reached is not None and int(reached) >= int(until)
            for reached, until in pipeline.execute()
        )

    def _read(self, board: str, participant: str, count: int) -> BoardPart:
        answer = self._answer(board, participant, count)
        if answer is None or not answer.size:
            # It isn't there (any more): Redis was filled again, or a plan moved it.
            self._find_boards()
            answer = self._answer(board, participant, count)
        if answer is None:
            raise UnknownBoardError(board)
        part = part_of(answer)
        return part.named(self._names_of([row.participant for row in part.rows]))

    def _answer(self, board: str, participant: str, count: int) -> Answer | None:
        if board not in self._boards:
            return None
        answer = READ.run(self._redis, self._call(board, participant, count))
        return None if answer is None else Answer(*answer)

    def _call(self, board: str, participant: str, count: int) -> Call:
        source, info = self._boards[board]
        base = base_of(self._prefix, source)
        return Call(
            f"{base}:board:{info.tally_id}|{board}",
            [base, info.tally_id, board, participant, count],
        )

    def _names_of(self, participants: list[str]) -> dict[str, str]:
        """Return the names of those participants that have one here."""
        if not participants or not self._names:
            return {}
        pipeline = self._redis.pipeline(transaction=False)
        for source in self._names:
            pipeline.hmget(f"{base_of(self._prefix, source)}:names", participants)
        return {
            participant: msgspec.json.decode(row)["name"]
            for answer in pipeline.execute()
            for participant, row in zip(participants, answer, strict=True)
            if row is not None
        }

    def _find_boards(self) -> None:
        """Find every board; of two under one name, what the newest plan version ranks."""
        sources = self._sources(self._tallies_topic)
        pipeline = self._redis.pipeline(transaction=False)
        for source in sources:
            pipeline.hvals(f"{base_of(self._prefix, source)}:boards")
        found = [
            (source, msgspec.json.decode(text, type=BoardInfo))
            for source, texts in zip(sources, pipeline.execute(), strict=True)
            for text in texts
        ]
        found.sort(key=lambda place: (place[1].plan_version, place[1].tally_id))
        self._boards = {info.board: (source, info) for source, info in found}
        self._names = self._sources(self._contacts_topic)

    def _sources(self, topic: str) -> list[Source]:
        """Return the topic's partitions, as far as Redis knows of them."""
        known = self._redis.hget(position_key(self._prefix, Source(topic, 0)), "partitions")
        count = int(cast("bytes", known)) if known is not None else 0
        return [Source(topic, partition) for partition in range(count)]
