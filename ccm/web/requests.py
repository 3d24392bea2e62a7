"""What our own routes read of a request: who asks, from where, in which language; is the form ours."""

import secrets
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from ccm.auth import Actor, resolve
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.domain.dates import utc_now
from ccm.domain.errors import NotAllowed
from ccm.i18n import known_locale
from ccm.store import Store

#: The field of a form that must equal the cookie.
CSRF_FIELD = "csrf"
_FORGED = "Ce formulaire n'est plus valable : rouvrez la page, puis recommencez."


def store() -> Store:
    """The store of this process."""
    return process_store(settings().store)


def token_of(request: Request) -> str | None:
    """The token of the sign-in that the browser holds."""
    return request.cookies.get(settings().session_cookie)


def actor_of(request: Request) -> Actor:
    """Who asks, with the rights they have now."""
    with store().read() as connection:
        return resolve(connection, token_of(request), utc_now())


def locale_of(request: Request) -> str:
    """The language of the address; French when there is none."""
    return known_locale(request.query_params.get("lang"))


def address_of(request: Request) -> str:
    """The address of whoever asks; behind a proxy we know, the one it names."""
    direct = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    if direct in settings().proxies and forwarded:
        return forwarded.split(",")[-1].strip()[:64]
    return direct[:64]


def csrf_token(request: Request) -> str:
    """The token a form must send back: the browser's, or a new one that `keep_csrf` hands to it."""
    return request.cookies.get(settings().csrf_cookie) or secrets.token_urlsafe(24)


def keep_csrf(response: Response, token: str) -> None:
    """Hand the token of forms to the browser."""
    response.set_cookie(
        settings().csrf_cookie, token, httponly=True, samesite="strict", secure=settings().tls
    )


def keep_session(response: Response, token: str) -> None:
    """Hand a new sign-in to the browser; it ends with it, or when the store says so."""
    response.set_cookie(
        settings().session_cookie, token, httponly=True, samesite="lax", secure=settings().tls
    )
    # A token that stood in a form before the sign-in must not be good after it.
    keep_csrf(response, secrets.token_urlsafe(24))


def forget_session(response: Response) -> None:
    """Take the sign-in and the forms' token from the browser."""
    for name in (settings().session_cookie, settings().csrf_cookie):
        response.delete_cookie(name, httponly=True, secure=settings().tls)


async def checked_form(request: Request) -> FormData:
    """The fields of a form of ours; raises NotAllowed for one that another site, or nobody, drew."""
    form = await request.form(max_files=1, max_fields=60)
    refuse_forged(request, str(form.get(CSRF_FIELD, "")))
    return form


def refuse_forged(request: Request, sent: str) -> None:
    """Raise NotAllowed unless the token equals the cookie and the request comes from our own pages."""
    kept = request.cookies.get(settings().csrf_cookie, "")
    if not kept or not secrets.compare_digest(kept.encode(), sent.encode()) or not _is_same_site(request):
        raise NotAllowed(_FORGED)


def _is_same_site(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
