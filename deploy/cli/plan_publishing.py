"""Publishes plans as the next version after the highest that is published."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec
import typer

from accolade.deploy.cli.brokers import reachable_settings
from accolade.deploy.cli.problems import fail
from accolade.deploy.cli.tables import show_json
from accolade.schemas import codec_for
from accolade.streams import catalogue
from accolade.streams.codecs import Codec
from accolade.streams.delivery import PublishingFailed
from accolade.streams.log_reader import LogUnavailable, read_all
from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.model import PlanFile
from accolade.streams.publisher import Publisher
from accolade.streams.records import Plan
from accolade.streams.rules.memory import MemoryView
from accolade.streams.rules.state import Rejected
from accolade.streams.rules.tally_plans import put_plan
from accolade.streams.settings import Settings


class Published(NamedTuple):
    """A version of a plan that is published."""

    plan: Plan
    #: False: it was there already.
    new: bool


def published_plans() -> dict[str, Plan]:
    """Return the highest published version of each plan, by id; ends the command if it can't."""
    settings = reachable_settings([catalogue.REFERENCE])
    return _highest(_versions(settings, codec_for(settings)))


def publish_next(plan: PlanFile) -> Published:
    """Publish a plan unless its highest version says just that; ends the command if it can't."""
    settings = reachable_settings([catalogue.REFERENCE])
    codec = codec_for(settings)
    versions = _versions(settings, codec)
    before = _highest(versions).get(plan.plan)
    record = plan_record(plan, version=before.version + 1 if before else 1)
    refused = _refused([one for one in versions if one.plan_id == plan.plan], record)
    if refused:
        fail(f"{plan.plan} was not published: {refused}")
    if before is not None and before.active and before.content_hash == record.content_hash:
        return Published(before, new=False)
    return _publish(record, settings, codec)


def withdraw_published(plan_id: str) -> Published:
    """Publish that a plan is withdrawn; ends the command if it can't or there is no such plan."""
    settings = reachable_settings([catalogue.REFERENCE])
    codec = codec_for(settings)
    before = _highest(_versions(settings, codec)).get(plan_id)
    if before is None:
        fail(f"no plan {plan_id} is published; `accolade plan list --published` shows them")
    if not before.active:
        return Published(before, new=False)
    record = msgspec.structs.replace(before, version=before.version + 1, active=False)
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


def _versions(settings: Settings, codec: Codec) -> list[Plan]:
    """Return all versions of all plans, as they stand in the log."""
    try:
        found = [entry.record for entry in read_all(settings, codec, catalogue.REFERENCE)]
    except LogUnavailable as error:
        fail(str(error))
    return [record for record in found if isinstance(record, Plan)]


def _highest(versions: Iterable[Plan]) -> dict[str, Plan]:
    """Return the highest version of each plan, by id."""
    highest: dict[str, Plan] = {}
    for plan in versions:
        before = highest.get(plan.plan_id)
        # Of two with the same version the first stands, as in the flow.
        if before is None or plan.version > before.version:
            highest[plan.plan_id] = plan
    return dict(sorted(highest.items()))


def _refused(versions: Iterable[Plan], new: Plan) -> str | None:
    """Return why the flow would refuse a version after the others; None where it takes it."""
    view = MemoryView()
    for plan in (*versions, new):
        try:
            put_plan(view, plan)
        except Rejected as rejected:
            if plan is new:
                return rejected.message
    return None


def _publish(record: Plan, settings: Settings, codec: Codec) -> Published:
    try:
        with Publisher(settings, codec) as publisher:
            publisher.publish(record)
    except PublishingFailed as error:
        fail(str(error))
    return Published(record, new=True)
