"""Signing in and out, one-time links, and one's own account: plain forms, no script."""

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import segno
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.auth import passwords, second_factor
from ccm.commands import submit
from ccm.commands.command import Command
from ccm.commands.one_time_links import open_link, use_link
from ccm.commands.own_account import (
    BeginSecondFactor,
    ChangePassword,
    ConfirmationNeeded,
    ConfirmPassword,
    ConfirmSecondFactor,
    RemoveSecondFactor,
    SignOut,
)
from ccm.commands.sign_in import NotSignedIn, sign_in
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError, Invalid, NotAllowed, NotFound, Problem
from ccm.domain.vocabulary import UserRole
from ccm.queries.ask import ask_as
from ccm.queries.own_account import OwnAccountQuery
from ccm.web import requests
from ccm.web.documents import document
from ccm.web.requests import actor_of, address_of, checked_form, forget_session, keep_session


def routes() -> list[Route]:
    """The addresses of accounts. What changes something is a POST, always."""
    return [
        Route("/connexion", sign_in_page, methods=["GET"]),
        Route("/connexion", sign_in_form, methods=["POST"]),
        Route("/deconnexion", sign_out_form, methods=["POST"]),
        Route("/lien/{token}", link_page, methods=["GET"]),
        Route("/lien/{token}", link_form, methods=["POST"]),
        Route("/premier-compte", first_page, methods=["GET"]),
        Route("/premier-compte", first_form, methods=["POST"]),
        Route("/compte", account_page, methods=["GET"]),
        Route("/compte/{gesture}", account_form, methods=["POST"]),
    ]


async def sign_in_page(request: Request) -> Response:
    """The form to sign in."""
    return document(request, "account/sign_in.html", next=_next(request), identifier="", error=None)


async def sign_in_form(request: Request) -> Response:
    """Sign in, and go on to where the reader wanted to go."""
    form = FormData()
    try:
        form = await checked_form(request)
        given = (_field(form, "identifier"), _field(form, "password"), _field(form, "code"))
        token = await run_in_threadpool(sign_in, requests.store(), *given, address_of(request))
    except (NotSignedIn, NotAllowed) as error:
        status = 429 if "Trop" in error.message else 401
        context = {"next": _next(request), "identifier": _field(form, "identifier"), "error": error}
        return document(request, "account/sign_in.html", status, **context)
    response = RedirectResponse(_next(request), 303)
    keep_session(response, token)
    return response


async def sign_out_form(request: Request) -> Response:
    """Sign out here, or in every browser."""
    try:
        form = await checked_form(request)
        everywhere = _field(form, "everywhere") == "1"
        await run_in_threadpool(submit, requests.store(), actor_of(request), SignOut(everywhere))
    except NotAllowed:
        # Whoever is no longer signed in has what they asked for; a forged request gets nothing.
        if actor_of(request).signed_in:
            return RedirectResponse("/compte", 303)
    response = RedirectResponse("/", 303)
    forget_session(response)
    return response


async def link_page(request: Request) -> Response:
    """What a one-time link opens: a form for a new password."""
    return _password_document(request, request.path_params["token"])


async def link_form(request: Request) -> Response:
    """Set the password, and sign in."""
    return await _set_password(request, request.path_params["token"])


async def first_page(request: Request) -> Response:
    """The first administrator's form: the code printed on the console, a name, a password."""
    return _password_document(request, None)


async def first_form(request: Request) -> Response:
    """Make the first administrator, and sign in."""
    return await _set_password(request, None)


async def account_page(request: Request) -> Response:
    """One's own account."""
    return _account_document(request, 200)


async def account_form(request: Request) -> Response:
    """One gesture on one's own account; anything wrong is told on the page."""
    try:
        form = await checked_form(request)
        command = _gesture(request.path_params["gesture"], form, actor_of(request).name)
        result = await run_in_threadpool(submit, requests.store(), actor_of(request), command)
    except CcmError as error:
        needs_password = isinstance(error, ConfirmationNeeded)
        return _account_document(request, 422, error=error, confirm=needs_password)
    if isinstance(command, ConfirmSecondFactor):
        return _account_document(request, 200, codes=result)
    return RedirectResponse("/compte?fait=" + request.path_params["gesture"], 303)


def _gesture(name: str, form: FormData, own_name: str) -> Command[Any]:
    gestures: dict[str, Callable[[], Command[Any]]] = {
        "mot-de-passe": lambda: ChangePassword(_field(form, "current"), _field(form, "new")),
        "confirmer": lambda: ConfirmPassword(_field(form, "password")),
        "second-facteur": BeginSecondFactor,
        "code": lambda: ConfirmSecondFactor(_field(form, "code")),
        "sans-second-facteur": lambda: RemoveSecondFactor(own_name),
    }
    if name not in gestures:
        raise NotFound("Cette page n'existe pas.")
    return gestures[name]()


def _account_document(request: Request, status: int, **context: Any) -> Response:
    try:
        account = ask_as(requests.store(), actor_of(request), OwnAccountQuery())
    except NotAllowed:
        return RedirectResponse("/connexion?next=/compte", 303)
    secret = account.pending_secret
    told = {
        "account": account,
        "least": passwords.shortest(account.role),
        "secret": secret,
        "qr": _qr(second_factor.address(secret, account.name)) if secret else None,
        "done": request.query_params.get("fait", ""),
        "error": None,
        "confirm": False,
        "codes": (),
    }
    return document(request, "account/account.html", status, **{**told, **context})


async def _set_password(request: Request, token: str | None) -> Response:
    """Through a link's token, or (None) through the code typed into the first administrator's form."""
    form = FormData()
    try:
        form = await checked_form(request)
        if _field(form, "password") != _field(form, "again"):
            raise Invalid(
                [Problem("les deux mots de passe diffèrent : tapez deux fois le même", column="again")]
            )
        code = _field(form, "code") if token is None else token
        given = (code.strip(), _field(form, "password"), _field(form, "name"))
        session = await run_in_threadpool(use_link, requests.store(), *given)
    except CcmError as error:
        return _password_document(request, token, 422, form, error)
    response = RedirectResponse("/", 303)
    keep_session(response, session)
    return response


def _password_document(
    request: Request,
    token: str | None,
    status: int = 200,
    form: FormData | None = None,
    error: CcmError | None = None,
) -> Response:
    link, typed = None, form or FormData()
    if token is not None:
        try:
            with requests.store().read() as connection:
                link = open_link(connection, token, utc_now())
        except NotFound as dead:
            return document(request, "account/message.html", 404, error=dead)
    least = passwords.shortest(link.role if link else UserRole.ADMINISTRATOR)
    context = {"link": link, "least": least, "error": error}
    return document(
        request,
        "account/password.html",
        status,
        **context,
        name=_field(typed, "name"),
        code=_field(typed, "code"),
    )


def _field(form: FormData, name: str) -> str:
    """A text field as typed; empty where it is missing, or a file stands in its place."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _next(request: Request) -> str:
    """Where to go after signing in: a path of ours, never another site."""
    wanted = request.query_params.get("next", "/")
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.netloc
    return wanted if ours and wanted.isprintable() else "/"


def _qr(text: str) -> Markup:
    """A QR code as SVG."""
    drawn = io.BytesIO()
    segno.make(text).save(drawn, kind="svg", xmldecl=False, svgns=True, scale=4, border=2)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by the library, holds no text
