"""`accolade plan`: checks plan files, publishes them, and shows those that come with it."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from accolade.streams.plans.load import Checked

app = typer.Typer(no_args_is_help=True, help="Check plan files, publish them, close their periods.")

_File = Annotated[
    typer.FileBinaryRead, typer.Argument(metavar="FILE", help="A plan file; - for stdin.")
]
_Files = Annotated[
    list[typer.FileBinaryRead], typer.Argument(metavar="FILE", help="Plan files; - for stdin.")
]
_Name = Annotated[
    str, typer.Argument(metavar="PLAN", help="A plan's id, as `accolade plan list` shows it.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
_Strict = Annotated[bool, typer.Option("--strict", help="Refuse warnings too.")]


@app.command()
def check(files: _Files, strict: _Strict = False, as_json: _Json = False) -> None:
    """
    Check plan files: all that is wrong, and what to write.

    Status 1 if a plan can't be published; warnings alone don't refuse one,
    unless --strict is given.
    """
    from accolade.deploy.cli.plan_findings import finding_json, show_findings
    from accolade.deploy.cli.tables import show_json
    from accolade.streams.plans.load import check as check_text

    texts = {_name_of(file): file.read() for file in files}
    results = {name: check_text(text) for name, text in texts.items()}
    if as_json:
        show_json([finding_json(n, f) for n, result in results.items() for f in result.findings])
    else:
        for name, result in results.items():
            show_findings(name, texts[name], result)
    if any(_refuses(result, strict) for result in results.values()):
        raise typer.Exit(1)


@app.command("list")
def list_plans(
    published: Annotated[
        bool, typer.Option("--published", help="Those that are published instead.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """List the plans that come with Accolade, or the published ones."""
    from accolade.deploy.cli.tables import show_json, show_table, table

    if published:
        from accolade.deploy.cli.plan_publishing import published_plans

        plans = published_plans()
    else:
        from accolade.streams.plans.catalogue import catalogue_plans

        plans = {plan.plan_id: plan for plan in catalogue_plans()}
    rows = [
        {
            "plan": plan.plan_id,
            "version": plan.version,
            "active": plan.active,
            "title": _title(plan.body),
        }
        for plan in plans.values()
    ]
    if as_json:
        show_json(rows)
        return
    shown = table("Plan", "Version", "", "Title", right=("Version",))
    for row in rows:
        withdrawn = "" if row["active"] else "withdrawn"
        shown.add_row(str(row["plan"]), str(row["version"]), withdrawn, str(row["title"]))
    show_table(shown)


@app.command()
def show(name: _Name) -> None:
    """
    Print a plan that comes with Accolade, to begin from.

    For example: accolade plan show badge-rush > my-plan.yaml
    """
    from accolade.deploy.cli.problems import fail
    from accolade.streams.plans.catalogue import catalogue_text

    try:
        typer.echo(catalogue_text(name), nl=False)
    except KeyError:
        fail(f"there is no plan {name}; `accolade plan list` shows those there are")


@app.command()
def schema() -> None:
    """Print the JSON Schema of plan files, for editors."""
    from accolade.streams.plans.json_schema import schema_text

    typer.echo(schema_text(), nl=False)


@app.command()
def publish(file: _File, strict: _Strict = False, as_json: _Json = False) -> None:
    """
    Check a plan file and publish it as the plan's next version.

    A plan that is published already, just so, is not published again.
    """
    from accolade.deploy.cli.plan_findings import show_findings
    from accolade.deploy.cli.plan_publishing import publish_next, tell
    from accolade.deploy.cli.problems import fail
    from accolade.streams.plans.load import check as check_text

    text = file.read()
    result = check_text(text)
    show_findings(_name_of(file), text, result, to_stderr=True)
    if result.plan is None or _refuses(result, strict):
        fail(f"{_name_of(file)} was not published")
    tell(publish_next(result.plan), as_json)


@app.command()
def withdraw(name: _Name, as_json: _Json = False) -> None:
    """
    Withdraw a published plan.

    Publish its file again to bring it back.
    """
    from accolade.deploy.cli.plan_publishing import tell, withdraw_published

    tell(withdraw_published(name), as_json)


@app.command()
def close(
    name: _Name,
    period: Annotated[
        str, typer.Argument(metavar="PERIOD", help="One of its periods, e.g. 2026-Q2.")
    ],
    author: Annotated[
        str | None,
        typer.Option(
            "--by", metavar="NAME", help="Who closes it; the user of the system by default."
        ),
    ] = None,
    with_parked: Annotated[
        bool, typer.Option("--with-parked", help="Though something of the period is parked.")
    ] = False,
    as_json: _Json = False,
) -> None:
    """
    Close a period: its awards and boards are frozen.

    Nothing undoes it. See to it before that all of the period is published and
    counted: docs/operating.md, "Closing a period". A period that is closed
    already stays as it is.
    """
    from accolade.deploy.cli.plan_closing import close_period, tell

    tell(close_period(name, period, author, with_parked=with_parked), as_json)


def _refuses(result: "Checked", strict: bool) -> bool:
    return result.errors > 0 or (strict and bool(result.findings))


def _title(body: str) -> str:
    from accolade.streams.plans.canonical import PlanBodyError, parse_body

    try:
        return parse_body(body).title
    except PlanBodyError as error:
        # Published by something else than this command.
        return f"(no plan: {error})"


def _name_of(file: typer.FileBinaryRead) -> str:
    # Standard input need not have a name.
    return getattr(file, "name", "<stdin>")
