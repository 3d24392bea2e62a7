"""Whole pages of our own, drawn on the server without a script."""

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse

from ccm.queries.ask import ask
from ccm.queries.scope import store_query
from ccm.render import Links, render, stylesheet
from ccm.render.pages import LIGHT
from ccm.web.requests import actor_of, csrf_token, keep_csrf, locale_of, store


def document(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """One page of `ccm/render/templates`, in the reader's language, with what forms need."""
    locale, token = locale_of(request), csrf_token(request)
    html = render(
        template,
        locale,
        **{
            # Whoever comes from a light page goes on to light ones.
            "links": Links(locale=locale, light=request.url.path.startswith(LIGHT)),
            "demo": ask(store(), store_query()).demo,
            "actor": actor_of(request),
            "csrf": token,
            "css": stylesheet("forms.css"),
            **context,
        },
    )
    response = HTMLResponse(html, status)
    response.headers["cache-control"] = "private, no-store"
    keep_csrf(response, token)
    return response
