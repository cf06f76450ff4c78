"""The boards in Redis against a plain sort of the newest tallies."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from redis import Redis

from accolade.deploy.local_process import LocalProcess, free_port, listens
from accolade.sinks.board_parts import BoardRow
from accolade.sinks.board_reader import BoardReader, UnknownBoardError
from accolade.streams.catalogue import CONTACTS, TALLIES
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Closed, Contact, Tally, TallyBoard
from tests.sinks.board_log import (
    BOARDS,
    DENSE,
    FIRST,
    MODIFIED,
    ORDINAL,
    POOLED,
    PREFIX,
    TALLY_ID,
    begun_log,
    tally,
)
from tests.sinks.store_log import StoreLog


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """An empty Redis."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
        yield client


@pytest.fixture
def log(redis: Redis) -> StoreLog:
    """A log of tallies that has begun."""
    return begun_log(redis)


@pytest.fixture
def reader(redis: Redis) -> BoardReader:
    """A reader of the same boards."""
    return BoardReader(redis, PREFIX)


participants = st.sampled_from(["ann", "bob", "Bob", "é", "z" * 20, "unit:west", "a", "ab", "a-b"])
values = st.one_of(
    st.sampled_from([0, 1, -1, 100]),
    st.integers(-(2**53), 2**53),
    st.integers(9 * 10**15 - 2, 9 * 10**15 + 2),
    st.integers(2**53 - 2, 2**53),
    st.integers(-(2**53), -(2**53) + 2),
)
versions = st.builds(
    tally,
    participants,
    st.integers(0, 2**53),
    values,
    active=st.sampled_from([True, True, True, False]),
    reached_at=st.sampled_from([0, 9, 10, 1_775_000_000_000_000]),
    reached_by=st.sampled_from(["", "deal:1:a", "deal:10:a", "deal:1:ab"]),
    boards=st.sampled_from([(), (POOLED,), (FIRST,), (DENSE,), (MODIFIED, ORDINAL), BOARDS]),
)
histories = st.lists(
    versions, max_size=30, unique_by=lambda version: (version.participant, version.revision)
).flatmap(
    lambda made: st.tuples(
        st.permutations(made), st.lists(st.sampled_from(made), max_size=10) if made else st.just([])
    ).map(lambda parts: [*parts[0], *parts[1]])
)


def sorted_board(history: Sequence[Tally], board: TallyBoard) -> list[BoardRow]:
    """Return the board by sorting the newest tally of each participant."""
    newest: dict[str, Tally] = {}
    for version in history:
        if version.revision > newest.get(version.participant, version).revision or (
            version.participant not in newest
        ):
            newest[version.participant] = version
    ranked = [t for t in newest.values() if t.active and board in t.boards]
    values = [t.value for t in ranked]
    ranked.sort(key=lambda t: (-t.value, t.participant))
    if board is POOLED:
        ranks = [1 + sum(other > t.value for other in values) for t in ranked]
    elif board is DENSE:
        ranks = [len({other for other in values if other >= t.value}) for t in ranked]
    elif board is MODIFIED:
        ranks = [sum(other >= t.value for other in values) for t in ranked]
    else:
        by = (lambda t: t.reached_by) if board is FIRST else (lambda t: "")
        ranked.sort(key=lambda t: (-t.value, t.reached_at, by(t), t.participant))
        ranks = list(range(1, len(ranked) + 1))
    return [
        BoardRow(rank, t.participant, t.value, t.participant)
        for rank, t in zip(ranks, ranked, strict=True)
    ]


