"""What stands before the pages and their sockets: who may open one, and whose it is."""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ccm.auth import Action, allowed, digest
from ccm.commands.sign_in import end_lapsed, touch
from ccm.domain.errors import StoreUnavailable
from ccm.render import Links, application_sheet
from ccm.render.pages import is_page
from ccm.web import requests
from ccm.web.missing import missing_page
from ccm.web.requests import actor_of, forget_session, locale_of, token_of

#: Tells Streamlit whose a socket is (`server.trustedUserHeaders`): the digest of its token, no right. A
#: session is then given back, after a cut line, to nobody but the browser that opened it.
BROWSER = b"x-ccm-browser"
_STREAMLITS = ("/_stcore/", "/static/", "/media/", "/component/")
#: Files at the root, which somebody may open as one opens a page.
_FILES = ("/favicon.ico", "/favicon.png", "/index.html", "/manifest.json", "/robots.txt")

#: The pages' style sheet, fetched while Streamlit still starts: no page is seen without it.
_SHEET = (b"link", f"<{application_sheet().href}>; rel=preload; as=style".encode())


class PageGate:
    """Sends whoever may not read to where they can mend it; keeps sockets to the browsers they belong to.

    A path where there is no page is answered here: Streamlit would show its first page under it.
    """

    def __init__(self, app: ASGIApp, own: Sequence[BaseRoute]) -> None:
        self.app = app
        self.own = own
        self.page = GZipMiddleware(self._page)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] in ("http", "websocket"):
            # What a client says of itself here is never believed.
            scope["headers"] = [pair for pair in scope["headers"] if pair[0].lower() != BROWSER]
        if scope["type"] == "websocket":
            token = token_of(HTTPConnection(scope)) or ""
            scope["headers"].append((BROWSER, digest(token).encode()))
        if not self._is_page(scope):
            await self.app(scope, receive, send)
            return
        if not is_page(scope["path"]):
            answer = await run_in_threadpool(missing_page, Request(scope, receive))
            await answer(scope, receive, send)
            return
        elsewhere, forgotten = await run_in_threadpool(_arrive, HTTPConnection(scope))
        if elsewhere:
            redirection = RedirectResponse(elsewhere, 303)
            if forgotten:
                forget_session(redirection)
            await redirection(scope, receive, send)
            return
        await self.page(scope, receive, _with(send, [_SHEET, *(_forgetting() if forgotten else [])]))

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streamlit's page, asked for uncompressed: so it can be told the reader's language."""
        plain = [pair for pair in scope["headers"] if pair[0].lower() != b"accept-encoding"]
        locale = locale_of(HTTPConnection(scope))
        await self.app({**scope, "headers": plain}, receive, _in_language(send, locale))

    def _is_page(self, scope: Scope) -> bool:
        """Whether a person opens a page of Streamlit's, rather than a file or an address of ours."""
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        if scope["path"].startswith(_STREAMLITS) or scope["path"] in _FILES:
            return False
        if "text/html" not in HTTPConnection(scope).headers.get("accept", ""):
            return False
        return all(route.matches(scope)[0] is Match.NONE for route in self.own)


def _arrive(connection: HTTPConnection) -> tuple[str | None, bool]:
    """Where to send whoever may not read here, None for others; and whether their sign-in is over.

    To open a page is a gesture: it keeps a sign-in alive, which a socket that opens again does not.
    """
    try:
        actor, token = actor_of(connection), token_of(connection)
        over = token is not None and not actor.signed_in
        if token is not None and over:
            end_lapsed(requests.store(), token)
        touch(requests.store(), actor)
    except StoreUnavailable:
        # The page itself says so.
        return None, False
    if allowed(actor, Action.READ_VALIDATED):
        return None, over
    links = Links(locale=locale_of(connection))
    if actor.confined:
        return links.to("/compte"), over
    query = connection.url.query
    return links.sign_in(connection.url.path + (f"?{query}" if query else "")), over


def _forgetting() -> list[tuple[bytes, bytes]]:
    """What takes a sign-in that is over from the browser."""
    answer = Response()
    forget_session(answer)
    return [pair for pair in answer.raw_headers if pair[0] == b"set-cookie"]


def _in_language(send: Send, locale: str) -> Send:
    """Send Streamlit's page, whose language is English in its file, as of the reader's: as many bytes."""
    said = b'<html lang="' + locale.encode() + b'"'

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message["body"] = message.get("body", b"").replace(b'<html lang="en"', said, 1)
        await send(message)

    return sending


def _with(send: Send, headers: list[tuple[bytes, bytes]]) -> Send:
    """Send a response with further headers."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *headers]
        await send(message)

    return sending
