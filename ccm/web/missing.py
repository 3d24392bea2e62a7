"""What is answered where there is nothing: no such page, no such figure; and the way to what there is."""

from starlette.requests import Request
from starlette.responses import Response

from ccm.render.pages import key_in, meant
from ccm.web.documents import document


def missing_page(request: Request) -> Response:
    """The answer to a path where there is no page."""
    path = request.scope["path"]
    return document(request, "missing_page.html", 404, path=_shown(path), pages=meant(path), key=key_in(path))


def missing_figure(request: Request) -> Response:
    """The answer to a permanent link whose group or figure there is not."""
    return document(request, "missing_figure.html", 404, path=_shown(request.scope["path"]))


def _shown(path: str) -> str:
    """A path as a reader may be shown it: without signs that nobody sees."""
    return "".join(sign for sign in path if sign.isprintable())
