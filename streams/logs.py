"""Structured logs: one event a line, as JSON for machines or plain for people."""

import logging
import re

import structlog
from structlog.typing import EventDict

from accolade.streams.settings import Settings

#: Tell of every poll and rebalance step; their warnings are enough.
_TALKATIVE = ("aiokafka", "faust", "mode", "kafka", "asyncio")
#: Machines compare times; people read them.
_TIMES = {"json": "iso", "text": "%Y-%m-%d %H:%M:%SZ"}
#: What libraries warn of though it is in order, by logger: a client that tries again, and
#: fails loudly if that doesn't help; a member of a group of which another came or left.
_IN_ORDER = {
    "kafka": re.compile(r".*: retrying$", re.DOTALL),
    "aiokafka.consumer.group_coordinator": re.compile(r"Heartbeat failed .* it is rebalancing$"),
}


def configure_logs(settings: Settings) -> None:
    """Send all logs of the process, the libraries' too, to stderr as the settings say."""
    shared: list[structlog.types.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt=_TIMES[settings.log_format], utc=True),
        structlog.processors.format_exc_info,
    ]
    last: structlog.types.Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, pad_level=False)
    )
    own: list[structlog.types.Processor] = [] if settings.log_format == "json" else [_without_own]
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *own, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    if settings.log_level.upper() != "DEBUG":
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        for name, said in _IN_ORDER.items():
            logging.getLogger(name).addFilter(_Without(said))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class _Without(logging.Filter):
    """Drops what a pattern fits."""

    def __init__(self, said: re.Pattern[str]) -> None:
        super().__init__()
        self._said = said

    def filter(self, record: logging.LogRecord) -> bool:
        return self._said.fullmatch(record.getMessage()) is None


def _without_own(logger: object, method: str, event: EventDict) -> EventDict:
    """Name the logger of libraries alone: a person who reads knows what runs here."""
    if str(event.get("logger", "")).startswith("accolade."):
        del event["logger"]
    return event
