"""Signing in and out, one-time links, and one's own account: plain forms, no script."""

import io
from typing import Any
from urllib.parse import parse_qs

import segno
from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.auth import Actor, passwords, second_factor
from ccm.auth.confirmation import ConfirmationNeeded
from ccm.auth.sign_ins import resolve
from ccm.commands import submit
from ccm.commands.guesses import TooManyGuesses
from ccm.commands.one_time_links import (
    OpenLink,
    has_administrator,
    make_first_administrator,
    open_link,
    use_link,
)
from ccm.commands.own_account import (
    BeginSecondFactor,
    ConfirmSecondFactor,
    RemoveSecondFactor,
    SignOut,
    change_password,
    confirm_password,
)
from ccm.commands.sign_in import NotSignedIn, sign_in
from ccm.domain.dates import utc_now
from ccm.domain.errors import CcmError, Invalid, NotAllowed, NotFound, Problem, StoreUnavailable
from ccm.domain.vocabulary import UserRole
from ccm.queries.ask import ask_as
from ccm.queries.own_account import OwnAccountQuery
from ccm.render import Links
from ccm.render.pages import PAGES
from ccm.web import requests
from ccm.web.documents import document
from ccm.web.requests import (
    actor_of,
    address_of,
    back_to,
    device_of,
    field,
    forget_session,
    keep_session,
    locale_of,
    posted,
    refuse_forged_form,
    token_of,
)


def routes() -> list[Route]:
    """The addresses of accounts. What changes something is a POST, always."""
    return [
        Route("/connexion", sign_in_page, methods=["GET"]),
        Route("/connexion", posted(sign_in_form), methods=["POST"]),
        Route("/deconnexion", to_account, methods=["GET"]),
        Route("/deconnexion", posted(sign_out_form), methods=["POST"]),
        Route("/lien/{token}", link_page, methods=["GET"]),
        Route("/lien/{token}", posted(link_form), methods=["POST"]),
        Route("/premier-compte", first_page, methods=["GET"]),
        Route("/premier-compte", posted(first_form), methods=["POST"]),
        Route("/compte", account_page, methods=["GET"]),
        Route("/compte/{gesture}", to_account, methods=["GET"]),
        Route("/compte/{gesture}", posted(account_form), methods=["POST"]),
    ]


def sign_in_page(request: Request) -> Response:
    """The form to sign in."""
    return _sign_in_document(request, 200)


def sign_in_form(request: Request, form: FormData) -> Response:
    """Sign in, and go on to where the reader wanted to go."""
    try:
        refuse_forged_form(request, form)
        given = (field(form, "identifier"), field(form, "password"), field(form, "code"))
        token = sign_in(requests.store(), *given, address_of(request), token_of(request), device_of(request))
    except (NotSignedIn, NotAllowed) as error:
        return _sign_in_document(request, 401, form, error)
    except TooManyGuesses as error:
        return _sign_in_document(request, 429, form, error)
    return _entered(_onward(request, token), token)


def _onward(request: Request, token: str) -> str:
    """Where somebody who signs in wanted to go; a focal point who came by the front door, to their space."""
    wanted = back_to(request)
    with requests.store().read() as connection:
        role = resolve(connection, token, utc_now()).role
    front, space = PAGES["overview"], PAGES["my_space"]
    doors = {front.path: space.path, front.light_path: space.light_path}
    path, mark, query = wanted.partition("?")
    own = set(parse_qs(query)) <= {"lang"}
    return doors[path] + mark + query if role is UserRole.FOCAL_POINT and own and path in doors else wanted


def sign_out_form(request: Request, form: FormData) -> Response:
    """Sign out here, or in every browser."""
    actor = actor_of(request)
    try:
        refuse_forged_form(request, form)
        submit(requests.store(), actor, SignOut(field(form, "everywhere") == "1"))
    except NotAllowed:
        # Whoever is no longer signed in has what they asked for; a forged request gets nothing.
        if actor.signed_in:
            return to_account(request)
    response = RedirectResponse(Links(locale=locale_of(request)).overview(), 303)
    forget_session(response)
    return response


def link_page(request: Request) -> Response:
    """What a one-time link opens: a form for a new password."""
    return _link_document(request, 200)


def link_form(request: Request, form: FormData) -> Response:
    """Set the password, and sign in, or go where the second factor is asked for."""
    try:
        refuse_forged_form(request, form)
        token = request.path_params["token"]
        given = (token, _new_password(form), token_of(request), address_of(request))
        session = use_link(requests.store(), *given)
    except StoreUnavailable:
        raise
    except CcmError as error:
        return _link_document(request, 422, error)
    links = Links(locale=locale_of(request))
    if session is None:
        # A link is no second factor: the code is asked for where one signs in.
        answer = RedirectResponse(links.to("/connexion", fait="mot-de-passe"), 303)
        forget_session(answer)
        return answer
    return _entered(_onward(request, session), session)


def first_page(request: Request) -> Response:
    """The first administrator's form: the code printed on the console, a name, a password."""
    with requests.store().read() as connection:
        if has_administrator(connection):
            return RedirectResponse(Links(locale=locale_of(request)).sign_in(), 303)
    return _password_document(request, 200)


