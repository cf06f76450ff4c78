"""
The one place of all settings.

A setting `crm_partitions` is the variable `ACCOLADE_CRM_PARTITIONS`, or the key
`crm_partitions` of a TOML file (a variable of an env file) that
`ACCOLADE_SETTINGS` names. The environment goes before the file.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    FilePath,
    Secret,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from accolade.streams.catalogue import Changelog, Partitions, Topic, changelog_name
from accolade.streams.rules.state import Partitioning
from accolade.streams.secret_url import SecretUrl, without_secrets
from accolade.streams.settings_file import (
    FILE_VARIABLE,
    PREFIX,
    SettingsError,
    file_values,
    unknown_names,
)

#: Kafka's own limit on names, less what a topic's name adds.
_NAME = r"[a-zA-Z0-9._-]"
_Count = Annotated[int, Field(ge=1, le=10_000)]
_Port = Annotated[int, Field(ge=0, le=65_535)]


class Settings(BaseSettings):
    """Everything that differs between installations."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    app_id: str = Field(
        "accolade",
        pattern=rf"^{_NAME}{{1,64}}$",
        description="Name of this installation: of its consumer groups, changelogs and producers.",
    )
    topic_prefix: str = Field(
        "",
        pattern=rf"^{_NAME}{{0,64}}$",
        description="Stands in front of every topic's name.",
    )
    epoch: int = Field(
        0,
        ge=0,
        lt=512,
        description="Raise it by one when the topics are made anew, so that revisions still rise.",
    )

    bootstrap_servers: str = Field(
        "127.0.0.1:9092", min_length=1, description="Kafka brokers, host:port, comma-separated."
    )
    broker_wait_seconds: float = Field(
        15.0,
        ge=0.0,
        le=3_600.0,
        description="How long a command or process waits at its start for a broker to answer.",
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="How brokers are spoken to."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="How to log in to the brokers."
    )
    sasl_username: str | None = Field(None, description="User name at the brokers.")
    sasl_password: SecretStr | None = Field(None, description="Password at the brokers.")
    ssl_ca_file: FilePath | None = Field(
        None, description="PEM file of the authorities to trust; the system's where unset."
    )
    ssl_cert_file: FilePath | None = Field(None, description="PEM file of the client certificate.")
    ssl_key_file: FilePath | None = Field(None, description="PEM file of the certificate's key.")
    ssl_key_password: SecretStr | None = Field(None, description="Password of that key.")

    crm_partitions: _Count = Field(
        6, description="Partitions of the CRM, billing and learning topics; fixed once created."
    )
    facts_partitions: _Count = Field(
        6, description="Partitions of incentive.facts and what comes of it; fixed once created."
    )
    boards_partitions: _Count = Field(
        3, description="Partitions of the tallies and boards; fixed once created."
    )
    replication: _Count | None = Field(
        None, description="Copies of each topic; the broker's default where unset."
    )
    transaction_timeout_ms: int = Field(
        10_000,
        ge=1_000,
        le=900_000,
        description="How long a hung transaction may hide records from readers, ms.",
    )
    compression: Literal["none", "gzip", "snappy", "lz4", "zstd"] = Field(
        "lz4", description="How messages are compressed."
    )

    data_dir: Path = Field(
        Path("accolade-data"), description="Folder for state on disk; each worker's own."
    )
    store: Literal["memory", "rocksdb"] = Field(
        "memory", description="Where a worker keeps the state of its tasks."
    )
    standbys: int = Field(
        0,
        ge=0,
        le=10,
        description="How many other workers follow each task, to take it over at once.",
    )
    instance_id: str | None = Field(
        None,
        pattern=rf"^{_NAME}{{1,64}}$",
        description="Name of this worker, kept over restarts: it gets its partitions back at once.",
    )
    session_timeout_seconds: float = Field(
        10.0,
        ge=1.0,
        le=300.0,
        description="After how long without a sign of life a worker's partitions go to another.",
    )
    check_crcs: bool = Field(
        True, description="Whether workers check what they fetch; off for the embedded broker."
    )
    fetch_records: _Count = Field(
        5_000, description="Records at most that one fetch hands to the stages."
    )

    schema_registry_url: str | None = Field(
        None, description="Address of a Confluent schema registry; none is needed."
    )
    schema_registry_username: str | None = Field(None, description="User name at the registry.")
    schema_registry_password: SecretStr | None = Field(None, description="Password there.")

    redis_url: SecretUrl = Field(
        SecretUrl("redis://127.0.0.1:6379/0"), description="Redis for the live boards."
    )
    redis_prefix: str = Field(
        "accolade:",
        pattern=r"^[^{}\x00-\x20]{1,64}$",
        description="Stands in front of every key in Redis.",
    )
    boards_names: bool = Field(
        True, description="Whether the boards show names, from the contacts; else ids alone."
    )
    ledger_url: SecretUrl = Field(
        SecretUrl("sqlite:///accolade-ledger.db"),
        description="SQLAlchemy address of the payout ledger.",
    )

    metrics_host: str = Field("127.0.0.1", description="Where the sinks serve /metrics.")
    metrics_port: _Port = Field(
        9464, description="Port of /metrics of the boards' sink; 0 for a free one."
    )
    payouts_metrics_port: _Port = Field(
        9465, description="Port of /metrics of the payouts' sink; 0 for a free one."
    )
    web_host: str = Field("127.0.0.1", description="Where the web page is served.")
    web_port: _Port = Field(6066, description="Port of the web page; 0 for a free one.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="The least severe messages to log."
    )
    log_format: Literal["text", "json"] = Field("text", description="How log lines look.")

    @field_validator("schema_registry_url")
    @classmethod
    def _holds_no_password(cls, url: str | None) -> str | None:
        if url is None:
            return url
        if not url.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        if without_secrets(url) != url or "@" in url:
            raise ValueError(
                "must not hold credentials; set schema_registry_username and "
                "schema_registry_password"
            )
        return url

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.security_protocol.startswith("SASL"):
            self._need("sasl_mechanism", "sasl_username", "sasl_password")
        if self.ssl_cert_file is not None:
            self._need("ssl_key_file")
        if self.ssl_key_file is not None:
            self._need("ssl_cert_file")
        if self.schema_registry_password is not None:
            self._need("schema_registry_username")
        if self.schema_registry_username is not None:
            self._need("schema_registry_url", "schema_registry_password")
        return self

    def _need(self, *names: str) -> None:
        missing = [name for name in names if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{' and '.join(missing)} must be set as well")

    @property
    def group(self) -> str:
        """The consumer group of the workers, and what transactional ids begin with."""
        return f"{self.topic_prefix}{self.app_id}"

    @property
    def partitioning(self) -> Partitioning:
        """How many partitions the topics of each kind have."""
        return Partitioning(self.crm_partitions, self.facts_partitions, self.boards_partitions)

    def partition_count(self, kind: Partitions) -> int:
        """Return how many partitions topics of a kind have."""
        match kind:
            case Partitions.CRM:
                return self.crm_partitions
            case Partitions.FACTS:
                return self.facts_partitions
            case Partitions.BOARDS:
                return self.boards_partitions
            case Partitions.ONE:
                return 1

    def prefixed(self, name: str) -> str:
        """Return a name as it is on the broker, where installations may share one."""
        return f"{self.topic_prefix}{name}"

    def topic_name(self, topic: Topic) -> str:
        """Return the topic's name on the broker."""
        return self.prefixed(topic.name)

    def changelog_name(self, changelog: Changelog) -> str:
        """Return the name on the broker of a stage's changelog."""
        return self.prefixed(changelog_name(self.app_id, changelog.stage))

    def as_environment(self) -> dict[str, str]:
        """Return the variables that give another process these settings, secrets included."""
        return {FILE_VARIABLE: "", **dict(self._variables())}

    def _variables(self) -> Iterator[tuple[str, str]]:
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, SecretStr | Secret):
                value = value.get_secret_value()
            if value is not None:
                yield f"{PREFIX}{name.upper()}", str(value)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take arguments before the environment, and that before the file it names."""
        values: dict[str, Any] = file_values()
        return init_settings, env_settings, InitSettingsSource(settings_cls, init_kwargs=values)


def load_settings() -> Settings:
    """
    Return the settings of the environment and the file it names.

    Raises:
        SettingsError: A setting is unknown or has a value it can't have. The
            message names the variables, never their values.
    """
    problems = unknown_names(Settings.model_fields)
    if problems:
        raise SettingsError("\n".join(problems))
    try:
        return Settings()
    except ValidationError as error:
        # Not as its cause: a traceback would show the values.
        raise SettingsError("\n".join(map(_problem, _details(error)))) from None


def _details(error: ValidationError) -> list[Any]:
    return list(error.errors(include_input=False, include_context=False, include_url=False))


def _problem(details: Any) -> str:
    where = "".join(f"{PREFIX}{str(part).upper()}: " for part in details["loc"][:1])
    return f"{where}{details['msg'].removeprefix('Value error, ')}"
