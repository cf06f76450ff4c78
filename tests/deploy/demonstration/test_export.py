"""A CRM export as the history that the demo plays."""

import json
from pathlib import Path

import pytest

from accolade.deploy.demonstration import export
from accolade.deploy.demonstration.export import ExportError, exported
from accolade.deploy.demonstration.history import History
from accolade.streams.plans.canonical import parse_body
from accolade.streams.records import Closing, Deal, Person, Plan, Record, Unit
from tests.deploy.demonstration.exports import public_export

_MAPPING = """\
record: deals
csv: {delimiter: ";"}
fields:
  deal_id: Id
  revision: {constant: 1}
  occurred_at: {column: Date, time: "%d.%m.%Y", zone: Europe/Berlin}
  stage: {column: Stage, values: {Closed Won: won}}
  amount: {column: Value, decimal: {point: ",", group: "."}}
  currency: {constant: EUR}
  account_id: Customer
  team:
    - rep_id: {column: Owner, slug: true}
      role: {constant: account_executive}
"""


def of(kind: type[Record], history: History) -> list[Record]:
    """Return the records of a class, in order of arrival."""
    return [record for record in history.records() if isinstance(record, kind)]


def deal(deal_id: str, occurred_at: str, rep_id: str = "ann") -> str:
    """Return a line of JSON."""
    team = [{"rep_id": rep_id, "role": "account_executive"}]
    fields = {"deal_id": deal_id, "revision": 1, "occurred_at": occurred_at, "stage": "won"}
    more = {"amount": "10.00", "currency": "EUR", "account_id": "acme", "team": team}
    return json.dumps({**fields, **more}) + "\n"


def test_the_public_export_is_known_by_its_columns(tmp_path: Path) -> None:
    """Deals, units and people come by the mappings in docs/examples, names with them."""
    history = exported(public_export(tmp_path, deals=40), None)

    assert len(of(Deal, history)) == 40
    assert history.names["ann-lee"] == "Ann Lee"
    assert [u.unit_id for u in of(Unit, history) if isinstance(u, Unit)] == [
        "region-north",
        "region-south",
        "team-max-orr",
        "team-ida-poe",
        "team-kit-low",
        "team-1",
    ]


def test_reps_that_nothing_tells_of_are_made_up(tmp_path: Path) -> None:
    """As account executives of one team, so that something is earned."""
    file = tmp_path / "deals.jsonl"
    file.write_text(deal("D-1", "2026-04-01T00:00:00Z", "bo") + deal("D-2", "2026-05-01T00:00:00Z"))
    people = of(Person, exported(file, None))

    assert [
        (person.person_id, person.role, person.team_id)
        for person in people
        if isinstance(person, Person)
    ] == [("ann", "account_executive", "team-1"), ("bo", "account_executive", "team-1")]


def test_deals_come_as_they_occurred_after_all_that_is_known(tmp_path: Path) -> None:
    """And the closings last."""
    file = tmp_path / "deals.jsonl"
    file.write_text(deal("D-2", "2026-05-01T00:00:00Z") + deal("D-1", "2026-04-01T00:00:00Z"))
    kinds = [type(record).__name__ for record in exported(file, None).records()]

    assert kinds == ["Unit", "Person", "Plan", "Plan", "Deal", "Deal", "Closing", "Closing"]


def test_the_plans_are_dated_to_the_quarters_of_the_deals(tmp_path: Path) -> None:
    """In their currency, and in the time zone of the mapping."""
    file, mapping = tmp_path / "export.csv", tmp_path / "mapping.yaml"
    file.write_text(
        "Id;Date;Stage;Value;Customer;Owner\n"
        # Midnight in Berlin: still June in UTC.
        "1;01.07.2026;Closed Won;60.000,00;acme;Ann Lee\n"
        "2;31.12.2026;Closed Won;1.000,50;bolt;Bo Ray\n"
    )
    mapping.write_text(_MAPPING)
    history = exported(file, mapping)
    plans = [parse_body(plan.body) for plan in of(Plan, history) if isinstance(plan, Plan)]

    assert {
        (plan.plan, str(plan.effective.from_), str(plan.effective.to), plan.currency)
        for plan in plans
    } == {
        ("badge-rush", "2026-07-01", "2027-01-01", "EUR"),
        ("q2-sales-performance", "2026-07-01", "2027-01-01", "EUR"),
    }
    assert [
        (closing.plan_id, closing.period)
        for closing in of(Closing, history)
        if isinstance(closing, Closing)
    ] == [
        ("badge-rush", "2026-Q3"),
        ("badge-rush", "2026-Q4"),
        ("q2-sales-performance", "2026-Q3"),
        ("q2-sales-performance", "2026-Q4"),
    ]


def test_wrong_lines_are_left_out_and_told_of(tmp_path: Path) -> None:
    """With their place and what is wrong."""
    file = tmp_path / "deals.jsonl"
    file.write_text(deal("D-1", "2026-04-01T00:00:00Z") + deal("D-2", "yesterday"))
    history = exported(file, None)

    assert len(of(Deal, history)) == 1
    assert history.notes[0] == "1 of 2 lines left out as wrong:"
    assert history.notes[1].startswith("deals.jsonl:2: column 'occurred_at': ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("Name,Size\nx,1\n", "column 'Name' is no field of Deal"),
        (
            "deal_id,revision,occurred_at,stage,amount,currency,account_id,team\nD,1,x,,,,,\n",
            "no line of it is a deal",
        ),
    ],
)
def test_a_file_without_deals_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """With what is wrong with it."""
    file = tmp_path / "deals.csv"
    file.write_text(text)

    with pytest.raises(ExportError, match=message):
        exported(file, None)


def test_without_the_clone_the_mappings_are_missed_plainly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An installed package has no docs."""
    monkeypatch.setattr(export, "MAPPINGS", tmp_path / "docs")

    with pytest.raises(ExportError, match="run deploy/demo from a clone"):
        exported(public_export(tmp_path, deals=5), None)
