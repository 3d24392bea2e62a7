"""Our own addresses beside Streamlit's: short permanent links, and what Plotly's map asks for."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ccm.render import Links
from ccm.web import accounts, drafts, evidence, journal, reminders
from ccm.web.documents import style

#: Filters that show the rows behind a group's figures, by the grouping's code.
_ROWS_BEHIND = {
    "axis": "axis",
    "challenge": "challenge",
    "status": "status",
}


def routes() -> list[Route]:
    """Every route of ours."""
    return [
        Route("/r/{key}", recommendation),
        Route("/f/{by}/{key}", figure),
        Route("/topo/{name}", topology),
        Route("/ccm-{version}.css", style),
        *accounts.routes(),
        *drafts.routes(),
        *evidence.routes(),
        *journal.routes(),
        *reminders.routes(),
    ]


async def recommendation(request: Request) -> Response:
    """`/r/CCM7-A1-05`: the permanent link of one recommendation."""
    return RedirectResponse(Links().recommendation(request.path_params["key"]) + _dates(request, "&"), 302)


async def figure(request: Request) -> Response:
    """`/f/axis/A1`: the permanent link of a group's figures, which leads to its rows."""
    by, key = request.path_params["by"], request.path_params["key"]
    if by == "recommendation":
        return await recommendation(request)
    if by == "region":
        return RedirectResponse(Links().region(key) + _dates(request, "&"), 302)
    if by in ("ministry", "entity"):
        return RedirectResponse(Links().entity(key) + _dates(request, "&"), 302)
    if by not in _ROWS_BEHIND:
        return RedirectResponse(Links().overview() + _dates(request, "?"), 302)
    return RedirectResponse(Links().recommendations(**{_ROWS_BEHIND[by]: key}) + _dates(request, "&"), 302)


def _dates(request: Request, mark: str) -> str:
    query = request.url.query
    return f"{mark}{query}" if query else ""


async def topology(_request: Request) -> Response:
    """An empty base map: Plotly asks for one even where it draws our own shapes only."""
    empty = {"type": "GeometryCollection", "geometries": list[object]()}
    names = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
    topology = {"type": "Topology", "arcs": list[object](), "objects": dict.fromkeys(names, empty)}
    return JSONResponse(topology, headers={"cache-control": "public, max-age=31536000, immutable"})
