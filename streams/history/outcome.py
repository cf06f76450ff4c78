"""What has come out of a fold: the newest of everything that leaves the flow."""

from typing import NamedTuple

from accolade.streams.catalogue import PARKED
from accolade.streams.records import Award, Badge, Parked, Record, Standing
from accolade.streams.rules.state import Output


class Refused(NamedTuple):
    """A fact that was not counted."""

    #: `FILE:line`, or `topic/partition/offset`.
    place: str
    why: str


class Replayed(NamedTuple):
    """What was read of a history."""

    facts: int
    refused: list[Refused]


class Outcome:
    """The latest revision of every award, badge and standing, and what waits."""

    def __init__(self) -> None:
        """Start empty."""
        self.awards: dict[str, Award] = {}
        self.badges: dict[str, Badge] = {}
        self.standings: dict[str, Standing] = {}
        self.parked: dict[str, Parked] = {}

    def standing_awards(self) -> list[Award]:
        """Return the awards that nothing has taken back."""
        return [award for award in self.awards.values() if award.state != "withdrawn"]

    def granted_badges(self) -> list[Badge]:
        """Return the badges that are not revoked."""
        return [badge for badge in self.badges.values() if badge.granted]

    def take(self, output: Output) -> None:
        """Take what a step says; what no reader of a replay asks for is let go."""
        if output.record is not None:
            self.put(output.record)
        elif output.topic is PARKED:
            self.parked.pop(output.key, None)

    def put(self, record: Record) -> None:
        """Take a record as the latest of its id."""
        match record:
            case Award():
                self.awards[record.award_id] = record
            case Badge():
                self.badges[record.badge_id] = record
            case Standing():
                self.standings[record.board] = record
            case Parked():
                self.parked[record.parked_id] = record
