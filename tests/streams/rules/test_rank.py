import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.catalogue import FACTS, LEADERBOARDS, STANDINGS
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Closed, Credit, Standing, Tally, TallyBoard
from accolade.streams.records.revision import revision_at
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.rank import TABLES, rank
from accolade.streams.rules.rank_board import ORDERS
from accolade.streams.rules.state import Position

TALLY_ID = "q2/sales/2026-Q2"
PARTITIONS = 3

POOLED = TallyBoard(board="q2/top/2026-Q2", ties="pooled", show=3, rewarded=2)
FIRST = TallyBoard(board="q2/first/2026-Q2", ties="first_to_reach", show=2, rewarded=3)
DENSE = TallyBoard(board="q2/dense/2026-Q2", ties="dense", show=3, rewarded=2)
MODIFIED = TallyBoard(board="q2/modified/2026-Q2", ties="modified", show=2, rewarded=3)
ORDINAL = TallyBoard(board="q2/ordinal/2026-Q2", ties="ordinal", show=2, rewarded=3)
BOARDS = (POOLED, FIRST, DENSE, MODIFIED, ORDINAL)
TIES = {board.board: board.ties for board in BOARDS}
SHOW = {board.board: board.show for board in BOARDS}
REWARDED = {board.board: board.rewarded for board in BOARDS}

# Two ids of which one begins with the other, and a unit: they order as texts.
PARTICIPANTS = ("ann", "ann-b", "bob", "cyd", "dan", "unit:east")


def tally(participant, value=0, revision=1, boards=(POOLED,), reached=(0, ""), active=True):
    """Return a participant's tally."""
    return Tally(
        tally_id=TALLY_ID,
        participant=participant,
        revision=revision,
        plan_id="q2",
        plan_version=1,
        measure="sales",
        period="2026-Q2",
        period_start=0,
        period_end=1,
        value=value,
        unit="USD",
        active=active,
        reached_at=reached[0],
        reached_by=reached[1],
        boards=boards,
    )


def closed(partition):
    """Return the word of a facts partition that it has passed the closing."""
    return Closed(
        tally_id=TALLY_ID,
        plan_id="q2",
        period="2026-Q2",
        partition=partition,
        partitions=PARTITIONS,
    )


class Log:
    """Records ranked one after the other, and all that was said."""

    def __init__(self, *records):
        self.view = MemoryView()
        self.offset = -1
        self.said = {}
        for record in records:
            self.put(record)

    def put(self, record):
        """Rank one record; return what was said of it, by topic and id."""
        self.offset += 1
        outputs = list(rank(self.view, record, Position("tallies", 0, self.offset, 1)))
        self.said |= {(output.topic.name, output.id): output.record for output in outputs}
        return {(output.topic.name, output.id): output.record for output in outputs}

    def standing(self, board):
        """Return the last standing that was said of a board, as (rows, size)."""
        standing = self.said.get((STANDINGS.name, board))
        return rows_of(standing) if standing else ([], 0)

    def placings(self):
        """Return the final places as {(board, participant): (rank, tied, index, value)}."""
        return {
            (said.board, said.participant): (said.rank, said.tied, said.tied_index, said.value)
            for (topic, _), said in self.said.items()
            if topic == FACTS.name
        }


def rows_of(standing):
    """Return what a standing shows, as (rows, size)."""
    return [(row.participant, row.rank, row.value) for row in standing.top], standing.size


def ranked(tallies, board):
    """Sort the tallies on a board the slow way: (participant, rank, value), the best first."""
    on_board = [t for t in tallies if t.active and board in {b.board for b in t.boards}]
    values = [t.value for t in on_board]
    on_board.sort(key=lambda t: (-t.value, *first_of_equals(t, TIES[board]), t.participant))
    rank_of = {
        "pooled": lambda value: sum(other > value for other in values) + 1,
        "dense": lambda value: len({other for other in values if other >= value}),
        "modified": lambda value: sum(other >= value for other in values),
    }.get(TIES[board])
    return [
        (t.participant, rank_of(t.value) if rank_of else at, t.value)
        for at, t in enumerate(on_board, 1)
    ]


