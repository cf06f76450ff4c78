"""What is said in the end of a file that was published."""

from pathlib import Path
from typing import NamedTuple

import typer

from accolade.deploy.cli.tables import counted, show_json
from accolade.streams.delivery import Failure, FlushResult
from accolade.streams.importing.checking import Checked
from accolade.streams.importing.kinds import named

#: How many failures are named one by one; they mostly have one cause.
_NAMED_FAILURES = 10


class Summary(NamedTuple):
    """What has become of a file's lines."""

    kind: str
    file: str
    checked: Checked
    #: How many different records its good lines say.
    records: int
    dry_run: bool
    #: Where wrong lines were to be written.
    refused_path: Path | None
    #: None: nothing was sent.
    result: FlushResult | None

    @property
    def sent(self) -> int:
        """How many records the brokers accepted."""
        return self.result.delivered if self.result else 0

    @property
    def failed(self) -> tuple[Failure, ...]:
        """What the brokers did not accept."""
        return self.result.failed if self.result else ()

    @property
    def refused_file(self) -> str | None:
        """Where the wrong lines are."""
        return str(self.refused_path) if self.refused_path and self.checked.refused else None


def show(summary: Summary, as_json: bool) -> None:
    """Print the summary on stdout, and what went wrong on stderr."""
    if as_json:
        show_json(_as_json(summary))
    else:
        typer.echo(_as_text(summary))
    _show_failures(summary)
    if summary.checked.refused and summary.result is None:
        typer.echo(_advice(summary), err=True)


def _as_json(summary: Summary) -> dict[str, object]:
    checked = summary.checked
    return {
        "kind": summary.kind,
        "file": summary.file,
        "dry_run": summary.dry_run,
        "lines": checked.lines,
        "records": summary.records,
        "repeated": checked.repeated,
        "sent": summary.sent,
        "refused": checked.refused,
        "by_reason": dict(sorted(checked.by_reason.items())),
        "refused_file": summary.refused_file,
        "failed": [{"record": f.name, "reason": f.reason} for f in summary.failed],
    }


def _as_text(summary: Summary) -> str:
    checked = summary.checked
    done = (
        f"{named(summary.kind, summary.records)} to send"
        if summary.dry_run
        else f"{named(summary.kind, summary.sent)} sent"
    )
    parts = [counted(checked.lines, "line"), done]
    if checked.repeated:
        parts.append(f"{checked.repeated:,} repeated")
    if checked.refused:
        reasons = ", ".join(f"{n:,} {reason}" for reason, n in checked.by_reason.most_common())
        parts.append(f"{checked.refused:,} refused ({reasons})")
    text = f"{summary.file}: {'; '.join(parts)}"
    return f"{text}\nwrong lines: {summary.refused_file}" if summary.refused_file else text


def _show_failures(summary: Summary) -> None:
    if not summary.failed:
        return
    for failure in summary.failed[:_NAMED_FAILURES]:
        typer.echo(f"{failure.name}: {failure.reason}", err=True)
    more = len(summary.failed) - _NAMED_FAILURES
    if more > 0:
        typer.echo(f"and {more:,} more", err=True)
    typer.echo(
        f"error: {summary.records - summary.sent:,} of {counted(summary.records, 'record')} not"
        " delivered.\nPublish the same file again: what is there already changes nothing.",
        err=True,
    )


def _advice(summary: Summary) -> str:
    refused, lines = summary.checked.refused, counted(summary.checked.lines, "line")
    wrong = f"{refused:,} of {lines} {'is' if refused == 1 else 'are'} wrong"
    if summary.dry_run:
        return f"error: {wrong}."
    return f"error: {wrong}; nothing was sent.\nPut them right, or send the others with --skip-bad."
