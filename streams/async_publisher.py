"""Publishes records from outside in an asyncio program; see `accolade.streams.publisher`."""

import asyncio
import time
from types import TracebackType
from typing import Self

from accolade.streams.codecs import Codec
from accolade.streams.delivery import FlushResult, PublishingFailed
from accolade.streams.outgoing import Outgoing, erased_contact
from accolade.streams.publisher import (
    DELIVERY_SECONDS,
    FAREWELL_SECONDS,
    QUEUE_RECORDS,
    Publisher,
)
from accolade.streams.records import Record
from accolade.streams.settings import Settings


class AsyncPublisher:
    """
    A `Publisher` whose waiting lets other tasks run; tasks may share it.

    An asynchronous context manager: it flushes at the end, and raises
    `PublishingFailed` unless everything was delivered.
    """

    def __init__(
        self,
        settings: Settings,
        codec: Codec,
        *,
        queue_records: int = QUEUE_RECORDS,
        delivery_seconds: float = DELIVERY_SECONDS,
    ) -> None:
        """Take what `Publisher` takes."""
        self._settings = settings
        self._publisher = Publisher(
            settings, codec, queue_records=queue_records, delivery_seconds=delivery_seconds
        )

    @property
    def waiting(self) -> int:
        """How many are on their way."""
        return self._publisher.waiting

    async def publish(self, record: Record) -> None:
        """As `Publisher.publish`."""
        await self._send(self._publisher.prepare(record))

    async def erase_contact(self, person_id: str) -> None:
        """As `Publisher.erase_contact`."""
        await self._send(erased_contact(person_id, self._settings))

    async def flush(self, timeout_seconds: float | None = None) -> FlushResult:
        """As `Publisher.flush`; what other tasks publish meanwhile is waited for as well."""
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        while self._publisher.waiting and (deadline is None or time.monotonic() < deadline):
            await self._news()
        return self._publisher.take_result()

    async def close(self) -> None:
        """
        Flush.

        Raises:
            PublishingFailed: Not everything was delivered.
        """
        result = await self.flush()
        if not result.complete:
            raise PublishingFailed(result)

    async def _send(self, message: Outgoing) -> None:
        while not self._publisher.offer(message):
            await self._news()

    async def _news(self) -> None:
        # The client waits in C, without the interpreter's lock.
        await asyncio.to_thread(self._publisher.wait_for_reports)

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Flush; an error that is under way already is not replaced by what failed here."""
        if error is None:
            await self.close()
        else:
            await self.flush(FAREWELL_SECONDS)