def first_form(request: Request, form: FormData) -> Response:
    """Make the first administrator, and sign in."""
    code, name = field(form, "code").strip(), field(form, "name")
    try:
        refuse_forged_form(request, form)
        given = (code, name, _new_password(form), token_of(request))
        session = make_first_administrator(requests.store(), *given)
    except StoreUnavailable:
        raise
    except CcmError as error:
        return _password_document(request, 422, error, code=code, name=name)
    return _entered(Links(locale=locale_of(request)).overview(), session)


def account_page(request: Request) -> Response:
    """One's own account; at the form to confirm one's password where an action asked for it."""
    return _account_document(request, 200, confirm=request.query_params.get("confirmer") == "1")


def account_form(request: Request, form: FormData) -> Response:
    """One gesture on one's own account; anything wrong is told on the page."""
    gesture = request.path_params["gesture"]
    try:
        refuse_forged_form(request, form)
        codes = _gesture(gesture, actor_of(request), form, address_of(request), device_of(request))
    except StoreUnavailable:
        raise
    except CcmError as error:
        confirming = isinstance(error, ConfirmationNeeded) or gesture == "confirmer"
        return _account_document(request, 422, error=error, confirm=confirming)
    if codes:
        return _account_document(request, 200, codes=codes)
    links = Links(locale=locale_of(request))
    done = gesture == "confirmer" and "next" in request.query_params
    return RedirectResponse(back_to(request) if done else links.to("/compte", fait=gesture), 303)


def to_account(request: Request) -> Response:
    """Where a form was sent to, opened as a page: one's account."""
    return RedirectResponse(Links(locale=locale_of(request)).to("/compte"), 303)


def _gesture(name: str, actor: Actor, form: FormData, address: str, device: str) -> tuple[str, ...]:
    """Carry out one gesture; the recovery codes where it made some."""
    store = requests.store()
    match name:
        case "mot-de-passe":
            change_password(store, actor, field(form, "current"), field(form, "new"), address, device)
        case "confirmer":
            confirm_password(store, actor, field(form, "password"), address, device)
        case "second-facteur":
            submit(store, actor, BeginSecondFactor())
        case "code":
            return submit(store, actor, ConfirmSecondFactor(field(form, "code")))
        case "sans-second-facteur":
            submit(store, actor, RemoveSecondFactor(actor.name))
        case _:
            raise NotFound("Cette page n'existe pas.")
    return ()


def _entered(path: str, token: str) -> Response:
    response = RedirectResponse(path, 303)
    keep_session(response, token)
    return response


def _new_password(form: FormData) -> str:
    password = field(form, "password")
    if password != field(form, "again"):
        raise Invalid([Problem("les deux mots de passe diffèrent : tapez deux fois le même", column="again")])
    return password


def _sign_in_document(
    request: Request, status: int, form: FormData | None = None, error: CcmError | None = None
) -> Response:
    identifier = field(form, "identifier") if form else ""
    after = back_to(request) if "next" in request.query_params else None
    with requests.store().read() as connection:
        begun = has_administrator(connection)
    told = {"next": after, "identifier": identifier, "error": error, "begun": begun}
    done = request.query_params.get("fait")
    return document(request, "account/sign_in.html", status, done=done, **told)


def _link_document(request: Request, status: int, error: CcmError | None = None) -> Response:
    try:
        with requests.store().read() as connection:
            link = open_link(connection, request.path_params["token"], utc_now())
    except NotFound as dead:
        return document(request, "account/message.html", 404, error=dead)
    return _password_document(request, status, error, link)


def _password_document(
    request: Request,
    status: int,
    error: CcmError | None = None,
    link: OpenLink | None = None,
    code: str = "",
    name: str = "",
) -> Response:
    least = passwords.shortest(link.role if link else UserRole.ADMINISTRATOR)
    context = {"link": link, "least": least, "error": error, "code": code, "name": name}
    return document(request, "account/password.html", status, **context)


def _account_document(request: Request, status: int, **context: Any) -> Response:
    links = Links(locale=locale_of(request))
    try:
        account = ask_as(requests.store(), actor_of(request), OwnAccountQuery())
    except NotAllowed:
        here = links.to("/compte", **{name: request.query_params.get(name) for name in ("confirmer", "next")})
        return RedirectResponse(links.sign_in(here), 303)
    secret = account.pending_secret
    told = {
        "account": account,
        "least": passwords.shortest(account.role),
        "secret": secret,
        "qr": _qr(second_factor.address(secret, account.name)) if secret else None,
        "done": request.query_params.get("fait", ""),
        "next": back_to(request) if "next" in request.query_params else None,
        "error": None,
        "confirm": False,
        "codes": (),
    }
    return document(request, "account/account.html", status, **{**told, **context})


def _qr(text: str) -> Markup:
    """A QR code as SVG."""
    drawn = io.BytesIO()
    segno.make(text).save(drawn, kind="svg", xmldecl=False, svgns=True, scale=4, border=2)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by the library, holds no text
