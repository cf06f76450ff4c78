"""An address whose password is never shown."""

from urllib.parse import urlsplit

from pydantic import Secret

_HIDDEN = "***"


def without_secrets(url: str) -> str:
    """
    Return the address with its password and query values hidden.

    Some clients take passwords in the query as well; what is no address is
    hidden as a whole.
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        return _HIDDEN
    if not parts.scheme or not url.startswith(f"{parts.scheme}://"):
        return _HIDDEN
    user, at, _ = parts.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    place = f"{name}{colon}{_HIDDEN if colon else ''}{at}{host}{port}"
    names = [pair.partition("=")[0] for pair in parts.query.split("&") if pair]
    query = "?" + "&".join(f"{name}={_HIDDEN}" for name in names) if names else ""
    return f"{parts.scheme}://{place}{parts.path}{query}"


class SecretUrl(Secret[str]):
    """An address that shows everything but its secrets."""

    def _display(self) -> str:
        return without_secrets(self.get_secret_value())
