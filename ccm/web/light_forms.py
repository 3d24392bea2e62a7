"""The round of a focal point and of the Secretariat on light pages: what is due, the answer, the queue."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ccm.auth import Action, require_somewhere
from ccm.commands import Command, submit
from ccm.commands.validation import AnswerContest, ReturnReport, ValidateReports, VerifyReport
from ccm.domain.errors import CcmError, Invalid, NotAllowed, NotFound, StoreUnavailable
from ccm.i18n import N_
from ccm.metrics.marks import Mark
from ccm.queries.ask import ask_as
from ccm.queries.my_space import MySpaceQuery
from ccm.queries.queue import Queue, QueueQuery, pages
from ccm.render import Links
from ccm.render.pages import PAGES
from ccm.render.sentences import my_space as say_space, queue as say
from ccm.screens import View, view
from ccm.web import requests
from ccm.web.documents import document
from ccm.web.drawing import Drawn
from ccm.web.light_answer import PAGE as ANSWER, answer_page, answer_post
from ccm.web.light_document import UNKNOWN_BUTTON, over, private_page, typed_texts
from ccm.web.requests import actor_of, csrf_token, field, locale_of, posted, refuse_forged_form

_SPACE, _QUEUE = PAGES["my_space"], PAGES["validation"]
#: An answer with a photograph of any telephone: its size is told beside it, and what was typed is kept. And a
#: reason, or an answer to a contest.
_LONGEST_ANSWER, _LONGEST_GESTURE = 20 * 1024 * 1024, 256 * 1024
_TOO_HEAVY = N_(
    "Ce fichier est bien trop lourd : 5 Mo au plus. Revenez en arrière dans votre navigateur, "
    "ce que vous avez tapé y est ; choisissez-en un autre."
)
_DONE = {
    "valide": N_("Validé : les chiffres en tiennent compte."),
    "renvoye": N_("Renvoyé à son auteur, avec le motif."),
    "repondu": N_("Réponse enregistrée : la contestation est close."),
    "verifie": N_("Marqué vérifié. Aucun chiffre ne change."),
}


def routes() -> list[Route]:
    """The light pages of whoever acts."""
    answering = posted(_refusable(answer_post), most=_LONGEST_ANSWER, files=1, fields=60, told=_too_heavy)
    deciding = posted(_refusable(queue_post), most=_LONGEST_GESTURE, fields=60)
    return [
        Route(_SPACE.light_path, _page(space_page), methods=["GET"]),
        Route(ANSWER.light_path, _page(answer_page), methods=["GET"]),
        Route(ANSWER.light_path, answering, methods=["POST"]),
        Route(_QUEUE.light_path, _page(queue_page), methods=["GET"]),
        Route(_QUEUE.light_path, deciding, methods=["POST"]),
    ]


def _page(draw: Callable[[Request], Response]) -> Callable[[Request], Response]:
    """The endpoint of a page for one person: whoever is not signed in is led to where they can mend it."""

    def endpoint(request: Request) -> Response:
        actor = actor_of(request)
        if not actor.signed_in or actor.confined:
            links, query = Links(locale=locale_of(request)), request.url.query
            back = request.url.path + (f"?{query}" if query else "")
            return RedirectResponse(links.to("/compte") if actor.confined else links.sign_in(back), 303)
        try:
            return draw(request)
        except (NotAllowed, NotFound) as error:
            return _refused(request, error)

    return endpoint


def _refusable(
    handle: Callable[[Request, FormData], Response],
) -> Callable[[Request, FormData], Response]:
    def endpoint(request: Request, form: FormData) -> Response:
        try:
            return handle(request, form)
        except (NotAllowed, NotFound) as error:
            return _refused(request, error, typed_texts(form))

    return endpoint


def _refused(request: Request, error: CcmError, typed: Sequence[tuple[str, str]] = ()) -> Response:
    """One sentence, the way back, and the texts that were typed, to be copied."""
    status = 404 if isinstance(error, NotFound) else 403
    return _one_sentence(request, error, status, typed)


def _too_heavy(request: Request, _error: CcmError, status: int) -> Response:
    return _one_sentence(request, CcmError(_TOO_HEAVY), status)


def _one_sentence(
    request: Request, error: CcmError, status: int, typed: Sequence[tuple[str, str]] = ()
) -> Response:
    links = Links(locale_of(request), light=True)
    return document(request, "light_refused.html", status, error=error, typed=typed, links=links)


def space_page(request: Request) -> Response:
    """What is due from whoever is signed in, the most pressing first."""
    seen = view(requests.store(), actor_of(request), request.query_params, light=True)
    require_somewhere(seen.actor, Action.SUBMIT_REPORT)
    space = ask_as(seen.store, seen.actor, MySpaceQuery(seen.at))
    coming = [
        (session.number, session.political_date)
        for session in seen.facts.sessions
        if session.political_date and session.political_date > seen.as_of
    ]
    lead = say_space.lead(space, min(coming, default=None), seen.as_of, seen.locale)
    title, replaced = say_space.title(space, seen.locale), say_space.replaced(space, seen.locale)
    parts = (
        seen.frame.block("my_space_head.html", space=space, title=title, lead=lead, replaced=replaced),
        seen.frame.block("my_space.html", space=space, period=seen.facts.fresh_days),
    )
    return private_page(request, seen, _SPACE, Drawn(parts))


def queue_page(request: Request) -> Response:
    """What waits for the Secretariat."""
    done = _DONE.get(request.query_params.get("fait", ""))
    seen = view(requests.store(), actor_of(request), request.query_params, light=True)
    return _queue(request, seen, seen._(done) if done else "")


def queue_post(request: Request, form: FormData) -> Response:
    """One decision; where it cannot be taken, the queue again with what was typed."""
    actor = actor_of(request)
    if not actor.signed_in:
        return over(request, form)
    seen = view(requests.store(), actor, request.query_params, light=True)
    try:
        refuse_forged_form(request, form, shown_again=True)
        done, command = _decision(form)
        submit(seen.store, actor, command, key=field(form, "gesture")[:64])
    except StoreUnavailable:
        raise
    except CcmError as error:
        return _queue(request, seen, "", error, form)
    # Whoever checks evidence is in that list: it stays open.
    turned = (
        _number(request.query_params.get("preuves", "")) or 1 if isinstance(command, VerifyReport) else None
    )
    return RedirectResponse(
        seen.links.to(_QUEUE.path, acteur=_entity(request), fait=done, preuves=turned), 303
    )


def _decision(form: FormData) -> tuple[str, Command[Any]]:
    do, number = field(form, "do"), _number(field(form, "number"))
    if do == "return":
        return "renvoye", ReturnReport(number, field(form, "reason"))
    if do == "reply":
        return "repondu", AnswerContest(number, field(form, "answer"))
    if do == "verify":
        return "verifie", VerifyReport(number)
    if do != "validate":
        raise CcmError(UNKNOWN_BUTTON)
    ids = tuple(_number(text) for text in form.getlist("report") if isinstance(text, str))
    known = {mark.value: mark for mark in Mark}
    marks = tuple(known[text] for text in form.getlist("mark") if isinstance(text, str) and text in known)
    return "valide", ValidateReports(ids, marks)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _entity(request: Request) -> str | None:
    return request.query_params.get("acteur") or None


def _lost(queue: Queue, typed: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """What was typed for what somebody else dealt with first: no field of the queue holds it any more."""
    shown = {str(item.report.id) for item in queue.waiting} | {str(contest.id) for contest in queue.contests}
    texts = (typed.get("reason", ""), typed.get("answer", ""))
    return tuple(("", text) for text in texts if text.strip() and typed["number"] not in shown)


def _queue(
    request: Request, seen: View, said: str, error: CcmError | None = None, form: FormData | None = None
) -> Response:
    number = _number(request.query_params.get("page", "")) or 1
    entity = _entity(request)
    turned = _number(request.query_params.get("preuves", ""))
    asked = QueueQuery(seen.facts.today, entity, min(number, 9999), max(turned, 1))
    queue = ask_as(seen.store, seen.actor, asked)
    typed = {name: field(form, name) for name in ("reason", "answer", "number")} if form else {}
    head = seen.frame.block(
        "queue/head.html",
        queue=queue,
        title=say.title(queue, seen.locale),
        lead=say.lead(queue, seen.locale),
        entity=entity,
        unknown=say.unknown(queue, entity, seen.locale),
    )
    told = [*(error.problems if isinstance(error, Invalid) else [error] if error else [])]
    body = seen.frame.block(
        "light_queue.html",
        queue=queue,
        words=say.marks(seen.locale),
        gesture=lambda: secrets.token_urlsafe(16),
        bulk=say.bulk(len(queue.plain), seen.locale),
        csrf=csrf_token(request),
        action=seen.links.to(_QUEUE.path, acteur=entity, preuves=turned or None),
        typed=typed,
        lost=_lost(queue, typed),
        told=[(problem.message, dict(problem.values)) for problem in told],
        said=said,
        page=number,
        last=pages(queue.count),
        href=lambda n: seen.links.to(_QUEUE.path, acteur=entity, page=n),
        span=say.span(queue, seen.locale),
        turned=turned,
        last_unchecked=pages(queue.unchecked),
        turn=lambda n: seen.links.to(_QUEUE.path, acteur=entity, page=number, preuves=n) + "#preuves",
    )
    status = 422 if error else 200
    return private_page(request, seen, _QUEUE, Drawn((head, body), None, ("acteur",), status))
