"""Requests that name another host than ours: a name that is not ours stands for somebody else's page."""

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from ccm.domain.errors import CcmError
from ccm.domain.hosts import is_allowed
from ccm.i18n import N_
from ccm.web.requests import sentence

_NOT_OURS = N_(
    "Ce tableau de bord ne répond pas sous ce nom : prenez l'adresse que le Secrétariat permanent vous a "
    "donnée."
)


class HostGate:
    """Answers 400 to a request, and closes a socket, that names a host which is not among ours.

    Streamlit looks at `server.allowedHosts` for its sockets only; here the same names count for every
    address. No answer, redirection or link is thus made from a name that a client thought of.
    """

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        self.app = app
        self.allowed = allowed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or socket."""
        if scope["type"] not in ("http", "websocket") or self._is_ours(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await sentence(Request(scope), CcmError(_NOT_OURS), 400)(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        named = Headers(scope=scope).getlist("host")
        return len(named) == 1 and is_allowed(named[0], self.allowed)
