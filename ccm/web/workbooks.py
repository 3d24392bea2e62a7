"""The focal point's workbook on its way out: to whoever answers for the entity, as an attachment."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.auth import Actor
from ccm.domain.errors import NotAllowed, NotFound
from ccm.exports.workbook import file_name, workbook
from ccm.metrics import At
from ccm.queries.ask import ask, ask_as
from ccm.queries.scope import store_query
from ccm.queries.workbook import WorkbookQuery
from ccm.render import Links
from ccm.render.pages import PAGES
from ccm.web import requests
from ccm.web.arrival import arrive
from ccm.web.refused_files import refused
from ccm.web.requests import forget_session, locale_of
from ccm.web.turns import in_turn

#: Where one's own workbooks are offered.
_PAGE = PAGES["my_space"]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MISSING = NotFound("Ce classeur n'est pas là, ou n'est pas pour vous : connectez-vous, puis recommencez.")


def routes() -> list[Route]:
    """The address of each entity's workbook."""
    return [Route("/classeur/{entity}.xlsx", in_turn(download, _PAGE), methods=["GET"])]


def download(request: Request) -> Response:
    """The workbook of an entity; one that is not there and another's are answered alike."""
    arrival = arrive(request)
    if arrival.elsewhere or not arrival.actor.signed_in:
        place = arrival.elsewhere or Links(locale=locale_of(request)).sign_in(request.url.path)
        response: Response = RedirectResponse(place, 303)
    else:
        response = _made(request, arrival.actor)
    if arrival.over:
        forget_session(response)
    return response


def _made(request: Request, actor: Actor) -> Response:
    store = requests.store()
    facts = ask(store, store_query())
    at = At(facts.default_date, fresh_days=facts.fresh_days)
    try:
        found = ask_as(store, actor, WorkbookQuery(request.path_params["entity"], at))
    except (NotAllowed, NotFound):
        return refused(request, _MISSING, 404, _PAGE)
    headers = {
        "content-disposition": f'attachment; filename="{file_name(found)}"',
        "cache-control": "private, no-cache",
        "vary": "Cookie",
    }
    return Response(workbook(found), media_type=_XLSX, headers=headers)
