"""`tests/chaos/run`: the plain counter through random faults on a Kafka of its own."""

import argparse
import json
import random
import sys
import tempfile
import uuid
from pathlib import Path

from accolade.deploy.kafka_local import LocalKafka
from tests.chaos.faults import Conditions, Outcome, run


def main() -> int:
    """Run it; return 0 if every count was exact and nothing ended without a reason."""
    arguments = _parser().parse_args()
    seed = random.randrange(1_000_000) if arguments.seed is None else arguments.seed
    conditions = Conditions(arguments.faults, seed, arguments.store, arguments.standbys)
    folder = Path(arguments.logs or tempfile.mkdtemp(prefix="accolade-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    _tell(f"seed {seed}; logs in {folder}")
    with LocalKafka() as kafka:
        app_id = f"c{uuid.uuid4().hex[:8]}"
        outcome = run(kafka.bootstrap, app_id, folder, conditions, _tell)
    print(json.dumps(outcome.as_json(), indent=2) if arguments.json else _text(outcome))
    return 1 if outcome.problems else 0


def _text(outcome: Outcome) -> str:
    made = ", ".join(f"{count} {kind}" for kind, count in sorted(outcome.faults.items()))
    lines = [f"{outcome.records} records in {outcome.seconds:.0f} s; {made}"]
    lines += [f"{outcome.checks} comparisons; {outcome.fenced} fenced after a stall"]
    lines += [f"PROBLEM: {problem}" for problem in outcome.problems]
    return "\n".join(lines)


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tests/chaos/run", description=__doc__)
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--seed", type=int, help="chooses the faults; random by default")
    parser.add_argument("--store", choices=["memory", "rocksdb"], default="memory")
    parser.add_argument("--standbys", type=int, default=0)
    parser.add_argument("--logs", help="folder for the workers' logs and data")
    parser.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())
