"""Our own addresses beside Streamlit's: short permanent links, and what Plotly's map asks for."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from ccm.render import Links
from ccm.web import accounts, drafts, evidence, journal, reminders
from ccm.web.documents import style

#: Groupings whose figures have their rows in the register, under the filter of the same name.
_IN_REGISTER = ("axis", "challenge", "status")


def routes() -> list[Route]:
    """Every route of ours."""
    return [
        Route("/r/{key}", recommendation),
        Route("/f/plan", plan),
        Route("/f/plan/{metric}", one_figure),
        Route("/f/{by}/{key}", group),
        Route("/f/{by}/{key}/{metric}", one_figure),
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


async def plan(request: Request) -> Response:
    """`/f/plan`: the permanent link of the plan's figures."""
    return RedirectResponse(Links().overview() + _dates(request, "?"), 302)


async def one_figure(request: Request) -> Response:
    """`/f/plan/coverage`, `/f/axis/A1/overdue`: the permanent link of one figure, which leads to its rows."""
    path = request.path_params
    found = Links().figure(path.get("by", "plan"), path.get("key", ""), path["metric"])
    if found is None:
        return RedirectResponse(Links().method() + _dates(request, "?"), 302)
    return RedirectResponse(found + _dates(request, "&" if "?" in found else "?"), 302)


async def group(request: Request) -> Response:
    """`/f/axis/A1`: the permanent link of a group's figures, which leads to its rows."""
    by, key = request.path_params["by"], request.path_params["key"]
    if by == "recommendation":
        return await recommendation(request)
    if by == "region":
        return RedirectResponse(Links().region(key) + _dates(request, "&"), 302)
    if by in ("ministry", "entity"):
        return RedirectResponse(Links().entity(key) + _dates(request, "&"), 302)
    if by == "session" and key.isascii() and key.isdigit() and "session" not in request.query_params:
        return RedirectResponse(Links(session=int(key)).overview() + _dates(request, "&"), 302)
    if by not in _IN_REGISTER:
        return RedirectResponse(Links().overview() + _dates(request, "?"), 302)
    return RedirectResponse(Links().recommendations(**{by: key}) + _dates(request, "&"), 302)


def _dates(request: Request, mark: str) -> str:
    query = request.url.query
    return f"{mark}{query}" if query else ""


async def topology(_request: Request) -> Response:
    """An empty base map: Plotly asks for one even where it draws our own shapes only."""
    empty = {"type": "GeometryCollection", "geometries": list[object]()}
    names = ("coastlines", "land", "ocean", "lakes", "rivers", "countries", "subunits")
    topology = {"type": "Topology", "arcs": list[object](), "objects": dict.fromkeys(names, empty)}
    return JSONResponse(topology, headers={"cache-control": "public, max-age=31536000, immutable"})