@settings(max_examples=150)
@given(
    history=histories, cuts=st.lists(st.integers(1, 7)), seen=participants, near=st.integers(0, 3)
)
def test_a_board_is_the_newest_tallies_sorted(
    redis_url: str, history: list[Tally], cuts: list[int], seen: str, near: int
) -> None:
    """Order, repetition and cutting into batches leave no trace; all ways of reading agree."""
    with Redis.from_url(redis_url) as redis:
        redis.flushall()
        log = begun_log(redis)
        rest = list(history)
        for size in [*cuts, len(history) or 1]:
            log.write(*rest[:size])
            rest = rest[size:]
        reader = BoardReader(redis, PREFIX)

        for board in BOARDS:
            expected = sorted_board(history, board)
            if not any(board in version.boards and version.active for version in history):
                continue
            try:
                part = reader.top(board.board, 100)
            except UnknownBoardError:
                assert expected == []
                continue
            assert list(part.rows) == expected
            assert part.size == len(expected)
            at = next((i for i, row in enumerate(expected) if row.participant == seen), None)
            around = expected[max(0, at - near) : at + near + 1] if at is not None else []
            assert list(reader.around(board.board, seen, near).rows) == around
            assert reader.rank(board.board, seen) == (None if at is None else expected[at])
            assert list(reader.top(board.board, near + 1).rows) == expected[: near + 1]


def ranks(reader: BoardReader, board: TallyBoard) -> list[tuple[int, str, int]]:
    """Return a board's rank, participant and value, row by row."""
    return [(row.rank, row.participant, row.value) for row in reader.top(board.board, 100).rows]


def test_a_dense_board_keeps_no_value_that_nobody_has(log: StoreLog, redis: Redis) -> None:
    """A value goes with the last who has it; what is begun anew keeps none."""
    key = f"{PREFIX}{{{TALLIES.name}/0}}:values:{TALLY_ID}|{DENSE.board}"
    log.write(*(tally(who, 1, 5, boards=(DENSE,)) for who in ("ann", "bob")))
    log.write(tally("ann", 2, 7, boards=(DENSE,)))

    assert redis.zrange(key, 0, -1) == [b"-7", b"-5"]
    log.write(tally("bob", 2, 7, boards=(DENSE,)))
    assert redis.zrange(key, 0, -1) == [b"-7"]
    log.write(*(tally(who, 3, 7, active=False, boards=(DENSE,)) for who in ("ann", "bob")))
    assert redis.zrange(key, 0, -1) == []


def test_values_next_to_each_other_at_the_edge_of_doubles_keep_their_order(
    log: StoreLog, reader: BoardReader
) -> None:
    """One minor unit decides a rank up to 2**53, and equal values share it."""
    edge = 2**53
    log.write(tally("ann", 1, edge - 1), tally("bob", 1, edge), tally("cyd", 1, edge - 1))

    assert ranks(reader, POOLED) == [(1, "bob", edge), (2, "ann", edge - 1), (2, "cyd", edge - 1)]


def test_a_value_that_a_score_cannot_hold_is_kept_off_the_board_with_its_reason(
    log: StoreLog, reader: BoardReader, redis: Redis
) -> None:
    """Nothing is ranked wrong: the place is given up, the tally and the reason stay."""
    log.write(tally("ann", 1, 5), tally("bob", 1, 4), tally("ann", 2, 2**53 + 1))

    assert ranks(reader, POOLED) == [(1, "bob", 4)]
    assert [row.value for row in reader.tallies("ann")] == [2**53 + 1]
    assert list(redis.hgetall(f"{PREFIX}{{{TALLIES.name}/0}}:refused")) == [b"2"]


def test_first_to_reach_wins_whatever_the_ids_look_like(log: StoreLog, reader: BoardReader) -> None:
    """Equal values stand by time, then by the credit, then by the participant."""
    at = 1_775_000_000_000_000
    log.write(
        tally("zoe", 1, 7, reached_at=at - 1, reached_by="deal:9:zoe"),
        tally("ann", 1, 7, reached_at=at, reached_by="deal:10:ann"),
        tally("bob", 1, 7, reached_at=at, reached_by="deal:1:bob"),
        tally("abc", 1, 7, reached_at=at, reached_by="deal:1"),
    )

    assert [row.participant for row in reader.top(FIRST.board, 9).rows] == [
        *("zoe", "abc", "ann", "bob")
    ]


