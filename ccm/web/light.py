"""The light pages: whole documents without a script, of the same screens, under the same rights."""

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.auth import Actor
from ccm.render.pages import LIGHT, PAGES, PageName, is_page
from ccm.render.sentences.address import unknown_name
from ccm.screens import View, view
from ccm.screens.asked import is_known
from ccm.web import requests
from ccm.web.arrival import arrive
from ccm.web.caching import tag
from ccm.web.drawing import DRAWN, Drawn, Parameters
from ccm.web.light_document import light_html
from ccm.web.missing import missing_page
from ccm.web.pieces import PageInPieces
from ccm.web.requests import forget_session

Draw = Callable[[View, Parameters], Drawn]


def routes() -> list[Route]:
    """Every light page that is read, and what is answered below `/leger` where there is none."""
    return [
        *(Route(page.light_path, _page(page, draw)) for page, draw in DRAWN.items()),
        Route(f"{LIGHT}/", _to_overview),
        Route(LIGHT + "{path:path}", _elsewhere),
    ]


def _page(page: PageName, draw: Draw) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(answer, request, page, draw)

    return endpoint


async def _to_overview(request: Request) -> Response:
    return RedirectResponse(request.url.replace(path=LIGHT).path + _query(request), 302)


async def _elsewhere(request: Request) -> Response:
    """A page that has no light form is opened in full; what is no page is answered as everywhere."""
    path = request.path_params["path"]
    if is_page(path):
        return RedirectResponse(path + _query(request), 302)
    return await run_in_threadpool(missing_page, request)


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


def answer(request: Request, page: PageName, draw: Draw) -> Response:
    """One light page, for whoever asks; 304 where the browser has it as it is."""
    arrival = arrive(request)
    if arrival.elsewhere:
        response: Response = RedirectResponse(arrival.elsewhere, 303)
    else:
        response = _unchanged_or_drawn(request, page, draw, arrival.actor)
    if arrival.over:
        forget_session(response)
    return response


def _unchanged_or_drawn(request: Request, page: PageName, draw: Draw, actor: Actor) -> Response:
    headers = {"etag": tag(request, actor), "cache-control": "private, no-cache", "vary": "Cookie"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    parameters = dict(request.query_params)
    seen = view(requests.store(), actor, parameters, light=True)
    drawn = draw(seen, parameters)
    unread = _unread(page, drawn, parameters, seen.locale)
    return PageInPieces(light_html(seen, page, drawn, parameters, unread), drawn.status, headers)


def _unread(page: PageName, drawn: Drawn, parameters: Parameters, locale: str) -> list[str]:
    """A sentence for each name in the address that the page does not have; the register says so itself."""
    if page is PAGES["register"]:
        return []
    strange = {name for name in parameters if name not in drawn.parameters and not is_known(name, ())}
    return [unknown_name(name, parameters[name], locale) for name in sorted(strange)]
