"""Our own addresses beside Streamlit's: short permanent links, and what Plotly's map asks for."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ccm.render import Links
from ccm.web import (
    accounts,
    brief,
    drafts,
    evidence,
    exports,
    journal,
    light,
    light_forms,
    reminders,
    workbooks,
)
from ccm.web.first import script
from ccm.web.missing import missing_figure


def routes() -> list[Route]:
    """Every route of ours."""
    return [
        Route("/r/{key}", recommendation),
        Route("/f/plan", plan),
        Route("/f/plan/{metric}", one_figure),
        Route("/f/{by}/{key}", group),
        Route("/f/{by}/{key}/{metric}", one_figure),
        Route("/topo/{name}", topology),
        Route("/ccm-{version}.js", script),
        *accounts.routes(),
        *brief.routes(),
        *drafts.routes(),
        *evidence.routes(),
        *exports.routes(),
        *journal.routes(),
        *light_forms.routes(),
        *light.routes(),
        *reminders.routes(),
        *workbooks.routes(),
    ]


async def recommendation(request: Request) -> Response:
    """`/r/CCM7-A1-05`: the permanent link of one recommendation."""
    return _leading(request, Links().recommendation(request.path_params["key"]))


async def plan(request: Request) -> Response:
    """`/f/plan`: the permanent link of the plan's figures."""
    return _leading(request, Links().overview())


async def one_figure(request: Request) -> Response:
    """`/f/plan/coverage`, `/f/axis/A1/overdue`: the permanent link of one figure, which leads to its rows."""
    path = request.path_params
    found = Links().figure(path.get("by", "plan"), path.get("key", ""), path["metric"])
    return await _found(request, found)


async def group(request: Request) -> Response:
    """`/f/axis/A1`: the permanent link of a group's figures, which leads to its rows."""
    return await _found(request, Links().group(request.path_params["by"], request.path_params["key"]))


async def _found(request: Request, place: str | None) -> Response:
    return await run_in_threadpool(missing_figure, request) if place is None else _leading(request, place)


def _leading(request: Request, place: str) -> Response:
    """The way to a place, with what else the address asks for: the path has the first word."""
    parts = urlsplit(place)
    own = parse_qsl(parts.query)
    others = request.query_params.multi_items()
    kept = [(name, value) for name, value in others if name not in dict(own)]
    return RedirectResponse(parts._replace(query=urlencode([*own, *kept])).geturl(), 302)


async def topology(_request: Request) -> Response:
    """An empty base map: Plotly asks for one even where it draws our own shapes only."""
    empty = {"type": "GeometryCollection", "geometries": list[object]()}
    names = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
    topology = {"type": "Topology", "arcs": list[object](), "objects": dict.fromkeys(names, empty)}
    return JSONResponse(topology, headers={"cache-control": "public, max-age=31536000, immutable"})
