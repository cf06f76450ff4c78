"""
Awards as they were said last, and what has to be said now.

While a period is open an award follows what is earned. Once it is closed the award
stands as it was said; what later facts change is booked as an adjustment in the
earliest later period that is open, and stays there when that one is closed in turn.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from accolade.streams.catalogue import AWARDS
from accolade.streams.records import Award
from accolade.streams.rules import RULES_VERSION
from accolade.streams.rules.evaluate import LABELLED, Reward
from accolade.streams.rules.periods import Period
from accolade.streams.rules.state import Output, View
from accolade.streams.rules.tally_rows import AWARDED, AwardRow


class Group(NamedTuple):
    """What an earner earned by a component for a period, whoever receives it."""

    plan_id: str
    component: str
    period: str
    earner: str

    @property
    def key(self) -> str:
        """Name it among what the earner earned."""
        return f"{self.plan_id}/{self.component}/{self.period}"

    @property
    def owner(self) -> str:
        """Name it among all."""
        return f"{self.key}|{self.earner}"


class Terms(NamedTuple):
    """What all awards of a group have in common."""

    currency: str
    plan_version: int
    plan_hash: str
    period: Period
    #: Where changes are booked instead, once the period is closed; else None.
    open_period: Period | None = None


class Due(NamedTuple):
    """A reward and who receives it."""

    receiver: str
    reward: Reward


class AwardBook:
    """Says awards: keeps what was said, and returns what to say."""

    def __init__(self, view: View, revision: int, cause: str) -> None:
        """Take the state, and the revision and cause of what will be said."""
        self._view = view
        self._revision = revision
        self._cause = cause
        self.outputs: list[Output] = []

    def settle(
        self,
        group: Group,
        terms: Terms | None,
        due: Mapping[str, Due],
        only: Collection[str] | None = None,
    ) -> None:
        """
        Make what was said be what is due.

        Args:
            group: Whose awards.
            terms: Their terms; None where the plan says nothing of them any more.
            due: What is due by award id.
            only: Receivers to look at, where others are as they were.
        """
        said = dict(self._view.rows(AWARDED, group.owner))
        if only is not None:
            said = {key: row for key, row in said.items() if row.receiver in only}
        if terms is not None and terms.open_period is not None:
            self._adjust(group, terms, terms.open_period, due, said)
            return
        for award_id in sorted(said.keys() - due.keys()):
            if said[award_id].adjusts is None:
                self._withdraw(group, award_id, said[award_id])
        if terms is None:
            return
        for award_id, one in due.items():
            row = _row(terms, _due_of(terms, one), terms.period, one.reward.amount_minor)
            if said.get(award_id) != row:
                self._say(group, award_id, row)

    def _adjust(
        self,
        group: Group,
        terms: Terms,
        booked_in: Period,
        due: Mapping[str, Due],
        said: Mapping[str, AwardRow],
    ) -> None:
        """Book what changed since the period was closed."""
        for award_id in sorted({row.adjusts or key for key, row in said.items()} | due.keys()):
            booked = {key: row for key, row in said.items() if row.adjusts == award_id}
            earlier = [row for _, row in sorted(booked.items()) if row.period != booked_in.id]
            standing = sorted(earlier, key=lambda row: row.period_start)
            if award_id in said:
                standing.insert(0, said[award_id])
            rows = _adjustments(terms, booked_in, award_id, due.get(award_id), standing)
            here = {key for key, row in booked.items() if row.period == booked_in.id}
            for place in sorted(here - rows.keys()):
                self._withdraw(group, place, booked[place])
            for place, row in rows.items():
                if booked.get(place) != row:
                    self._say(group, place, row)

    def _say(self, group: Group, award_id: str, row: AwardRow) -> None:
        self._view.put(AWARDED, group.owner, award_id, row)
        state = "earned" if row.adjusts is None else "adjustment"
        self._put(group, award_id, row, state, row.amount_minor)

    def _withdraw(self, group: Group, award_id: str, row: AwardRow) -> None:
        self._view.delete(AWARDED, group.owner, award_id)
        self._put(group, award_id, row, "withdrawn", 0)

    def _put(
        self, group: Group, award_id: str, row: AwardRow, state: str, amount_minor: int
    ) -> None:
        award = Award(
            award_id=award_id,
            revision=self._revision,
            participant=row.receiver,
            earner=group.earner,
            plan_id=group.plan_id,
            plan_version=row.plan_version,
            plan_hash=row.plan_hash,
            rules_version=RULES_VERSION,
            component=group.component,
            period=row.period,
            period_start=row.period_start,
            period_end=row.period_end,
            kind=row.kind,
            amount_minor=amount_minor,
            currency=row.currency,
            label=row.label,
            state=state,
            adjusts=row.adjusts,
            cause=self._cause,
        )
        self.outputs.append(Output(AWARDS, award_id, award))


def due_by_id(
    group: Group, receivers: Iterable[str], rewards: Iterable[Reward], kinds: tuple[str, ...]
) -> dict[str, Due]:
    """
    Return what is due by award id.

    Args:
        group: Whose awards.
        receivers: Who receives each of the rewards.
        rewards: What was earned.
        kinds: The component's kinds of reward; the first needs no mention in the id.
    """
    due: dict[str, Due] = {}
    listed = tuple(rewards)
    if not listed:
        return due
    for receiver in receivers:
        award_id = f"{group.key}/{receiver}"
        if receiver != group.earner:
            award_id = f"{award_id}/{group.earner}"
        for reward in listed:
            own = award_id if reward.kind == kinds[0] else f"{award_id}/{reward.kind}"
            due[own] = Due(receiver, reward)
    return due


class _What(NamedTuple):
    """What an award is of; only amounts of the same are added up."""

    receiver: str
    kind: str
    currency: str
    label: str


def _adjustments(
    terms: Terms, period: Period, award_id: str, due: Due | None, standing: Iterable[AwardRow]
) -> dict[str, AwardRow]:
    """
    Return what has to be booked, by award id, so that all that was booked is what is due.

    One award for each currency and label: what is not due any more is taken back by
    itself, and what is due instead is given by itself. There are several currencies
    where an adjustment by hand has become one of another.

    Source:
        docs/plans.md, "Late facts".
    """
    booked: dict[_What, int] = {}
    for row in standing:
        what = _What(row.receiver, row.kind, row.currency, row.label)
        booked[what] = booked.get(what, 0) + row.amount_minor
    wanted = dict.fromkeys(booked, 0)
    if due is not None:
        wanted[_due_of(terms, due)] = due.reward.amount_minor
    rows: dict[str, AwardRow] = {}
    for number, (what, amount_minor) in enumerate(wanted.items(), start=1):
        change_minor = amount_minor - booked.get(what, 0)
        is_new = what.kind in LABELLED and what not in booked
        if change_minor or is_new:
            place = f"{award_id}/adjusts/{period.id}{_besides(next(iter(wanted)), what, number)}"
            rows[place] = _row(terms, what, period, change_minor, award_id)
    return rows


def _besides(first: _What, what: _What, number: int) -> str:
    """Return what ends the id of what is booked besides the first: its currency, or a number."""
    if what == first:
        return ""
    return f"/{what.currency}" if what.currency != first.currency else f"/{number}"


def _due_of(terms: Terms, due: Due) -> _What:
    return _What(due.receiver, due.reward.kind, terms.currency, due.reward.label)


def _row(
    terms: Terms, what: _What, period: Period, amount_minor: int, adjusts: str | None = None
) -> AwardRow:
    return AwardRow(
        receiver=what.receiver,
        kind=what.kind,
        amount_minor=amount_minor,
        currency=what.currency,
        label=what.label,
        period=period.id,
        period_start=period.start,
        period_end=period.end,
        plan_version=terms.plan_version,
        plan_hash=terms.plan_hash,
        adjusts=adjusts,
    )
