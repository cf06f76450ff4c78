"""The demo's terminal while it plays: a board, what was earned last, and totals, in 80 columns."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from accolade.deploy.cli.tables import counted
from accolade.deploy.demonstration.collected import Collected
from accolade.deploy.demonstration.wording import amount, board_name, earned, name_of, number
from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.records import Award, Badge, Standing
from accolade.streams.rules.periods import calendar_of

_MOST_ROWS, _FEWEST_ROWS = 10, 3
#: Lines besides the rows: header, frames, totals of a few plans, badges.
_OTHER_LINES = 12
_BOARD_COLUMNS, _NAME_COLUMNS = 36, 16
_EDGE = 2
#: The plan that everybody looks at first.
_SAMPLE_PLAN = "q2-sales-performance"


class Screen:
    """Draws what is known so far."""

    def __init__(self, results: Collected, names: Mapping[str, str], total: int) -> None:
        """
        Take what is drawn.

        Args:
            results: What has left the flow.
            names: What people call the participants.
            total: How many events are played.
        """
        self._results = results
        self._names = names
        self._total = total

    def draw(self, now_us: int, sent: int, height: int) -> RenderableType:
        """
        Return the screen.

        Args:
            now_us: The history's time, µs UTC.
            sent: How many events were played.
            height: Lines of the terminal.
        """
        rows = max(_FEWEST_ROWS, min(_MOST_ROWS, height - _OTHER_LINES))
        columns = Table.grid(expand=True)
        columns.add_column(width=_BOARD_COLUMNS)
        columns.add_column(ratio=1)
        columns.add_row(self._board(now_us, rows), self._latest(rows))
        return Group(self._header(now_us, sent), columns, self._totals())

    # --- the parts ---

    def _header(self, now_us: int, sent: int) -> RenderableType:
        day = datetime.fromtimestamp(now_us / 1e6, UTC).strftime("%a %d %b %Y")
        line = Table.grid(padding=(0, 2), expand=True)
        line.add_column(no_wrap=True)
        line.add_column(no_wrap=True)
        line.add_column(ratio=1)
        line.add_row(
            Text(f" {day}", style="bold"),
            f"{sent:,} of {self._total:,} events",
            ProgressBar(total=self._total, completed=sent),
        )
        return line

    def _board(self, now_us: int, rows: int) -> Panel:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(justify="right", width=2)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        standing = shown_standing(self._results.standings, now_us)
        if standing is None:
            return _panel(table, "Board", rows)
        for row in standing.top[:rows]:
            name = name_of(row.participant, self._names)
            table.add_row(str(row.rank), name, number(row.value, standing.unit))
        title = board_name(standing.board).title
        title = title[:1].upper() + title[1:]
        unit = f", {standing.unit}" if standing.unit in MINOR_DECIMALS else ""
        return _panel(table, f"{title}{unit}{' (final)' if standing.final else ''}", rows)

    def _latest(self, rows: int) -> Panel:
        table = Table.grid(padding=(0, 1), expand=True)
        # On a wide terminal what was earned stands beside the name all the same.
        table.add_column(max_width=_NAME_COLUMNS, no_wrap=True, overflow="ellipsis")
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        for event in list(self._results.latest.values())[: -rows - 1 : -1]:
            what, much = earned(event)
            style = _style(event)
            name = name_of(event.participant, self._names)
            table.add_row(name, Text(what, style=style), Text(much, style=style))
        return _panel(table, "Earned last", rows)

    def _totals(self) -> Panel:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        table.add_column(justify="right", no_wrap=True)
        counts: Counter[str] = Counter()
        money: dict[str, Counter[str]] = {}
        for award in self._results.standing_awards():
            counts[award.plan_id] += 1
            worth = money.setdefault(award.plan_id, Counter())
            worth["points" if award.kind == "points" else award.currency] += award.amount_minor
        for plan, count in sorted(counts.items()):
            sums = ", ".join(amount(minor, unit) for unit, minor in sorted(money[plan].items()))
            table.add_row(plan, counted(count, "award"), sums)
        badges = len(self._results.granted_badges())
        table.add_row(
            f"badges {badges:,}   parked {len(self._results.parked):,}"
            f"   refused {len(self._results.dead_letters):,}",
            style="dim",
        )
        return Panel(table, title="Earned so far", title_align="left")


def shown_standing(standings: Mapping[str, Standing], now_us: int) -> Standing | None:
    """Return the board to show: the sample plan's of the running period, the largest of them."""
    return max(
        standings.values(),
        key=lambda standing: (
            standing.plan_id == _SAMPLE_PLAN,
            _runs(standing.period, now_us),
            standing.period,
            standing.size,
            standing.board,
        ),
        default=None,
    )


def _runs(period_id: str, now_us: int) -> bool:
    """Tell whether a period is the one at a time, by days of UTC."""
    periods = calendar_of(period_id, "UTC")
    period = periods.named(period_id) if periods else None
    return period is not None and period.holds(now_us)


def _panel(table: Table, title: str, rows: int) -> Panel:
    return Panel(table, title=title, title_align="left", height=rows + _EDGE)


def _style(event: Award | Badge) -> str:
    if isinstance(event, Badge):
        return "yellow" if event.granted else "dim strike"
    return "dim strike" if event.state == "withdrawn" else "green"
