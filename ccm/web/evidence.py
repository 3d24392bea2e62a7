"""Evidence files on their way out: to whoever may see them, as attachments, never as pages."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ccm.domain.errors import NotAllowed, NotFound
from ccm.queries.ask import ask_as
from ccm.queries.evidence import EvidenceQuery
from ccm.store.files import evidence_files
from ccm.web import requests
from ccm.web.requests import actor_of, sentence

_MISSING = NotFound("Ce fichier n'est pas là, ou n'est pas pour vous : connectez-vous, puis recommencez.")


def routes() -> list[Route]:
    """The one address of evidence files."""
    return [Route("/preuve/{number:int}", evidence, methods=["GET"])]


def evidence(request: Request) -> Response:
    """One file as an attachment; whoever may not see it is told the same as for one that is not there."""
    store = requests.store()
    try:
        found = ask_as(store, actor_of(request), EvidenceQuery(request.path_params["number"]))
    except (NotAllowed, NotFound):
        return sentence(request, _MISSING, 404)
    content = evidence_files(store).read(found.sha256)
    if content is None:
        return sentence(request, _MISSING, 404)
    plain = found.name.encode("ascii", "ignore").decode().replace('"', "") or "document"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name)}"
    headers = {
        "content-disposition": disposition,
        "cache-control": "private, no-store",
        "content-security-policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=found.media_type, headers=headers)