def test_an_older_revision_changes_nothing(log: StoreLog, reader: BoardReader) -> None:
    """Also where it would add a board or take the participant off."""
    log.write(tally("ann", 5, 10, boards=(POOLED,)))
    log.write(tally("ann", 4, 99), tally("ann", 3, 0, active=False))

    assert ranks(reader, POOLED) == [(1, "ann", 10)]
    assert ranks(reader, FIRST) == []


def test_who_has_nothing_counted_leaves(log: StoreLog, reader: BoardReader) -> None:
    """An inactive tally takes the participant off every board, and out of the tallies."""
    log.write(tally("ann", 1, 10), tally("bob", 1, 8), tally("ann", 2, 0, active=False))

    assert ranks(reader, POOLED) == ranks(reader, FIRST) == [(1, "bob", 8)]
    assert reader.tallies("ann") == []


def test_a_participant_moves_with_the_boards_of_the_tally(
    log: StoreLog, reader: BoardReader
) -> None:
    """Who changes teams leaves the old team's board for the new one."""
    east = TallyBoard(board="p/team/2026-Q2/east", ties="pooled", show=3)
    west = TallyBoard(board="p/team/2026-Q2/west", ties="pooled", show=3)
    log.write(tally("ann", 1, 10, boards=(east,)), tally("bob", 1, 8, boards=(east,)))
    log.write(tally("ann", 2, 10, boards=(west,)))

    assert ranks(reader, east) == [(1, "bob", 8)]
    assert ranks(reader, west) == [(1, "ann", 10)]


def test_a_new_plan_version_may_rank_another_measure_under_the_same_board(
    log: StoreLog, reader: BoardReader, redis: Redis
) -> None:
    """What another partition ranks under the name takes over, whatever comes first."""
    redis.flushall()
    log.start(partitions=2)
    other = begun_log(redis, partition=1)
    log.write(tally("ann", 1, 10, boards=(POOLED,)))
    assert ranks(reader, POOLED) == [(1, "ann", 10)]

    other.write(
        tally(
            "ann", 2, 3, tally_id="p/deals/2026-Q2", plan_version=2, boards=(POOLED,), unit="count"
        )
    )
    log.write(tally("ann", 2, 10, plan_version=2, boards=()))

    assert ranks(reader, POOLED) == [(1, "ann", 3)]


def test_a_board_is_final_once_all_partitions_have_passed_the_closing(
    log: StoreLog, reader: BoardReader
) -> None:
    """What comes from a facts partition after its closing changes nothing."""
    anns, cyds = (
        Closed(
            tally_id=TALLY_ID,
            plan_id="p",
            period="2026-Q2",
            partition=partition_of(participant, 2),
            partitions=2,
        )
        for participant in (b"ann", b"cyd")
    )
    assert anns.partition != cyds.partition
    log.write(tally("ann", 1, 10), anns, anns, tally("ann", 2, 99))
    assert not reader.top(POOLED.board, 1).final
    log.write(tally("cyd", 1, 11), cyds, tally("cyd", 2, 99))

    assert reader.top(POOLED.board, 1).final
    assert ranks(reader, POOLED) == [(1, "cyd", 11), (2, "ann", 10)]


def test_a_batch_that_finds_another_position_writes_nothing(
    log: StoreLog, reader: BoardReader, redis: Redis
) -> None:
    """Of two writers one goes on; the other is told where the log stands."""
    other = begun_log(redis)
    log.write(tally("ann", 1, 10))

    assert other.write(tally("bob", 1, 99), tally("cyd", 1, 98)) == 1
    assert ranks(reader, POOLED) == [(1, "ann", 10)]


def test_an_emptied_redis_has_no_position(log: StoreLog, redis: Redis) -> None:
    """Neither a batch nor an idle check is taken; everything begins anew."""
    log.write(tally("ann", 1, 10))
    redis.flushall()
    position = log.position

    assert log.write() is None
    assert log.write(tally("ann", 2, 11)) is None
    assert (position, log.start()) == (1, 0)


