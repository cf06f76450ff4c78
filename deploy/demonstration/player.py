"""Publishes a history into the embedded broker, no faster than it is counted."""

import time
from collections import Counter
from collections.abc import Callable, Sequence

from accolade.deploy.quiet import Quiet
from accolade.deploy.simulator.world import Event
from accolade.streams.publisher import Publisher, PublishingFailed
from accolade.streams.records import Closing

#: The broker forgets what exceeds about 5 MB in a partition; this many offsets
#: behind, all stages together, is far below that.
MOST_BEHIND = 20_000
_CHUNK = 500
_PACE_SECONDS = 0.1
_FLUSH_SECONDS = 60.0


class PlayError(RuntimeError):
    """The history could not be played."""


class Player:
    """Plays events in order of their arrival."""

    def __init__(self, publisher: Publisher, quiet: Quiet, events: Sequence[Event]) -> None:
        """Take the events in order of arrival."""
        self.sent: Counter[str] = Counter()
        self._publisher = publisher
        self._quiet = quiet
        self._events = events

    @property
    def now_us(self) -> int:
        """The simulated time: when the event that is played next arrives."""
        return self._events[min(self.sent.total(), len(self._events) - 1)].arrived_at

    def play(self, seconds: float, tick: Callable[..., None]) -> None:
        """
        Play everything within about `seconds`; 0 is as fast as it is counted.

        Args:
            seconds: How long the history shall take.
            tick: Called between the chunks.

        Raises:
            PlayError: A record was not accepted by the broker.
        """
        started = time.monotonic()
        closing = False
        while self.sent.total() < len(self._events):
            share = 1.0 if seconds <= 0 else (time.monotonic() - started) / seconds
            due = self._due(share)
            if due and isinstance(due[0].record, Closing) is not closing:
                # What stands before a closing is to be counted before it.
                self._quiet.wait(tick)
                closing = not closing
            self._send(due)
            tick()
            while (behind := self._quiet.behind()) is None or behind > MOST_BEHIND:
                tick()
                time.sleep(_PACE_SECONDS)

    def _due(self, share: float) -> Sequence[Event]:
        """Return what is to be sent next: a chunk that doesn't reach over a closing's edge."""
        done = self.sent.total()
        up_to = min(len(self._events), max(done, int(share * len(self._events))), done + _CHUNK)
        due = self._events[done:up_to]
        closing = [isinstance(event.record, Closing) for event in due]
        return due[: closing.index(not closing[0])] if len(set(closing)) > 1 else due

    def _send(self, events: Sequence[Event]) -> None:
        for event in events:
            self._publisher.publish(event.record)
        flushed = self._publisher.flush(_FLUSH_SECONDS)
        if not flushed.complete:
            raise PlayError(str(PublishingFailed(flushed)))
        self.sent.update(event.topic.name for event in events)
