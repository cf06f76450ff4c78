"""What the demo shows in the end: what was earned, who won, what waits, and what comes next."""

from collections import Counter
from collections.abc import Iterator, Mapping

from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from accolade.deploy.demonstration.collected import Collected
from accolade.deploy.demonstration.run import Played
from accolade.deploy.demonstration.wording import amount, board_name, name_of, plain
from accolade.streams.records import Award, Standing

_PLACES = 3
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
    yield _awards(results)
    yield Text()
    yield from _badges(results)
    yield _boards(results, names)
    yield Text()
    yield from _waiting(results)
    yield from _refused(results)
    yield Text(_NEXT.format(step=history.next_step))


def _awards(results: Collected) -> Table:
    """Return how many awards stand, and what they are worth, by plan and component."""
    counts: Counter[tuple[str, str]] = Counter()
    worth: dict[tuple[str, str], Counter[str]] = {}
    for award in results.standing_awards():
        row = award.plan_id, _component(award)
        counts[row] += 1
        worth.setdefault(row, Counter())[_unit(award)] += award.amount_minor
    table = _table("plan", "earned by")
    table.add_column("awards", justify="right", no_wrap=True, min_width=len("awards"))
    table.add_column("money and value", justify="right", no_wrap=True)
    before = ""
    for (plan, component), count in sorted(counts.items()):
        sums = [amount(minor, unit) for unit, minor in sorted(worth[plan, component].items())]
        shown = plan if plan != before else ""
        table.add_row(shown, component, f"{count:,}", ", ".join(sums))
        before = plan
    if not counts:
        table.add_row("none", "", "", "")
    return table


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


def _boards(results: Collected, names: Mapping[str, str]) -> Table:
    """Return who stands at the top of each board."""
    table = _table("board", "period")
    table.add_column("first places", ratio=1, no_wrap=True, overflow="ellipsis")
    for board, standing in sorted(results.standings.items()):
        if standing.size:
            name = board_name(board)
            period = f"{name.period}{'' if standing.final else ' (open)'}"
            title = " ".join(filter(None, (plain(name.board), name.unit)))
            table.add_row(title, period, _top(standing, names))
    return table


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


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=True, overflow="ellipsis")
    return table
