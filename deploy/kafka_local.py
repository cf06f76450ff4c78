"""
A real Apache Kafka broker on this machine, for tests and trials: one Java process.

It is broker and controller in one (KRaft), on free ports, with its data in a
temporary folder that goes when it is closed.
"""

import base64
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from accolade.deploy.kafka_jars import kafka_jars
from accolade.deploy.local_process import LocalProcess, StartError, free_port, listens

_READY_SECONDS = 60.0
_METADATA_SECONDS = 30.0
#: A port that was free a moment ago may be taken by the time the broker wants it.
_START_ATTEMPTS = 3
_LOG_SETTINGS = Path(__file__).parent / "kafka" / "log4j2.properties"
_HEAP = ("-Xms256m", "-Xmx1g")

#: A topic appears only when it is created, and one broker is all there is.
_SETTINGS: Mapping[str, str] = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "controller.listener.names": "CONTROLLER",
    "inter.broker.listener.name": "BROKER",
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "offsets.topic.replication.factor": "1",
    "transaction.state.log.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "group.initial.rebalance.delay.ms": "0",
    # Tests shorten their sessions below what a production broker allows.
    "group.min.session.timeout.ms": "1000",
    # Hung transactions are looked for every 10 s by default.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
    # A killed broker comes back only after its former session is over.
    "broker.heartbeat.interval.ms": "500",
    "broker.session.timeout.ms": "3000",
    # Segments are made large at once by default; tests have many small partitions.
    "log.index.size.max.bytes": "65536",
    "log.cleaner.dedupe.buffer.size": "2097152",
    "num.recovery.threads.per.data.dir": "4",
}


class LocalKafka:
    """
    A broker that can be stopped, killed and started again; its data stays until it is closed.

    A context manager: starts on entry, closes on exit.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        """Take broker settings that come on top of, or replace, the usual ones."""
        self._settings = {**_SETTINGS, **(settings or {})}
        self._folder: Path | None = None
        self._port = 0
        self._process: LocalProcess | None = None

    @property
    def bootstrap(self) -> str:
        """Its address, `host:port`; the same after a restart."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """
        Start it, with the data it had, and wait until it answers.

        Raises:
            JarsUnavailableError: Kafka's jars aren't here and couldn't be fetched.
            StartError: Java is missing, or the broker ended or didn't answer in time.
        """
        if self._folder is not None:
            self._process = self._run(self._folder)
            return
        for attempt in range(1, _START_ATTEMPTS + 1):
            folder = Path(tempfile.mkdtemp(prefix="accolade-kafka-"))
            try:
                self._format(folder)
                self._process = self._run(folder)
            except BaseException as error:
                shutil.rmtree(folder, ignore_errors=True)
                if attempt == _START_ATTEMPTS or not isinstance(error, StartError):
                    raise
            else:
                self._folder = folder
                return

    def stop(self) -> None:
        """Shut it down in order."""
        if self._process is not None:
            self._process.stop()
            self._process = None

    def kill(self) -> None:
        """End it as a loss of power would; the disk keeps what it had."""
        if self._process is not None:
            self._process.kill()
            self._process = None

    def restart(self) -> None:
        """Stop it and start it again with its data, at the same address."""
        self.stop()
        self.start()

    def close(self) -> None:
        """End it and remove its data."""
        # Nobody needs the data any more, so it isn't worth an orderly shutdown.
        self.kill()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def _format(self, folder: Path) -> None:
        self._port = free_port()
        controller = free_port()
        settings = {
            **self._settings,
            "listeners": f"BROKER://{self.bootstrap},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"BROKER://{self.bootstrap}",
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "log.dirs": str(folder / "data"),
        }
        config = folder / "server.properties"
        config.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        # The C1 compiler alone: the tool ends before anything better would pay.
        run = subprocess.run(
            [
                *_java(folder, ("-XX:TieredStopAtLevel=1",)),
                *("kafka.tools.StorageTool", "format"),
                # Ids may begin with a dash.
                *(f"--cluster-id={cluster}", "--config", str(config)),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode != 0:
            raise StartError(f"Kafka couldn't format {folder}:\n{run.stdout}{run.stderr}")

    def _run(self, folder: Path) -> LocalProcess:
        command = [*_java(folder, _HEAP), "kafka.Kafka", str(folder / "server.properties")]
        process = LocalProcess(command, folder)
        try:
            process.wait_until(lambda: listens(self._port), _READY_SECONDS)
            _await_broker(self.bootstrap)
        except BaseException:
            process.kill()
            raise
        return process


def _java(folder: Path, options: tuple[str, ...]) -> list[str]:
    """Return the start of a command that runs a class from Kafka's jars."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None) or shutil.which("java")
    if java is None:
        raise StartError(
            "Apache Kafka runs on Java 17 or newer, and there is none. Install it (Debian: "
            "apt-get install default-jre-headless), or set JAVA_HOME."
        )
    return [
        *(java, *options, "-Djava.awt.headless=true", "-Xshare:auto"),
        *(f"-Dlog4j2.configurationFile={_LOG_SETTINGS}", f"-Djava.io.tmpdir={folder}"),
        *("-cp", f"{kafka_jars()}/*"),
    ]


def _await_broker(bootstrap: str) -> None:
    # Quiet: what it would say of a broker that is just coming up is no news.
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    try:
        admin.list_topics(timeout=_METADATA_SECONDS)
    except KafkaException as error:
        raise StartError(f"Kafka at {bootstrap} doesn't answer: {error}") from error