def first_of_equals(tally, ties):
    """Return what puts one of those who are equal above another."""
    if ties == "first_to_reach":
        return tally.reached_at, tally.reached_by
    return (tally.reached_at,) if ties == "ordinal" else ()


def newest(tallies):
    """Return each participant's tally with the highest revision."""
    found = {}
    for one in sorted(tallies, key=lambda one: one.revision):
        found[one.participant] = one
    return list(found.values())


tallies = st.builds(
    tally,
    participant=st.sampled_from(PARTICIPANTS),
    value=st.integers(-2, 2),
    revision=st.integers(1, 4),
    boards=st.sampled_from([(POOLED,), (FIRST,), (DENSE, MODIFIED), (ORDINAL, DENSE), BOARDS, ()]),
    reached=st.tuples(st.integers(0, 2), st.sampled_from(["d", "d1", "e"])),
    active=st.sampled_from([True, True, True, False]),
)
histories = st.lists(tallies, max_size=16, unique_by=lambda one: (one.participant, one.revision))
shuffled_twice = histories.flatmap(lambda h: st.tuples(st.just(h), st.permutations(h + h)))


@given(shuffled_twice)
def test_boards_depend_on_the_set_of_tallies_alone(case):
    """Order, duplicates and late revisions leave the rows of the newest tallies alone."""
    history, shuffled = case

    rows = list(Log(*shuffled).view.items())

    assert rows == list(Log(*newest(history)).view.items())


@given(histories, st.lists(st.integers(0, PARTITIONS - 1)))
def test_rows_come_back_from_the_changelog_as_they_were(history, passed):
    """Written as JSON and read as its table's type, each row is the same."""
    rows = {table.name: table.row for table in TABLES}
    log = Log(*history, *map(closed, passed))

    for table, _, _, row in log.view.items():
        assert msgspec.json.decode(msgspec.json.encode(row), type=rows[table]) == row


@given(shuffled_twice)
def test_the_last_standing_is_the_sorted_top(case):
    """For all tie rules the last standing equals sorting all tallies."""
    history, shuffled = case
    log = Log(*shuffled)

    for board, show in SHOW.items():
        expected = ranked(newest(history), board)
        assert log.standing(board) == (expected[:show], len(expected))


@given(histories)
def test_each_move_tells_the_old_and_the_new_rank(history):
    """A leaderboard is said exactly when the mover's rank changes, a standing when it does."""
    log = Log()
    for at, moved in enumerate(history):
        said = log.put(moved)
        before, after = newest(history[:at]), newest(history[: at + 1])
        for board, show in SHOW.items():
            old, new = ranked(before, board), ranked(after, board)
            ranks = [{who: place for who, place, _ in rows} for rows in (old, new)]
            old_rank, new_rank = (places.get(moved.participant) for places in ranks)
            leaderboard = said.get((LEADERBOARDS.name, f"{board}|{moved.participant}"))

            assert (leaderboard is not None) == (old_rank != new_rank)
            assert ((STANDINGS.name, board) in said) == (
                (old[:show], len(old)) != (new[:show], len(new))
            )
            if leaderboard is not None:
                assert (leaderboard.old_rank, leaderboard.new_rank) == (old_rank, new_rank)
                assert rows_of(leaderboard) == (new[:show], len(new))


@given(shuffled_twice)
def test_placings_are_the_rewarded_ranks_of_the_final_order(case):
    """Each rewarded participant gets its rank, how many share it, and its place among them."""
    history, shuffled = case
    expected = {}
    for board, rewarded in REWARDED.items():
        rows = ranked(newest(history), board)
        for participant, place, value in rows:
            tied = [who for who, other, _ in rows if other == place]
            if place <= rewarded:
                index = tied.index(participant)
                expected[board, participant] = (place, len(tied), index, value)

    log = Log(*shuffled, *(closed(partition) for partition in range(PARTITIONS)))

    assert log.placings() == expected


