"""Publishes plans as the next version after the highest that was published."""

from typing import NamedTuple

import msgspec
import typer

from accolade.deploy.cli.brokers import reachable_settings
from accolade.deploy.cli.plan_log import read_plan_log
from accolade.deploy.cli.problems import fail
from accolade.deploy.cli.tables import show_json
from accolade.schemas import codec_for
from accolade.streams import catalogue
from accolade.streams.codecs import Codec
from accolade.streams.delivery import PublishingFailed
from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.model import PlanFile
from accolade.streams.publisher import Publisher
from accolade.streams.records import Plan
from accolade.streams.rules.state import Rejected
from accolade.streams.settings import Settings


class Published(NamedTuple):
    """A version of a plan that is published."""

    plan: Plan
    #: False: it was there already.
    new: bool


def published_plans() -> dict[str, Plan]:
    """Return the version of each plan that counts, by rising id; ends the command if it can't."""
    settings = reachable_settings([catalogue.REFERENCE])
    return dict(sorted(read_plan_log(settings, codec_for(settings)).plans.items()))


def publish_next(plan: PlanFile) -> Published:
    """Publish a plan, unless it counts just so already; ends the command if it can't."""
    settings = reachable_settings([catalogue.REFERENCE])
    codec = codec_for(settings)
    log = read_plan_log(settings, codec)
    before = log.plans.get(plan.plan)
    record = plan_record(plan, version=log.next_version(plan.plan))
    if before is not None and before.active and before.content_hash == record.content_hash:
        return Published(before, new=False)
    try:
        log.put(record)
    except Rejected as rejected:
        fail(f"{plan.plan} was not published: {rejected.message.removeprefix('body: ')}")
    return _publish(record, settings, codec)


def withdraw_published(plan_id: str) -> Published:
    """Publish that a plan is withdrawn; ends the command if it can't or there is no such plan."""
    settings = reachable_settings([catalogue.REFERENCE])
    codec = codec_for(settings)
    log = read_plan_log(settings, codec)
    before = log.plans.get(plan_id)
    if before is None:
        fail(f"no plan {plan_id} is published; `accolade plan list --published` shows them")
    if not before.active:
        return Published(before, new=False)
    record = msgspec.structs.replace(before, version=log.next_version(plan_id), active=False)
    return _publish(record, settings, codec)


def tell(published: Published, as_json: bool) -> None:
    """Print what was published."""
    plan, new = published
    if as_json:
        show_json(
            {
                "plan": plan.plan_id,
                "version": plan.version,
                "content_hash": plan.content_hash,
                "active": plan.active,
                "new": new,
            }
        )
        return
    done = "published" if plan.active else "withdrawn"
    already = "" if new else "already "
    typer.echo(f"{plan.plan_id}: {already}{done} as version {plan.version}")


def _publish(record: Plan, settings: Settings, codec: Codec) -> Published:
    try:
        with Publisher(settings, codec) as publisher:
            publisher.publish(record)
    except PublishingFailed as error:
        fail(str(error))
    return Published(record, new=True)
