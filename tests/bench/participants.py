"""The state of as many participants as are wanted, as the `tally` stage keeps it."""

import random
from collections import defaultdict
from collections.abc import Iterator

from accolade.agents.stages import StageFactory
from accolade.agents.tally import tally
from accolade.deploy.simulator import simulate
from accolade.schemas import codec_for
from accolade.streams.engine.changelog import Change, row_key, row_value
from accolade.streams.engine.stage import Stage
from accolade.streams.rules.state import Output
from accolade.streams.rules.tally_rows import CREDITS
from accolade.streams.settings import Settings
from tests.agents.wire_flow import WireFlow
from tests.pipeline.raw_records import raw_of

_REPS = 12


def tally_stage(settings: Settings) -> Stage[Output]:
    """Return the stage whose state is restored."""
    return tally(StageFactory(settings, codec_for(settings)), settings.partitioning)


def of_a_quarter() -> list[list[Change]]:
    """Return the rows of each rep of a simulated quarter, with a `{}` for the rep's name."""
    flow = WireFlow()
    records = simulate(1, reps=_REPS).records()
    for record in records:
        flow.send(raw_of(record, flow.codec))
    flow.run()
    of: dict[str, list[Change]] = defaultdict(list)
    for rows in flow.rows("tally"):
        participants = {o for o in rows.owners(CREDITS.name) if not o.startswith("unit:")}
        for table, owner, key in rows.keys():  # noqa: SIM118 # not a mapping
            if owner in participants:
                change = row_key(table, "\1", key), row_value(rows.get(table, owner, key))
                of[owner].append(change)
    return list(of.values())


def changes(rows: int, quarter: list[list[Change]]) -> Iterator[tuple[int, Change]]:
    """
    Yield rows of different participants, each with the participant's number.

    In the order in which events come: each participant's are spread over the log.
    """
    each = sum(map(len, quarter)) / len(quarter)
    dice = random.Random(1)
    numbers = list(range(max(1, round(rows / each))))
    made = 0
    for at in range(max(map(len, quarter))):
        dice.shuffle(numbers)
        for number in numbers:
            own = quarter[number % len(quarter)]
            if at >= len(own) or made >= rows:
                continue
            key, value = own[at]
            yield number, (key.replace(b"\1", b"participant-%06d" % number), value)
            made += 1
