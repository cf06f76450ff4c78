"""
A Confluent schema registry, through confluent-kafka's own client.

Schemas are registered under their record's name (`accolade.Deal`), not a
topic's: some topics hold several records.
"""

import json
from typing import TYPE_CHECKING, Any

from accolade.streams.schemas import AvroSchema, RecordSchema
from accolade.streams.settings import Settings

if TYPE_CHECKING:
    from confluent_kafka.schema_registry import SchemaRegistryClient

#: The client itself would wait without end.
_TIMEOUT_SECONDS = 10.0
_NOT_FOUND = 404


class RegistryError(Exception):
    """The schema registry can't be reached, or refuses a schema."""


class ConfluentRegistry:
    """Registers our schemas on first use, and finds those of others; both are remembered."""

    def __init__(self, client: "SchemaRegistryClient", place: str) -> None:
        """Take the client, and the registry's address as errors may show it."""
        self._client = client
        self._place = place

    @classmethod
    def of(cls, settings: Settings) -> "ConfluentRegistry":
        """Return the registry that the settings name."""
        # Half a second of imports that only a registry's users pay for.
        from confluent_kafka.schema_registry import SchemaRegistryClient

        url = settings.schema_registry_url
        if url is None:
            raise ValueError("no schema registry is configured")
        config: dict[str, Any] = {"url": url, "timeout": _TIMEOUT_SECONDS}
        password = settings.schema_registry_password
        if settings.schema_registry_username is not None and password is not None:
            user = settings.schema_registry_username
            config["basic.auth.user.info"] = f"{user}:{password.get_secret_value()}"
        if settings.ssl_ca_file is not None:
            config["ssl.ca.location"] = str(settings.ssl_ca_file)
        return cls(SchemaRegistryClient(config), url)

    def id_of(self, schema: RecordSchema) -> int:
        """
        Return the registry's number of the current schema; registers it if need be.

        Raises:
            RegistryError: It can't be reached, or refuses the schema.
        """
        from confluent_kafka.schema_registry import Schema

        text = json.dumps(schema.current, ensure_ascii=False)
        try:
            return int(self._client.register_schema(schema.name, Schema(text, "AVRO")))
        except Exception as error:
            raise self._failed(f"doesn't take the schema {schema.name}", error) from error

    def schema_of(self, schema_id: int) -> AvroSchema | None:
        """
        Return the Avro schema of that number, or None if there is none.

        Raises:
            RegistryError: It can't be reached.
        """
        from confluent_kafka.schema_registry import SchemaRegistryError

        try:
            schema = self._client.get_schema(schema_id)
        except SchemaRegistryError as error:
            if error.http_status_code == _NOT_FOUND:
                return None
            raise self._failed(f"doesn't give schema {schema_id}", error) from error
        except Exception as error:
            raise self._failed(f"doesn't give schema {schema_id}", error) from error
        if (schema.schema_type or "AVRO") != "AVRO" or schema.references or not schema.schema_str:
            return None
        try:
            return json.loads(schema.schema_str)
        except json.JSONDecodeError:
            return None

    def _failed(self, what: str, error: Exception) -> RegistryError:
        reason = str(error) or type(error).__name__
        return RegistryError(f"the schema registry at {self._place} {what}: {reason}")
