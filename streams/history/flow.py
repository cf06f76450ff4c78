"""A history from its first event on: what happened in the CRM, credited and folded."""

from collections.abc import Sequence

from accolade.streams.catalogue import DEALS, FACTS, REFERENCE
from accolade.streams.history.fold import Fold
from accolade.streams.records import Contact, Record
from accolade.streams.rules.credit import credit
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Position
from accolade.streams.validation import validate


class Flow:
    """Credits events once, for folds under one or several sets of plans."""

    def __init__(self, folds: Sequence[Fold]) -> None:
        """Take the folds, each of a single partition."""
        self._folds = folds
        self._view = MemoryView()
        self._taken = 0

    def put(self, event: Record) -> None:
        """
        Take an event, or reference data.

        Raises:
            Rejected: It is out of its bounds, or means nothing.
        """
        if isinstance(event, Contact):
            return
        validate(event)
        is_reference = isinstance(event, REFERENCE.records)
        if is_reference:
            # First, as what is credited by it is counted by it too.
            for fold in self._folds:
                fold.put(event)
        self._taken += 1
        position = Position(REFERENCE.name if is_reference else DEALS.name, 0, self._taken)
        for output in credit(self._view, event, position):
            for fold in self._folds:
                if output.topic is FACTS and output.record is not None:
                    fold.put(output.record)
                else:
                    fold.outcome.take(output)