@given(histories, st.permutations([0, 1, 2, 0, 1, 2]), histories, st.data())
def test_boards_move_until_the_last_partition_has_passed_the_closing(early, words, late, data):
    """However partitions interleave: each says nothing behind its own closing."""
    log = Log(*early)
    heard = list(early)
    passed = set()
    for event in data.draw(st.permutations([*late, *words])):
        if isinstance(event, int):
            passed.add(event)
            log.put(closed(event))
        elif partition_of(event.participant.encode(), PARTITIONS) not in passed:
            heard.append(event)
            log.put(event)

    for board in TIES:
        expected = ranked(newest_first_wins(heard), board)
        standing = log.said.get((STANDINGS.name, board))
        if standing is not None:
            assert rows_of(standing) == (expected[: SHOW[board]], len(expected))
            assert standing.final == (standing.size > 0)


def newest_first_wins(heard):
    """Return each participant's newest tally; of two with one revision the first heard."""
    found: dict[str, Tally] = {}
    for one in heard:
        if one.participant not in found or found[one.participant].revision < one.revision:
            found[one.participant] = one
    return list(found.values())


def test_the_final_standing_waits_for_all_partitions():
    """A word said twice is one; the last one missing makes it final, with its revision."""
    log = Log(tally("ann", 5), closed(0), closed(2), closed(0))

    assert not log.said[STANDINGS.name, POOLED.board].final

    said = log.put(closed(1))

    standing = said[STANDINGS.name, POOLED.board]
    assert (standing.final, standing.revision) == (True, revision_at(1, 4))
    assert said[FACTS.name, f"{POOLED.board}|ann"].revision == revision_at(1, 4)


def test_what_comes_twice_changes_no_final_standing():
    """Tallies and words of closings that are repeated say nothing and leave all rows."""
    log = Log(tally("ann", 5), *(closed(partition) for partition in range(PARTITIONS)))
    before = list(log.view.items())

    assert log.put(tally("ann", 5)) == {}
    assert log.put(closed(1)) == {}
    assert list(log.view.items()) == before


def test_a_closing_without_a_board_says_nothing():
    """No one was ever ranked: there is nothing to be final."""
    assert Log(*(closed(partition) for partition in range(PARTITIONS))).said == {}


def test_the_last_to_leave_leaves_an_empty_standing():
    """Whoever reads the board learns that it is empty, in the unit it had."""
    log = Log(tally("ann", 5))

    said = log.put(tally("ann", 0, revision=2, active=False))

    assert said[STANDINGS.name, POOLED.board] == Standing(
        board=POOLED.board,
        revision=revision_at(1, 1),
        plan_id="q2",
        period="2026-Q2",
        unit="USD",
        top=(),
        size=0,
    )
    moved = said[LEADERBOARDS.name, f"{POOLED.board}|ann"]
    assert (moved.old_rank, moved.new_rank) == (1, None)


def test_a_plan_that_shows_more_is_shown_at_once():
    """The leader's tally says how many places a board shows."""
    one_place = TallyBoard(board=POOLED.board, ties="pooled", show=1)
    log = Log(tally("ann", 5, boards=(one_place,)), tally("bob", 4, boards=(one_place,)))

    assert log.standing(POOLED.board) == ([("ann", 1, 5)], 2)

    log.put(tally("ann", 5, revision=2))

    assert log.standing(POOLED.board) == ([("ann", 1, 5), ("bob", 2, 4)], 2)


def test_a_board_that_another_tally_ranks_now_is_left_without_harm():
    """While a new plan version takes over, participants of both are apart."""
    log = Log(tally("ann", 5), tally("bob", 4))

    log.put(msgspec.structs.replace(tally("ann", 70), tally_id="q2/margin/2026-Q2"))
    log.put(tally("ann", revision=2, active=False))
    log.put(tally("bob", revision=2, active=False))
    log.put(msgspec.structs.replace(tally("bob", 80), tally_id="q2/margin/2026-Q2"))

    assert log.standing(POOLED.board) == ([("bob", 1, 80), ("ann", 2, 70)], 2)


class Counted(MemoryView):
    """A view that counts the rows that are read and written."""

    touched = 0

    def get(self, table, owner, key=""):
        """Count and read."""
        self.touched += 1
        return super().get(table, owner, key)

    def put(self, table, owner, key, row):
        """Count and write."""
        self.touched += 1
        super().put(table, owner, key, row)


