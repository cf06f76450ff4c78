"""`accolade boards`: live boards and tallies in Redis."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from accolade.sinks.board_parts import BoardPart
    from accolade.sinks.board_reader import BoardReader

app = typer.Typer(no_args_is_help=True, help="Live boards and tallies, kept in Redis.")

_Board = Annotated[
    str, typer.Argument(metavar="BOARD", help="Board id, as `accolade boards list` shows it.")
]
_Participant = Annotated[
    str, typer.Argument(metavar="PARTICIPANT", help="A person's id, or unit:<unit id>.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.command()
def run() -> None:
    """
    Keep the boards in Redis up to date, until stopped.

    Redis holds the position as well: emptied, it is filled again from the
    beginning of the topic; gone for a while, it is waited for. A second
    instance does no harm and takes over when the first is gone.
    """
    from accolade.deploy.cli.brokers import answering_settings
    from accolade.deploy.cli.following import follow
    from accolade.deploy.cli.problems import fail
    from accolade.sinks.feeds import boards_follower, connect_redis

    settings = answering_settings()
    try:
        redis = connect_redis(settings)
    except ValueError as error:
        fail(f"ACCOLADE_REDIS_URL can't be used: {error}")
    with redis:
        follow(boards_follower(settings, redis), settings, settings.metrics_port)


@app.command()
def refill() -> None:
    """
    Have the running sink fill the boards anew.

    For what Redis lost in part: keys that were evicted or deleted by hand.
    """
    from accolade.deploy.cli.problems import load_settings
    from accolade.deploy.cli.tables import counted
    from accolade.sinks.feeds import connect_redis, refill_boards

    settings = load_settings()
    with _redis_problems(), connect_redis(settings) as redis:
        taken = refill_boards(settings, redis)
    typer.echo(f"{counted(taken, 'partition')} will be read again", err=True)


@app.command()
def top(
    board: _Board,
    count: Annotated[int, typer.Option("-n", metavar="N", min=1, help="How many places.")] = 10,
    as_json: _Json = False,
) -> None:
    """Show the first places of a board."""
    with _reader() as reader:
        part = reader.top(board, count)
    _show(part, as_json)


@app.command()
def rank(board: _Board, participant: _Participant, as_json: _Json = False) -> None:
    """Show a participant's place on a board."""
    _show_around(board, participant, 0, as_json)


@app.command()
def around(
    board: _Board,
    participant: _Participant,
    count: Annotated[
        int, typer.Option("-n", metavar="N", min=0, help="How many on either side.")
    ] = 2,
    as_json: _Json = False,
) -> None:
    """Show a participant's place on a board, and the places next to it."""
    _show_around(board, participant, count, as_json)


@app.command("list")
def list_boards(as_json: _Json = False) -> None:
    """List the boards that have participants."""
    from accolade.deploy.cli.board_tables import boards_json, boards_lines
    from accolade.deploy.cli.tables import show_json

    with _reader() as reader:
        parts = reader.boards()
    if as_json:
        show_json(boards_json(parts))
    else:
        for line in boards_lines(parts):
            typer.echo(line)
        if not parts:
            typer.echo("no board has participants yet", err=True)


@app.command()
def tallies(participant: _Participant, as_json: _Json = False) -> None:
    """Show a participant's tallies."""
    from accolade.deploy.cli.board_tables import tallies_json, tallies_table
    from accolade.deploy.cli.tables import show_json, show_table

    with _reader() as reader:
        rows = reader.tallies(participant)
    if as_json:
        show_json(tallies_json(rows))
    else:
        show_table(tallies_table(rows))


def _show_around(board: str, participant: str, count: int, as_json: bool) -> None:
    from accolade.deploy.cli.problems import fail

    with _reader() as reader:
        part = reader.around(board, participant, count)
    if not part.rows:
        fail(f"{participant} isn't on the board {board}")
    _show(part, as_json)


def _show(part: "BoardPart", as_json: bool) -> None:
    from accolade.deploy.cli.board_tables import board_json, board_note, board_table
    from accolade.deploy.cli.tables import show_json, show_table

    if as_json:
        show_json(board_json(part))
    else:
        show_table(board_table(part), board_note(part))


@contextmanager
def _reader() -> Iterator["BoardReader"]:
    """Give a reader; tell of an unknown board, and whether boards are still being filled."""
    from accolade.deploy.cli.problems import fail, load_settings
    from accolade.sinks.board_reader import UnknownBoardError
    from accolade.sinks.feeds import board_reader, connect_redis

    settings = load_settings()
    with _redis_problems(), connect_redis(settings) as redis:
        reader = board_reader(settings, redis)
        if not reader.filled():
            typer.echo("the boards aren't filled yet; is `accolade boards run` running?", err=True)
        try:
            yield reader
        except UnknownBoardError as error:
            fail(f"there is no board {error}; `accolade boards list` shows those there are")


@contextmanager
def _redis_problems() -> Iterator[None]:
    from redis.exceptions import RedisError

    from accolade.deploy.cli.problems import fail

    try:
        yield
    except (RedisError, ValueError) as error:
        fail(f"Redis can't be used: {error}. Set ACCOLADE_REDIS_URL to where it runs.")
