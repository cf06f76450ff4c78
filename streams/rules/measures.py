"""
What a credit counts as: a pure function of the credit, a plan and reference data.

Nothing here depends on other credits. So a new revision, a new person version or a
rate that arrives late is counted by taking out what was and putting in what is.
"""

from fractions import Fraction
from typing import NamedTuple

from accolade.streams.bounds import LARGEST
from accolade.streams.currencies import MINOR_DECIMALS
from accolade.streams.records import Credit
from accolade.streams.records.source import TeamMember
from accolade.streams.rules import money
from accolade.streams.rules.compiled import CompiledPlan, Counted, Population
from accolade.streams.rules.ordered import ascending
from accolade.streams.rules.reference import UNIT_PREFIX, person_at, rate_at, rate_pair, unit_at
from accolade.streams.rules.state import View

#: A deal's whole, in the basis points that its team shares.
_WHOLE_BP = 10_000


class Entry(NamedTuple):
    """What a credit counts as in one measure."""

    counted: Counted
    #: Which period it belongs to, µs UTC.
    at: int
    #: Minor units of the plan's currency, or a count.
    value: int
    #: Its place in the order of occurrence.
    order: str
    credit_id: str
    account: str
    deal: str
    #: Where the deal is split by role; else empty.
    team: tuple[TeamMember, ...]
    #: False for what is history alone: a deal before the plan tells that an account is not new.
    within: bool


class Count(NamedTuple):
    """What a credit counts as in a plan."""

    entries: tuple[Entry, ...]
    #: Whether an amount of it is converted.
    converted: bool = False
    #: The pair of currencies without a rate, which stops the credit for the plan.
    missing: str | None = None


NOTHING = Count(())


class _MissingRateError(LookupError):
    """No rate holds for the credit's time."""


def count(view: View, plan: CompiledPlan, credit: Credit) -> Count:
    """
    Return what the credit counts as in the plan's measures.

    A refund lowers the amounts that its deal counts in, and nothing else. A missing
    rate of exchange stops the credit for all of the plan, but only where one is needed:
    where the credit would count in an amount.

    Source:
        docs/plans.md, "What counts".
    """
    is_refund = credit.source == "refund"
    several = plan.counted.get("deal" if is_refund else credit.source)
    if several is None or not credit.active:
        return NOTHING
    lookup = _Lookup(view, plan, credit)
    entries: list[Entry] = []
    try:
        for counted in several:
            if is_refund and counted.form != "amount":
                continue
            entry = _entry(lookup, counted)
            if entry is not None:
                entries.append(entry)
    except _MissingRateError:
        return Count((), converted=True, missing=rate_pair(credit.currency, plan.currency))
    return Count(tuple(entries), lookup.converted)


class _Lookup:
    """A credit with what was looked up for it, once for all measures of a plan."""

    def __init__(self, view: View, plan: CompiledPlan, credit: Credit) -> None:
        self.credit = credit
        self.order = ascending(credit.occurred_at) + credit.credit_id
        self.converted = False
        self._view = view
        self._plan = plan
        self._members: dict[Population, bool] = {}
        self._amount: int | None = None

    def is_in(self, population: Population) -> bool:
        """Tell whether the participant is in the population as of the deal's time."""
        known = self._members.get(population)
        if known is None:
            credit = self.credit
            known = is_in(self._view, credit.participant, population, credit.deal_occurred_at)
            self._members[population] = known
        return known

    def amount_minor(self) -> int:
        """
        Return the amount in the plan's currency, rounded once for the credit.

        Raises:
            _MissingRateError: No rate holds as of the deal's time.
        """
        if self._amount is None:
            self._amount = self._converted_minor()
        return self._amount

    def _converted_minor(self) -> int:
        credit, currency = self.credit, self._plan.currency
        if credit.currency in (currency, ""):
            return credit.amount_minor
        self.converted = True
        rate = rate_at(self._view, credit.currency, currency, credit.deal_occurred_at)
        if rate is None:
            raise _MissingRateError
        shift = MINOR_DECIMALS[currency] - MINOR_DECIMALS[credit.currency]
        exact = credit.amount_minor * Fraction(rate) * Fraction(10) ** shift
        converted = money.rounded(exact, self._plan.rounding)
        if abs(converted) > LARGEST:
            # A rate that is wrong by orders of magnitude is as good as none; its
            # result would fit neither the wire nor a board.
            raise _MissingRateError
        return converted


def is_in(view: View, participant: str, population: Population, at_us: int) -> bool:
    """Tell whether a participant is active and of a role or level at a time (µs UTC)."""
    if participant.startswith(UNIT_PREFIX):
        if not population.levels:
            return False
        unit = unit_at(view, participant.removeprefix(UNIT_PREFIX), at_us)
        return unit is not None and unit.active and unit.level in population.levels
    if not population.roles:
        return False
    person = person_at(view, participant, at_us)
    return person is not None and person.active and person.role in population.roles


def _entry(lookup: _Lookup, counted: Counted) -> Entry | None:
    credit = lookup.credit
    at = _period_time(counted, credit)
    if at is None:
        return None
    within = counted.bounds is None or counted.bounds[0] <= at < counted.bounds[1]
    if not (within or counted.first_in):
        return None
    if counted.form == "distinct" and not credit.account_id:
        return None
    if not _matches(counted, credit) or not lookup.is_in(counted.population):
        return None
    return Entry(
        counted=counted,
        at=at,
        value=_value(lookup, counted),
        order=lookup.order,
        credit_id=credit.credit_id,
        account=credit.account_id or "",
        deal=credit.deal_id or credit.source_id,
        team=credit.team if counted.by_team else (),
        within=within,
    )


def _period_time(counted: Counted, credit: Credit) -> int | None:
    """Return the time that decides about the period, or None where nothing counts."""
    if credit.source != "refund" or counted.refunds == "in_refund_period":
        return credit.occurred_at
    return credit.deal_occurred_at if counted.refunds == "in_deal_period" else None


def _value(lookup: _Lookup, counted: Counted) -> int:
    if counted.form == "amount":
        amount = lookup.amount_minor()
        return _share(amount, lookup.credit) if counted.shared else amount
    return lookup.credit.quantity if counted.form == "quantity" else 1


def _share(amount_minor: int, credit: Credit) -> int:
    """
    Return the participant's share of an amount, as the CRM splits the deal.

    The shares of a team, and what is left of the whole, add up to the amount by largest
    remainder in the order of the team. Where the CRM gives no share at all everyone has
    the whole; beside others, a member without one has nothing. A unit has the whole.
    """
    shares = [member.share_bp for member in credit.team]
    if credit.participant.startswith(UNIT_PREFIX) or all(share is None for share in shares):
        return amount_minor
    weights = [share or 0 for share in shares]
    rest = max(0, _WHOLE_BP - sum(weights))
    parts = money.split(amount_minor, [*weights, rest])
    return sum(
        part
        for part, member in zip(parts, credit.team, strict=False)
        if member.rep_id == credit.participant
    )


def _matches(counted: Counted, credit: Credit) -> bool:
    return all(_has(credit, key, allowed) for key, allowed in counted.where)


def _has(credit: Credit, key: str, allowed: frozenset[str]) -> bool:
    if key == "status":
        return credit.status in allowed
    if key == "kind":
        return credit.kind in allowed
    if key == "segment":
        return credit.segment in allowed
    if key == "product":
        return credit.product in allowed
    if key == "account":
        return credit.account_id in allowed
    if key == "role":
        return any(m.rep_id == credit.participant and m.role in allowed for m in credit.team)
    return credit.dimensions.get(key) in allowed
