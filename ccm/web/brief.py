"""The session brief as a file, under the rights of the pages that are read."""

from functools import partial

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.auth import Actor
from ccm.domain.errors import CcmError
from ccm.exports.brief.forms import Form
from ccm.render.pages import PAGES
from ccm.screens import view
from ccm.screens.brief import brief
from ccm.web import requests
from ccm.web.arrival import arrive
from ccm.web.caching import tag
from ccm.web.refused_files import refused
from ccm.web.requests import forget_session, origin_of
from ccm.web.turns import in_turn

#: The page that offers the brief, and shows its figures.
_PAGE = PAGES["overview"]


def routes() -> list[Route]:
    """`/note.pdf`, `/note.docx`, `/note.html`, at the date and of the session that the address says."""
    return [
        Route(f"/note.{form.value}", in_turn(partial(answer, form=form), _PAGE), methods=["GET"])
        for form in Form
    ]


def answer(request: Request, form: Form) -> Response:
    """The brief, for whoever may read here; others are led to the sign-in."""
    arrival = arrive(request)
    if arrival.elsewhere:
        response: Response = RedirectResponse(arrival.elsewhere, 303)
    else:
        response = _unchanged_or_written(request, form, arrival.actor)
    if arrival.over:
        forget_session(response)
    return response


def _unchanged_or_written(request: Request, form: Form, actor: Actor) -> Response:
    headers = {"etag": tag(request, actor), "cache-control": "private, no-cache", "vary": "Cookie"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    parameters = dict(request.query_params)
    seen = view(requests.store(), actor, parameters)
    try:
        name, content = brief(seen, form, parameters, origin_of(request))
    except CcmError as error:
        return refused(request, error, 400, _PAGE)
    headers["content-disposition"] = f'attachment; filename="{name}"'
    headers["content-security-policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return Response(content, media_type=form.media_type, headers=headers)
