"""A light page as a document: around what a screen draws, the ways to the other pages and to other dates."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ccm.auth import Action, Actor, allowed_somewhere
from ccm.domain.vocabulary import UserRole
from ccm.i18n import N_, translator
from ccm.render import render, stylesheet
from ccm.render.pages import PAGES, PageName
from ccm.screens import SHARED, View
from ccm.screens.choice import shared
from ccm.web.documents import document
from ccm.web.drawing import NAVIGATION, Drawn, Parameters
from ccm.web.requests import csrf_token, keep_csrf

#: Of a button that stands in no form of ours.
UNKNOWN_BUTTON = N_("Ce bouton n'est pas connu : rouvrez la page, puis recommencez.")
#: The fields of the light forms that hold what somebody wrote in their own words.
_TEXTS = {
    "note": N_("Qu’a-t-on fait ?"),
    "blocked_reason": N_("Qu’est-ce qui bloque ?"),
    "reason": N_("Pourquoi ? L’auteur le lira."),
    "answer": N_("Réponse"),
}


def light_html(
    seen: View, page: PageName, drawn: Drawn, parameters: Parameters, unread: Sequence[str] = ()
) -> str:
    """The document; `unread` says what its address asked for and no page has."""
    links, path = seen.links, page.path
    own = {name: parameters[name] for name in drawn.parameters if parameters.get(name)}
    said = shared(parameters)
    readable = {name: said[name] for name in SHARED if said[name] and name not in seen.choice.unknown}
    return render(
        "light.html",
        seen.locale,
        title=drawn.title or translator(seen.locale).gettext(page.title),
        css=stylesheet("forms.css"),
        demo=seen.facts.demo,
        actor=seen.actor,
        links=links,
        path=path,
        pages=_pages(seen.actor),
        here=page.light_path + (f"?{urlencode(parameters)}" if parameters else ""),
        full=links.in_full().to(path, **own),
        other=links.in_language("en" if seen.locale == "fr" else "fr").to(path, **own),
        unread=[*seen.unread(said), *unread],
        readable=page.light_path + (f"?{urlencode({**own, **readable})}" if own or readable else ""),
        own=own,
        parts=drawn.parts,
        chosen=drawn.chosen,
        scope=seen.scope,
        dated=page in NAVIGATION or page is PAGES["recommendation"],
        sessions={"": seen._("Toutes"), **{str(s.number): str(s.number) for s in seen.facts.sessions}},
        session=str(seen.session or ""),
    )


def _pages(actor: Actor) -> tuple[PageName, ...]:
    """The pages that this reader is led to."""
    mine = (PAGES["my_space"],) if actor.role is UserRole.FOCAL_POINT else ()
    queue = (PAGES["validation"],) if allowed_somewhere(actor, Action.READ_QUEUE) else ()
    return (*mine, *NAVIGATION, *queue)


def private_page(request: Request, seen: View, page: PageName, drawn: Drawn) -> Response:
    """A page for one person's eyes, with forms: kept by nobody."""
    response = HTMLResponse(light_html(seen, page, drawn, dict(request.query_params)), drawn.status)
    response.headers["cache-control"] = "private, no-store"
    keep_csrf(response, csrf_token(request))
    return response


def typed_texts(posted: FormData) -> list[tuple[str, str]]:
    """What somebody wrote in their own words, each with what was asked (a message id)."""
    found = ((title, posted.get(name)) for name, title in _TEXTS.items())
    return [(title, text) for title, text in found if isinstance(text, str) and text.strip()]


def over(request: Request, posted: FormData) -> Response:
    """A form that came after its sign-in was over: nothing is done, and nothing that was typed is lost."""
    skipped = ("csrf", "do")
    sent = [(name, value) for name, value in posted.multi_items() if name not in skipped]
    typed = [(name, text) for name, text in sent if isinstance(text, str)]
    files = [value for _, value in sent if not isinstance(value, str) and value.filename]
    action = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    do = posted.get("do")
    return document(
        request,
        "light_over.html",
        401,
        action=action,
        typed=typed,
        texts={name: translator("fr").gettext(text) for name, text in _TEXTS.items()},
        files=files,
        do=do if isinstance(do, str) else "",
    )
