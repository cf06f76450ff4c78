import pytest

from accolade.schemas import load_schemas
from accolade.streams.importing.fields import Kind, fields_of
from accolade.streams.importing.kinds import KINDS
from accolade.streams.records import Deal, TeamMember

SCHEMAS = {schema.record: schema.current for schema in load_schemas()}


@pytest.mark.parametrize("kind", KINDS)
def test_times_are_those_of_the_schema(kind):
    """A time read as a number, or a number as a time, would be wrong silently."""
    schema = SCHEMAS[KINDS[kind]]
    assert isinstance(schema, dict)
    times = {field["name"] for field in schema["fields"] if "timestamp-micros" in str(field)}

    fields = fields_of(KINDS[kind])
    assert {name for name, field in fields.items() if field.kind is Kind.TIME} == times


def test_a_list_knows_its_items():
    """And a dictionary is names with texts."""
    fields = fields_of(Deal)

    assert (fields["team"].kind, fields["team"].item) == (Kind.ITEMS, TeamMember)
    assert fields["dimensions"].kind is Kind.TEXTS
    assert [name for name, field in fields.items() if field.required] == [
        *("deal_id", "revision", "occurred_at", "stage", "amount", "currency"),
    ]
