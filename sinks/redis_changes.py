"""What each record changes in Redis, as the JSON that the script reads."""

from collections.abc import Iterator, Sequence

import msgspec
import structlog

from accolade.sinks.board_rows import TallyRow, board_info, is_exact, score_of, tally_row
from accolade.sinks.decoding import Decode
from accolade.sinks.following import Received, Source
from accolade.sinks.metrics import REFUSED
from accolade.streams.codecs import Undecodable
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Closed, Contact, Tally

_LOG = structlog.get_logger(__name__)
_JSON = msgspec.json.Encoder()
_SINK = "boards"
#: Of so many partitions, a participant's is the hash that any smaller number divides.
_HASHES = 1 << 31

#: An entry of the script's `put`, with what it takes.
Change = dict[str, object]


class Changes:
    """Turns records into changes."""

    def __init__(self, decode: Decode) -> None:
        """Take what makes a record of a topic's bytes."""
        self._decode = decode

    def of_records(self, source: Source, records: Sequence[Received]) -> list[bytes]:
        """Return the changes of some records, in order."""
        told: set[tuple[str, str, int]] = set()
        return [
            _JSON.encode(change)
            for received in records
            for change in self._of_record(source, received, told)
        ]

    def _of_record(
        self, source: Source, received: Received, told: set[tuple[str, str, int]]
    ) -> Iterator[Change]:
        if received.value is None:
            yield _erasure(received)
            return
        try:
            record = self._decode(source.topic, received.value)
        except Undecodable as error:
            yield _refusal(source, received, error.reason, error.message)
            return
        if isinstance(record, Tally):
            if not is_exact(record.value):
                yield _refusal(source, received, "out_of_range", _beyond(record))
            row = tally_row(record)
            if row.places:
                yield from _of_boards(record, told)
            yield _of_tally(record, row)
        elif isinstance(record, Closed):
            yield _of_closed(record)
        elif isinstance(record, Contact):
            yield _of_contact(record)
        else:
            yield _refusal(source, received, "unexpected", type(record).__name__)


def _of_boards(tally: Tally, told: set[tuple[str, str, int]]) -> Iterator[Change]:
    """Yield what the tally's boards rank, those aside that were told before it."""
    for board in tally.boards:
        version = (tally.tally_id, board.board, tally.plan_version)
        if version in told:
            continue
        told.add(version)
        yield {
            "kind": "board",
            "tally": tally.tally_id,
            "board": board.board,
            "plan_version": tally.plan_version,
            "info": _JSON.encode(board_info(tally, board)).decode(),
        }


def _of_tally(tally: Tally, row: TallyRow) -> Change:
    dense = {board.board for board in tally.boards if board.ties == "dense"}
    return {
        "kind": "tally",
        "tally": tally.tally_id,
        "participant": tally.participant,
        "hash": partition_of(tally.participant.encode(), _HASHES),
        "revision": tally.revision,
        "score": score_of(tally.value),
        "row": _JSON.encode(row).decode(),
        "places": [
            {"board": board, "member": member, "dense": board in dense}
            for board, member in row.places
        ],
    }


def _of_closed(closed: Closed) -> Change:
    return {
        "kind": "closed",
        "tally": closed.tally_id,
        "partition": str(closed.partition),
        "partitions": str(closed.partitions),
    }


def _of_contact(contact: Contact) -> Change:
    # The address stays in Kafka, where it can be erased.
    row = {"revision": contact.revision, "name": contact.name}
    return {
        "kind": "name",
        "person": contact.person_id,
        "revision": contact.revision,
        "row": _JSON.encode(row).decode(),
    }


def _erasure(received: Received) -> Change:
    return {"kind": "erasure", "person": (received.key or b"").decode(errors="replace")}


def _refusal(source: Source, received: Received, reason: str, message: str) -> Change:
    REFUSED.labels(_SINK, reason).inc()
    _LOG.error(
        "record_refused",
        sink=_SINK,
        **source._asdict(),
        offset=received.offset,
        reason=reason,
        message=message,
    )
    return {"kind": "refusal", "offset": str(received.offset), "reason": f"{reason}: {message}"}


def _beyond(tally: Tally) -> str:
    return (
        f"{tally.participant}'s {tally.tally_id} is {tally.value}; boards rank what lies within "
        "±2**53"
    )
