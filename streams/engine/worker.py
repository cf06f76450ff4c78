"""Runs an app as a worker process: Faust's own worker, and an exit status that tells."""

import logging
import os
import signal
import sys
import threading
from typing import Any

import faust

from accolade.streams.engine.app import App

log = logging.getLogger(__name__)

#: A worker that failed is ended the hard way if an orderly stop takes longer.
ORDERLY_STOP_SECONDS = 30.0
#: Exit status of a worker that ended for a reason of its own.
EXIT_FAILED = 1


class _Worker(faust.Worker):  # type: ignore[misc] # Faust is untyped
    """Faust's worker, which logs where Faust's own draws on the terminal."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(app, quiet=True, **options)
        self.spinner = None

    async def on_startup_finished(self) -> None:
        await super().on_startup_finished()
        if not self._shutdown_immediately:
            log.info("ready: stages %s; %s", ", ".join(self.app.runners), _pages(self.app))

    async def _stop_on_signal(self, signal: signal.Signals) -> None:
        log.info("stopping: what is under way is finished first")
        await super()._stop_on_signal(signal)


def run_worker(app: App, **options: Any) -> int:
    """
    Run until a signal or a failure ends it; return the exit status.

    Args:
        app: What to run.
        options: Faust's own options of a worker, e.g. `loglevel`.
    """
    app.on_failure = _end_process
    app.finalize()
    try:
        _Worker(app, **options).execute_from_commandline()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else EXIT_FAILED
    if app.failure is None:
        if status == 0:
            log.info("stopped")
        return status
    print(f"the worker ended: {app.failure}", file=sys.stderr)
    return EXIT_FAILED


def _pages(app: App) -> str:
    conf = app.conf
    return f"metrics on {conf.web_bind}:{conf.web_port}" if conf.web_enabled else "no metrics"


def _end_process() -> None:
    # Faust's crash only marks its services; a signal is what ends its worker.
    watchdog = threading.Timer(ORDERLY_STOP_SECONDS, os._exit, (EXIT_FAILED,))
    watchdog.daemon = True
    watchdog.start()
    signal.raise_signal(signal.SIGTERM)
