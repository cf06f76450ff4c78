"""Settings come from one place, are checked there, and never show a secret."""

import traceback
from pathlib import Path

import pytest
from pydantic import ValidationError

from accolade.streams.catalogue import CATALOGUE, DEALS, REFERENCE, TALLY_CHANGELOG
from accolade.streams.secret_url import SecretUrl
from accolade.streams.settings import Settings, load_settings
from accolade.streams.settings_file import SettingsError

SECRET = "hunter2"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have settings of their own."""
    import os

    for name in [name for name in os.environ if name.startswith("ACCOLADE_")]:
        monkeypatch.delenv(name)


def problem() -> str:
    """Return why the settings can't be used."""
    with pytest.raises(SettingsError) as refused:
        load_settings()
    return str(refused.value)


def test_nothing_has_to_be_set() -> None:
    """The defaults reach a broker on this machine."""
    assert load_settings().bootstrap_servers == "127.0.0.1:9092"


def test_a_variable_sets_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is the setting's in capitals."""
    monkeypatch.setenv("ACCOLADE_CRM_PARTITIONS", "12")

    assert load_settings().crm_partitions == 12


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """As compose files leave them."""
    monkeypatch.setenv("ACCOLADE_SASL_USERNAME", "")

    assert load_settings().sasl_username is None


def test_a_toml_file_may_hold_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its keys are the settings' names."""
    file = tmp_path / "accolade.toml"
    file.write_text('topic_prefix = "eu."\ncrm_partitions = 12\n')
    monkeypatch.setenv("ACCOLADE_SETTINGS", str(file))

    settings = load_settings()

    assert (settings.topic_prefix, settings.crm_partitions) == ("eu.", 12)


def test_an_env_file_may_hold_the_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Other programs' variables may stand in it."""
    file = tmp_path / "accolade.env"
    file.write_text('ACCOLADE_TOPIC_PREFIX="eu."\nPOSTGRES_PASSWORD=x\n# a comment\n')
    monkeypatch.setenv("ACCOLADE_SETTINGS", str(file))

    assert load_settings().topic_prefix == "eu."


def test_the_environment_goes_before_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file for all, a variable for one."""
    file = tmp_path / "accolade.toml"
    file.write_text("web_port = 1\nmetrics_port = 2\n")
    monkeypatch.setenv("ACCOLADE_SETTINGS", str(file))
    monkeypatch.setenv("ACCOLADE_WEB_PORT", "3")

    settings = load_settings()

    assert (settings.web_port, settings.metrics_port) == (3, 2)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("missing.toml", None, "can't be read: No such file or directory"),
        ("broken.toml", f"sasl_password = {SECRET}", "is not TOML"),
        ("binary.toml", "\xff", "is not TOML"),
    ],
)
def test_a_file_that_can_not_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    """With the reason, and without what is in it."""
    if text is not None:
        (tmp_path / name).write_text(text, "latin-1")
    monkeypatch.setenv("ACCOLADE_SETTINGS", str(tmp_path / name))

    told = problem()

    assert told.startswith(f"ACCOLADE_SETTINGS: {tmp_path / name}")
    assert says in told
    assert SECRET not in told


def test_an_unknown_variable_is_an_error_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A misspelt setting would otherwise be silently without effect."""
    monkeypatch.setenv("ACCOLADE_CRM_PARTITION", "12")
    monkeypatch.setenv("ACCOLADE_ZZZ", SECRET)

    assert problem() == (
        "ACCOLADE_CRM_PARTITION: there is no such setting; is ACCOLADE_CRM_PARTITIONS meant?\n"
        "ACCOLADE_ZZZ: there is no such setting"
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.toml", "crm_partition = 12\n"), ("a.env", "ACCOLADE_CRM_PARTITION=12\n")],
)
def test_an_unknown_key_of_a_file_is_an_error_with_the_nearest_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, text: str
) -> None:
    """In a file of either kind."""
    (tmp_path / name).write_text(text)
    monkeypatch.setenv("ACCOLADE_SETTINGS", str(tmp_path / name))

    assert problem() == "crm_partition: there is no such setting; is crm_partitions meant?"


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"CRM_PARTITIONS": "none"}, "ACCOLADE_CRM_PARTITIONS: "),
        ({"CRM_PARTITIONS": "0"}, "ACCOLADE_CRM_PARTITIONS: "),
        ({"TOPIC_PREFIX": "a b"}, "ACCOLADE_TOPIC_PREFIX: "),
        ({"SSL_CA_FILE": "/nowhere/ca.pem"}, "ACCOLADE_SSL_CA_FILE: Path does not point to a file"),
        (
            {"SECURITY_PROTOCOL": "SASL_SSL", "SASL_PASSWORD": SECRET},
            "sasl_mechanism and sasl_username must be set as well",
        ),
        (
            {"SCHEMA_REGISTRY_URL": f"http://me:{SECRET}@registry"},
            "ACCOLADE_SCHEMA_REGISTRY_URL: must not hold credentials",
        ),
        (
            {"SCHEMA_REGISTRY_URL": f"registry?{SECRET}"},
            "ACCOLADE_SCHEMA_REGISTRY_URL: must begin with http:// or https://",
        ),
        (
            {"SCHEMA_REGISTRY_USERNAME": "me"},
            "schema_registry_url and schema_registry_password must be set as well",
        ),
        ({"LOG_LEVEL": SECRET}, "ACCOLADE_LOG_LEVEL: "),
    ],
)
def test_a_wrong_value_is_told_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], says: str
) -> None:
    """Its name and what it must be, not what it was."""
    for name, value in values.items():
        monkeypatch.setenv(f"ACCOLADE_{name}", value)

    told = problem()

    assert told.startswith(says)
    assert SECRET not in told