def test_thousands_tied_share_a_rank_and_cost_no_more_than_others():
    """A move over thousands of equal values touches few rows; a closing places them all."""
    log = Log()
    log.view = Counted()
    for at in range(3000):
        log.put(tally(f"p{at:04}", 7))
    log.view.touched = 0

    said = log.put(tally("p2999", 6, revision=2))

    moved = said[LEADERBOARDS.name, f"{POOLED.board}|p2999"]
    assert (moved.old_rank, moved.new_rank) == (1, 3000)
    assert log.view.touched < 100
    for partition in range(PARTITIONS):
        log.put(closed(partition))
    placings = log.placings()
    assert len(placings) == 2999
    assert placings[POOLED.board, "p2998"] == (1, 2999, 2998, 7)


@pytest.mark.parametrize(
    ("board", "ranks"),
    [
        (POOLED, [1, 2, 2, 4]),
        (DENSE, [1, 2, 2, 3]),
        (MODIFIED, [1, 3, 3, 4]),
        (FIRST, [1, 2, 3, 4]),
        (ORDINAL, [1, 2, 3, 4]),
    ],
    ids=lambda case: case.ties if isinstance(case, TallyBoard) else "",
)
def test_equal_values_are_ranked_as_the_board_says(board, ranks):
    """Two of four are equal."""
    shown = msgspec.structs.replace(board, show=4)
    values = {"ann": 9, "bob": 7, "cyd": 7, "dan": 5}
    log = Log(*(tally(who, value, boards=(shown,)) for who, value in values.items()))

    assert [rank for _, rank, _ in log.standing(board.board)[0]] == ranks


def test_who_joins_a_modified_rank_below_what_is_shown_moves_it():
    """The first of three who are equal is third, and said to be."""
    two = msgspec.structs.replace(MODIFIED, show=1)
    log = Log(*(tally(who, 7, boards=(two,)) for who in ("ann", "bob", "cyd")))

    assert log.standing(MODIFIED.board) == ([("ann", 3, 7)], 3)
    log.put(tally("cyd", 6, revision=2, boards=(two,)))
    assert log.standing(MODIFIED.board) == ([("ann", 2, 7)], 3)


def test_equal_in_time_the_id_decides_an_ordinal_rank():
    """Where first to reach asks for the credit before it."""
    reached = {"ann": (5, "z"), "bob": (5, "a"), "cyd": (4, "z")}
    both = [tally(who, 7, boards=(FIRST, ORDINAL), reached=at) for who, at in reached.items()]
    log = Log(*both, *(closed(partition) for partition in range(PARTITIONS)))
    ranks: dict[str, list[str]] = {FIRST.board: [], ORDINAL.board: []}
    for (board, who), _ in sorted(log.placings().items(), key=lambda place: place[1]):
        ranks[board].append(who)

    assert ranks == {FIRST.board: ["cyd", "bob", "ann"], ORDINAL.board: ["cyd", "ann", "bob"]}


def test_a_dense_rank_among_thousands_touches_few_rows():
    """However many are above, and however few values they have."""
    log = Log()
    log.view = Counted()
    for at in range(3000):
        log.put(tally(f"p{at:04}", at // 3, boards=(DENSE,)))
    log.view.touched = 0

    said = log.put(tally("p2999", 0, revision=2, boards=(DENSE,)))

    moved = said[LEADERBOARDS.name, f"{DENSE.board}|p2999"]
    assert (moved.old_rank, moved.new_rank) == (1, 1000)
    assert log.view.touched < 100


def test_an_index_of_many_rows_is_cut_into_chunks():
    """The order of a large board is more than a row: a change doesn't write all of it."""
    log = Log(*(tally(f"p{at:04}", at) for at in range(500)))

    assert len(log.view.rows(ORDERS, f"{TALLY_ID}|{POOLED.board}")) > 5


def test_what_is_no_tally_is_an_error():
    """A record of another step is a bug, not something to pass over."""
    credit = Credit(
        credit_id="deal:D1:ann",
        participant="ann",
        revision=1,
        active=True,
        source="deal",
        source_id="D1",
        source_revision=1,
        occurred_at=0,
        deal_occurred_at=0,
    )

    with pytest.raises(TypeError, match="Credit is nothing to rank"):
        Log(credit)
