"""The Secretariat's queue: validate, return, answer contests, mark evidence as checked."""

from functools import partial

import streamlit as st

from ccm.commands.validation import AnswerContest, ReturnReport, ValidateReports, VerifyReport
from ccm.queries.queue import Queue, QueueQuery, Waiting, pages
from ccm.render.sentences import queue as say
from ccm.ui import state
from ccm.ui.acting import button, prose, told
from ccm.ui.context import Page

#: The page of achievements with unchecked evidence that is open; none is at first.
_UNVERIFIED = "queue-unverified-page"


def show_validation(page: Page) -> None:
    """Draw what waits, what is contested, and what nobody has checked."""
    number = page.parameter("page") or "1"
    asked = int(number) if number.isascii() and number.isdigit() and 0 < int(number) < 10_000 else 1
    entity = page.parameter("acteur")
    queue = page.ask_private(QueueQuery(page.facts.today, entity, asked, state.held(_UNVERIFIED) or 1))
    title, lead = say.title(queue, page.locale), say.lead(queue, page.locale)
    unknown = say.unknown(queue, entity, page.locale)
    page.show("queue/head.html", queue=queue, title=title, lead=lead, entity=entity, unknown=unknown)
    told(page)
    _doubtful(page, queue)
    _plain(page, queue)
    last = pages(queue.count)
    if last > 1:
        links = page.links
        page.show(
            "pager.html", page=asked, last=last, href=lambda n: links.to("/validation", acteur=entity, page=n)
        )
    _contests(page, queue)
    _unverified(page, queue)


def _doubtful(page: Page, queue: Queue) -> None:
    """What a person must look at, one by one."""
    if queue.doubtful:
        page.show("subtitle.html", text=page._("À regarder un par un"))
        for item in queue.doubtful:
            _waiting(page, item)


def _plain(page: Page, queue: Queue) -> None:
    """What nothing stands out of: listed, then validated at once, or taken one by one."""
    if not queue.plain:
        return
    page.show("queue/plain.html", items=queue.plain)
    ids = tuple(item.report.id for item in queue.plain)
    done = page._("Validé : les chiffres en tiennent compte.")
    button(
        page,
        say.bulk(len(ids), page.locale),
        "queue-plain",
        partial(ValidateReports, ids, ()),
        done,
        primary=True,
    )
    if _opened(page._("Les lire en entier, les prendre un par un"), "queue-one-by-one"):
        for item in queue.plain:
            _waiting(page, item)


def _opened(label: str, key: str) -> bool:
    """Whether what this button leads to has been asked for: drawn from then on, with all that is typed in it.

    Nothing of it is sent before; and what opens in the browser alone, or over the page, may close again as
    the page is drawn.
    """
    if state.held(key):
        return True
    st.button(label, key=f"open-{key}", on_click=_open, args=(key,))
    return False


def _open(key: str, page: int = 1) -> None:
    state.hold(key, page)


def _waiting(page: Page, item: Waiting) -> None:
    number, reason = item.report.id, f"reason-{item.report.id}"
    with st.container(border=True, key=f"waiting-{number}"):
        page.show("queue/item.html", item=item, words=say.marks(page.locale), waits=True)
        with st.container(horizontal=True):
            if item.may_be_validated:
                button(
                    page,
                    page._("Valider"),
                    f"validate-{number}",
                    partial(ValidateReports, (number,), item.marks),
                    page._("Validé : les chiffres en tiennent compte."),
                )
            returning = _opened(page._("Renvoyer"), f"returning-{number}")
        if returning:
            prose(page, page._("Pourquoi ? L’auteur le lira."), reason)
            button(
                page,
                page._("Renvoyer à l’auteur"),
                f"return-{number}",
                lambda: ReturnReport(number, str(state.held(reason) or "")),
                page._("Renvoyé à son auteur, avec le motif."),
                primary=True,
                clears=(reason,),
            )


def _contests(page: Page, queue: Queue) -> None:
    if not queue.contests:
        return
    page.show("subtitle.html", text=page._("Contestations sans réponse"))
    for contest in queue.contests:
        with st.container(border=True, key=f"contest-{contest.id}"):
            page.show("queue/contest.html", contest=contest)
            answer = f"answer-{contest.id}"
            prose(page, page._("Réponse"), answer)
            button(
                page,
                page._("Répondre"),
                f"reply-{contest.id}",
                partial(_answer, contest.id, answer),
                page._("Réponse enregistrée : la contestation est close."),
                clears=(answer,),
            )


def _answer(contest: int, typed: str) -> AnswerContest:
    return AnswerContest(contest, str(state.held(typed) or ""))


def _unverified(page: Page, queue: Queue) -> None:
    if not queue.unverified:
        return
    title = page._("Réalisés dont la preuve n’a pas été vérifiée : %(n)s") % {"n": queue.unchecked}
    page.show("subtitle.html", text=title)
    is_open = bool(state.held(_UNVERIFIED))
    with st.container(key="queue-unverified-head"):
        page.show("hint.html", text=page._("La marque « vérifié » se voit partout. Aucun chiffre ne change."))
        _turning(page, queue, "head") if is_open else _turn(page._("Afficher la liste"), "open", 1)
    if is_open:
        for item in queue.unverified:
            number = item.report.id
            with st.container(border=True, key=f"unverified-{number}"):
                page.show("queue/item.html", item=item, words=say.marks(page.locale), waits=False)
                if item.report.evidence:
                    button(
                        page,
                        page._("Preuve vérifiée"),
                        f"verify-{number}",
                        partial(VerifyReport, number),
                        page._("Marqué vérifié. Aucun chiffre ne change."),
                    )
        _turning(page, queue, "foot")


def _turning(page: Page, queue: Queue, place: str) -> None:
    """Which are shown, the way to those before and after, and the way to close the list."""
    number = queue.unchecked_page
    with st.container(horizontal=True, vertical_alignment="center"):
        page.show("hint.html", text=say.span(queue, page.locale))
        if number > 1:
            _turn(page._("Précédents"), f"before-{place}", number - 1)
        if number < pages(queue.unchecked):
            _turn(page._("Suivants"), f"after-{place}", number + 1)
        _turn(page._("Fermer la liste"), f"close-{place}", 0)


def _turn(label: str, key: str, number: int) -> None:
    st.button(label, key=f"queue-unverified-{key}", on_click=_open, args=(_UNVERIFIED, number))
