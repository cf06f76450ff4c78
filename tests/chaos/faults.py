"""
Random joins, leaves, kills and stalls while records flow; the counter stays exact.

A seed chooses the faults; when they meet what the workers do is up to the machine.
"""

import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from threading import Event
from typing import Any, NamedTuple

from tests.chaos.crew import Member, crew
from tests.chaos.flow import PARTITIONS, CountError, Counts, Sender, make_topics

SESSION_SECONDS = 3.0
#: After so many faults records stop flowing, and every count is compared.
FAULTS_BETWEEN_CHECKS = 10
#: Status of a process that was asked to end before it could listen to that.
_ASKED_TOO_EARLY = -signal.SIGTERM


class Conditions(NamedTuple):
    """What a run is made under."""

    faults: int
    seed: int
    #: Where the workers keep their state: `memory` or `rocksdb`.
    store: str = "memory"
    #: How many other workers follow a task's changelog.
    standbys: int = 0


@dataclass
class Outcome:
    """What happened."""

    conditions: dict[str, Any]
    faults: Counter[str] = field(default_factory=Counter)
    #: Workers that ended by themselves after a stall: they were fenced.
    fenced: int = 0
    checks: int = 0
    records: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "faults": dict(self.faults), "seconds": round(self.seconds, 1)}


def run(
    broker: str, app_id: str, folder: Path, conditions: Conditions, tell: Callable[[str], None]
) -> Outcome:
    """
    Run the counter through the faults.

    Args:
        broker: A real Kafka whose sessions may be as short as `SESSION_SECONDS`.
        app_id: A name that nothing else on the broker has.
        folder: Where logs and data of the workers go.
        conditions: How many faults, which seed, which store.
        tell: Is told of each fault as it is made.
    """
    make_topics(broker, app_id)
    chance = Random(conditions.seed)
    outcome = Outcome(conditions._asdict())
    members = crew(broker, app_id, PARTITIONS, folder)
    sender = Sender(broker, app_id, Random(conditions.seed + 1))
    play = _Play(members, conditions, chance, outcome, tell)
    counts = Counts(broker, app_id)
    started = time.monotonic()
    try:
        sender.start()
        play.everyone_joins()
        for number in range(1, conditions.faults + 1):
            play.next_fault(number)
            if number % FAULTS_BETWEEN_CHECKS == 0 or number == conditions.faults:
                play.everyone_joins()
                sender.pause()
                _compare(sender, counts, outcome)
                tell(f"{sum(sender.sent.values())} records, each counted once")
                sender.go_on()
        play.everyone_leaves()
    except CountError as error:
        outcome.problems.append(str(error))
    finally:
        for member in members:
            if member.here:
                member.kill()
        sender.close()
        counts.close()
    outcome.records = sum(sender.sent.values())
    outcome.seconds = time.monotonic() - started
    return outcome


def _compare(sender: Sender, counts: Counts, outcome: Outcome) -> None:
    counts.read_until(sum(sender.sent.values()))
    if counts.counts != dict(sender.sent):
        wrong = {
            key: (counts.counts.get(key, 0), sent)
            for key, sent in sender.sent.items()
            if counts.counts.get(key, 0) != sent
        }
        raise CountError(f"counted and sent differ: {wrong}")
    outcome.checks += 1


class _Play:
    """Makes the faults."""

    def __init__(
        self,
        members: list[Member],
        conditions: Conditions,
        chance: Random,
        outcome: Outcome,
        tell: Callable[[str], None],
    ) -> None:
        """Take the workers and the dice."""
        self._members = members
        self._chance = chance
        self._outcome = outcome
        self._tell = tell
        self._clock = Event()
        self._waking: dict[str, float] = {}
        self._variables = {
            "SESSION_SECONDS": str(SESSION_SECONDS),
            "STORE": conditions.store,
            "STANDBYS": str(conditions.standbys),
        }

    def next_fault(self, number: int) -> None:
        """Let some time pass, then make a fault."""
        self._pass_time(self._pause_seconds())
        here = [m for m in self._members if m.here]
        away = [m for m in self._members if not m.here]
        awake = [m for m in here if not m.stalled]
        kinds = ["join"] * 2 * len(away) + ["kill"] * len(here)
        kinds += ["leave"] * len(awake) + ["stall"] * len(awake)
        kind = self._chance.choice(kinds)
        member = self._chance.choice({"join": away, "kill": here}.get(kind, awake))
        self._tell(f"fault {number}: {member.name} {kind}")
        self._outcome.faults[kind] += 1
        match kind:
            case "join":
                member.join(self._variables)
            case "kill":
                member.kill()
                self._waking.pop(member.name, None)
            case "leave":
                self._leave(member)
            case "stall":
                member.stall()
                beyond = SESSION_SECONDS * self._chance.uniform(1.2, 2.5)
                self._waking[member.name] = time.monotonic() + beyond

    def everyone_joins(self) -> None:
        """Let the stalled wake when their time has come, and fill all places."""
        while self._waking:
            self._pass_time(0.1)
        for member in self._members:
            if not member.here:
                member.join(self._variables)

    def everyone_leaves(self) -> None:
        """Ask all to end."""
        for member in self._members:
            if member.here:
                self._leave(member)

    def _leave(self, member: Member) -> None:
        # A fenced worker may be on its way out with a reason of its own.
        allowed = {0, 1} if member.was_stalled else {0}
        status = member.leave()
        if status not in allowed | {_ASKED_TOO_EARLY}:
            self._problem(member, f"asked to leave, ended with status {status}")

    def _pass_time(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._clock.wait(min(left, 0.05))
            self._look_after()

    def _look_after(self) -> None:
        """Wake whose time has come; start again who ended by himself."""
        now = time.monotonic()
        for member in self._members:
            if self._waking.get(member.name, now + 1) <= now:
                del self._waking[member.name]
                member.wake()
            status = member.ended()
            if status is None:
                continue
            if member.was_stalled and status == 1:
                self._outcome.fenced += 1
            else:
                self._problem(member, f"ended by itself with status {status}")
            self._tell(f"{member.name} ended with status {status}, starts again")
            member.join(self._variables)

    def _problem(self, member: Member, what: str) -> None:
        self._tell(f"{member.name}: {what}")
        self._outcome.problems.append(f"{member.name}: {what}\n{member.last_lines()}")

    def _pause_seconds(self) -> float:
        # In the middle of the rebalance before, or when all have settled.
        if self._chance.random() < 0.5:
            return self._chance.uniform(0.0, 1.0)
        return self._chance.uniform(1.0, 2 * SESSION_SECONDS)
