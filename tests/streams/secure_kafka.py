"""A broker that speaks TLS alone and asks for a password, with a certificate of its own."""

import base64
import shutil
import subprocess
import uuid
from pathlib import Path

from accolade.deploy.kafka_jars import kafka_jars
from accolade.deploy.local_process import LocalProcess, free_port, listens

USERNAME = "ada"
PASSWORD = "hunter2-of-the-broker"
MECHANISMS = ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512")

_STORE_PASSWORD = "changeit"
_READY_SECONDS = 60.0
_PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"
_SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"


class SecureKafka:
    """A broker with a SASL_SSL listener for clients."""

    def __init__(self, folder: Path) -> None:
        """Make its certificate and its data in a folder, and start it."""
        self._folder = folder
        self.bootstrap = f"127.0.0.1:{free_port()}"
        #: The certificate as PEM, for clients to trust.
        self.ca_file = folder / "ca.pem"
        self._java = ["java", "-Xmx512m", "-cp", f"{kafka_jars()}/*"]
        self._make_certificate()
        config = self._write_config()
        self._format(config)
        self._process = LocalProcess([*self._java, "kafka.Kafka", str(config)], folder)
        port = int(self.bootstrap.rpartition(":")[2])
        self._process.wait_until(lambda: listens(port), _READY_SECONDS)

    def close(self) -> None:
        """End it."""
        self._process.kill()

    def _make_certificate(self) -> None:
        store = ["-keystore", str(self._folder / "broker.p12"), "-storepass", _STORE_PASSWORD]
        named = ["-alias", "broker", *store]
        subprocess.run(
            [
                *("keytool", "-genkeypair", "-keyalg", "RSA", "-storetype", "PKCS12"),
                *("-dname", "CN=broker", "-ext", "SAN=ip:127.0.0.1", "-ext", "bc=ca:true"),
                *named,
            ],
            check=True,
            capture_output=True,
        )
        subprocess.run(
            ["keytool", "-exportcert", "-rfc", "-file", str(self.ca_file), *named],
            check=True,
            capture_output=True,
        )

    def _write_config(self) -> Path:
        controller = f"127.0.0.1:{free_port()}"
        inside = f"127.0.0.1:{free_port()}"
        login = f'required username="{USERNAME}" password="{PASSWORD}"'
        settings = {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@{controller}",
            "listeners": f"CLIENTS://{self.bootstrap},INSIDE://{inside},CONTROLLER://{controller}",
            "advertised.listeners": f"CLIENTS://{self.bootstrap},INSIDE://{inside}",
            "listener.security.protocol.map": (
                "CLIENTS:SASL_SSL,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT"
            ),
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "INSIDE",
            "log.dirs": str(self._folder / "data"),
            "ssl.keystore.type": "PKCS12",
            "ssl.keystore.location": str(self._folder / "broker.p12"),
            "ssl.keystore.password": _STORE_PASSWORD,
            "sasl.enabled.mechanisms": ",".join(MECHANISMS),
            "listener.name.clients.plain.sasl.jaas.config": (
                f'{_PLAIN} {login} user_{USERNAME}="{PASSWORD}";'
            ),
            "listener.name.clients.scram-sha-256.sasl.jaas.config": f"{_SCRAM} required;",
            "listener.name.clients.scram-sha-512.sasl.jaas.config": f"{_SCRAM} required;",
            "offsets.topic.num.partitions": "1",
            "offsets.topic.replication.factor": "1",
            "transaction.state.log.num.partitions": "1",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
        }
        config = self._folder / "server.properties"
        config.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
        return config

    def _format(self, config: Path) -> None:
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        scram = [
            part
            for mechanism in MECHANISMS
            if mechanism.startswith("SCRAM")
            for part in ("--add-scram", f"{mechanism}=[name={USERNAME},password={PASSWORD}]")
        ]
        subprocess.run(
            [
                *self._java,
                *("kafka.tools.StorageTool", "format", f"--cluster-id={cluster}"),
                *("--config", str(config), *scram),
            ],
            check=True,
            capture_output=True,
        )


def has_keytool() -> bool:
    """Return whether Java's tool for certificates is here; some slim runtimes lack it."""
    return shutil.which("keytool") is not None
