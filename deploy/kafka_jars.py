"""
The jars of an Apache Kafka broker, fetched once from Maven Central and kept.

`python -m accolade.deploy.kafka_jars` fetches them and prints their folder.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

KAFKA_VERSION = "4.1.1"
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
_POM = Path(__file__).parent / "kafka" / "pom.xml"


class JarsUnavailableError(RuntimeError):
    """The jars are not here and couldn't be fetched; says what to do."""


def kafka_jars() -> Path:
    """
    Return the folder of the broker's jars; fetch them if they aren't there.

    `ACCOLADE_KAFKA_LIBS` names a folder to be used instead, e.g. the `libs` of
    an unpacked Kafka. Safe against two at once.

    Raises:
        JarsUnavailableError: Maven is missing or failed, or the named folder has none.
    """
    named = os.environ.get("ACCOLADE_KAFKA_LIBS")
    if named:
        if not any(Path(named).glob("kafka_*.jar")):
            raise JarsUnavailableError(f"ACCOLADE_KAFKA_LIBS={named} holds no Kafka jars")
        return Path(named)
    cache = _cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    jars = cache / f"kafka-{KAFKA_VERSION}"
    with (cache / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.exists():
            _fetch(jars)
    return jars


def _cache_folder() -> Path:
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "accolade"


def _fetch(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise JarsUnavailableError(
            "Maven fetches Apache Kafka and isn't installed. Install it (Debian: apt-get install "
            "maven), or set ACCOLADE_KAFKA_LIBS to the libs folder of an unpacked Kafka."
        )
    # Complete or not at all: what another run finds under the final name is whole.
    with tempfile.TemporaryDirectory(dir=jars.parent, prefix="fetching-") as name:
        fetched = Path(name) / "libs"
        command = [
            *(maven, "--batch-mode", "--quiet", "--file", str(_POM), "-Dstyle.color=never"),
            *(f"{_PLUGIN}:copy-dependencies", "-DincludeScope=runtime"),
            *(f"-Dkafka.version={KAFKA_VERSION}", f"-DoutputDirectory={fetched}"),
        ]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0 or not any(fetched.glob("kafka_*.jar")):
            raise JarsUnavailableError(
                f"Maven couldn't fetch Apache Kafka {KAFKA_VERSION}:\n{run.stdout}{run.stderr}"
            )
        fetched.rename(jars)


def main() -> None:
    """Fetch the jars and print their folder; exit 1 with the reason where that fails."""
    try:
        print(kafka_jars())
    except JarsUnavailableError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
