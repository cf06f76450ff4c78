"""What the tests of the pipeline share: a deployment for each module."""

import uuid
from collections.abc import Iterator

import pytest

from tests.pipeline.deployment import Deployment


@pytest.fixture(scope="module")
def running(kafka: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A deployment with a worker; its tests add to what was published before them."""
    folder = tmp_path_factory.mktemp("deployment")
    with Deployment(kafka, f"t{uuid.uuid4().hex[:10]}", folder) as deployment:
        deployment.start()
        yield deployment
