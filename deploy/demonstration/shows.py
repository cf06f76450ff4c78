"""How a run is shown: live on a terminal, in plain lines elsewhere, or not at all."""

import time
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live

from accolade.deploy.demonstration.collected import Collected
from accolade.deploy.demonstration.player import Player
from accolade.deploy.demonstration.screen import Screen

_SCREEN_SECONDS = 1 / 8
#: Plain lines tell of each so many per cent of the events.
_PERCENT_A_LINE = 10


class Show:
    """Shows nothing; a context manager that leaves the terminal as it was."""

    def update(self, player: Player) -> None:
        """Show how far the player is."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the terminal back."""


class LiveShow(Show):
    """Draws the screen again and again, and gives back what was there before it."""

    def __init__(self, console: Console, screen: Screen) -> None:
        """Take the terminal, and what draws."""
        self._screen = screen
        self._console = console
        self._live = Live(console=console, auto_refresh=False, screen=True)
        self._draw_at = 0.0

    def update(self, player: Player) -> None:
        """Draw, if it is time to."""
        now = time.monotonic()
        if now < self._draw_at:
            return
        self._draw_at = now + _SCREEN_SECONDS
        sent, height = player.sent.total(), self._console.size.height
        self._live.update(self._screen.draw(player.now_us, sent, height), refresh=True)

    def __enter__(self) -> Self:
        """Take the terminal."""
        self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give it back."""
        self._live.stop()


class LineShow(Show):
    """Prints a line now and then, for files and pipes."""

    def __init__(self, console: Console, results: Collected, total: int) -> None:
        """Take where to print, what has left the flow, and how many events are played."""
        self._console = console
        self._results = results
        self._total = total
        self._next_percent = _PERCENT_A_LINE

    def update(self, player: Player) -> None:
        """Print a line, if it is far enough from the last one."""
        sent = player.sent.total()
        percent = 100 * sent // max(1, self._total)
        if percent < self._next_percent:
            return
        self._next_percent = percent - percent % _PERCENT_A_LINE + _PERCENT_A_LINE
        day = datetime.fromtimestamp(player.now_us / 1e6, UTC).date()
        awards = len(self._results.standing_awards())
        badges = len(self._results.granted_badges())
        self._console.print(
            f"{day}  {sent:,} of {self._total:,} events sent; awards {awards:,}, badges {badges:,}"
        )


def show_on(console: Console, screen: Screen, results: Collected, total: int) -> Show:
    """Return how a run is shown on this console."""
    if console.quiet:
        return Show()
    if console.is_terminal and not console.is_dumb_terminal:
        return LiveShow(console, screen)
    return LineShow(console, results, total)
