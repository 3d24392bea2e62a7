"""Under which names the dashboard may be reached: a request that names another one is refused."""

from collections.abc import Iterable
from urllib.parse import urlsplit


def is_allowed(host: str, allowed: Iterable[str]) -> bool:
    """Whether `host`, as a request names it (`nom:8501`), is one of the names.

    As Streamlit reads `server.allowedHosts` for its sockets: `*.exemple.ne` stands for every name below, `*`
    or no name at all for any.
    """
    names = [name.strip().lower().rstrip(".") for name in allowed]
    if not names or "*" in names:
        return True
    asked = _name(host)
    return any(
        asked.endswith(name[1:]) if name.startswith("*.") else asked == name for name in names if asked
    )


def _name(host: str) -> str:
    """The name without its port; empty for what is no host at all."""
    try:
        parts = urlsplit(f"//{host}")
        # To read the port is to check it.
        alone = parts.netloc == host and "@" not in host and (parts.port is None or parts.port > 0)
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".") if alone else ""
