from itertools import groupby, pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from accolade.streams.catalogue import FACTS
from accolade.streams.records import (
    Credit,
    Deal,
    Demo,
    Payment,
    Person,
    TeamMember,
    Unit,
)
from accolade.streams.rules.credit import TABLES
from tests.streams.rules.crediting import REPS, UNITS, Log, deal, demo, payment, person, unit


class Slowly:
    """All credits and all that is parked, from the whole set of records at once."""

    def __init__(self, records):
        self.found = {}
        for record in sorted(records, key=lambda record: record.revision):
            self.found[natural_key(record)] = record
        self.credits = {}
        self.parked = {}
        for record in self.found.values():
            match record:
                case Deal():
                    self.spread(record, record, "deal", record.deal_id)
                case Demo():
                    self.spread(record, record, "demo", record.demo_id)
                case Payment():
                    self.pay(record)

    def as_of(self, kind, name, at):
        """Return the active version of a person or unit at a time."""
        versions = [
            record
            for key, record in self.found.items()
            if key[:2] == (kind, name) and record.valid_from <= at
        ]
        found = max(versions, key=lambda version: version.valid_from, default=None)
        return found if found and found.active else None

    def parties(self, record):
        """Return the participants, or the reason and what it waits for."""
        reps = [m.rep_id for m in record.team] if isinstance(record, Deal) else [record.rep_id]
        people = [(rep, self.as_of("person", rep, record.occurred_at)) for rep in reps]
        for rep, found in people:
            if found is None:
                return "unknown_person", rep
        parties = set(reps)
        for _, found in people:
            above, seen = found.team_id, set()
            while above is not None and above not in seen:
                seen.add(above)
                parties.add(f"unit:{above}")
                known = self.as_of("unit", above, record.occurred_at)
                if known is None:
                    return "unknown_unit", above
                above = known.parent_id
        return parties

    def pay(self, record):
        """Credit a payment like its deal."""
        if not record.amount:
            return
        source_id = f"{record.deal_id}|{record.payment_id}"
        of_deal = self.found.get(("deal", record.deal_id))
        parties = () if of_deal is None else self.parties(of_deal)
        if not parties or isinstance(parties, tuple):
            name = f"credit/{record.kind}:{source_id}"
            self.parked[name] = ("unknown_deal", record.deal_id)
        else:
            self.spread(record, of_deal, record.kind, source_id)

    def spread(self, record, of_deal, source, source_id):
        """Credit a transaction to the parties of its deal, or its own."""
        parties = self.parties(of_deal)
        if isinstance(parties, tuple):
            self.parked[f"credit/{source}:{source_id}"] = parties
            return
        for participant in parties:
            name = f"{source}:{source_id}/{participant}"
            common = {
                "credit_id": name,
                "participant": participant,
                "revision": 0,
                "active": True,
                "source": source,
                "source_id": source_id,
                "source_revision": record.revision,
                "occurred_at": record.occurred_at,
                "deal_occurred_at": of_deal.occurred_at,
                "deal_id": of_deal.deal_id,
                "account_id": of_deal.account_id,
                "dimensions": of_deal.dimensions,
            }
            if isinstance(of_deal, Demo):
                role = self.as_of("person", record.rep_id, record.occurred_at).role
                team = (TeamMember(rep_id=record.rep_id, role=role),)
                own = {"status": record.status, "team": team}
            else:
                sign = 1 if source in ("deal", "payment") else -1
                own = {
                    "amount_minor": sign * int(record.amount * 100),
                    "currency": record.currency,
                    "status": of_deal.stage,
                    "kind": of_deal.kind,
                    "segment": of_deal.segment,
                    "product": of_deal.product,
                    "logged_at": of_deal.logged_at,
                    "team": of_deal.team,
                }
            self.credits[name] = Credit(**common, **own)


