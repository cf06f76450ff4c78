"""Makes the records of topics out of their bytes, for stores."""

from collections.abc import Callable, Sequence

from accolade.schemas import codec_for
from accolade.sinks.following import UnavailableError
from accolade.streams.catalogue import Topic
from accolade.streams.records import Record
from accolade.streams.registry import RegistryError
from accolade.streams.settings import Settings

#: A topic's name on the broker and a value, to the record; raises `Undecodable`.
Decode = Callable[[str, bytes], Record]


def decoder(settings: Settings, topics: Sequence[Topic]) -> Decode:
    """
    Return what decodes the values of some topics.

    It raises `Undecodable` for what is no record of the topic, and
    `UnavailableError` while the schema registry can't be reached.
    """
    codec = codec_for(settings)
    records = {settings.topic_name(topic): topic.records for topic in topics}

    def decode(topic: str, value: bytes) -> Record:
        try:
            return codec.decode(value, records[topic])
        except RegistryError as error:
            raise UnavailableError(str(error)) from error

    return decode
