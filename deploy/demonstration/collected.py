"""What has left the flow, as far as it was collected."""

from collections import Counter

from accolade.streams.records import (
    Award,
    Badge,
    DeadLetter,
    Leaderboard,
    Parked,
    Record,
    Standing,
)

#: How many of the latest awards and badges are kept in their order.
_LATEST = 12


class Collected:
    """The latest revision of every award, badge and standing; what was refused and what waits."""

    def __init__(self) -> None:
        """Start empty."""
        self.awards: dict[str, Award] = {}
        self.badges: dict[str, Badge] = {}
        self.standings: dict[str, Standing] = {}
        self.dead_letters: dict[str, DeadLetter] = {}
        self.parked: dict[str, Parked] = {}
        #: How often somebody moved on a board.
        self.moves = 0
        #: How many records came, by topic.
        self.records: Counter[str] = Counter()
        #: The awards and badges that changed last, by id, the latest at the end.
        self.latest: dict[str, Award | Badge] = {}

    def standing_awards(self) -> list[Award]:
        """Return the awards that nothing has taken back."""
        return [award for award in self.awards.values() if award.state != "withdrawn"]

    def granted_badges(self) -> list[Badge]:
        """Return the badges that are not revoked."""
        return [badge for badge in self.badges.values() if badge.granted]

    def put(self, record: Record) -> None:
        """Take a record as the latest of its id."""
        match record:
            case Award():
                self.awards[record.award_id] = record
                self._put_latest(record.award_id, record)
            case Badge():
                self.badges[record.badge_id] = record
                self._put_latest(record.badge_id, record)
            case Standing():
                self.standings[record.board] = record
            case DeadLetter():
                self.dead_letters[record.dead_letter_id] = record
            case Parked():
                self.parked[record.parked_id] = record
            case Leaderboard():
                self.moves += 1

    def _put_latest(self, name: str, record: Award | Badge) -> None:
        self.latest.pop(name, None)
        self.latest[name] = record
        if len(self.latest) > _LATEST:
            del self.latest[next(iter(self.latest))]
