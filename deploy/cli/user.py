"""Who runs a command."""

import getpass


def user_name() -> str:
    """Return the name of the system's user."""
    try:
        return getpass.getuser()
    # In a container the user may have no name.
    except (KeyError, OSError):
        return "somebody without a user name"
