"""Replays dead letters and says what has become of each."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from accolade.deploy.cli.letter_box import LetterBox
from accolade.deploy.cli.problems import fail
from accolade.deploy.cli.tables import show_json
from accolade.deploy.cli.user import user_name
from accolade.streams.bounds import Invalid
from accolade.streams.codecs import Unencodable
from accolade.streams.deadletters import LetterNotFound, LetterStatus, topic_of
from accolade.streams.importing.build import Wrong
from accolade.streams.importing.one_record import read_record
from accolade.streams.records import DeadLetter, Record
from accolade.streams.replaying import (
    Replayed,
    Replayer,
    ReplayFailed,
    ReplayRefused,
    replaceable,
)


def replay_as_they_came(
    box: LetterBox, wanted: Sequence[LetterStatus], key: str | None, author: str | None
) -> tuple[list[Replayed], list[str]]:
    """
    Replay letters one after another, up to the first that the brokers don't take.

    Returns:
        What was replayed, and why each of the others was not.
    """
    done: list[Replayed] = []
    refused: list[str] = []
    if not wanted:
        return done, refused
    replayer = _replayer(box)
    for letter in box.letters(wanted):
        try:
            done.append(replayer.replay(letter, _note(author), key))
        except (ReplayRefused, LetterNotFound) as error:
            refused.append(str(error))
        except ReplayFailed as error:
            refused.append(str(error))
            break
    return done, refused


def replay_with(
    box: LetterBox, status: LetterStatus, file: Path, author: str | None
) -> list[Replayed]:
    """Publish the record of a JSON file in a letter's place; ends the command if it can't."""
    (letter,) = box.letters([status])
    record = _record(file, letter)
    try:
        return [_replayer(box).replace(letter, record, _note(author))]
    except (Invalid, Unencodable, ReplayFailed) as error:
        fail(str(error))


def tell(done: Sequence[Replayed], refused: Sequence[str], as_json: bool) -> None:
    """Print what was replayed; ends the command with status 1 if something was not."""
    if as_json:
        show_json({"replayed": [one._asdict() for one in done], "not_replayed": refused})
    else:
        for one in done:
            where = f"{one.topic}, partition {one.partition}, offset {one.offset}"
            typer.echo(f"{one.dead_letter_id} -> {where}")
        typer.echo(f"{len(done):,} replayed")
    if refused:
        fail("\n".join(refused))


def _replayer(box: LetterBox) -> Replayer:
    try:
        return Replayer(box.settings, box.codec)
    except ReplayFailed as error:
        fail(str(error))


def _record(file: Path, letter: DeadLetter) -> Record:
    """Return the record in a file; ends the command if the letter can't be replaced by it."""
    try:
        topic = topic_of(letter)
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, LetterNotFound) as error:
        fail(str(error))
    classes = replaceable(topic)
    if not classes:
        fail(f"{topic.name} is written by the flow itself: put its sources right instead")
    try:
        return read_record(text, classes)
    except Wrong as error:
        fail(f"{file}: {error}")


def _note(author: str | None) -> str:
    """Return who replays, and when."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"by {author or user_name()} at {now}"
