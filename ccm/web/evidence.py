"""Evidence files on their way out: to whoever may see them, as attachments, never as pages."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ccm.domain.errors import CcmError
from ccm.i18n import N_, translator
from ccm.queries.ask import ask_as
from ccm.queries.evidence import EvidenceQuery
from ccm.store.files import evidence_files
from ccm.web import requests
from ccm.web.requests import actor_of, locale_of


def routes() -> list[Route]:
    """The one address of evidence files."""
    return [Route("/preuve/{number:int}", evidence, methods=["GET"])]


async def evidence(request: Request) -> Response:
    """One file as an attachment; whoever may not see it is told the same as for one that is not there."""
    return await run_in_threadpool(_evidence, request)


def _evidence(request: Request) -> Response:
    store = requests.store()
    try:
        found = ask_as(store, actor_of(request), EvidenceQuery(request.path_params["number"]))
    except CcmError:
        return _missing(request)
    content = evidence_files(store).read(found.sha256)
    if content is None:
        return _missing(request)
    plain = found.name.encode("ascii", "ignore").decode().replace('"', "") or "document"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name)}"
    headers = {
        "content-disposition": disposition,
        "cache-control": "private, no-store",
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=found.media_type, headers=headers)


def _missing(request: Request) -> Response:
    message = N_("Ce fichier n'est pas là, ou n'est pas pour vous : connectez-vous, puis recommencez.")
    return PlainTextResponse(translator(locale_of(request)).gettext(message), 404)
