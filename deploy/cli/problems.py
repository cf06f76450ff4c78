"""How commands fail: a plain message on stderr that says what to do, and status 1."""

from typing import NoReturn

import typer

from accolade.streams.settings import Settings
from accolade.streams.settings import load_settings as settings_of_environment
from accolade.streams.settings_file import SettingsError


def fail(message: str) -> NoReturn:
    """End the command with a message."""
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(1)


def load_settings() -> Settings:
    """Return the settings of the environment; ends the command if they can't be used."""
    try:
        return settings_of_environment()
    except SettingsError as error:
        fail(f"the settings can't be used\n{error}")
