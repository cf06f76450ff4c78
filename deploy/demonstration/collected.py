"""What has left the flow, as far as it was collected."""

from collections import Counter

from accolade.streams.history.outcome import Outcome
from accolade.streams.records import Award, Badge, DeadLetter, Leaderboard, Record

#: How many of the latest awards and badges are kept in their order.
_LATEST = 12


class Collected(Outcome):
    """The latest revision of every award, badge and standing; what was refused and what waits."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.dead_letters: dict[str, DeadLetter] = {}
        #: How often somebody moved on a board.
        self.moves = 0
        #: How many records came, by topic.
        self.records: Counter[str] = Counter()
        #: The awards and badges that changed last, by id, the latest at the end.
        self.latest: dict[str, Award | Badge] = {}

    def put(self, record: Record) -> None:
        """Take a record as the latest of its id."""
        super().put(record)
        match record:
            case Award():
                self._put_latest(record.award_id, record)
            case Badge():
                self._put_latest(record.badge_id, record)
            case DeadLetter():
                self.dead_letters[record.dead_letter_id] = record
            case Leaderboard():
                self.moves += 1

    def _put_latest(self, name: str, record: Award | Badge) -> None:
        self.latest.pop(name, None)
        self.latest[name] = record
        if len(self.latest) > _LATEST:
            del self.latest[next(iter(self.latest))]
