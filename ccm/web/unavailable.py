"""A store that cannot be asked, whatever asks it: one sentence, in one place."""

import logging

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ccm.domain.errors import StoreUnavailable
from ccm.web.requests import sentence

_log = logging.getLogger("ccm")


class StoreGate:
    """Answers 503 to a request whose answer the store could not give; the log says why."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except StoreUnavailable as error:
            if begun or scope["type"] != "http":
                raise
            _log.error("%s", error)
            await sentence(Request(scope), error, 503)(scope, receive, send)
