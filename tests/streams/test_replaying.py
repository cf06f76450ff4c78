"""Dead letters on a real broker: replayed once, where they belong, and marked with the same act."""

import hashlib
from decimal import Decimal

import msgspec
import pytest
from confluent_kafka import Producer

from accolade.schemas import codec_for
from accolade.streams.catalogue import ANNOUNCEMENTS, DEADLETTERS, DEALS, DEMOS, REFERENCE
from accolade.streams.deadletters import LetterNotFound, LetterStatus, read_letters, read_statuses
from accolade.streams.kafka_clients import producer_config
from accolade.streams.partitioning import partition_of
from accolade.streams.records import Person
from accolade.streams.replaying import Replayer, ReplayFailed, ReplayRefused, replaceable
from accolade.streams.settings import Settings
from accolade.streams.validation import Invalid
from tests.streams.letters_here import letter, refuse
from tests.streams.topics_here import APRIL, DEAL, entries_of, records_of, with_topics

pytestmark = pytest.mark.pipeline

PERSON = Person(person_id="ann", valid_from=APRIL, revision=1, active=True, role="sdr")
NOTE = "by ops on 2026-04-02"


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment of this test's own."""
    return with_topics(kafka, prefix)


def statuses(settings: Settings) -> list[LetterStatus]:
    """Return how all dead letters stand."""
    return read_statuses(settings, codec_for(settings)).statuses


def test_a_misplaced_record_is_put_where_its_key_belongs(settings):
    """As it came, byte for byte."""
    refused = letter(settings, DEAL)
    refuse(settings, refused)
    replayed = Replayer(settings, codec_for(settings)).replay(refused, NOTE)
    (entry,) = entries_of(settings, DEALS)

    assert entry.partition == partition_of(b"D-1", 3) != refused.partition
    assert (entry.key, entry.value) == (b"D-1", refused.value)
    assert replayed == (refused.dead_letter_id, settings.topic_name(DEALS), entry.partition, 0)


def test_a_replayed_letter_is_marked_with_who_and_why(settings):
    """The refused bytes stay in the topic."""
    refused = letter(settings, DEAL)
    refuse(settings, refused, letter(settings, b"?", offset=7))
    Replayer(settings, codec_for(settings)).replay(refused, NOTE)
    replayed, waiting = sorted(statuses(settings), key=lambda status: status.letter.offset)

    assert (replayed.open, waiting.open) == (False, True)
    assert replayed.replayed == (
        f"{NOTE}, to {settings.topic_name(DEALS)};"
        " it was refused as misplaced_key: key 'D-1' belongs elsewhere"
    )
    assert replayed.letter == msgspec.structs.replace(refused, value=None)
    assert (replayed.value_bytes, waiting.value_bytes) == (len(refused.value or b""), 1)
    assert list(read_letters(settings, codec_for(settings), [replayed])) == [refused]


def test_what_is_refused_again_is_listed_again(settings):
    """The last word on an id counts."""
    refused = letter(settings, DEAL)
    refuse(settings, refused)
    Replayer(settings, codec_for(settings)).replay(refused, NOTE)
    refuse(settings, refused)

    assert [status.open for status in statuses(settings)] == [True]


def test_a_record_under_a_wrong_key_goes_under_its_own(settings):
    """It says itself what it is about."""
    refused = msgspec.structs.replace(letter(settings, DEAL), key=b"D-2", reason="wrong_key")
    Replayer(settings, codec_for(settings)).replay(refused, NOTE)

    assert [entry.key for entry in entries_of(settings, DEALS)] == [b"D-1"]


def test_a_key_may_be_given(settings):
    """For a record that can't be read, or has none."""
    replayer = Replayer(settings, codec_for(settings))
    replayer.replay(letter(settings, b"newer"), NOTE, key="D-3")
    without = msgspec.structs.replace(letter(settings, b"newer"), key=None)
    with pytest.raises(ReplayRefused, match="has no key"):
        replayer.replay(without, NOTE)
    (entry,) = entries_of(settings, DEALS)

    assert (entry.key, entry.partition) == (b"D-3", partition_of(b"D-3", 3))


