"""What our own routes read of a request: who asks, from where, in which language; is the form ours."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message

from ccm.auth import Actor, resolve
from ccm.commands.guesses import KNOWN_FOR, device_mark
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError, NotAllowed
from ccm.i18n import N_, known_locale, translator
from ccm.render import Links
from ccm.store import Store
from ccm.web.cut_forms import is_cut, mended

#: The field of a form that must equal the cookie.
CSRF_FIELD = "csrf"
_FORGED = N_("Ce formulaire n'est plus valable : rouvrez la page, puis recommencez.")
_OF_ANOTHER = N_(
    "Ce formulaire date d'une autre connexion, rien n'est envoyé : relisez-le, puis renvoyez-le."
)
_UNREAD = N_("Ce formulaire n'a pas pu être lu : rouvrez la page, puis recommencez.")
_TOO_LARGE = N_("Ce formulaire est trop long : raccourcissez ce que vous avez tapé.")
_CUT = N_("L'envoi a été coupé en route et rien n'a été enregistré : renvoyez le formulaire.")
#: A form of names and passwords; what is longer is not read. And one that is not in parts, whatever its
#: address takes: of a MB it takes 0.2 s from everybody, of 20 MB 5 s, where one in parts takes 0.1.
_LONGEST_FORM, _LONGEST_PLAIN = 64 * 1024, 1024 * 1024


class TooLarge(CcmError):
    """More was sent than is read."""


def store() -> Store:
    """The store of this process."""
    return process_store(settings().store)


def token_of(request: HTTPConnection) -> str | None:
    """The token of the sign-in that the browser holds."""
    return request.cookies.get(settings().session_cookie)


def device_of(request: HTTPConnection) -> str:
    """The mark that an earlier sign-in left in the browser; empty where there is none."""
    return request.cookies.get(settings().device_cookie, "")


def actor_of(request: HTTPConnection) -> Actor:
    """Who asks, with the rights they have now."""
    with store().read() as connection:
        return resolve(connection, token_of(request), utc_now())


def locale_of(request: HTTPConnection) -> str:
    """The language of the address; French when there is none."""
    return known_locale(request.query_params.get("lang"))


def wants_page(request: HTTPConnection) -> bool:
    """Whether a page is asked for, as browsers do, and not whatever there is."""
    return "text/html" in request.headers.get("accept", "")


def address_of(request: HTTPConnection) -> str:
    """The address of whoever asks; behind proxies that we know, the last one that is none of theirs."""
    direct = request.client.host if request.client else ""
    known = settings().proxies
    hops = [hop.strip() for hop in request.headers.get("x-forwarded-for", "").split(",")]
    chain = [*(hop for hop in hops if hop), direct] if direct in known else [direct]
    return next((hop for hop in reversed(chain) if hop not in known), direct)


def origin_of(request: Request) -> str:
    """Where the application is reached, as the machine is told; else as asked for, under a name of ours."""
    return settings().address or str(request.base_url).rstrip("/")


def back_to(request: Request) -> str:
    """Where `next` leads, if it is a path of ours and never another site; else to the overview."""
    wanted = request.query_params.get("next", "")
    # A browser takes a backslash for a slash, and leaves out what is not printable.
    ours = wanted.startswith("/") and wanted[1:2] not in ("/", "\\") and wanted.isprintable()
    return wanted if ours else Links(locale=locale_of(request)).overview()


def csrf_token(request: Request) -> str:
    """The token a form must send back: the browser's, or a new one that `keep_csrf` hands to it.

    The same throughout a request: what stands in a form is what the browser is handed.
    """
    made: str | None = getattr(request.state, "csrf", None)
    request.state.csrf = request.cookies.get(settings().csrf_cookie) or made or secrets.token_urlsafe(24)
    token: str = request.state.csrf
    return token


def keep_csrf(response: Response, token: str) -> None:
    """Hand the token of forms to the browser."""
    response.set_cookie(
        settings().csrf_cookie, token, httponly=True, samesite="strict", secure=settings().tls
    )


def keep_session(response: Response, token: str) -> None:
    """Hand a new sign-in to the browser, which it ends with, or when the store says so; and its mark."""
    response.set_cookie(
        settings().session_cookie, token, httponly=True, samesite="lax", secure=settings().tls
    )
    response.set_cookie(
        settings().device_cookie,
        device_mark(token),
        max_age=int(KNOWN_FOR.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=settings().tls,
    )
    # A token that stood in a form before the sign-in must not be good after it.
    keep_csrf(response, secrets.token_urlsafe(24))


def forget_session(response: Response) -> None:
    """Take the sign-in and the forms' token from the browser."""
    for name in (settings().session_cookie, settings().csrf_cookie):
        response.delete_cookie(name, httponly=True, secure=settings().tls)


