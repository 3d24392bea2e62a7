"""Who may upload: Streamlit's own route takes a file from anybody; ours only from whoever is signed in."""

from http.cookies import CookieError, SimpleCookie

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ccm.auth import Action, allowed_somewhere, resolve
from ccm.config import settings
from ccm.domain.dates import utc_now
from ccm.web import requests

_UPLOADS = "/_stcore/upload_file"


class UploadGate:
    """Answers 403 to an upload without a live sign-in that may add evidence."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        uploads = scope["type"] == "http" and scope["path"].startswith(_UPLOADS)
        if uploads and scope["method"] != "OPTIONS" and not await run_in_threadpool(_may_upload, scope):
            await PlainTextResponse("", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _may_upload(scope: Scope) -> bool:
    with requests.store().read() as connection:
        actor = resolve(connection, _token(scope), utc_now())
    return allowed_somewhere(actor, Action.ADD_EVIDENCE)


def _token(scope: Scope) -> str | None:
    header = next((value for name, value in scope["headers"] if name == b"cookie"), b"")
    try:
        cookie = SimpleCookie(header.decode("latin-1")).get(settings().session_cookie)
    except CookieError:
        return None
    return cookie.value if cookie else None
