"""
One record's turn: what it moves, what has to be evaluated for it, and what is said.

Everything is moved first and evaluated once at the end, so what is said depends on
what holds after the record and not on the steps in between.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from accolade.streams.records import Credit
from accolade.streams.records.revision import revision_at
from accolade.streams.rules.awards import AwardBook, Due, Group, Terms, due_by_id
from accolade.streams.rules.badges import BadgeBook
from accolade.streams.rules.case import Case
from accolade.streams.rules.closed_periods import open_period
from accolade.streams.rules.compiled import Component
from accolade.streams.rules.compiled_pays import Badges, Ranks
from accolade.streams.rules.evaluate import Reward, badges_of, rewards_of
from accolade.streams.rules.measures import NOTHING, Count, count
from accolade.streams.rules.periods import Period
from accolade.streams.rules.receivers import receivers_of, receives
from accolade.streams.rules.state import Output, Position, View
from accolade.streams.rules.tally_limits import AWARDS_OF, LimitBook, is_beyond
from accolade.streams.rules.tally_plans import Counting, Plans
from accolade.streams.rules.tally_rows import RESULTS, TALLIES, ResultRow
from accolade.streams.rules.tally_said import TallyBook, tally_id
from accolade.streams.rules.tally_waiting import Waiting
from accolade.streams.rules.tally_work import Moved, Tallies, tally_key


@dataclass(slots=True)
class _Asked:
    """What has to be evaluated, and for whom; all who receive it unless said."""

    only: set[str] | None = None
    #: Whether who receives it may have changed, and not only what.
    receivers_moved: bool = False


class _Part(NamedTuple):
    """A component in the period that it is evaluated for."""

    counting: Counting
    component: Component
    period: Period
    version: int


class Turn:
    """What one record does to the state, and what is to be said of it."""

    def __init__(self, view: View, plans: Plans, position: Position, cause: str) -> None:
        """Begin with the state, the plans that count, and what brings it about."""
        self.view = view
        self.plans = plans
        self.position = position
        revision = revision_at(position.epoch, position.offset)
        self.tallies = Tallies(view)
        self.waiting = Waiting(view)
        self.limits = LimitBook(view)
        self.tally_book = TallyBook(view, revision)
        self.award_book = AwardBook(view, revision, cause)
        self._badge_book = BadgeBook(view, revision)
        self._asked: dict[Group, _Asked] = {}

    # --- credits ---

    def recount(self, old: Credit | None, new: Credit) -> None:
        """Count a new revision of a credit in place of the old one, by all plans."""
        countings = self.plans.counting(new) if old is None else self.plans.counting(old, new)
        before = self._counts(old, countings)
        if old is not None:
            self.waiting.forget(old, new)
        self._recount_one(new, countings, before)

    def recount_around(self, credits: Sequence[Credit], change: Callable[[], bool]) -> bool:
        """Count credits by what holds after a change in place of what held before it."""
        countings = [self.plans.counting(credit) for credit in credits]
        before = [self._counts(*each) for each in zip(credits, countings, strict=True)]
        if not change():
            return False
        for credit, several, counts in zip(credits, countings, before, strict=True):
            self._recount_one(credit, several, counts)
        return True

    def _counts(self, credit: Credit | None, countings: Sequence[Counting]) -> list[Count]:
        """Return what a credit counts as by each of several contents."""
        return [
            count(self.view, one.plan, credit)
            if credit is not None and one.covers(credit)
            else NOTHING
            for one in countings
        ]

    def _recount_one(
        self, credit: Credit, countings: Sequence[Counting], before: Sequence[Count]
    ) -> None:
        missing: dict[str, str | None] = {}
        converted = False
        after = self._counts(credit, countings)
        for counting, old, new in zip(countings, before, after, strict=True):
            if old.entries != new.entries:
                self.tallies.move(credit.participant, counting, old.entries, new.entries)
            converted = converted or new.converted
            plan_id = counting.plan.plan_id
            missing[plan_id] = missing.get(plan_id) or new.missing
        self.waiting.note(credit, missing, converted=converted)

    # --- what to evaluate ---

    def touch(self, participant: str, plan_id: str | None = None) -> None:
        """Look again at all of a participant's tallies, or at those of one plan."""
        for key, _ in self.view.rows(TALLIES, participant):
            name, _, period_id = key.rpartition("|")
            counting = self.plans.by_state.get(name.partition("|")[0])
            if counting is None or plan_id not in (None, counting.plan.plan_id):
                continue
            slot = counting.plan.slots[name]
            period = slot.calendar.named(period_id)
            if period is not None:
                self.tallies.touch(participant, counting, slot, period)

    def ask(self, group: Group, *, receivers_moved: bool = False) -> None:
        """Evaluate what was earned, for all who receive it."""
        asked = self._asked.setdefault(group, _Asked())
        asked.receivers_moved |= receivers_moved or bool(asked.only)
        asked.only = None

    def ask_for(self, group: Group, receiver: str) -> None:
        """Evaluate what was earned, for one who may receive it."""
        asked = self._asked.setdefault(group, _Asked(only=set()))
        if asked.only is not None:
            asked.only.add(receiver)
        else:
            asked.receivers_moved = True

    # --- the end of the turn ---

    def finish(self) -> list[Output]:
        """Evaluate all that was asked for; return what is to be said."""
        for moved in list(self.tallies.moved.values()):
            self.tally_book.settle(moved)
            self._note_limit(moved)
            self._ask_components(moved)
        for group, asked in self._asked.items():
            self._evaluate(group, asked)
        return [
            *self.waiting.outputs,
            *self.limits.outputs,
            *self.tally_book.over,
            *self.tally_book.outputs,
            *self._badge_book.outputs,
            *self.award_book.outputs,
        ]

    def _note_limit(self, moved: Moved) -> None:
        """Note whether a tally is too large, as the content says that speaks for its period."""
        participant, counting, slot, period = moved
        if not slot.said:
            return
        if counting.version_for(self.view, period.id) is None:
            speaks = self.plans.for_period(counting.plan.plan_id, period.id)
            if speaks is not None and any(
                (other.label, other.calendar.kind) == (slot.label, slot.calendar.kind)
                for other in speaks.plan.slots.values()
                if other.said
            ):
                return
            beyond = False
        else:
            row = self.view.get(TALLIES, participant, tally_key(slot, period))
            beyond = row is not None and is_beyond(row.value)
        name = tally_id(counting, slot, period.id)
        self.limits.note(participant, name, period if beyond else None)

    def _ask_components(self, moved: Moved) -> None:
        counting, period = moved.counting, moved.period
        uses = counting.plan.uses[moved.slot]
        if uses.components and counting.version_for(self.view, period.id) is not None:
            for component in uses.components:
                self.ask(_group(counting, component, period, moved.participant))
        for component in uses.following:
            later = component.calendar.after(period)
            if counting.version_for(self.view, later.id) is not None:
                self.ask(_group(counting, component, later, moved.participant))

    def _evaluate(self, group: Group, asked: _Asked) -> None:
        part = self._part(group)
        if part is not None:
            self._settle(group, part, asked)
        elif not self.plans.is_closed(group.plan_id, group.period):
            self.award_book.settle(group, None, {})
            self._badge_book.settle(group, 0, ())
            self.limits.note(group.earner, AWARDS_OF + group.key, None)

    def _part(self, group: Group) -> _Part | None:
        """Return the component in the plan content that speaks for the period."""
        counting = self.plans.for_period(group.plan_id, group.period)
        if counting is None:
            return None
        component = counting.plan.components.get(group.component)
        period = component.calendar.named(group.period) if component else None
        version = counting.version_for(self.view, group.period)
        if component is None or period is None or version is None:
            return None
        return _Part(counting, component, period, version)

    def _settle(self, group: Group, part: _Part, asked: _Asked) -> None:
        counting, component, period = part.counting, part.component, part.period
        case = Case(self.view, counting, component, group.earner, period)
        closed = self.plans.is_closed(group.plan_id, period.id)
        if isinstance(component.pays, Badges):
            if not closed:
                due = badges_of(case)
                self._badge_book.settle(group, part.version, due)
                # An earlier version of the plan may have paid here instead.
                self.award_book.settle(group, None, {})
                self.limits.note(group.earner, AWARDS_OF + group.key, None)
            return
        if not closed:
            # An earlier version may have granted badges instead.
            self._badge_book.settle(group, part.version, ())
        # A contest is paid by what follows from a closing, which changes no more.
        frozen = closed and not isinstance(component.pays, Ranks)
        if frozen and not counting.plan.adjusts:
            return
        rewards = rewards_of(case)
        beyond = any(is_beyond(reward.amount_minor) for reward in rewards)
        self.limits.note(group.earner, AWARDS_OF + group.key, period if beyond else None)
        if beyond:
            rewards = ()
        if not self._moved(group, part, rewards, asked):
            return
        terms = Terms(
            currency=counting.plan.currency,
            plan_version=part.version,
            plan_hash=counting.plan.content_hash,
            period=period,
            open_period=open_period(self.view, group.plan_id, component.calendar, period)
            if frozen
            else None,
        )
        due_awards = self._due(group, part, rewards, asked.only)
        self.award_book.settle(group, terms, due_awards, asked.only)

    def _moved(self, group: Group, part: _Part, rewards: Sequence[Reward], asked: _Asked) -> bool:
        """Keep what was earned; tell whether any award can have changed by it."""
        many = part.component.to == "each_member"
        old = self.view.get(RESULTS, group.earner, group.key)
        if old is None and not rewards:
            return False
        kept = tuple((r.kind, r.amount_minor, r.label) for r in rewards) if many else ()
        new = ResultRow(kept, part.version if many else 0)
        if old != new:
            self.view.put(RESULTS, group.earner, group.key, new)
        return not many or old != new or asked.receivers_moved or asked.only is not None

    def _due(
        self, group: Group, part: _Part, rewards: Sequence[Reward], only: Iterable[str] | None
    ) -> Mapping[str, Due]:
        if only is None:
            receivers = receivers_of(self.view, part.component, group.earner, part.period)
        else:
            receivers = tuple(
                one for one in sorted(only) if receives(self.view, group.earner, one, part.period)
            )
        return due_by_id(group, receivers, rewards, part.component.kinds)


def _group(counting: Counting, component: Component, period: Period, earner: str) -> Group:
    return Group(counting.plan.plan_id, component.name, period.id, earner)
