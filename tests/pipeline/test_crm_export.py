"""The public CRM export under the sample plan, on the real broker."""

import uuid
from collections.abc import Iterator
from random import Random

import pytest

from accolade.streams.plans.canonical import plan_record
from accolade.streams.plans.catalogue import catalogue_text
from accolade.streams.plans.load import check
from accolade.streams.records import Deal, Plan, Record
from tests.crm_export import crm_export_folder, crm_export_records
from tests.pipeline.deployment import Deployment
from tests.pipeline.outcome import computed_from, said_by

pytestmark = pytest.mark.pipeline

_AS_SHIPPED = "{from: 2026-04-01, to: 2026-07-01}"
#: What the export's deals span.
_OF_THE_EXPORT = "{from: 2017-01-01, to: 2018-01-01}"


@pytest.fixture(scope="module")
def export() -> list[Record]:
    """Everything the export says, and the sample plan for the time it is from."""
    return [sample_plan(), *crm_export_records(crm_export_folder())]


def sample_plan() -> Plan:
    """Return the sample plan, dated anew."""
    text = catalogue_text("q2-sales-performance")
    assert _AS_SHIPPED in text
    plan = check(text.replace(_AS_SHIPPED, _OF_THE_EXPORT)).plan
    assert plan is not None
    return plan_record(plan, version=1)


@pytest.fixture(scope="module")
def deployment(
    kafka: str, export: list[Record], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """A deployment that has counted the export."""
    folder = tmp_path_factory.mktemp("export")
    with Deployment(kafka, f"t{uuid.uuid4().hex[:10]}", folder) as made:
        made.start()
        made.play(export)
        yield made


def test_the_export_comes_to_the_reference(deployment, export):
    """Every opportunity goes in as a deal and counts as the sample plan says."""
    assert 14_277 == sum(isinstance(record, Deal) for record in export)
    assert computed_from(export) == said_by(deployment)


def test_the_export_a_second_time_in_another_order_changes_nothing(deployment, export):
    """Nothing is said again."""
    before = deployment.results()
    deployment.play(Random(1).sample(export, len(export)))
    after = deployment.results()

    assert before.records == after.records
    assert (before.awards, before.standings) == (after.awards, after.standings)
