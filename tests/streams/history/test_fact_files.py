"""Files of facts: what a line may say, and what is said of a line that is none."""

import io
from decimal import Decimal

import msgspec
import pytest

from accolade.deploy.simulator import simulate
from accolade.streams.history.fact_files import BadLine, Line, lines_of
from accolade.streams.records import Activity, Closing, Deal, Meeting, Payment

MEETING = '{"meeting_id": "m", "revision": 1, "occurred_at": %s, "rep_id": "r", "status": "held"}'
NOON = 1_775_044_800_000_000


def read(*lines: str) -> list[Line]:
    """Return the lines of a file."""
    return list(lines_of(io.BytesIO("\n".join(lines).encode()), "facts.jsonl"))


def test_every_record_of_a_quarter_is_read_as_it_was_written():
    """In the schema's own fields, with exact amounts."""
    records = simulate(3, reps=4).records()
    encode = msgspec.json.Encoder(decimal_format="number").encode
    found = read(*(encode(record).decode() for record in records))

    assert records == [line.fact for line in found]


@pytest.mark.parametrize("written", [str(NOON), f'"{NOON}"', '"2026-04-01T14:00:00+02:00"'])
def test_times_are_microseconds_or_texts(written):
    """In any zone."""
    (line,) = read(MEETING % written)

    assert isinstance(line.fact, Meeting)
    assert (line.fact.occurred_at, line.arrived_at) == (NOON, NOON)


@pytest.mark.parametrize("written", [str(NOON + 1), '"2026-04-01T12:00:00.000001Z"'])
def test_a_line_may_say_when_it_arrived(written):
    """Later than it occurred."""
    (line,) = read(MEETING.replace("}", ', "arrived_at": %s}') % (NOON, written))

    assert (type(line.fact), line.arrived_at) == (Meeting, NOON + 1)


def test_amounts_are_exact():
    """As they are written, number or text."""
    payment = (
        '{"payment_id": "p", "revision": 1, "occurred_at": 1, "deal_id": "d", "kind": "refund",'
        ' "amount": %s, "currency": "USD"}'
    )
    first, second = read(payment % "0.10", payment % '"1234567890123.45"')

    assert isinstance(first.fact, Payment)
    assert isinstance(second.fact, Payment)
    assert (first.fact.amount, second.fact.amount) == (Decimal("0.10"), Decimal("1234567890123.45"))


def test_the_fields_tell_which_record_it_is():
    """Also where some are left out."""
    lines = read(
        '{"plan_id": "p", "period": "2026-Q2"}',
        "",
        '{"activity_id": "a", "revision": 1, "occurred_at": 1, "rep_id": "r", "kind": "call"}',
        '{"deal_id": "d", "revision": 1, "occurred_at": 1, "stage": "open", "amount": 1,'
        ' "currency": "USD"}',
    )

    assert [type(line.fact) for line in lines] == [Closing, Activity, Deal]
    assert [line.number for line in lines] == [1, 3, 4]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not a JSON object"),
        ("[1]", "not a JSON object"),
        ('{"name": "x"}', "has the key of no record"),
        (MEETING % '"yesterday"', "as a Meeting: column 'occurred_at': not a time"),
        (MEETING.replace("rep_id", "rep") % NOON, "as a Meeting: .*'rep'"),
        (MEETING.replace('"r"', "[7]") % NOON, "as a Meeting: column 'rep_id'"),
        (MEETING.replace("}", ', "arrived_at": "soon"}') % NOON, "arrived_at: not a time"),
    ],
)
def test_a_line_that_is_no_fact_says_why(text, says):
    """The others are read all the same."""
    bad, good = read(text, MEETING % NOON)

    assert isinstance(bad.fact, BadLine)
    with pytest.raises(BadLine, match=says):
        raise bad.fact
    assert isinstance(good.fact, Meeting)
