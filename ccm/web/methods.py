"""An address of ours that is asked in a way it does not answer, and where to begin again."""

from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ccm.domain.errors import CcmError
from ccm.i18n import N_
from ccm.render.pages import is_page
from ccm.web.documents import document
from ccm.web.requests import sentence, wants_page

_WRONG = N_("Cette adresse ne se demande pas ainsi, et rien n'a été enregistré.")
#: What every page answers to.
_READ = {"GET", "HEAD"}


class MethodGate:
    """Answers 405 to a method that none of our routes at an address has, with those that they have.

    Streamlit would show its first page there, or refuse in English and name the methods of files alone.
    """

    def __init__(self, app: ASGIApp, own: Sequence[BaseRoute]) -> None:
        self.app = app
        self.own = own

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        taken = self._taken(scope) if scope["type"] == "http" else set()
        if not taken or scope["method"] in taken:
            await self.app(scope, receive, send)
            return
        answer = await run_in_threadpool(_wrong_method, Request(scope, receive), taken)
        await answer(scope, receive, send)

    def _taken(self, scope: Scope) -> set[str]:
        """The methods that an address of ours takes; none where it is not ours, or all are good."""
        found = [
            (match, set(route.methods or ()))
            for route in self.own
            if isinstance(route, Route) and (match := route.matches(scope)[0]) is not Match.NONE
        ]
        if any(match is Match.FULL for match, _ in found):
            return set()
        methods = {method for _, methods in found for method in methods}
        return methods | _READ if is_page(scope["path"]) else methods


def _wrong_method(request: Request, taken: set[str]) -> Response:
    allowed = {"allow": ", ".join(sorted(taken))}
    if not wants_page(request):
        return sentence(request, CcmError(_WRONG), 405, allowed)
    query = f"?{request.url.query}" if request.url.query else ""
    here = request.url.path + query if "GET" in taken else None
    response = document(request, "wrong_method.html", 405, here=here)
    response.headers.update(allowed)
    return response
