"""The asyncio variant, on a real broker."""

import asyncio
from collections.abc import Callable, Coroutine
from decimal import Decimal
from functools import wraps
from typing import Any

import msgspec
import pytest

from accolade.deploy.local_process import free_port
from accolade.schemas import codec_for
from accolade.streams.async_publisher import AsyncPublisher
from accolade.streams.catalogue import CONTACTS, DEALS
from accolade.streams.delivery import PublishingFailed
from accolade.streams.log_reader import latest_by_key
from accolade.streams.records import Deal
from accolade.streams.settings import Settings
from accolade.streams.validation import Invalid
from tests.streams.topics_here import (
    CONTACT,
    DEAL,
    deals_numbered,
    entries_of,
    ids_of,
    records_of,
    settings_for,
    with_topics,
)

pytestmark = pytest.mark.pipeline

Tested = Callable[..., Coroutine[Any, Any, None]]


def in_a_loop(test: Tested) -> Callable[..., None]:
    """Run an asyncio test as a plain one."""

    @wraps(test)
    def run(*args: Any, **fixtures: Any) -> None:
        asyncio.run(test(*args, **fixtures))

    return run


@pytest.fixture
def settings(kafka: str, prefix: str) -> Settings:
    """Return the settings of a deployment of this test's own."""
    return with_topics(kafka, prefix)


@in_a_loop
async def test_tasks_share_a_publisher_and_let_each_other_run(settings):
    """A full queue makes the task wait that publishes, not the others."""
    published: list[int] = []

    async def publish(task: int, deals: list[Deal]) -> None:
        for deal in deals:
            await publisher.publish(deal)
            published.append(task)

    deals = deals_numbered(range(600))
    async with AsyncPublisher(settings, codec_for(settings), queue_records=20) as publisher:
        await asyncio.gather(*(publish(n, deals[n::3]) for n in range(3)))
        result = await publisher.flush()

    assert result == (600, (), ())
    assert set(published[:100]) == {0, 1, 2}
    assert ids_of(records_of(settings, DEALS)) == ids_of(deals)


@in_a_loop
async def test_nothing_is_sent_of_a_record_with_a_wrong_field(settings):
    """As with the publisher that blocks."""
    async with AsyncPublisher(settings, codec_for(settings)) as publisher:
        with pytest.raises(Invalid, match="amount"):
            await publisher.publish(msgspec.structs.replace(DEAL, amount=Decimal("-1")))
    assert entries_of(settings, DEALS) == []


@in_a_loop
async def test_a_contact_can_be_erased(settings):
    """As with the publisher that blocks."""
    async with AsyncPublisher(settings, codec_for(settings)) as publisher:
        await publisher.publish(CONTACT)
        await publisher.erase_contact("ann")
    assert latest_by_key(entries_of(settings, CONTACTS)) == {}


@in_a_loop
async def test_what_failed_is_raised_at_the_end(prefix):
    """And named."""
    settings = settings_for(f"127.0.0.1:{free_port()}", prefix)
    publisher = AsyncPublisher(settings, codec_for(settings), delivery_seconds=0.5)
    await publisher.publish(DEAL)
    assert publisher.waiting == 1
    with pytest.raises(PublishingFailed) as error:
        await publisher.close()

    assert [failure.record for failure in error.value.result.failed] == [DEAL]
