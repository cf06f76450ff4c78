"""What is installed is what stands in the tree."""

import subprocess
import sys
import tarfile
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("agents", "deploy", "schemas", "sinks", "streams")
#: What a module needs at its side once it is installed.
DATA = ("*.py", "*.avsc", "*.yaml", "*.lua", "*.html")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project's wheel and source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return folder


def files_of_the_tree() -> set[str]:
    """Return the modules and data files of the packages, by their installed names."""
    return {
        f"accolade/{path.relative_to(ROOT).as_posix()}"
        for package in PACKAGES
        for pattern in DATA
        for path in (ROOT / package).rglob(pattern)
    }


def test_wheel_holds_every_module_schema_and_plan(built: Path) -> None:
    """Nothing that runs from the tree is missing from the wheel."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        assert files_of_the_tree() - set(wheel.namelist()) == set()


def test_wheel_holds_the_package_alone(built: Path) -> None:
    """Names like `agents` or `tests` at the top would clash with other packages'."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        tops = {name.split("/")[0] for name in wheel.namelist()}

    assert {top for top in tops if not top.endswith(".dist-info")} == {"accolade"}


def test_source_distribution_holds_what_the_wheel_is_built_from(built: Path) -> None:
    """The links to the packages arrive as the files that they lead to."""
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        files = {name.split("/", 1)[1] for name in archive.getnames()}

    assert {f".src/{name}" for name in files_of_the_tree()} - files == set()


@pytest.mark.parametrize(
    ("group", "name"),
    [
        ("console_scripts", "accolade"),
        ("faust.stores", "tasks"),
        ("faust.transports", "batched"),
    ],
)
def test_entry_point_leads_to_something(group: str, name: str) -> None:
    """What others find the project by is there."""
    (entry,) = distribution("accolade").entry_points.select(group=group, name=name)

    assert callable(entry.load())
