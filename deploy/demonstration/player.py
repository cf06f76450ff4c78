"""Publishes a history into the embedded broker, no faster than it is counted."""

import time
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from accolade.deploy.demonstration.worker import Tick
from accolade.deploy.embedded_broker import PARTITIONS
from accolade.deploy.simulator.world import Event
from accolade.streams.catalogue import CATALOGUE, REFERENCE
from accolade.streams.keys import key_of
from accolade.streams.partitioning import partition_of
from accolade.streams.publisher import Publisher, PublishingFailed
from accolade.streams.records import Closing

#: So many offsets behind, all stages together, is far below what the broker keeps.
_MOST_BEHIND = 20_000
#: Where the history is given time, so that the boards are of the day that is shown.
_MOST_BEHIND_LIVE, _LIVE_CHECK_SECONDS = 2_000, 1.0
#: The embedded broker hands out what was sent together together: the larger the
#: chunks, the fewer the worker's transactions.
_CHUNK = 3_000
#: How soon the next events are sent where the history is given time: often enough to
#: look alive, and seldom enough for the worker to keep up on a slow machine.
_PACE_SECONDS = 0.3
_FLUSH_SECONDS = 60.0


class PlayError(RuntimeError):
    """The history could not be played."""


class Counting(Protocol):
    """What counts the events."""

    def wait_until_counted(self, tick: Tick, up_to: int = 0) -> None:
        """Wait until everything is counted, or all but a number of offsets."""
        ...


class Player:
    """Plays events in order of their arrival."""

    def __init__(self, publisher: Publisher, worker: Counting, events: Sequence[Event]) -> None:
        """Take the events in order of arrival."""
        self.sent: Counter[str] = Counter()
        self._publisher = publisher
        self._worker = worker
        self._events = events
        self._checked_at = 0.0

    @property
    def now_us(self) -> int:
        """The history's time: when the event that is played next arrives, µs UTC."""
        return self._events[min(self.sent.total(), len(self._events) - 1)].arrived_at

    def play(self, seconds: float, tick: Tick) -> None:
        """
        Play everything within about `seconds`; 0 is as fast as it is counted.

        Args:
            seconds: How long the history shall take.
            tick: Called again and again; takes a moment itself.

        Raises:
            PlayError: A record was not accepted by the broker.
            StartError: The worker has ended, or takes too long.
        """
        started = time.monotonic()
        closing = False
        while self.sent.total() < len(self._events):
            share = 1.0 if seconds <= 0 else (time.monotonic() - started) / seconds
            due = self._due(share)
            if due and isinstance(due[0].record, Closing) is not closing:
                # What stands before a closing is to be counted before it.
                self._worker.wait_until_counted(tick)
                closing = not closing
            self._send(due)
            self._pace(seconds > 0, tick)
        self._worker.wait_until_counted(tick)

    def _pace(self, is_live: bool, tick: Tick) -> None:
        """Wait until more may be sent."""
        next_at = time.monotonic() + (_PACE_SECONDS if is_live else 0.0)
        tick()
        while time.monotonic() < next_at:
            tick()
        if not is_live:
            self._worker.wait_until_counted(tick, _MOST_BEHIND)
        elif next_at >= self._checked_at + _LIVE_CHECK_SECONDS:
            self._checked_at = next_at
            self._worker.wait_until_counted(tick, _MOST_BEHIND_LIVE)

    def _due(self, share: float) -> Sequence[Event]:
        """Return what is to be sent next: a chunk that doesn't reach over a closing's edge."""
        done = self.sent.total()
        up_to = min(len(self._events), max(done, int(share * len(self._events))), done + _CHUNK)
        due = self._events[done:up_to]
        closing = [isinstance(event.record, Closing) for event in due]
        return due[: closing.index(not closing[0])] if len(set(closing)) > 1 else due

    def _send(self, events: Sequence[Event]) -> None:
        for event in sorted(events, key=_place):
            self._publisher.publish(event.record)
        flushed = self._publisher.flush(_FLUSH_SECONDS)
        if not flushed.complete:
            raise PlayError(str(PublishingFailed(flushed)))
        self.sent.update(event.topic.name for event in events)


def _place(event: Event) -> tuple[bool, int, int]:
    """Return where an event goes, reference data first; a key's events stay in their order."""
    key = key_of(event.record).encode()
    topic = event.topic
    return topic is not REFERENCE, CATALOGUE.index(topic), partition_of(key, PARTITIONS)
