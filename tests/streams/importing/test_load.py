import pytest

from accolade.streams.importing.kinds import KINDS
from accolade.streams.importing.load import MappingError, load_mapping, parse_mapping
from accolade.streams.importing.mapping import Each, Items, Source, Texts
from accolade.streams.records import Deal

GOOD = """\
record: deals
fields:
  deal_id: id
  revision: {constant: 1}
  occurred_at: {column: [closed, created], time: "%d.%m.%Y", zone: Europe/Berlin}
  stage: {column: state, values: {No: lost, Yes: won}, default: open}
  amount: {column: value, decimal: {point: ",", group: "."}}
  currency: {constant: EUR}
  team:
    - {rep_id: {column: owner, slug: true}, role: {constant: account_executive}}
    - {rep_id: sdr, role: {constant: sdr}}
  dimensions: {region: office}
"""


def problems_of(text: str, kind: str = "deals") -> list[str]:
    """Return what is wrong with a mapping, one line each."""
    with pytest.raises(MappingError) as error:
        parse_mapping(text, "m.yaml", kind)
    return str(error.value).splitlines()


def test_a_mapping_says_where_each_field_comes_from():
    """Columns, constants, lists and names."""
    mapping = parse_mapping(GOOD, "m.yaml", "deals")

    assert mapping.record is Deal
    assert mapping.sources["deal_id"] == Source(column=("id",))
    assert isinstance(mapping.sources["team"], Items)
    assert isinstance(mapping.sources["dimensions"], Texts)
    assert mapping.columns() == (
        *("id", "closed", "created", "state", "value", "owner", "sdr", "office"),
    )


def test_words_stay_the_words_they_are():
    """`No` is not false and a day is not a date object, as YAML would have it."""
    stage = parse_mapping(GOOD, "m.yaml", "deals").sources["stage"]

    assert isinstance(stage, Source)
    assert stage.values == {"No": "lost", "Yes": "won"}


def test_a_list_in_json_may_be_mapped_item_by_item():
    """Each object inside has fields of its own."""
    text = GOOD.replace("  team:\n", "  team: {each: members, item: {rep_id: who, role: as}}\n")
    text = "".join(line for line in text.splitlines(True) if not line.startswith("    - "))

    assert isinstance(parse_mapping(text, "m.yaml", "deals").sources["team"], Each)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("deal_id: id", "deal_id: {colum: id}"), "m.yaml:3: fields.deal_id.colum: there is no"),
        (("deal_id: id", "revision: {constant: 2}"), "m.yaml:4: `revision` stands here twice"),
        (("  amount:", "  amuont:"), "Deal has no field `amuont`; did you mean `amount`?"),
        (("  amount:", "  xyz:"), "Deal has no field `xyz`; it has deal_id, "),
        (("  amount:", "  amuont:"), "m.yaml:2: fields: `amount` is missing: Deal needs it"),
        (("constant: 1", "constant: 1, column: x"), "give exactly one of `column`, `constant`"),
        (("Europe/Berlin", "Berlin"), "there is no time zone 'Berlin'"),
        (("record: deals", "record: deal"), "m.yaml:1: record: must be one of deals, demos"),
        (("record: deals", "record: demos"), "it makes demos, and deals are being published"),
        (("rep_id: sdr", "rep: sdr"), "m.yaml:11: fields.team[1].rep: TeamMember has no field"),
        (('group: "."', 'group: ","'), "`point` and `group` are the same character"),
        (("region: office", "region: {constant: a, slug: perhaps}"), "fields.dimensions.region.sl"),
        (("deal_id: id", 'deal_id: {template: "x"}'), "a template names at least one column"),
        (("deal_id: id", 'deal_id: {template: "{a!r}"}'), "braces in a template hold a column's"),
        (("deal_id: id", "deal_id: [id"), "not YAML"),
        (("fields:", "csv: {encoding: utf-9}\nfields:"), "there is no encoding 'utf-9'"),
        (("fields:", "colour: red\nfields:"), "m.yaml:2: colour: there is no such key"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(change, problem):
    """With what to write instead where that can be told."""
    assert any(problem in line for line in problems_of(GOOD.replace(*change)))


def test_all_that_is_wrong_is_told_at_once():
    """By rising line."""
    text = GOOD.replace("id\n", "{colum: id}\n", 1).replace("constant: EUR", "const: EUR")

    assert [line.split(": ")[0] for line in problems_of(text)] == ["m.yaml:3", "m.yaml:8"]


@pytest.mark.parametrize("text", ["", "deals", "- a\n- b", "fields: {}", "record: deals"])
def test_what_is_no_mapping_is_refused(text):
    """An empty file too."""
    assert problems_of(text)


def test_a_file_that_is_not_there_is_named(tmp_path):
    """The error says which."""
    with pytest.raises(MappingError, match=r"none\.yaml: can't be read"):
        load_mapping(tmp_path / "none.yaml", "deals")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_tells_what_it_needs(kind):
    """A mapping without fields names every field that is missing."""
    assert all("is missing" in line for line in problems_of(f"record: {kind}\nfields: {{}}", kind))
