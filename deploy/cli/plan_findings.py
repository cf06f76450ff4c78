"""How findings in plan files are shown: the place, the line with a caret, what to write."""

import typer

from accolade.streams.plans.findings import Finding
from accolade.streams.plans.load import Checked


def show_findings(name: str, text: bytes, result: Checked, *, to_stderr: bool = False) -> None:
    """
    Print a file's findings, and on stderr how many there are.

    Args:
        name: The file, as it was named.
        text: What is in it.
        result: What came of it.
        to_stderr: Print the findings there too.
    """
    lines = text.decode("utf-8-sig", errors="replace").splitlines()
    for finding in result.findings:
        typer.echo("\n".join(_lines(name, lines, finding)), err=to_stderr)
    typer.echo(f"{name}: {_summary(result)}", err=True)


def finding_json(name: str, finding: Finding) -> dict[str, object]:
    """Return a finding for programs."""
    return {"file": name, **finding._asdict(), "path": list(finding.path)}


def _lines(name: str, lines: list[str], finding: Finding) -> list[str]:
    place = f"{name}:{finding.line}:{finding.column}"
    shown = [f"{place}: {finding.severity}: {finding.message}"]
    if finding.line <= len(lines):
        source = lines[finding.line - 1]
        shown += [f"    {source}", f"    {' ' * (finding.column - 1)}^"]
    if finding.fix:
        shown.append(f"  write instead: {finding.fix}")
    return shown


def _summary(result: Checked) -> str:
    errors, warnings = result.errors, len(result.findings) - result.errors
    counted = [_count(errors, "error"), _count(warnings, "warning")]
    return ", ".join(said for said in counted if said) or "no errors, no warnings"


def _count(count: int, noun: str) -> str:
    if not count:
        return ""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