def posted(
    handler: Callable[[Request, FormData], Response],
    most: int = _LONGEST_FORM,
    files: int = 0,
    fields: int = 20,
    told: Callable[[Request, CcmError, int], Response] | None = None,
    cut: Callable[[Request, FormData], Response] | None = None,
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of a form of ours: `handler` is given its fields, and refuses what is forged.

    What is longer than `most` bytes is not read; `told` says so, where one sentence alone is not enough. One
    whose sending was cut is `cut`'s, with what arrived.
    """
    told, cut = told or sentence, cut or _say_cut

    async def endpoint(request: Request) -> Response:
        in_parts = request.headers.get("content-type", "").startswith("multipart/")
        try:
            body = await body_of(request, most if in_parts else min(most, _LONGEST_PLAIN))
        except TooLarge as error:
            return told(request, error, 413)
        except ClientDisconnect:
            # The line was cut: nobody is there to be told.
            return Response(status_code=400)

        whole = not is_cut(request.headers, body)
        given = body if whole else mended(request.headers, body)

        async def again() -> Message:
            return {"type": "http.request", "body": given, "more_body": False}

        # All of it is held already, and a text that is too long is given back: it is no shorter in its part.
        limits = {"max_files": files, "max_fields": fields, "max_part_size": most}
        try:
            # A form's files are closed with it.
            async with Request(request.scope, again).form(**limits) as form:
                return await run_in_threadpool(handler if whole else cut, request, form)
        except HTTPException:
            # Starlette could not read it, and says so in English.
            return sentence(request, CcmError(_UNREAD), 400)

    return endpoint


def _say_cut(request: Request, _form: FormData) -> Response:
    return sentence(request, CcmError(_CUT), 400)


async def body_of(request: Request, most: int) -> bytes:
    """What was sent; raises TooLarge beyond `most` bytes, which are all it reads, or for an untold length."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or len(length) > 12 or int(length) > most:
        raise TooLarge(_TOO_LARGE)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise TooLarge(_TOO_LARGE)
    return bytes(body)


def field(form: FormData, name: str) -> str:
    """A text field as typed; empty where it is missing."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def refuse_forged(request: Request, sent: str, *, shown_again: bool = False) -> None:
    """Raise NotAllowed unless the token equals the cookie and the request comes from our own pages.

    `shown_again`: the form is shown anew with what it held, as whoever signs in anew has it still.
    """
    kept = request.cookies.get(settings().csrf_cookie, "")
    if not kept or not secrets.compare_digest(kept.encode(), sent.encode()) or not _is_same_site(request):
        raise NotAllowed(_OF_ANOTHER if shown_again else _FORGED)


def refuse_forged_form(request: Request, form: FormData, *, shown_again: bool = False) -> None:
    """The same, for the token that stands in a form."""
    refuse_forged(request, field(form, CSRF_FIELD), shown_again=shown_again)


def _is_same_site(request: Request) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    secure = parts.scheme == "https" or not settings().tls
    return parts.netloc == request.headers.get("host") and secure


def sentence(
    request: HTTPConnection, error: CcmError, status: int, headers: Mapping[str, str] | None = None
) -> PlainTextResponse:
    """What a person can mend, as a bare sentence in their language."""
    text = translator(locale_of(request)).gettext(error.message)
    return PlainTextResponse(text % error.values if error.values else text, status, headers)
