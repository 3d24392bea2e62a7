"""Whole pages of our own, drawn on the server without a script, and their style sheet."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ccm.queries.ask import ask
from ccm.queries.scope import store_query
from ccm.render import Links, application_sheet, document_sheet, render
from ccm.web.requests import actor_of, csrf_token, keep_csrf, locale_of, store

_YEAR = "public, max-age=31536000, immutable"


def document(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """One page of `ccm/render/templates`, in the reader's language, with what forms need."""
    locale, token = locale_of(request), csrf_token(request)
    html = render(
        template,
        locale,
        **{
            "links": Links(locale=locale),
            "demo": ask(store(), store_query()).demo,
            "actor": actor_of(request),
            "csrf": token,
            "sheet": document_sheet().href,
            **context,
        },
    )
    response = HTMLResponse(html, status)
    response.headers["cache-control"] = "private, no-store"
    keep_csrf(response, token)
    return response


async def style(request: Request) -> Response:
    """A style sheet, under a name that changes with it."""
    for sheet in (application_sheet(), document_sheet()):
        if request.url.path == sheet.href:
            return Response(sheet.text, media_type="text/css", headers={"cache-control": _YEAR})
    return Response(status_code=404)
