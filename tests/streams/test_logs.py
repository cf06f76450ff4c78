"""How the process logs."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from accolade.streams.logs import configure_logs
from accolade.streams.settings import Settings

GROUPS = "aiokafka.consumer.group_coordinator"
IN_ORDER = [
    ("kafka", "GETPID [rdkafka#producer-1]: Failed to acquire PID: Coordinator loading: retrying"),
    (GROUPS, "Heartbeat failed for group accolade because it is rebalancing"),
]
REAL = [
    ("kafka", "GETPID [rdkafka#producer-1]: Failed to acquire PID: Not authorized"),
    (GROUPS, "Heartbeat failed: local member_id was not recognized"),
    ("accolade.streams", "Coordinator loading: retrying"),
]


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Leave the loggers as they were."""
    root = logging.getLogger()
    loggers = [root, *map(logging.getLogger, ("kafka", GROUPS, "aiokafka", "faust", "mode"))]
    before = [(logger, logger.handlers[:], logger.level, logger.filters[:]) for logger in loggers]
    yield
    for logger, handlers, level, filters in before:
        logger.handlers[:], logger.filters[:] = handlers, filters
        logger.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.parametrize(("level", "heard"), [("INFO", REAL), ("DEBUG", [*IN_ORDER, *REAL])])
def test_what_is_in_order_is_no_warning(
    level: str, heard: list[tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """A retry, a rebalance; what is like it and is not in order is logged."""
    configure_logs(Settings(log_level=level, log_format="json"))

    for name, text in [*IN_ORDER, *REAL]:
        logging.getLogger(name).warning(text)

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["logger"], line["event"]) for line in lines] == heard


def test_a_line_for_people_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    """The logger is named where it is a library's."""
    configure_logs(Settings())

    logging.getLogger("accolade.streams.engine.worker").info("ready")
    logging.getLogger("aiokafka").error("lost")

    lines = capsys.readouterr().err.splitlines()
    assert [line.partition("Z ")[2] for line in lines] == [
        "[info] ready",
        "[error] lost [aiokafka]",
    ]
