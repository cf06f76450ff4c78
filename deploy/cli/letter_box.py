"""Dead letters as the commands find them."""

from collections.abc import Iterable, Iterator, Sequence

from accolade.deploy.cli.brokers import reachable_settings
from accolade.deploy.cli.problems import fail
from accolade.schemas import codec_for
from accolade.streams.catalogue import DEADLETTERS
from accolade.streams.deadletters import LetterStatus, read_letters, read_statuses
from accolade.streams.log_reader import LogUnavailable
from accolade.streams.records import DeadLetter


class LetterBox:
    """All dead letters of an installation; what can't be read or found ends the command."""

    def __init__(self) -> None:
        """Read how all letters stand."""
        self.settings = reachable_settings([DEADLETTERS])
        self.codec = codec_for(self.settings)
        try:
            letters = read_statuses(self.settings, self.codec)
        except LogUnavailable as error:
            fail(str(error))
        self.statuses = letters.statuses
        self.unreadable = letters.unreadable

    def find(self, ids: Sequence[str]) -> list[LetterStatus]:
        """Return the letters of these ids, each once."""
        by_id = {status.letter.dead_letter_id: status for status in self.statuses}
        missing = [letter_id for letter_id in ids if letter_id not in by_id]
        if missing:
            fail(
                f"there is no dead letter {', '.join(missing)}; "
                "`accolade deadletters list` shows the ids"
            )
        return [by_id[letter_id] for letter_id in dict.fromkeys(ids)]

    def waiting(self, reason: str | None) -> list[LetterStatus]:
        """Return the letters that wait to be dealt with, of one reason or of all."""
        return [s for s in self.statuses if s.open and reason in (None, s.letter.reason)]

    def letters(self, wanted: Iterable[LetterStatus]) -> Iterator[DeadLetter]:
        """Yield letters with their values, one at a time."""
        try:
            yield from read_letters(self.settings, self.codec, wanted)
        except LogUnavailable as error:
            fail(str(error))
