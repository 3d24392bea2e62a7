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
from ccm.domain.errors import CcmError, NotAllowed, NotFound, StoreUnavailable, problems_of
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
from ccm.web.light_answer import PAGE as ANSWER, answer_cut, answer_page, answer_post
from ccm.web.light_document import UNKNOWN_BUTTON, over, private_page, typed_texts
from ccm.web.requests import actor_of, csrf_token, field, locale_of, posted, refuse_forged_form

_SPACE, _QUEUE = PAGES["my_space"], PAGES["validation"]
#: An answer with a photograph of any telephone: its size is told beside it, and what was typed is kept. And a
#: reason, or an answer to a contest: what is hundreds of times too long is still given back to be shortened.
_LONGEST_ANSWER, _LONGEST_GESTURE = 20 * 1024 * 1024, 4 * 1024 * 1024
#: Far more than a form of ours has, thirty or so.
_MOST_FIELDS = 1000
_TOO_HEAVY = N_(
    "Ce fichier est bien trop lourd : 5 Mo au plus. Revenez en arrière dans votre navigateur, "
    "ce que vous avez tapé y est ; choisissez-en un autre."
)
_TOO_LONG = N_(
    "Ce texte est bien trop long : 10 000 caractères au plus. Revenez en arrière dans votre navigateur, "
    "ce que vous avez tapé y est ; raccourcissez-le."
)
_CUT = N_(
    "L'envoi a été coupé en route et rien n'a été enregistré : relisez ci-dessous ce qui est arrivé, "
    "puis renvoyez."
)
_DONE = {
    "valide": N_("Validé : les chiffres en tiennent compte."),
    "renvoye": N_("Renvoyé à son auteur, avec le motif."),
    "repondu": N_("Réponse enregistrée : la contestation est close."),
    "verifie": N_("Marqué vérifié. Aucun chiffre ne change."),
}


def routes() -> list[Route]:
    """The light pages of whoever acts."""
    answering = posted(
        _refusable(answer_post), _LONGEST_ANSWER, 1, _MOST_FIELDS, _saying(_TOO_HEAVY), _refusable(answer_cut)
    )
    deciding = posted(
        _refusable(queue_post), _LONGEST_GESTURE, 0, _MOST_FIELDS, _saying(_TOO_LONG), _refusable(_queue_cut)
    )
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


def _saying(sentence: str) -> Callable[[Request, CcmError, int], Response]:
    """Tells of a form that is not read, on a page of its own."""
    return lambda request, _error, status: _one_sentence(request, CcmError(sentence), status)


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
    if not field(form, "do"):
        # Every button has a name, and comes last.
        return _queue_cut(request, form)
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


def _queue_cut(request: Request, form: FormData) -> Response:
    """A decision whose sending was cut: nothing is done, and what arrived of it stands in the queue again."""
    actor = actor_of(request)
    if not actor.signed_in:
        return over(request, form)
    seen = view(requests.store(), actor, request.query_params, light=True)
    return _queue(request, seen, "", CcmError(_CUT), form)


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


def _held(queue: Queue, typed: dict[str, str]) -> set[str]:
    """The fields of the queue that hold what was typed; none where somebody dealt with it first."""
    numbers = {
        "reason": {str(item.report.id) for item in queue.waiting},
        "answer": {str(contest.id) for contest in queue.contests},
    }
    return {name for name, ids in numbers.items() if typed.get("number") in ids}


def _queue(
    request: Request, seen: View, said: str, error: CcmError | None = None, form: FormData | None = None
) -> Response:
    number = _number(request.query_params.get("page", "")) or 1
    entity = _entity(request)
    turned = _number(request.query_params.get("preuves", ""))
    asked = QueueQuery(seen.facts.today, entity, min(number, 9999), max(turned, 1))
    queue = ask_as(seen.store, seen.actor, asked)
    typed = {name: field(form, name) for name in ("reason", "answer", "number")} if form else {}
    held = _held(queue, typed)
    problems = [(p.column, say.problem(p, seen.locale)) for p in (problems_of(error) if error else ())]
    head = seen.frame.block(
        "queue/head.html",
        queue=queue,
        title=say.title(queue, seen.locale),
        lead=say.lead(queue, seen.locale),
        entity=entity,
        unknown=say.unknown(queue, entity, seen.locale),
    )
    body = seen.frame.block(
        "light_queue.html",
        queue=queue,
        words=say.marks(seen.locale),
        gesture=lambda: secrets.token_urlsafe(16),
        bulk=say.bulk(len(queue.plain), seen.locale),
        csrf=csrf_token(request),
        action=seen.links.to(
            _QUEUE.path, acteur=entity, page=number if number > 1 else None, preuves=turned or None
        ),
        typed=typed,
        lost=[]
        if held
        else [("", typed[name]) for name in ("reason", "answer") if typed.get(name, "").strip()],
        mend={column: sentence for column, sentence in problems if column in held},
        told=[sentence for column, sentence in problems if column not in held],
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
