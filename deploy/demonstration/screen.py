"""The demo's terminal: a board, the latest awards and badges, and the totals, in 80 columns."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from accolade.deploy.demonstration.results import Results
from accolade.streams.records import Award, Badge, Standing
from accolade.streams.currencies import minor_units

_ROWS = 10


class Screen:
    """Draws what is known so far."""

    def __init__(self, results: Results, names: Mapping[str, str]) -> None:
        """Take the results, and names of participants for people to read."""
        self._results = results
        self._names = names

    def draw(self, now_us: int, sent: int, total: int) -> RenderableType:
        """Return the screen at a simulated time."""
        columns = Table.grid(expand=True)
        columns.add_column(ratio=1)
        columns.add_column(ratio=1)
        columns.add_row(self._board(), self._latest())
        return Group(self._header(now_us, sent, total), columns, self._totals())

    def _header(self, now_us: int, sent: int, total: int) -> Text:
        day = datetime.fromtimestamp(now_us / 1e6, UTC).strftime("%a %d %b %Y")
        text = Text(f" {day}", style="bold")
        text.append(f"   {sent:,} of {total:,} events")
        waiting, refused = len(self._results.parked), len(self._results.dead_letters)
        text.append(f"   parked {waiting}   refused {refused}", style="dim")
        return text

    def _board(self) -> Panel:
        standing = self._shown_standing()
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(justify="right", width=3)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        title = "Board"
        if standing is not None:
            title = f"Board {standing.board}" + (" (final)" if standing.final else "")
            for row in standing.top[:_ROWS]:
                value = amount_text(row.value, standing.unit)
                table.add_row(str(row.rank), self._name(row.participant), value)
        return Panel(table, title=title, title_align="left", height=_ROWS + 2)

    def _latest(self) -> Panel:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(ratio=1, no_wrap=True, overflow="ellipsis")
        table.add_column(justify="right", no_wrap=True)
        for event in list(self._results.latest)[-_ROWS:][::-1]:
            table.add_row(self._name(event.participant), award_text(event))
        return Panel(table, title="Latest", title_align="left", height=_ROWS + 2)

    def _totals(self) -> Panel:
        table = Table(box=None, expand=True, pad_edge=False)
        table.add_column("plan", no_wrap=True, overflow="ellipsis")
        table.add_column("awards", justify="right")
        table.add_column("money and value", justify="right", no_wrap=True)
        counts: Counter[str] = Counter()
        money: dict[str, Counter[str]] = {}
        for award in self._results.awards.values():
            if award.state != "withdrawn":
                counts[award.plan_id] += 1
                money.setdefault(award.plan_id, Counter())[award.currency] += award.amount_minor
        for plan, count in sorted(counts.items()):
            sums = [amount_text(minor, unit) for unit, minor in sorted(money[plan].items())]
            table.add_row(plan, f"{count:,}", ", ".join(sums))
        badges = Counter(b.badge for b in self._results.badges.values() if b.granted)
        told = "   ".join(f"{badge} {count}" for badge, count in sorted(badges.items()))
        return Panel(Group(table, Text(told, style="yellow")), title="Earned", title_align="left")

    def _shown_standing(self) -> Standing | None:
        standings = self._results.standings.values()
        return max(standings, key=lambda s: (s.period, s.size, s.board), default=None)

    def _name(self, participant: str) -> str:
        return self._names.get(participant, participant)


def amount_text(value: int, unit: str) -> str:
    """Return a value in its unit for people: `4,800.00 USD`, or a plain count."""
    if unit in ("", "count"):
        return f"{value:,}"
    digits = minor_units(unit)
    whole, part = divmod(abs(value), 10**digits)
    sign = "-" if value < 0 else ""
    fraction = f".{part:0{digits}d}" if digits else ""
    return f"{sign}{whole:,}{fraction} {unit}"


def award_text(event: Award | Badge) -> Text:
    """Return an award or a badge in a few words."""
    if isinstance(event, Badge):
        style = "yellow" if event.granted else "dim strike"
        return Text(event.badge, style=style)
    text = event.label or amount_text(event.amount_minor, event.currency)
    return Text(text, style="dim strike" if event.state == "withdrawn" else "green")