def test_a_log_that_is_not_the_same_is_read_from_its_beginning(
    log: StoreLog, reader: BoardReader
) -> None:
    """A topic made anew, or one that ends before the position: what was there is forgotten."""
    log.write(tally("ann", 9, 10))
    assert log.start() == 1
    assert log.start(topic_id="two") == 0
    with pytest.raises(UnknownBoardError):
        reader.top(POOLED.board, 1)
    assert reader.tallies("ann") == []

    log.write(tally("ann", 1, 3), tally("bob", 1, 3))
    assert log.start(topic_id="two", end=1) == 0


def test_boards_are_filled_once_the_end_is_reached_that_stood_at_the_beginning(
    redis: Redis, reader: BoardReader
) -> None:
    """Until then a reader can tell that some are missing."""
    assert not reader.filled()
    log = begun_log(redis)
    redis.flushall()
    log.start(end=2)
    log.write(tally("ann", 1, 10))
    assert not reader.filled()
    log.write(tally("bob", 1, 10))

    assert reader.filled()


def test_an_unreadable_record_is_kept_with_its_reason_and_stops_nothing(
    log: StoreLog, reader: BoardReader, redis: Redis
) -> None:
    """What stands behind it counts."""
    log.write(tally("ann", 1, 10), b"no record", tally("bob", 1, 11))

    assert ranks(reader, POOLED) == [(1, "bob", 11), (2, "ann", 10)]
    refused = redis.hgetall(f"{PREFIX}{{{TALLIES.name}/0}}:refused")
    assert [(offset, reason[:11]) for offset, reason in refused.items()] == [(b"1", b"undecodable")]


def test_names_come_from_the_contacts_until_they_are_erased(
    log: StoreLog, reader: BoardReader, redis: Redis
) -> None:
    """The newest name is shown, and the id where there is none."""
    contacts = begun_log(redis, CONTACTS.name)
    log.write(tally("ann", 1, 10), tally("bob", 1, 9))
    contacts.write(
        Contact(person_id="ann", revision=2, name="Ann Lee", email="ann@example.com"),
        Contact(person_id="ann", revision=1, name="Ann Li"),
    )
    assert [row.name for row in reader.top(POOLED.board, 2).rows] == ["Ann Lee", "bob"]

    contacts.write(None, key=b"ann")
    assert [row.name for row in reader.top(POOLED.board, 2).rows] == ["ann", "bob"]


def test_boards_are_listed_with_their_sizes(log: StoreLog, reader: BoardReader) -> None:
    """Boards that all have left are not."""
    log.write(tally("ann", 1, 10), tally("bob", 1, 9, boards=(POOLED,)))
    assert [(part.info.board, part.size) for part in reader.boards()] == [
        (FIRST.board, 1),
        (POOLED.board, 2),
    ]
    log.write(tally("ann", 2, 10, boards=(POOLED,)))

    assert [(part.info.board, part.size) for part in reader.boards()] == [(POOLED.board, 2)]


def test_each_partitions_keys_lie_on_one_node_of_a_cluster(tmp_path: Path) -> None:
    """A Redis in cluster mode refuses scripts whose keys don't."""
    port = free_port()
    options = ["--cluster-enabled", "yes", "--save", "", "--dir", str(tmp_path)]
    server = LocalProcess(["redis-server", "--port", str(port), *options], tmp_path)
    try:
        server.wait_until(lambda: listens(port), 20.0)
        with Redis(port=port) as redis:
            redis.execute_command("CLUSTER ADDSLOTSRANGE", 0, 16383)
            server.wait_until(lambda: "ok" in state_of(redis), 20.0)
            one, two = begun_log(redis, partitions=2), begun_log(redis, partition=1, partitions=2)
            one.write(tally("ann", 1, 10))
            two.write(tally("ann", 1, 3, tally_id="p/calls/2026-Q2", boards=()))

            reader = BoardReader(redis, PREFIX)
            assert ranks(reader, POOLED) == ranks(reader, FIRST) == [(1, "ann", 10)]
            assert [row.value for row in reader.tallies("ann")] == [3, 10]
            assert one.start(topic_id="two") == 0
    finally:
        server.stop()


def state_of(redis: Redis) -> str:
    """Return whether a node's cluster is `ok`."""
    return str(redis.execute_command("CLUSTER INFO")["cluster_state"])