def natural_key(record):
    """Return what all revisions of a record have in common."""
    match record:
        case Person():
            return "person", record.person_id, record.valid_from
        case Unit():
            return "unit", record.unit_id, record.valid_from
        case Deal():
            return "deal", record.deal_id
        case Payment():
            return "payment", record.deal_id, record.payment_id
        case Demo():
            return "demo", record.demo_id


revisions = st.integers(1, 3)
days = st.integers(0, 3)
people = st.builds(
    person,
    st.sampled_from(REPS),
    days,
    revisions,
    st.sampled_from((True, True, True, False)),
    st.none() | st.sampled_from(UNITS),
    st.sampled_from(("sdr", "ae")),
)
units = st.builds(
    unit,
    st.sampled_from(UNITS),
    st.none() | st.sampled_from(UNITS),
    days,
    revisions,
    st.sampled_from((True, True, True, False)),
)
deals = st.builds(
    deal,
    st.sampled_from(("D1", "D2")),
    days,
    revisions,
    st.sampled_from(("open", "won", "lost")),
    st.sampled_from(("1.00", "20.50")),
    st.lists(st.sampled_from(REPS), max_size=3),
).filter(lambda found: found.team or found.stage == "open")
payments = st.builds(
    payment,
    st.sampled_from(("P1", "P2")),
    st.sampled_from(("D1", "D2")),
    days,
    revisions,
    st.sampled_from(("payment", "refund", "bounce")),
    st.sampled_from(("1.00", "20.50", "0.00")),
)
demos = st.builds(
    demo,
    st.just("M1"),
    days,
    revisions,
    st.sampled_from(REPS),
    st.sampled_from(("held", "no_show")),
)
# All are known from the first day unless a revision says otherwise: else nearly all is parked.
KNOWN = [
    *(person(rep, revision=0, team_id=team) for rep, team in zip(REPS, UNITS, strict=True)),
    unit("east", "north", revision=0),
    unit("north", revision=0),
    unit("south", revision=0),
]
histories = st.tuples(
    st.sampled_from((KNOWN, KNOWN, [])),
    st.lists(
        people | units | deals | payments | demos,
        max_size=14,
        unique_by=lambda record: (natural_key(record), record.revision),
    ),
).map(lambda parts: parts[0] + parts[1])
shuffled_twice = histories.flatmap(lambda h: st.tuples(st.just(h), st.permutations(h + h)))


@settings(max_examples=200)
@given(shuffled_twice)
def test_credits_and_what_is_parked_equal_the_slow_way(case):
    """However records are ordered and doubled, the end is that of all of them at once."""
    history, shuffled = case
    expected = Slowly(history)
    log = Log(*shuffled)

    assert log.credits() == expected.credits
    assert log.parked() == expected.parked


@given(shuffled_twice)
def test_the_state_depends_on_the_set_of_records_alone(case):
    """Order and duplicates leave the same rows, but for revisions."""
    history, shuffled = case

    assert Log(*shuffled).rows() == Log(*history).rows()


@given(histories)
def test_rows_come_back_from_the_changelog_as_they_were(history):
    """Written as JSON and read as its table's type, each row is the same."""
    rows = {table.name: table.row for table in TABLES}

    for table, _, _, row in Log(*history).view.items():
        assert msgspec.json.decode(msgspec.json.encode(row), type=rows[table]) == row


@given(shuffled_twice)
def test_a_credits_revision_rises_by_one_with_each_change(case):
    """Each credit is said with revisions 1, 2, 3, …, and never twice alike."""
    _, shuffled = case
    said = [output.record for output in Log(*shuffled).outputs if output.topic is FACTS]
    said.sort(key=lambda one: one.credit_id)

    for _, group in groupby(said, key=lambda one: one.credit_id):
        credits = list(group)
        contents = [msgspec.structs.replace(one, revision=0) for one in credits]
        assert [one.revision for one in credits] == list(range(1, len(credits) + 1))
        assert all(one != other for one, other in pairwise(contents))
