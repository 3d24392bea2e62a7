"""Files of the register and of other tables, the calendar and the offline pack, for whoever may read."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from ccm.auth import Actor
from ccm.domain.errors import CcmError, StoreUnavailable
from ccm.exports.columns import CROSSES
from ccm.render.pages import PAGES, PageName
from ccm.screens import view
from ccm.screens.exported import Exported, Form, exported
from ccm.screens.exported_crosses import exported_crosses
from ccm.screens.exported_groups import GROUPS, exported_groups
from ccm.web import requests
from ccm.web.arrival import arrive
from ccm.web.caching import tag
from ccm.web.refused_files import refused
from ccm.web.requests import forget_session, origin_of
from ccm.web.turns import in_turn

_REGISTER = {
    "/export/registre.xlsx": Form.XLSX,
    "/export/registre.csv": Form.CSV,
    "/export/registre.json": Form.JSON,
    "/export/hxl.csv": Form.HXL,
    "/echeances.ics": Form.ICS,
    "/hors-ligne.html": Form.HTML,
    "/suivi.xlsx": Form.TABLE_XLSX,
    "/suivi.docx": Form.TABLE_DOCX,
}
_FIGURES: Mapping[str, Callable[..., Exported]] = {
    **{groups.table.file: partial(exported_groups, groups=groups) for groups in GROUPS},
    CROSSES.file: exported_crosses,
}
#: What makes the file of each address.
PATHS: Mapping[str, Callable[..., Exported]] = {
    **{path: partial(exported, form=form) for path, form in _REGISTER.items()},
    **{
        f"/export/{name}.{form}": partial(make, form=form)
        for name, make in _FIGURES.items()
        for form in (Form.XLSX, Form.CSV, Form.JSON)
    },
}
#: The page that shows the rows of a file, by the file's name; of all others it is the register.
_SHOWN = {
    **{groups.table.file: groups.page for groups in GROUPS},
    CROSSES.file: "explorer",
    "hors-ligne": "overview",
}
#: What is kept in memory of a file; the rest of it stands on the disk until it is sent.
_IN_MEMORY = 1024 * 1024
_CHUNK = 64 * 1024


def routes() -> list[Route]:
    """The addresses of the files: each takes the parameters of the page that shows the same."""
    return [Route(path, in_turn(export, _page_of(path)), methods=["GET"]) for path in PATHS]


def export(request: Request) -> Response:
    """One file; 304 where whoever asks has it as it is, and the sign-in for whoever may not read."""
    arrival = arrive(request)
    if arrival.elsewhere:
        response: Response = RedirectResponse(arrival.elsewhere, 303)
    else:
        response = _unchanged_or_written(request, arrival.actor)
    if arrival.over:
        forget_session(response)
    return response


def _unchanged_or_written(request: Request, actor: Actor) -> Response:
    headers = {"etag": tag(request, actor), "cache-control": "private, no-cache", "vary": "Cookie"}
    if headers["etag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    parameters = dict(request.query_params)
    seen = view(requests.store(), actor, parameters)
    try:
        make = PATHS[request.url.path]
        found = make(seen, parameters=parameters, origin=origin_of(request))
        file = _written(found)
    except StoreUnavailable:
        raise
    except CcmError as error:
        return refused(request, error, 400, _page_of(request.url.path))
    headers |= {
        "content-disposition": f'attachment; filename="{found.name}"',
        "content-length": str(file.tell()),
    }
    file.seek(0)
    return StreamingResponse(_sent(file), media_type=found.media_type, headers=headers)


def _page_of(path: str) -> PageName:
    """The page that takes the parameters of a file's address, and shows its rows."""
    return PAGES[_SHOWN.get(PurePosixPath(path).stem, "register")]


def _written(found: Exported) -> IO[bytes]:
    """Before it is sent: a slow line must not hold the store open, nor a failure leave half a file."""
    file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - `_sent` closes it
    try:
        found.write(file)  # type: ignore[arg-type] # it is a BinaryIO in all but name
    except BaseException:
        file.close()
        raise
    return file


def _sent(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(_CHUNK):
            yield chunk
