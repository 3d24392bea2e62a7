"""What stands before the pages and their sockets: who may open one, and whose it is."""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ccm.auth import PUBLIC, digest
from ccm.domain.errors import StoreUnavailable
from ccm.render.pages import is_page
from ccm.web.arrival import Arrival, arrive
from ccm.web.first import first_page
from ccm.web.missing import missing_page
from ccm.web.requests import forget_session, token_of, wants_page

#: Tells Streamlit whose a socket is (`server.trustedUserHeaders`): the digest of its token, no right. A
#: session is then given back, after a cut line, to nobody but the browser that opened it.
BROWSER = b"x-ccm-browser"
_STREAMLITS = ("/_stcore/", "/static/", "/media/", "/component/")
#: Files at the root, which somebody may open as one opens a page.
_FILES = ("/favicon.ico", "/favicon.png", "/index.html", "/manifest.json", "/robots.txt")


class PageGate:
    """Sends whoever may not read to where they can mend it; keeps sockets to the browsers they belong to.

    A path where there is no page is answered here: Streamlit would show its first page under it.
    """

    def __init__(self, app: ASGIApp, own: Sequence[BaseRoute]) -> None:
        self.app = app
        self.own = own

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
        arrival = await run_in_threadpool(_arrive, HTTPConnection(scope))
        if arrival.elsewhere:
            redirection = RedirectResponse(arrival.elsewhere, 303)
            if arrival.over:
                forget_session(redirection)
            await redirection(scope, receive, send)
            return
        stock = await self._stock(scope, receive)
        page = await run_in_threadpool(first_page, Request(scope, receive), arrival.actor, stock)
        if arrival.over:
            forget_session(page)
        await page(scope, receive, send)

    async def _stock(self, scope: Scope, receive: Receive) -> Response:
        """Streamlit's own page, whole and uncompressed, whatever the browser has of it."""
        unasked = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")
        headers = [pair for pair in scope["headers"] if pair[0].lower() not in unasked]
        stock = Response()
        body = bytearray()

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                stock.status_code, stock.raw_headers = message["status"], list(message["headers"])
            else:
                body.extend(message.get("body", b""))

        await self.app({**scope, "method": "GET", "headers": headers}, receive, keep)
        stock.body = bytes(body)
        return stock

    def _is_page(self, scope: Scope) -> bool:
        """Whether a person opens a page of Streamlit's, rather than a file or an address of ours."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            return False
        if scope["path"].startswith(_STREAMLITS) or scope["path"] in _FILES:
            return False
        if not wants_page(HTTPConnection(scope)):
            return False
        return all(route.matches(scope)[0] is Match.NONE for route in self.own)


def _arrive(connection: HTTPConnection) -> Arrival:
    """Who opens the page; where the store cannot be asked, the page itself says so."""
    try:
        return arrive(connection)
    except StoreUnavailable:
        return Arrival(PUBLIC, None, False)
