"""A page in two pieces: its first screen, and the rest once a browser has painted that."""

import asyncio

from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette_compress import add_compress_type

from ccm.render import FOLD

#: Seconds for a browser to paint the first piece: told all at once, it lays all of it out before it paints.
PAUSE = 0.04
_MARK = FOLD.encode()

# Each piece goes out as it is handed on: a compressor else keeps the first until it has the last.
add_compress_type("text/html", streaming=True)


class PageInPieces(Response):
    """A page that is sent up to its fold, and a moment later to its end; at once where it has no fold."""

    media_type = "text/html"

    def __init__(
        self, html: str | bytes, status_code: int = 200, headers: dict[str, str] | None = None
    ) -> None:
        above, _, below = (html.encode() if isinstance(html, str) else html).partition(_MARK)
        below = below.replace(_MARK, b"")
        super().__init__(above + below, status_code, headers)
        self.pieces = above, below

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        above, below = self.pieces
        if not below:
            await super().__call__(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": above, "more_body": True})
        await asyncio.sleep(PAUSE)
        await send({"type": "http.response.body", "body": below})
