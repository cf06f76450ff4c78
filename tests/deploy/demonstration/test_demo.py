"""The demo as a script and a person start it: a process on its own broker and worker."""

import json
import os
import random
import signal
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from accolade.deploy.demonstration.export import exported
from accolade.deploy.demonstration.history import History, simulated
from accolade.streams.records import Closing
from tests.deploy.demonstration.exports import public_export
from tests.pipeline.outcome import Outcome, computed_from

COMMAND = [sys.executable, "-m", "accolade.deploy.demonstration"]
SEED, REPS = 7, 5
_SECONDS = 120.0


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the demo to its end."""
    # What the environment says of another installation is nothing to the demo.
    environment = {**os.environ, "ACCOLADE_TOPIC_PREFIX": "theirs-", "ACCOLADE_NO_SUCH": "1"}
    return subprocess.run(
        [*COMMAND, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )


def awards_of(outcome: Outcome) -> list[dict[str, Any]]:
    """Return the awards by plan, component, kind, currency and state, as the summary has them."""
    counts: Counter[tuple[str, ...]] = Counter()
    totals: Counter[tuple[str, ...]] = Counter()
    for award_id, award in outcome.awards.items():
        plan, component, *_ = award_id.split("/")
        row = plan, component, award.kind, award.currency, award.state
        counts[row] += 1
        totals[row] += award.amount_minor
    names = ("plan", "component", "kind", "currency", "state")
    return [
        {**dict(zip(names, row, strict=True)), "count": counts[row], "total_minor": totals[row]}
        for row in sorted(counts)
    ]


def boards_of(outcome: Outcome) -> dict[str, Any]:
    """Return the boards as the summary has them, without their units."""
    return {
        board: {
            "size": said.size,
            "final": said.final,
            "top": [
                {"participant": participant, "rank": rank, "value": value}
                for participant, rank, value in said.top
            ],
        }
        for board, said in outcome.boards.items()
    }


def assert_equal(history: History, run: subprocess.CompletedProcess[str]) -> None:
    """Compare a summary with what the reference computes from the whole history."""
    assert (run.returncode, run.stderr) == (0, "")
    said = json.loads(run.stdout)
    expected = computed_from(history.records())
    badges = Counter(badge.rpartition("/")[2] for badge in expected.badges)
    boards = {
        board: {name: part for name, part in standing.items() if name != "unit"}
        for board, standing in said["boards"].items()
        if standing["size"]
    }

    assert said["events"] == dict(history.counts())
    assert said["awards"] == awards_of(expected)
    assert said["badges"] == dict(badges)
    assert boards == boards_of(expected)
    assert (said["parked"], said["dead_letters"]) == (len(expected.parked), 0)


def test_a_simulated_quarter_earns_what_the_reference_says() -> None:
    """Through broker, worker and all stages, to the cent."""
    run = demo("--once", "--json", "--seed", str(SEED), "--reps", str(REPS))

    assert_equal(simulated(SEED, REPS), run)


def test_a_crm_export_earns_what_the_reference_says(tmp_path: Path) -> None:
    """One in the columns of the public export, with its teams beside it."""
    file = public_export(tmp_path, deals=300)
    run = demo("--once", "--json", "--data", str(file))

    history = exported(file, None)
    assert_equal(history, run)
    assert {r.period for r in history.records() if isinstance(r, Closing)} == {
        "2025-Q4",
        "2026-Q1",
        "2026-Q2",
    }


def test_the_report_of_a_pipe_is_plain_text(tmp_path: Path) -> None:
    """No control codes, nothing wider than 80 columns, and what is wrong with the file."""
    file = tmp_path / "deals.csv"
    file.write_text(
        "deal_id,revision,occurred_at,stage,amount,currency,account_id,team\n"
        "D-1,1,2026-04-07T10:00:00Z,won,60000.00,EUR,acme,"
        '"[{""rep_id"": ""ann"", ""role"": ""account_executive""}]"\n'
        "D-2,1,1970-01-01T10:00:00Z,won,60000.00,EUR,acme,\n"
    )
    run = demo("--once", "--data", str(file))

    lines = run.stdout.splitlines()
    assert run.returncode == 0
    assert "\x1b" not in run.stdout
    assert max(map(len, lines)) <= 80
    assert "  top sellers   2026-Q2   1 ann" in [line.rstrip() for line in lines]
    assert run.stderr.splitlines()[0] == "1 of 2 lines left out as wrong:"
    assert run.stderr.splitlines()[1].startswith("deals.csv:3: ")


def test_forgotten_records_end_in_an_error(tmp_path: Path) -> None:
    """A history that is more than the embedded broker keeps gives no results at all."""
    file = tmp_path / "deals.jsonl"
    file.write_text("".join(f"{json.dumps(_large_deal(number))}\n" for number in range(500)))
    run = demo("--once", "--json", "--data", str(file))

    assert (run.returncode, run.stdout) == (1, "")
    assert run.stderr.startswith("error: the embedded broker has forgotten records (")
    assert run.stderr.count("\n") == 1


def _large_deal(number: int) -> dict[str, Any]:
    """Return a deal of about 18 kB that no compression makes small."""
    chance = random.Random(number)
    dimensions = {f"d{name}": b64encode(chance.randbytes(690)).decode() for name in range(20)}
    return {
        "deal_id": f"D-{number}",
        "revision": 1,
        "occurred_at": "2026-04-07T10:00:00Z",
        "stage": "won",
        "amount": "10.00",
        "currency": "USD",
        "account_id": "acme",
        "team": [{"rep_id": "ann", "role": "account_executive"}],
        "dimensions": dimensions,
    }


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_an_interrupt_ends_it_without_a_trace() -> None:
    """Status 130, one line, and no worker is left."""
    with subprocess.Popen(
        [*COMMAND, "--once", "--reps", "3"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        lines = [process.stdout.readline() for _ in range(2)]
        started = _children_of(process.pid)
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read()

    assert lines[0] == "Starting an embedded broker and a worker ...\n"
    assert "events sent" in lines[1]
    assert (process.returncode, errors) == (130, "interrupted\n")
    assert started != []
    assert [pid for pid in started if Path(f"/proc/{pid}").exists()] == []


def _children_of(pid: int) -> list[str]:
    """Return the ids of the processes that a process has started."""
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--mapping", "deals.yaml"], 2, "--data"),
        (["--reps", "2"], 2, "--reps"),
        (["--once", "--data", "no-such.csv"], 1, "error: no-such.csv: No such file or directory\n"),
    ],
)
def test_what_is_wrong_is_said(arguments: list[str], status: int, message: str) -> None:
    """A plain message, and the status that it deserves."""
    run = demo(*arguments)

    assert run.returncode == status
    assert message in run.stderr
    assert "Traceback" not in run.stderr
