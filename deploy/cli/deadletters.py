"""`accolade deadletters`: what was refused, why, and how to run it again."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    no_args_is_help=True,
    help="Records that were refused: list, look at and replay them. See docs/publishing.md.",
)

_Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]
_Reason = Annotated[
    str | None, typer.Option("--reason", metavar="REASON", help="Only those of this reason.")
]
_Id = Annotated[str, typer.Argument(help="Id, as `list` shows it.", metavar="ID")]


@app.command("list")
def list_letters(
    reason: _Reason = None,
    topic: Annotated[
        str | None,
        typer.Option(
            "--topic", metavar="TOPIC", help="Only those from this topic, e.g. crm.deals."
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="Only so many, the newest.")
    ] = None,
    replayed: Annotated[
        bool, typer.Option("--replayed", help="Those that were replayed, instead.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """List the dead letters that wait, the oldest first."""
    from accolade.deploy.cli.letter_box import LetterBox
    from accolade.deploy.cli.letters_shown import show_list, show_list_as_json

    box = LetterBox()
    wanted = [
        status
        for status in box.statuses
        if status.open is not replayed
        and reason in (None, status.letter.reason)
        and topic in (None, status.letter.topic)
    ]
    shown = wanted[-limit:] if limit else wanted
    if as_json:
        show_list_as_json(shown)
    else:
        show_list(shown, len(wanted))
    if box.unreadable:
        typer.echo(f"{box.unreadable:,} records can't be read by this version", err=True)


@app.command()
def show(
    letter_id: _Id,
    value_out: Annotated[
        Path | None,
        typer.Option("--value-out", metavar="FILE", help="Write the refused bytes to this file."),
    ] = None,
    as_json: _Json = False,
) -> None:
    """Show a dead letter: why, where from, what it says."""
    from accolade.deploy.cli.letter_box import LetterBox
    from accolade.deploy.cli.letters_shown import show_one, show_one_as_json
    from accolade.deploy.cli.problems import fail

    box = LetterBox()
    (status,) = box.find([letter_id])
    (letter,) = box.letters([status])
    if value_out is not None:
        if letter.value is None:
            fail(f"{letter_id} has no value")
        value_out.write_bytes(letter.value)
    (show_one_as_json if as_json else show_one)(status, letter, box.codec)


@app.command()
def replay(
    letter_ids: Annotated[
        list[str] | None, typer.Argument(help="Ids, as `list` shows them.", metavar="ID")
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="REASON", help="All that wait, of this reason."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    record: Annotated[
        Path | None,
        typer.Option(
            "--with", metavar="FILE", help="JSON file of the record to publish in its place."
        ),
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", metavar="KEY", help="Publish it under this key instead of its own."),
    ] = None,
    author: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="NAME", help="Who replays; the user of the system by default."
        ),
    ] = None,
    as_json: _Json = False,
) -> None:
    """
    Publish dead letters again, as they came or repaired.

    What was replayed is no longer listed. What is refused again is listed as a
    new dead letter. Replaying what was counted already changes nothing.
    """
    from accolade.deploy.cli.letter_box import LetterBox
    from accolade.deploy.cli.replay import replay_as_they_came, replay_with, tell

    ids = letter_ids or []
    _check_choice(len(ids), bool(reason), everything, bool(record), bool(key))
    box = LetterBox()
    wanted = box.find(ids) if ids else box.waiting(reason)
    if record is not None:
        tell(replay_with(box, wanted[0], record, author), [], as_json)
    else:
        tell(*replay_as_they_came(box, wanted, key, author), as_json)


def _check_choice(ids: int, reason: bool, everything: bool, record: bool, key: bool) -> None:
    """Refuse a command line that doesn't say clearly which letters, and how."""
    if bool(ids) + reason + everything != 1:
        raise typer.BadParameter("give ids, or --reason, or --all", param_hint="ID")
    if (record or key) and ids != 1:
        raise typer.BadParameter("goes with one id", param_hint="--with, --key")
    if record and key:
        raise typer.BadParameter("the record of --with has its own key", param_hint="--key")
