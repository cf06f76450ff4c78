"""What the demo shows in the end: what was earned, who won, what waits, and what comes next."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from rich.console import RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from accolade.deploy.demonstration.collected import Collected
from accolade.deploy.demonstration.run import Played
from accolade.deploy.demonstration.wording import amount, board_name, name_of, plain
from accolade.streams.records import Award, Standing

_PLACES = 3
#: A column of names is no wider, however long one of them is.
_WIDEST = 32
#: Parked and refused records that are listed one by one.
_LISTED = 5
_NEXT = """\
Next: {step}
docs/plans.md tells how to write a plan, docs/operating.md how to run on Kafka."""


def report(played: Played) -> Iterator[RenderableType]:
    """Yield the parts of the report, from the top."""
    history, results, names = played.history, played.results, played.history.names
    headline = f"{history.title}: {len(history.events):,} events in {played.seconds:.0f} s"
    yield Text(headline, style="bold")
    yield Text()
    yield from _awards(results)
    yield Text()
    yield from _badges(results)
    yield from _boards(results, names)
    yield Text()
    yield from _waiting(results)
    yield from _refused(results)
    yield Text(_NEXT.format(step=history.next_step))


def _awards(results: Collected) -> Iterator[RenderableType]:
    """Yield how many awards stand, and what they are worth, by plan and component."""
    counts: Counter[tuple[str, str]] = Counter()
    worth: dict[tuple[str, str], Counter[str]] = {}
    for award in results.standing_awards():
        row = award.plan_id, _component(award)
        counts[row] += 1
        worth.setdefault(row, Counter())[_unit(award)] += award.amount_minor
    rows = [
        (plan, component, f"{count:,}", _sums(worth[plan, component]))
        for (plan, component), count in sorted(counts.items())
    ]
    yield from _under_plans(("earned by", "awards", "money and value"), rows, right=(1, 2))
    if not rows:
        yield Text("none")


def _sums(worth: Counter[str]) -> str:
    return ", ".join(
        f"{amount(minor, unit)}{' points' if unit == 'points' else ''}"
        for unit, minor in sorted(worth.items())
    )


def _component(award: Award) -> str:
    late = " (adjusted)" if award.state == "adjustment" else ""
    return f"{plain(award.component)}{late}"


def _unit(award: Award) -> str:
    return "points" if award.kind == "points" else award.currency


def _badges(results: Collected) -> Iterator[RenderableType]:
    """Yield how often each badge was granted, in the order of their levels."""
    counts: Counter[tuple[str, int, str]] = Counter()
    for badge in results.granted_badges():
        counts[badge.plan_id, badge.level, badge.badge] += 1
    if counts:
        told = ", ".join(f"{badge} {count:,}" for (_, _, badge), count in sorted(counts.items()))
        yield Text(f"Badges: {told}", style="yellow")
        yield Text()


def _boards(results: Collected, names: Mapping[str, str]) -> Iterator[RenderableType]:
    """Yield who stands at the top of each board."""
    rows = []
    for board, standing in sorted(results.standings.items()):
        if standing.size:
            name = board_name(board)
            title = " ".join(filter(None, (plain(name.board), name.unit)))
            first, _, end = name.period.partition("--")
            period = f"{f'from {first}' if end else first}{'' if standing.final else ' (open)'}"
            rows.append((name.plan, title, period, _top(standing, names)))
    return _under_plans(("board", "period", "first places"), rows)


def _top(standing: Standing, names: Mapping[str, str]) -> str:
    return ", ".join(
        f"{place.rank} {name_of(place.participant, names)}" for place in standing.top[:_PLACES]
    )


def _waiting(results: Collected) -> Iterator[RenderableType]:
    """Yield what is parked, and what it waits for."""
    if not results.parked:
        return
    yield Text("Parked; each counts by itself once what it waits for is published:")
    for parked_id, parked in sorted(results.parked.items())[:_LISTED]:
        source = parked_id.partition("/")[2]
        yield Text(f"  {source} waits for {parked.waits_for} ({parked.reason})")
    yield from _more(len(results.parked))
    yield Text()


def _refused(results: Collected) -> Iterator[RenderableType]:
    """Yield what was refused, and why."""
    if not results.dead_letters:
        return
    yield Text("Refused; `accolade deadletters` puts such records right:")
    for letter_id, letter in sorted(results.dead_letters.items())[:_LISTED]:
        yield Text(f"  {letter_id}: {letter.message}")
    yield from _more(len(results.dead_letters))
    yield Text()


def _more(count: int) -> Iterator[RenderableType]:
    if count > _LISTED:
        yield Text(f"  and {count - _LISTED:,} more")


def _under_plans(
    head: tuple[str, ...], rows: Sequence[tuple[str, ...]], right: tuple[int, ...] = ()
) -> Iterator[RenderableType]:
    """Yield rows under the names of their plans, which stand first in each row."""
    cells = [_indented(row[1:]) for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(_indented(head), *cells, strict=True)]
    yield _line(_indented(head), widths, right)
    yield Rule(characters="─", style="none")
    plan = ""
    for row, shown in zip(rows, cells, strict=True):
        if row[0] != plan:
            plan = row[0]
            yield Text(plan, no_wrap=True, overflow="ellipsis", style="bold")
        yield _line(shown, widths, right)


def _indented(cells: tuple[str, ...]) -> tuple[str, ...]:
    return f"  {cells[0]}", *cells[1:]


def _line(cells: tuple[str, ...], widths: Sequence[int], right: tuple[int, ...]) -> Table:
    line = Table.grid(padding=(0, 3, 0, 0), expand=True)
    for at, width in enumerate(widths):
        if at in right:
            line.add_column(justify="right", min_width=width, no_wrap=True)
        else:
            width = min(width, _WIDEST)
            line.add_column(width=width, no_wrap=True, overflow="ellipsis")
    # What stands last takes what is left.
    line.columns[-1].ratio = 1
    line.columns[-1].width = None
    line.add_row(*cells)
    return line
