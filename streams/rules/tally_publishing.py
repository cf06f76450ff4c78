"""
What a new plan version changes: all that was counted by the one before is counted anew.

Closed periods stay with the version they were closed with, so of a plan with closed
periods several contents may be counted; only those that no period needs any more go.
"""

from collections.abc import Iterable, Iterator

from accolade.streams.records import Plan
from accolade.streams.rules.awards import Group
from accolade.streams.rules.measures import count
from accolade.streams.rules.state import R, Table, View
from accolade.streams.rules.tally_adjustments import settle_adjustments
from accolade.streams.rules.tally_contests import ask_contests_of
from accolade.streams.rules.tally_limits import AWARDS_OF, BEYOND
from accolade.streams.rules.tally_plans import Counting, PlansCache, put_plan
from accolade.streams.rules.tally_reference import credits_of, split_key
from accolade.streams.rules.tally_rows import (
    BADGES_GRANTED,
    CREDITS,
    DEALS,
    EARNED,
    ORDER,
    PLACINGS,
    RESULTS,
    TALLIES,
)
from accolade.streams.rules.tally_said import tally_id
from accolade.streams.rules.tally_turn import Turn


def on_plan(turn: Turn, cache: PlansCache, record: Plan, partitions: int) -> None:
    """
    Keep a plan version; take out what is not counted any more, and count what is new.

    Args:
        turn: The record's turn.
        cache: Where the plans are remembered.
        record: The version.
        partitions: How many partitions the facts have.

    Raises:
        Rejected: Its body is not what its hash says, or no plan of that id.
    """
    old = {one.plan.content_hash: one for one in turn.plans.of(record.plan_id)}
    if not put_plan(turn.view, record):
        return
    turn.plans = cache.plans(turn.view, turn.position.partition)
    new = {one.plan.content_hash: one for one in turn.plans.of(record.plan_id)}
    # One that counts by another span than before is taken out whole, and put in anew.
    gone = [one for content, one in old.items() if not _is_same(new.get(content), one)]
    come = [one for content, one in new.items() if not _is_same(old.get(content), one)]
    for participant in turn.view.owners(CREDITS):
        for counting in gone:
            _forget(turn, participant, counting)
        _count_all(turn, participant, record.plan_id, come, list(new.values()))
    _look_again(turn, record.plan_id)
    settle_adjustments(turn, record.plan_id, partitions)


def _is_same(one: Counting | None, other: Counting) -> bool:
    return one is not None and one.span == other.span


def _forget(turn: Turn, participant: str, counting: Counting) -> None:
    """Take out all that was counted by a content, and say that its tallies are over."""
    view = turn.view
    prefix = f"{counting.plan.state}|"
    for key, row in view.rows(TALLIES, participant):
        if not key.startswith(prefix):
            continue
        name, _, period_id = key.rpartition("|")
        slot = counting.plan.slots[name]
        period = slot.calendar.named(period_id)
        if period is not None:
            turn.tally_book.end(participant, counting, slot, period, row)
            turn.limits.note(participant, tally_id(counting, slot, period.id), None)
    _delete(view, TALLIES, participant, prefix)
    _delete(view, ORDER, participant, prefix)
    _delete(view, DEALS, participant, prefix)
    _delete(view, EARNED, participant, prefix)


def _delete(view: View, table: Table[R], owner: str, prefix: str) -> None:
    for key, _ in view.rows(table, owner):
        if key.startswith(prefix):
            view.delete(table, owner, key)


def _count_all(
    turn: Turn,
    participant: str,
    plan_id: str,
    come: Iterable[Counting],
    new: Iterable[Counting],
) -> None:
    """Count a participant's credits by new contents; note what waits for rates by all."""
    added = set(come)
    for credit in credits_of(turn.view, participant):
        missing = None
        converted = False
        for counting in new:
            if not counting.covers(credit):
                continue
            found = count(turn.view, counting.plan, credit)
            missing = missing or found.missing
            converted = converted or found.converted
            if counting in added and found.entries:
                turn.tallies.move(participant, counting, (), found.entries)
        turn.waiting.note(credit, {plan_id: missing}, converted=converted)


def _look_again(turn: Turn, plan_id: str) -> None:
    """Evaluate all of a plan: its version stands in all that is said of it."""
    for participant in turn.view.owners(TALLIES):
        turn.touch(participant, plan_id)
    for earner, key in _groups(turn.view):
        _ask(turn, plan_id, key, earner)
    for participant in turn.view.owners(PLACINGS):
        ask_contests_of(turn, participant, plan_id)


def _groups(view: View) -> Iterator[tuple[str, str]]:
    """Yield the earner and key of all that was ever evaluated to something."""
    for earner in view.owners(RESULTS):
        for key, _ in view.rows(RESULTS, earner):
            yield earner, key
    for earner in view.owners(BEYOND):
        for name, _ in view.rows(BEYOND, earner):
            if name.startswith(AWARDS_OF):
                yield earner, name.removeprefix(AWARDS_OF)
    for earner in view.owners(BADGES_GRANTED):
        for badge_id, row in view.rows(BADGES_GRANTED, earner):
            yield earner, badge_id.removesuffix(f"/{earner}/{row.badge}")


def _ask(turn: Turn, plan_id: str, group_key: str, earner: str) -> None:
    """Evaluate what an earner earned, if it is of the plan."""
    plan, component, period = split_key(group_key)
    if plan == plan_id:
        turn.ask(Group(plan, component, period, earner), receivers_moved=True)