def test_reference_data_goes_into_its_one_order(settings):
    """Partition 0, and the key is its own."""
    refused = letter(settings, PERSON, REFERENCE)
    Replayer(settings, codec_for(settings)).replay(refused, NOTE)

    (entry,) = entries_of(settings, REFERENCE)
    assert (entry.partition, entry.key) == (0, f"person|ann|{APRIL}".encode())


def test_what_the_flow_has_written_goes_back_to_its_partition(settings):
    """Each partition has a copy of its own there."""
    refused = letter(settings, PERSON, ANNOUNCEMENTS)
    Replayer(settings, codec_for(settings)).replay(refused, NOTE)

    (entry,) = entries_of(settings, ANNOUNCEMENTS)
    assert (entry.partition, entry.key) == (1, b"D-1")


def test_a_repaired_record_is_published_in_its_place(settings):
    """Checked and encoded anew."""
    refused = letter(settings, b"?")
    refuse(settings, refused)
    replayer = Replayer(settings, codec_for(settings))
    with pytest.raises(Invalid, match="amount"):
        replayer.replace(refused, msgspec.structs.replace(DEAL, amount=Decimal("-1")), NOTE)
    assert [status.open for status in statuses(settings)] == [True]
    replayer.replace(refused, DEAL, NOTE)

    assert records_of(settings, DEALS) == [DEAL]
    assert [status.open for status in statuses(settings)] == [False]


def test_a_letter_without_value_can_only_be_replaced(settings):
    """Nothing is to be published of it."""
    with pytest.raises(ReplayRefused, match="has no value"):
        Replayer(settings, codec_for(settings)).replay(letter(settings, None), NOTE)


def test_a_letter_from_a_topic_that_is_not_known_is_refused(settings):
    """As from another version."""
    stray = msgspec.structs.replace(letter(settings, DEAL), topic="crm.quotes")
    with pytest.raises(LetterNotFound, match=r"no topic crm\.quotes"):
        Replayer(settings, codec_for(settings)).replay(stray, NOTE)


def test_the_largest_record_a_topic_takes_can_be_replayed(settings):
    """The topic of dead letters holds more than the letter."""
    refused = letter(settings, hashlib.shake_128(b"").digest(1_048_000))
    refuse(settings, refused)
    (status,) = statuses(settings)
    (again,) = read_letters(settings, codec_for(settings), [status])
    Replayer(settings, codec_for(settings)).replay(again, NOTE)

    assert [entry.value for entry in entries_of(settings, DEALS)] == [refused.value]


def test_what_the_broker_does_not_take_is_not_marked(settings):
    """Sent and marked, or neither."""
    refused = letter(settings, hashlib.shake_128(b"").digest(2_000_000))
    refuse(settings, refused)
    replayer = Replayer(settings, codec_for(settings))
    with pytest.raises(ReplayFailed, match="it was not sent"):
        replayer.replay(refused, NOTE)
    assert [status.open for status in statuses(settings)] == [True]

    replayer.replay(letter(settings, DEAL), NOTE)
    assert records_of(settings, DEALS) == [DEAL]


def test_who_replays_later_ends_the_one_before(settings):
    """Or a letter could be sent by both."""
    first = Replayer(settings, codec_for(settings))
    first.replay(letter(settings, DEAL), NOTE)
    second = Replayer(settings, codec_for(settings))
    with pytest.raises(ReplayFailed, match="another replay has begun"):
        first.replay(letter(settings, DEAL), NOTE)
    second.replay(letter(settings, DEAL), NOTE)

    assert len(entries_of(settings, DEALS)) == 2


def test_a_record_of_the_topic_that_can_not_be_read_is_counted(settings):
    """A newer version may have written it; the others are listed."""
    producer = Producer(producer_config(settings))
    producer.produce(settings.topic_name(DEADLETTERS), value=b"?", key=b"x")
    assert producer.flush(30) == 0
    refuse(settings, letter(settings, DEAL))

    letters = read_statuses(settings, codec_for(settings))
    assert (len(letters.statuses), letters.unreadable) == (1, 1)


def test_only_records_from_outside_can_be_replaced():
    """What the flow derives is put right by its sources."""
    assert [record.__name__ for record in replaceable(DEMOS)] == ["Demo"]
    assert replaceable(DEADLETTERS) == ()
    assert Person in replaceable(ANNOUNCEMENTS)
