"""The head of the journal's chain as a file: kept elsewhere, it proves later that nothing was rewritten."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.domain.errors import CcmError
from ccm.queries.ask import ask_as
from ccm.queries.journal import HeadQuery
from ccm.web import requests
from ccm.web.requests import actor_of


def routes() -> list[Route]:
    """The one address of the head."""
    return [Route("/journal/tete.json", head, methods=["GET"])]


async def head(request: Request) -> Response:
    """`{"store", "seq", "hash", "at"}`, for administrators."""
    try:
        found = await run_in_threadpool(ask_as, requests.store(), actor_of(request), HeadQuery())
    except CcmError:
        return RedirectResponse("/connexion?next=/journal", 303)
    name = f"journal-{found.seq}.json"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(found.text, media_type="application/json", headers=headers)
