import csv
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from accolade.streams.importing.load import named_like_fields, parse_mapping
from accolade.streams.importing.mapping import Mapping
from accolade.streams.records import Activity, Deal, ExchangeRate, Person, TeamMember
from tests.streams.importing.files import as_json_line, csv_checked, deals, json_checked, values_of

DEALS = named_like_fields(Deal)


def mapped(fields: str, record: str = "deals") -> Mapping:
    """Return a mapping whose other needed fields are constants."""
    constants = {
        "deals": {
            "deal_id": "D-1",
            "revision": "1",
            "occurred_at": "2026-04-01T00:00:00Z",
            "stage": "open",
            "amount": "1",
            "currency": "EUR",
        },
        "activities": {
            "activity_id": "A-1",
            "revision": "1",
            "occurred_at": "2026-04-01T00:00:00Z",
            "rep_id": "ann",
            "kind": "call",
        },
    }[record]
    given_names = {line.split(":")[0].strip() for line in fields.splitlines()}
    rest = [f'  {n}: {{constant: "{v}"}}' for n, v in constants.items() if n not in given_names]
    return parse_mapping(
        "\n".join([f"record: {record}", "fields:", fields.rstrip(), *rest]), "m.yaml", record
    )


def first_deal(text: str, mapping: Mapping) -> Deal:
    """Return the deal of a CSV file's first line, which is right."""
    outcome = csv_checked(text, mapping)
    assert outcome.problems == []
    assert isinstance(outcome.records[0], Deal)
    return outcome.records[0]


@given(st.lists(deals, max_size=5, unique_by=lambda deal: (deal.deal_id, deal.revision)))
def test_records_written_as_json_are_read_as_they_were(written):
    """Names are the fields' own; nothing is lost or changed."""
    outcome = json_checked("".join(map(as_json_line, written)), DEALS)

    assert outcome.problems == []
    assert outcome.records == written


@given(st.lists(deals, max_size=5, unique_by=lambda deal: (deal.deal_id, deal.revision)))
def test_records_written_as_csv_are_read_as_they_were(written):
    """Lists and names are JSON in their cells."""
    file = io.StringIO()
    table = csv.DictWriter(file, Deal.__struct_fields__)
    table.writeheader()
    for deal in written:
        cells = json.loads(as_json_line(deal))
        table.writerow(
            {n: json.dumps(v) if isinstance(v, list | dict) else v for n, v in cells.items()}
        )
    outcome = csv_checked(file.getvalue(), DEALS)

    assert outcome.problems == []
    assert outcome.records == written


def test_the_first_column_that_is_not_empty_counts():
    """As for a deal that has no close date while it is open."""
    mapping = mapped(
        "  deal_id: id\n  occurred_at: {column: [closed, created], time: '%d.%m.%Y', zone: UTC}"
    )
    text = "id,closed,created\n1,02.04.2026,01.04.2026\n2,,01.04.2026\n3,,\n"
    outcome = csv_checked(text, mapping)

    assert values_of(outcome, "occurred_at") == [
        1_775_088_000_000_000,
        1_775_001_600_000_000,
    ]
    assert outcome.problems == [
        "f:4: columns 'closed', 'created': empty, and `occurred_at` is needed"
    ]


def test_words_are_looked_up_and_others_are_refused():
    """The known words are named."""
    mapping = mapped("  deal_id: id\n  stage: {column: s, values: {Open: open, Lead: open}}")
    outcome = csv_checked("id,s\n1,Lead\n2,lead\n", mapping)

    assert values_of(outcome, "stage") == ["open"]
    assert outcome.problems == [
        "f:3: column 's': none of the `values:` of the mapping (Open, Lead) (value 'lead')"
    ]


def test_an_empty_cell_is_null_or_the_default():
    """Spaces are empty too."""
    mapping = mapped("  account_id: account\n  amount: {column: value, default: 0}")
    deal = first_deal('account,value\n" ",\n', mapping)

    assert deal.account_id is None
    assert deal.amount == 0


def test_members_whose_columns_are_all_empty_are_left_out():
    """A team has as many members as there are names."""
    mapping = mapped(
        "  team:\n"
        "    - {rep_id: {column: owner, slug: true}, role: {constant: account_executive}}\n"
        "    - {rep_id: sdr, role: {constant: sdr}, share_bp: share}"
    )

    assert first_deal("owner,sdr,share\nAnn Lee,,\n", mapping).team == (
        TeamMember(rep_id="ann-lee", role="account_executive"),
    )
    assert csv_checked("owner,sdr,share\nAnn Lee,,500\n", mapping).problems == [
        "f:2: column 'sdr': empty, and `rep_id` is needed"
    ]


