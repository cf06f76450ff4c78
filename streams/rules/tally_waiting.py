"""Credits that are converted, those that wait for a rate to be, and adjustments that wait."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from accolade.streams.catalogue import PARKED
from accolade.streams.records import Credit, ExchangeRate, Parked
from accolade.streams.rules.reference_versions import valid_until
from accolade.streams.rules.state import Output, View
from accolade.streams.rules.tally_rows import (
    CONVERTED,
    CONVERTED_DAYS,
    CREDITS,
    PARKED_CREDITS,
    WAITING_ADJUSTMENTS,
    Mark,
    ParkedRow,
    WaitingRow,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_US = 86_400_000_000


class Waiting:
    """Lists converted credits by day, so that a rate finds those it is for."""

    def __init__(self, view: View) -> None:
        """Start with nothing to say."""
        self._view = view
        self.outputs: list[Output] = []

    def note(self, credit: Credit, missing: Mapping[str, str | None], *, converted: bool) -> None:
        """
        Keep that a credit is converted, and say that it waits for a rate, or no longer.

        Args:
            credit: Which.
            missing: The pair of currencies without a rate by plan, for the plans that
                were looked at; None where none is missing.
            converted: Whether a plan converts it.
        """
        if converted:
            day = _day(credit.deal_occurred_at)
            self._view.put(CONVERTED_DAYS, credit.currency, day, Mark())
            self._view.put(CONVERTED, f"{credit.currency}|{day}", _key(credit), Mark())
        old = self._view.get(PARKED_CREDITS, credit.participant, credit.credit_id)
        known = old.pairs if old else {}
        pairs = {plan_id: pair for plan_id, pair in {**known, **missing}.items() if pair}
        if not pairs and old is None:
            return
        new = ParkedRow(pairs, credit.occurred_at, credit.deal_occurred_at) if pairs else None
        if new == old:
            return
        if new is not None:
            self._view.put(PARKED_CREDITS, credit.participant, credit.credit_id, new)
        else:
            self._view.delete(PARKED_CREDITS, credit.participant, credit.credit_id)
        self.outputs.append(_parked(credit.credit_id, new))

    def note_adjustment(self, participant: str, name: str, parked: Parked | None) -> None:
        """Keep how a participant's adjustment waits, and say so; None: it doesn't, or no longer."""
        row = self._view.get(WAITING_ADJUSTMENTS, participant, name)
        if parked is None and row is not None:
            self._view.delete(WAITING_ADJUSTMENTS, participant, name)
            self.outputs.append(Output(PARKED, row.parked.parked_id, None))
        elif parked is not None and (row is None or row.parked != parked):
            self._view.put(WAITING_ADJUSTMENTS, participant, name, WaitingRow(parked))
            self.outputs.append(Output(PARKED, parked.parked_id, parked))

    def forget(self, old: Credit, new: Credit) -> None:
        """Take a credit out of the day's list where its new revision doesn't belong."""
        day = _day(old.deal_occurred_at)
        if (old.currency, day) != (new.currency, _day(new.deal_occurred_at)):
            self._view.delete(CONVERTED, f"{old.currency}|{day}", _key(old))


def converted_by(view: View, rate: ExchangeRate) -> Iterable[Credit]:
    """Yield the credits that a rate converts, or will; and others of its first and last day."""
    first, last = _day(rate.valid_from), _day(valid_until(view, rate))
    for day, _ in view.rows(CONVERTED_DAYS, rate.from_currency):
        if not first <= day <= last:
            continue
        for key, _ in view.rows(CONVERTED, f"{rate.from_currency}|{day}"):
            participant, _, credit_id = key.partition("|")
            row = view.get(CREDITS, participant, credit_id)
            if row is not None:
                yield row.credit


def _parked(credit_id: str, row: ParkedRow | None) -> Output:
    parked_id = f"tally/{credit_id}"
    if row is None:
        return Output(PARKED, parked_id, None)
    waits_for = min(row.pairs.values())
    plans = ", ".join(plan for plan, pair in sorted(row.pairs.items()) if pair == waits_for)
    day = (_EPOCH + timedelta(microseconds=row.deal_occurred_at)).date()
    parked = Parked(
        parked_id=parked_id,
        stage="tally",
        reason="missing_rate",
        message=f"no usable rate of exchange {waits_for} as of {day}, which {plans} needs",
        occurred_at=row.occurred_at,
        waits_for=waits_for,
    )
    return Output(PARKED, parked_id, parked)


def _day(at_us: int) -> str:
    """Return the day (UTC) of a time, as text that sorts by time."""
    return f"{at_us // _DAY_US:09d}"


def _key(credit: Credit) -> str:
    return f"{credit.participant}|{credit.credit_id}"
