"""A file that is not handed out: a sentence for programs, for people a page with the way back."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from ccm.domain.errors import CcmError
from ccm.render.pages import PageName
from ccm.web.documents import document
from ccm.web.requests import sentence, wants_page


def refused(
    request: Request, error: CcmError, status: int, page: PageName, headers: Mapping[str, str] | None = None
) -> Response:
    """Why there is no file; `page` shows what it would hold, and there the same is asked for.

    Not to be asked on the event loop: a page reads the store.
    """
    if not wants_page(request):
        return sentence(request, error, status, {"cache-control": "private, no-store", **(headers or {})})
    query = f"?{request.url.query}" if request.url.query else ""
    response = document(
        request,
        "refused_file.html",
        status,
        error=error,
        page=page,
        query=query,
        # A turn that did not come may come now; what was refused for itself stays refused.
        again=request.url.path + query if status == 503 else None,
    )
    response.headers.update(headers or {})
    return response
