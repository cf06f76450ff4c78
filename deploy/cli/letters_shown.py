"""Shows dead letters to people and programs."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import typer

from accolade.deploy.cli.tables import counted, show_json
from accolade.streams.codecs import Codec, Undecodable
from accolade.streams.deadletters import LetterNotFound, LetterStatus, topic_of
from accolade.streams.log_reader import decoded
from accolade.streams.records import DeadLetter, Record

#: So much of bytes that can't be read is shown.
_PREVIEW_BYTES = 256
_BYTES_A_LINE = 16


def show_list(shown: Sequence[LetterStatus], matching: int) -> None:
    """Print letters, and how many there are of each reason."""
    for status in shown:
        letter = status.letter
        typer.echo(f"{letter.dead_letter_id}  {utc(status.refused_ms)}  {letter.reason}")
        typer.echo(f"    {letter.message}")
    reasons = Counter(status.letter.reason for status in shown)
    by_reason = ", ".join(f"{count:,} {reason}" for reason, count in reasons.most_common())
    of = f"{len(shown):,} of " if matching > len(shown) else ""
    typer.echo(f"{of}{counted(matching, 'dead letter')}{f': {by_reason}' if by_reason else ''}")


def show_list_as_json(shown: Sequence[LetterStatus]) -> None:
    """Print letters as JSON."""
    show_json([_summary(status) for status in shown])


def show_one(status: LetterStatus, letter: DeadLetter, codec: Codec) -> None:
    """Print all there is to say of a letter."""
    rows = [
        ("id", letter.dead_letter_id),
        ("reason", letter.reason),
        ("message", letter.message),
        ("refused", f"{utc(status.refused_ms)} by {letter.stage}"),
        ("from", f"{letter.topic}, partition {letter.partition}, offset {letter.offset}"),
        ("published", utc(letter.timestamp_ms)),
        ("key", _key(letter) or "none"),
        ("replayed", status.replayed or "no"),
        ("value", "none" if letter.value is None else f"{len(letter.value):,} bytes"),
    ]
    for name, text in rows:
        typer.echo(f"{name:<10} {text}")
    if letter.value is not None:
        _show_value(_says(letter, letter.value, codec), letter.value)


def show_one_as_json(status: LetterStatus, letter: DeadLetter, codec: Codec) -> None:
    """Print a letter as JSON; the record's fields as `replay --with` takes them."""
    says = None if letter.value is None else _says(letter, letter.value, codec)
    is_record = isinstance(says, Record)
    show_json(
        {
            **_summary(status),
            "key": _key(letter),
            "key_hex": None if letter.key is None else letter.key.hex(),
            "record": type(says).__name__ if is_record else None,
            "fields": msgspec.to_builtins(says) if is_record else None,
        }
    )


def preview(value: bytes) -> str:
    """Return the first bytes as hexadecimal and text, in the manner of `hexdump -C`."""
    lines = []
    for start in range(0, min(len(value), _PREVIEW_BYTES), _BYTES_A_LINE):
        part = value[start : start + _BYTES_A_LINE]
        text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{start:06x}  {part.hex(' '):<47}  {text}")
    if len(value) > _PREVIEW_BYTES:
        lines.append(f"… {len(value) - _PREVIEW_BYTES:,} more; all with --value-out FILE")
    return "\n".join(lines)


def utc(time_ms: int) -> str:
    """Return a time to the second in UTC."""
    return datetime.fromtimestamp(time_ms // 1000, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _show_value(says: Record | Undecodable, value: bytes) -> None:
    if isinstance(says, Record):
        typer.echo(f"{type(says).__name__}:")
        show_json(says)
        return
    typer.echo(f"It can't be read: {says.message}")
    typer.echo(preview(value))


def _says(letter: DeadLetter, value: bytes, codec: Codec) -> Record | Undecodable:
    try:
        return decoded(value, topic_of(letter), codec)
    except LetterNotFound as error:
        return Undecodable("unknown_topic", str(error))


def _key(letter: DeadLetter) -> str | None:
    return None if letter.key is None else letter.key.decode(errors="backslashreplace")


def _summary(status: LetterStatus) -> dict[str, object]:
    letter = status.letter
    return {
        "id": letter.dead_letter_id,
        "reason": letter.reason,
        "message": letter.message,
        "stage": letter.stage,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "published_ms": letter.timestamp_ms,
        "refused_ms": status.refused_ms,
        "value_bytes": status.value_bytes,
        "replayed": status.replayed,
    }
