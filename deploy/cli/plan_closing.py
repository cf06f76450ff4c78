"""Closes a plan's period, once it has ended and nothing of it is parked."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import typer

from accolade.deploy.cli.brokers import reachable_settings
from accolade.deploy.cli.plan_log import PlanLog, read_plan_log
from accolade.deploy.cli.problems import fail
from accolade.deploy.cli.tables import show_json
from accolade.deploy.cli.user import user_name
from accolade.schemas import codec_for
from accolade.streams.bounds import Invalid
from accolade.streams.catalogue import PARKED, REFERENCE
from accolade.streams.codecs import Codec
from accolade.streams.delivery import PublishingFailed
from accolade.streams.log_reader import LogUnavailable, latest_by_key, read_all
from accolade.streams.publisher import Publisher
from accolade.streams.records import Closing, Parked
from accolade.streams.rules.closed_periods import closable
from accolade.streams.rules.compiled import CompiledPlan
from accolade.streams.rules.periods import Period
from accolade.streams.rules.state import Rejected
from accolade.streams.settings import Settings
from accolade.streams.validation import validate

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Closed(NamedTuple):
    """A period that is closed."""

    closing: Closing
    period: Period
    #: False: it was closed before.
    new: bool


def close_period(plan_id: str, period_id: str, author: str | None, *, with_parked: bool) -> Closed:
    """
    Publish a closing unless the period is closed; ends the command if it can't.

    Args:
        plan_id: The plan.
        period_id: Its period.
        author: Who closes it; the user of the system where None.
        with_parked: Whether to close it though records that occurred in it are parked.
    """
    settings = reachable_settings([REFERENCE, PARKED])
    codec = codec_for(settings)
    log = read_plan_log(settings, codec)
    plan = _active(log, plan_id)
    period = _period(plan, period_id)
    before = log.closings.get((plan_id, period_id))
    if before is not None:
        return Closed(before, period, new=False)
    _check_ended(plan, period)
    if not with_parked:
        _check_parked(settings, codec, period)
    closing = Closing(plan_id=plan_id, period=period_id, author=author or user_name())
    _publish(closing, settings, codec)
    return Closed(closing, period, new=True)


def tell(closed: Closed, as_json: bool) -> None:
    """Print what was closed."""
    closing, period, new = closed
    if as_json:
        show_json(
            {
                "plan": closing.plan_id,
                "period": closing.period,
                "period_start": period.start,
                "period_end": period.end,
                "author": closing.author,
                "new": new,
            }
        )
        return
    by = f" by {closing.author}" if closing.author else ""
    said = "closed" if new else "already closed"
    typer.echo(f"{closing.plan_id}: {closing.period} {said}{by}")


def _active(log: PlanLog, plan_id: str) -> CompiledPlan:
    plan = log.plans.get(plan_id)
    if plan is None:
        fail(f"no plan {plan_id} is published; `accolade plan list --published` shows them")
    if not plan.active:
        fail(f"plan {plan_id} is withdrawn, there is nothing to freeze; publish its file again")
    return log.compiled(plan_id)


def _period(plan: CompiledPlan, period_id: str) -> Period:
    try:
        return closable(plan, period_id)
    except Rejected as rejected:
        fail(rejected.message)


def _check_ended(plan: CompiledPlan, period: Period) -> None:
    if period.end > (datetime.now(UTC) - _EPOCH) // _MICROSECOND:
        ends = (_EPOCH + period.end * _MICROSECOND).astimezone(ZoneInfo(plan.time_zone))
        fail(
            f"{period.id} has not ended: it ends at {ends:%Y-%m-%d %H:%M} ({plan.time_zone}).\n"
            "Nothing undoes a closing; close it then."
        )


def _check_parked(settings: Settings, codec: Codec, period: Period) -> None:
    try:
        latest = latest_by_key(read_all(settings, codec, PARKED))
    except LogUnavailable as error:
        fail(str(error))
    count = sum(
        isinstance(entry.record, Parked) and period.holds(entry.record.occurred_at)
        for entry in latest.values()
    )
    if count:
        fail(
            f"{period.id} is not closed: {count:,} that occurred in it are parked and don't "
            "count yet.\n`accolade parked list` says what each of them waits for. To close "
            "the period without them, give --with-parked."
        )


def _publish(closing: Closing, settings: Settings, codec: Codec) -> None:
    try:
        validate(closing)
        with Publisher(settings, codec) as publisher:
            publisher.publish(closing)
    except (Invalid, PublishingFailed) as error:
        fail(str(error))
