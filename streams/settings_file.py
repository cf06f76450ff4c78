"""Settings as they come from outside: the file, and errors that say what to write."""

import os
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

#: What the variables of settings begin with.
PREFIX = "ACCOLADE_"
#: The variable that names a file of settings.
FILE_VARIABLE = f"{PREFIX}SETTINGS"
#: Variables that begin alike and are no settings: of tests and of a local broker.
_OTHER_VARIABLES = frozenset({FILE_VARIABLE, f"{PREFIX}CRM_DATA", f"{PREFIX}KAFKA_LIBS"})


class SettingsError(Exception):
    """Settings that can't be used; one problem a line, without values."""


def file_values() -> dict[str, Any]:
    """
    Return the settings of the file that `ACCOLADE_SETTINGS` names, if it names one.

    Raises:
        SettingsError: The file can't be read.
    """
    named = os.environ.get(FILE_VARIABLE)
    if not named:
        return {}
    path = Path(named)
    try:
        if path.suffix == ".toml":
            return tomllib.loads(path.read_text("utf-8"))
        with path.open(encoding="utf-8") as lines:
            # Other programs' variables may stand in the same file.
            return {
                name.removeprefix(PREFIX).lower(): value
                for name, value in dotenv_values(stream=lines).items()
                if name.startswith(PREFIX) and value
            }
    except OSError as error:
        raise SettingsError(f"{FILE_VARIABLE}: {path} can't be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{FILE_VARIABLE}: {path} is not TOML: {error}") from None


def unknown_names(known: Iterable[str]) -> list[str]:
    """Return a problem for each setting, in the environment or the file, that there isn't."""
    names = sorted(known)
    variables = {f"{PREFIX}{name.upper()}" for name in names}
    problems = []
    for variable in sorted(os.environ):
        if variable.startswith(PREFIX) and variable not in {*variables, *_OTHER_VARIABLES}:
            near = _nearest(variable.removeprefix(PREFIX).lower(), names)
            problems.append(_unknown(variable, f"{PREFIX}{near.upper()}" if near else ""))
    for key in sorted(file_values()):
        if key not in names:
            problems.append(_unknown(key, _nearest(key, names)))
    return problems


def _nearest(name: str, names: list[str]) -> str:
    """Return the setting that was probably meant, or nothing."""
    return next(iter(get_close_matches(name, names, n=1)), "")


def _unknown(name: str, near: str) -> str:
    return f"{name}: there is no such setting" + (f"; is {near} meant?" if near else "")