SECRETS = {
    "sasl_password": SECRET,
    "ssl_key_password": SECRET,
    "schema_registry_url": "http://registry",
    "schema_registry_username": "me",
    "schema_registry_password": SECRET,
    "redis_url": f"rediss://me:{SECRET}@redis:6380/1?password={SECRET}",
    "ledger_url": f"postgresql+psycopg://me:{SECRET}@db/ledger",
}


def test_no_secret_is_ever_shown() -> None:
    """In whatever way settings come into a log."""
    settings = Settings.model_validate(SECRETS)

    for shown in (str(settings), repr(settings), f"{settings}", settings.model_dump_json()):
        assert SECRET not in shown
    assert SECRET not in str(settings.model_dump())


@pytest.mark.parametrize("name", [name for name in SECRETS if SECRET in SECRETS[name]])
def test_no_error_shows_a_secret(name: str) -> None:
    """A traceback goes into logs as well."""
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({**SECRETS, name: [SECRET]})

    assert SECRET not in "".join(traceback.format_exception(refused.value))


def test_an_address_shows_where_it_leads() -> None:
    """Everything but the password helps to find a mistake."""
    settings = Settings.model_validate(SECRETS)

    assert str(settings.redis_url) == "rediss://me:***@redis:6380/1?password=***"
    assert str(settings.ledger_url) == "postgresql+psycopg://me:***@db/ledger"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///ledger.db", "sqlite:///ledger.db"),
        ("redis://:x@[::1]:6379", "redis://:***@[::1]:6379"),
        ("redis://h:port", "***"),
        ("hunter2", "***"),
        ("hunter2:hunter2@host", "***"),
    ],
)
def test_what_is_no_address_is_hidden_whole(url: str, shown: str) -> None:
    """It may be a password in the wrong place."""
    assert str(SecretUrl(url)) == shown


def test_topics_and_changelogs_stand_behind_the_prefix() -> None:
    """Installations share a broker by it."""
    settings = Settings(topic_prefix="eu.", app_id="pay")

    assert settings.topic_name(DEALS) == "eu.crm.deals"
    assert settings.changelog_name(TALLY_CHANGELOG) == "eu.pay-tally-changelog"


def test_every_topic_has_a_number_of_partitions() -> None:
    """Of its kind; reference data has one order."""
    settings = Settings(crm_partitions=2, facts_partitions=3, boards_partitions=4)

    assert {settings.partition_count(topic.partitions) for topic in CATALOGUE} == {1, 2, 3, 4}
    assert settings.partition_count(REFERENCE.partitions) == 1
    assert settings.partitioning == (2, 3, 4)


def test_another_process_can_be_given_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Secrets included."""
    settings = Settings.model_validate({**SECRETS, "topic_prefix": "eu.", "replication": 3})
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)

    assert load_settings() == settings


def test_settings_can_not_be_changed_on_the_way() -> None:
    """Whoever holds them can rely on them."""
    with pytest.raises(ValidationError):
        Settings().crm_partitions = 3  # type: ignore[misc] # that is the point
