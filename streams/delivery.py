"""What has become of the records that were published."""

from typing import NamedTuple

from confluent_kafka import KafkaError

from accolade.streams.outgoing import Outgoing
from accolade.streams.records import Record


class Failure(NamedTuple):
    """A record that was not accepted by the broker."""

    #: What it is, e.g. `Deal D-7, revision 3`.
    name: str
    reason: str
    #: To be published again; None where a contact was to be erased.
    record: Record | None


class FlushResult(NamedTuple):
    """What has become of the records since the last flush."""

    #: How many the brokers accepted, on as many replicas as the topic demands.
    delivered: int
    failed: tuple[Failure, ...]
    #: Names of those that are still on their way when the time was up.
    waiting: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether everything was delivered."""
        return not self.failed and not self.waiting


class PublishingFailed(RuntimeError):
    """Records were not delivered; what they are is in `result`."""

    def __init__(self, result: FlushResult) -> None:
        """Take what has become of them."""
        self.result = result
        first = "".join(f"; {f.name}: {f.reason}" for f in result.failed[:1])
        undelivered = len(result.failed) + len(result.waiting)
        what = "1 record was" if undelivered == 1 else f"{undelivered:,} records were"
        super().__init__(f"{what} not delivered{first}")


def explained(error: KafkaError, message: Outgoing, servers: str) -> str:
    """Return why a message wasn't delivered, with what to do about it where that is known."""
    text: str = error.str()
    match error.code():
        case KafkaError._MSG_TIMED_OUT:
            return f"the brokers ({servers}) did not accept it in time: {text}"
        case KafkaError.MSG_SIZE_TOO_LARGE:
            size = len(message.value or b"")
            return f"its {size:,} bytes are more than topic {message.topic} takes: {text}"
        case KafkaError.UNKNOWN_TOPIC_OR_PART | KafkaError._UNKNOWN_TOPIC:
            return f"there is no topic {message.topic}; make it with: accolade topics create"
        case KafkaError._UNKNOWN_PARTITION:
            return f"topic {message.topic} has no partition {message.partition}: {text}"
        case _:
            return text
