"""What a component holds its measure against."""

from fractions import Fraction

from accolade.streams.rules.compiled import (
    FixedTarget,
    Held,
    PreviousTarget,
    QuotaTarget,
    WeeksTarget,
)
from accolade.streams.rules.compiling_units import in_units
from accolade.streams.rules.formulas import Number
from accolade.streams.rules.periods import Period, weeks_ending_in
from accolade.streams.rules.reference import UNIT_PREFIX, person_at, unit_at
from accolade.streams.rules.state import View
from accolade.streams.rules.tally_plans import Counting
from accolade.streams.rules.tally_rows import TALLIES
from accolade.streams.rules.tally_work import tally_key


def target_of(
    view: View, counting: Counting, held: Held, participant: str, period: Period
) -> Number | None:
    """
    Return the target in units of the measure (minor units for money).

    Returns:
        More than 0; None where there is none, and so nothing to be paid.

    Source:
        docs/plans.md, "Targets".
    """
    match held.target:
        case FixedTarget(value):
            found: Number | None = value
        case QuotaTarget():
            found = _quota(view, counting, held, participant, period)
        case PreviousTarget():
            found = _previous(view, held.target, participant, period)
        case WeeksTarget(weeks):
            # Weeks that end outside the plan's dates can't be met, so they aren't asked for.
            first, end = counting.plan.bounds
            since, until = max(period.start, first), min(period.end, end)
            found = weeks_ending_in(since, until, weeks)
        case None:
            found = None
    return found if found is not None and found > 0 else None


def _quota(
    view: View, counting: Counting, held: Held, participant: str, period: Period
) -> Fraction | None:
    """Return the participant's quota for the kind of period, in the plan's currency or none."""
    at_start = isinstance(held.target, QuotaTarget) and held.target.at_start
    at = period.start if at_start else period.end - 1
    if participant.startswith(UNIT_PREFIX):
        unit = unit_at(view, participant.removeprefix(UNIT_PREFIX), at)
        quotas = unit.quotas if unit else ()
    else:
        person = person_at(view, participant, at)
        quotas = person.quotas if person else ()
    for quota in quotas:
        if (quota.period, quota.currency) == (held.slot.calendar.kind, counting.plan.currency):
            return in_units(quota.amount, held.slot.unit)
    return None


def _previous(
    view: View, target: PreviousTarget, participant: str, period: Period
) -> Fraction | None:
    before = target.inside.calendar.before(period)
    besides = target.outside.besides
    inside = besides is not None and besides[0] <= before.start and before.end <= besides[1]
    slot = target.inside if inside else target.outside
    row = view.get(TALLIES, participant, tally_key(slot, before))
    return target.part * row.value if row is not None else None
