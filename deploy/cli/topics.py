"""`accolade topics`: the topics of the flow, as they should be and as they are."""

import json
from textwrap import fill
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from accolade.streams.settings import Settings
    from accolade.streams.topics import Finding

app = typer.Typer(no_args_is_help=True, help="Make, list and check the topics.")

_Json = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]

_DONE = {"create": "created", "alter": "altered", "keep": "as it should be", "refuse": "REFUSED"}
_WOULD = {
    "create": "is missing",
    "alter": "differs",
    "keep": "as it should be",
    "refuse": "REFUSED",
}


_COLUMNS, _INDENT = 80, "    "


@app.command()
def create(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would be done.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """
    Make the topics that are missing.

    Repeating it changes nothing. Broker settings that differ are put right and
    told; a topic with another number of partitions is an error, and then
    nothing is changed.
    """
    from accolade.deploy.cli.brokers import answering_settings
    from accolade.deploy.cli.problems import fail
    from accolade.streams.topics import TopicsError, compare_topics, create_topics

    settings = answering_settings()
    try:
        findings = compare_topics(settings) if dry_run else create_topics(settings)
    except TopicsError as error:
        fail(str(error))
    _show(findings, _WOULD if dry_run else _DONE, as_json)
    _fail_if_refused(findings)


@app.command()
def check(as_json: _Json = False) -> None:
    """Compare the topics with the catalogue; status 1 if they differ."""
    from accolade.deploy.cli.brokers import answering_settings
    from accolade.deploy.cli.problems import fail
    from accolade.streams.topics import TopicsError, compare_topics

    settings = answering_settings()
    try:
        findings = compare_topics(settings)
    except TopicsError as error:
        fail(str(error))
    _show(findings, _WOULD, as_json)
    _fail_if_refused(findings)
    if any(finding.action != "keep" for finding in findings):
        fail("topics are not as they should be. Put them right with: accolade topics create")


@app.command("list")
def list_topics(as_json: _Json = False) -> None:
    """List all topics: their records and keys, how long they are kept."""
    from accolade.deploy.cli.problems import load_settings

    rows = list(_rows(load_settings()))
    if as_json:
        typer.echo(json.dumps([row._asdict() for row in rows], indent=2))
        return
    width = max(len(row.topic) for row in rows)
    key_width = max(len(row.key) for row in rows)
    typer.echo(f"{'topic':<{width}}  {'key':<{key_width}}  partitions  kept")
    for row in rows:
        typer.echo(
            f"{row.topic:<{width}}  {row.key:<{key_width}}  {row.partitions:>10}  {row.kept}"
        )
        # A line of their own: reference data is of many kinds, and names are for copying.
        records = ", ".join(row.records) or "state"
        typer.echo(fill(records, _COLUMNS, initial_indent=_INDENT, subsequent_indent=_INDENT))


class _Row(NamedTuple):
    """A line of the list, with its names in JSON."""

    topic: str
    key: str
    records: list[str]
    partitions: int
    kept: str


def _rows(settings: "Settings") -> "Iterator[_Row]":
    from accolade.streams.catalogue import CATALOGUE, CHANGELOGS, Keep

    for topic in CATALOGUE:
        yield _Row(
            settings.topic_name(topic),
            "|".join(topic.key),
            [record.__name__ for record in topic.records],
            settings.partition_count(topic.partitions),
            topic.keep.value,
        )
    for changelog in CHANGELOGS:
        name = settings.changelog_name(changelog)
        partitions = settings.partition_count(changelog.partitions)
        yield _Row(name, "", [], partitions, Keep.COMPACTED.value)


def _show(findings: "list[Finding]", words: dict[str, str], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_as_json(finding) for finding in findings], indent=2))
        return
    for finding in findings:
        if finding.action != "keep":
            typer.echo(f"{finding.topic.name}: {words[finding.action]}")
        for key, (present, wanted) in finding.differences.items():
            typer.echo(f"  {key}: {present} -> {wanted}")
    kept = sum(finding.action == "keep" for finding in findings)
    if kept:
        typer.echo(f"{kept} of {len(findings)} topics: {words['keep']}")


def _as_json(finding: "Finding") -> dict[str, object]:
    return {
        "topic": finding.topic.name,
        "partitions": finding.topic.partitions,
        "action": finding.action,
        "differences": {
            key: {"present": present, "wanted": wanted}
            for key, (present, wanted) in finding.differences.items()
        },
        "problem": finding.problem or None,
    }


def _fail_if_refused(findings: "list[Finding]") -> None:
    from accolade.deploy.cli.problems import fail
    from accolade.streams.topics import PARTITIONS_ADVICE

    refused = [finding.problem for finding in findings if finding.action == "refuse"]
    if refused:
        fail("\n".join([*refused, PARTITIONS_ADVICE]))
