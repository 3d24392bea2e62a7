"""The head of the journal's chain as a file: kept elsewhere, it proves later that nothing was rewritten."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.auth.confirmation import ConfirmationNeeded
from ccm.domain.errors import NotAllowed
from ccm.queries.ask import ask_as
from ccm.queries.journal import HeadQuery
from ccm.render import Links
from ccm.web import requests
from ccm.web.requests import actor_of, locale_of


def routes() -> list[Route]:
    """The one address of the head."""
    return [Route("/journal/tete.json", head, methods=["GET"])]


def head(request: Request) -> Response:
    """`{"store", "seq", "hash", "at"}`, for administrators who gave their password not long ago."""
    links = Links(locale=locale_of(request))
    try:
        found = ask_as(requests.store(), actor_of(request), HeadQuery())
    except ConfirmationNeeded:
        return RedirectResponse(links.to("/compte", confirmer="1", next=links.to(request.url.path)), 303)
    except NotAllowed:
        return RedirectResponse(links.sign_in(links.to("/journal")), 303)
    name = f"journal-{found.seq}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(found.text, media_type="application/json", headers=headers)
