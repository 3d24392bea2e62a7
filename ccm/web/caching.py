"""What a page depends on, in short: so that a browser that has it as it is need not be sent it again."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request

from ccm.auth import Actor
from ccm.domain.dates import today
from ccm.queries.ask import version
from ccm.web import requests

_PACKAGE = Path(__file__).parent.parent
_DRAWN_FROM = (".py", ".html", ".css", ".js", ".po")


def tag(request: Request, actor: Actor, stock: bytes = b"") -> str:
    """The ETag of a page: the store's revision, the day, who asks, what for, our code, and Streamlit's page.

    No two readers who see different things share one. Raises StoreUnavailable.
    """
    who = (actor.user_id, actor.name, actor.role, actor.visibility)
    what = (request.url.path, request.url.query)
    digest = hashlib.sha256(repr((version(requests.store()), today(), who, what, _code())).encode())
    digest.update(stock)
    return f'W/"{digest.hexdigest()[:24]}"'


@cache
def _code() -> str:
    """The code of this process: what it draws may change with it, whatever its version says."""
    files = sorted(path for path in _PACKAGE.rglob("*") if path.suffix in _DRAWN_FROM)
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.read_bytes())
    return digest.hexdigest()