def test_a_list_inside_json_is_mapped_item_by_item():
    """What is wrong is named with its place in the list."""
    mapping = mapped("  team: {each: people, item: {rep_id: who.id, role: as}}")
    good = '{"people": [{"who": {"id": "ann"}, "as": "ae"}, {"who": {"id": "bo"}, "as": "se"}]}'
    bad = '{"people": [{"who": {"id": "ann"}, "as": ["ae"]}, 7, {"who": {}}]}'

    (deal,) = json_checked(good, mapping).records
    assert isinstance(deal, Deal)
    assert deal.team == (
        TeamMember(rep_id="ann", role="ae"),
        TeamMember(rep_id="bo", role="se"),
    )
    assert json_checked(bad, mapping).problems == [
        "f:1: column 'people[0].as': 'as' holds a list or an object, not a plain value",
        "f:1: column 'people[1]': not a JSON object",
        "f:1: column 'people[2].who.id': empty, and `rep_id` is needed",
        "f:1: column 'people[2].as': empty, and `role` is needed",
    ]


def test_dimensions_are_names_with_columns_of_their_own():
    """An empty one is left out."""
    mapping = mapped("  dimensions: {region: office, size: {column: staff}}")

    assert first_deal("office,staff\nEast,\n", mapping).dimensions == {"region": "East"}


def test_an_id_is_made_of_several_columns():
    """A rep's day has no id in most files; it is empty when one of its parts is."""
    mapping = mapped(
        '  activity_id: {template: "{rep}-{day}-calls", slug: true}\n  count: calls', "activities"
    )
    outcome = csv_checked("rep,day,calls\nAnn Lee,2026-04-01,50\nAnn Lee,,50\n", mapping)

    (activity,) = outcome.records
    assert isinstance(activity, Activity)
    assert (activity.activity_id, activity.count) == ("ann-lee-2026-04-01-calls", 50)
    assert outcome.problems == ["f:3: columns 'rep', 'day': empty, and `activity_id` is needed"]


def test_a_revision_may_be_the_time_of_the_last_change():
    """It rises with each change, as a revision must."""
    mapping = mapped("  revision: {column: changed, time: '%Y-%m-%d', zone: UTC}")

    assert first_deal("changed\n2026-04-01\n", mapping).revision == 1_775_001_600_000_000


def test_everything_that_is_wrong_with_a_line_is_told_at_once():
    """Nobody repairs a file by one error a run."""
    mapping = mapped("  amount: value\n  occurred_at: {column: day, time: '%d.%m.%Y', zone: UTC}")
    outcome = csv_checked("value,day\n12x,2026-04-01\n", mapping)

    assert sorted(outcome.problems) == [
        "f:2: column 'day': not a time written like %d.%m.%Y (value '2026-04-01')",
        "f:2: column 'value': not a decimal number written like 1234.50 (value '12x')",
    ]
    assert outcome.checked.by_reason == {"not_a_time": 1, "not_a_number": 1}


def test_what_the_flow_would_refuse_is_refused_with_its_column():
    """The same check as at the publisher's and the flow's door."""
    mapping = mapped("  amount: value\n  team: [{rep_id: rep, role: {constant: ae}}]")
    outcome = csv_checked("value,rep\n-1,ann\n1,unit:x\n1.001,ann\n", mapping)

    assert outcome.problems == [
        "f:2: column 'value': amount: -1 is below 0",
        "f:3: column 'rep': team[0].rep_id: 'unit:x' is a unit; a person's id must not begin"
        " with 'unit:'",
        "f:4: column 'value': amount: 1.001 has more than 2 decimals",
    ]


def test_a_number_in_json_is_taken_as_it_is_written():
    """It may be a number, or a text that says one."""
    rate = named_like_fields(ExchangeRate)
    line = '{"from_currency": "EUR", "to_currency": "USD", "revision": 1, "rate": %s,'
    line += ' "valid_from": "2026-04-01T00:00Z"}\n'
    outcome = json_checked(line % "1.10", rate)

    assert list(map(str, values_of(outcome, "rate"))) == ["1.10"]
    assert outcome.records == json_checked(line % '"1.10"', rate).records


def test_quotas_of_a_person_are_a_list_of_their_own():
    """Each with period, amount and currency."""
    mapping = parse_mapping(
        "record: people\n"
        "fields:\n"
        "  person_id: id\n"
        "  valid_from: {column: from, zone: Europe/Berlin}\n"
        "  revision: {constant: 1}\n"
        "  active: {constant: yes}\n"
        "  role: {constant: account_executive}\n"
        "  quotas:\n"
        "    - {period: {constant: quarter}, amount: quota, currency: {constant: EUR}}\n",
        "m.yaml",
        "people",
    )
    (person,) = csv_checked("id,from,quota\nann,2026-01-01,50000\n", mapping).records

    assert isinstance(person, Person)
    assert [(quota.period, str(quota.amount)) for quota in person.quotas] == [("quarter", "50000")]
    assert person.active is True
