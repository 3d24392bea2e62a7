"""The Secretariat's queue: validate, return, answer contests, mark evidence as checked."""

from functools import partial

import streamlit as st

from ccm.commands.validation import AnswerContest, ReturnReport, ValidateReports, VerifyReport
from ccm.queries.queue import PAGE, Queue, QueueQuery, Waiting
from ccm.render.sentences import queue as say
from ccm.ui import state
from ccm.ui.acting import button, told
from ccm.ui.context import Page


def show_validation(page: Page) -> None:
    """Draw what waits, what is contested, and what nobody has checked."""
    number = page.parameter("page") or "1"
    asked = int(number) if number.isascii() and number.isdigit() and 0 < int(number) < 10_000 else 1
    entity = page.parameter("acteur")
    queue = page.ask_private(QueueQuery(page.facts.today, entity, asked))
    page.show(
        "queue/head.html",
        queue=queue,
        title=say.title(queue, page.locale),
        lead=say.lead(queue, page.locale),
        entity=entity,
    )
    told(page)
    _plain(page, queue)
    for item in queue.waiting:
        _waiting(page, item)
    last = -(-queue.count // PAGE)
    if last > 1:
        page.show("pager.html", page=asked, last=last, href=lambda n: page.links.to("/validation", page=n))
    _contests(page, queue)
    _unverified(page, queue)


def _plain(page: Page, queue: Queue) -> None:
    """Validate at once all that nothing stands out of."""
    ids = tuple(item.report.id for item in queue.waiting if item.plain)
    if len(ids) > 1:
        label = page._("Valider les %(n)s points sans remarque") % {"n": len(ids)}
        done = page._("Points validés : ils comptent dans les chiffres.")
        button(page, label, "queue-plain", lambda: ValidateReports(ids), done, primary=True)


def _waiting(page: Page, item: Waiting) -> None:
    number = item.report.id
    with st.container(border=True, key=f"waiting-{number}"):
        page.show("queue/item.html", item=item, words=say.marks(page.locale))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            button(
                page,
                page._("Valider"),
                f"validate-{number}",
                lambda: ValidateReports((number,)),
                page._("Point validé : il compte dans les chiffres."),
            )
            with st.popover(page._("Renvoyer")):
                reason = f"reason-{number}"
                st.text_area(page._("Pourquoi ? L’auteur le lira."), key=reason, max_chars=10_000)
                button(
                    page,
                    page._("Renvoyer à l’auteur"),
                    f"return-{number}",
                    lambda: ReturnReport(number, str(state.held(reason) or "")),
                    page._("Point renvoyé à son auteur, avec le motif."),
                )


def _contests(page: Page, queue: Queue) -> None:
    if not queue.contests:
        return
    st.subheader(page._("Contestations sans réponse"), anchor=False)
    for contest in queue.contests:
        with st.container(border=True):
            page.show("queue/contest.html", contest=contest)
            answer = f"answer-{contest.id}"
            st.text_area(page._("Réponse"), key=answer, max_chars=10_000)
            button(
                page,
                page._("Répondre"),
                f"reply-{contest.id}",
                partial(_answer, contest.id, answer),
                page._("Réponse enregistrée : la contestation est close."),
            )


def _answer(contest: int, typed: str) -> AnswerContest:
    return AnswerContest(contest, str(state.held(typed) or ""))


def _unverified(page: Page, queue: Queue) -> None:
    if not queue.unverified:
        return
    with st.expander(page._("Réalisés dont la preuve n’a pas été vérifiée")):
        for item in queue.unverified:
            number = item.report.id
            with st.container(border=True, key=f"unverified-{number}"):
                page.show("queue/item.html", item=item, words=say.marks(page.locale))
                button(
                    page,
                    page._("Preuve vérifiée"),
                    f"verify-{number}",
                    partial(VerifyReport, number),
                    page._("Marqué vérifié. Aucun chiffre ne change."),
                )
