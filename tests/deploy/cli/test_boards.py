"""`accolade boards` as a script and as a person use it."""

import json
from collections.abc import Callable, Iterator

import pytest
from redis import Redis
from typer.testing import CliRunner, Result

from accolade.deploy.cli import app
from accolade.streams.catalogue import CONTACTS
from accolade.streams.records import Contact
from tests.sinks.board_log import POOLED, PREFIX, begun_log, tally

Run = Callable[..., Result]


@pytest.fixture
def run(redis_url: str) -> Run:
    """Runs a command of the group."""

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(
            app,
            ["boards", *arguments],
            env={"ACCOLADE_REDIS_URL": redis_url, "ACCOLADE_REDIS_PREFIX": PREFIX},
        )

    return run


@pytest.fixture(autouse=True)
def redis(redis_url: str) -> Iterator[Redis]:
    """A Redis with a board of four, two of them tied."""
    with Redis.from_url(redis_url) as client:
        client.flushall()
        people = {"ann": 10_000_00, "bob": 4_200_50, "cyd": 4_200_50, "dan": 0}
        log = begun_log(client)
        log.write(*(tally(person, 1, value) for person, value in people.items()))
        log.start(end=4)
        begun_log(client, CONTACTS.name).write(Contact(person_id="bob", revision=1, name="Bo Li"))
        client.hset(f"{PREFIX}{{incentive.tallies/0}}:position", "until", 4)
        yield client


def test_the_top_of_a_board(run: Run) -> None:
    """Ties share their rank; amounts are in major units."""
    shown = run("top", POOLED.board, "-n", "3", "--json")

    found = json.loads(shown.stdout)
    assert [(row["rank"], row["name"], row["amount"]) for row in found["rows"]] == [
        (1, "ann", "10000.00"),
        (2, "Bo Li", "4200.50"),
        (2, "cyd", "4200.50"),
    ]
    assert (found["size"], found["final"], shown.stderr) == (4, False, "")
    assert "4200.50 USD" in run("top", POOLED.board).stdout


def test_a_participants_place(run: Run) -> None:
    """Alone, and with those next to it."""
    around = json.loads(run("around", POOLED.board, "dan", "-n", "1", "--json").stdout)

    assert json.loads(run("rank", POOLED.board, "dan", "--json").stdout)["rows"][0]["rank"] == 4
    assert [row["rank"] for row in around["rows"]] == [2, 4]


def test_boards_and_tallies_are_listed(run: Run) -> None:
    """With what they count."""
    assert [board["size"] for board in json.loads(run("list", "--json").stdout)] == [4, 4]
    assert json.loads(run("tallies", "ann", "--json").stdout)[0]["amount"] == "10000.00"
    assert "2026-Q2" in run("list").stdout
    assert "10000.00 USD" in run("tallies", "ann").stdout


def test_what_is_not_there_is_told(run: Run) -> None:
    """A board, a participant."""
    assert "accolade boards list" in run("top", "nonsense").stderr
    assert run("top", "nonsense").exit_code == 1
    assert "zoe isn't on the board" in run("rank", POOLED.board, "zoe").stderr


def test_boards_that_are_not_filled_are_told(run: Run, redis: Redis) -> None:
    """On stderr: the answer may lack participants."""
    assert run("refill").stderr == "2 partitions will be read again\n"

    assert "aren't filled yet" in run("list").stderr


def test_a_redis_that_is_not_there_is_told() -> None:
    """With the setting to change."""
    result = CliRunner().invoke(
        app, ["boards", "list"], env={"ACCOLADE_REDIS_URL": "redis://:secret@127.0.0.1:1/0"}
    )

    assert result.exit_code == 1
    assert "ACCOLADE_REDIS_URL" in result.stderr
    assert "secret" not in result.output
