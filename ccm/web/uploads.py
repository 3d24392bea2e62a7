"""Who may upload: Streamlit's own route takes a file from anybody; ours only from whoever is signed in."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from ccm.auth import Action, allowed_somewhere
from ccm.web.requests import actor_of

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
    return allowed_somewhere(actor_of(HTTPConnection(scope)), Action.ADD_EVIDENCE)
