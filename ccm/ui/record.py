"""What the recommendation's page adds for whoever is signed in: reports, gestures on them, terms, journal."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from ccm.auth import Action, allowed, allowed_somewhere
from ccm.commands import Command, RetractReport
from ccm.commands.validation import ContestReport, VerifyReport
from ccm.domain.labels import label
from ccm.domain.vocabulary import ReportState, Status
from ccm.i18n import numbers
from ccm.queries.answer_form import FullReport
from ccm.queries.journal import RecordJournalQuery
from ccm.queries.record import Answering, RecordQuery
from ccm.render.sentences import journal as say
from ccm.ui import state
from ccm.ui.acting import button, prose, told
from ccm.ui.context import Page
from ccm.ui.terms import show_terms


def show_record(page: Page, recommendation: str) -> None:
    """Draw it; nothing for the public."""
    if not allowed_somewhere(page.actor, Action.READ_RECORD_JOURNAL):
        return
    told(page)
    record = page.ask_private(RecordQuery(recommendation, page.facts.today))
    on_behalf = allowed(page.actor, Action.SUBMIT_ON_BEHALF)
    page.show("record.html", record=record, on_behalf=on_behalf)
    validated = _validated(record)
    if allowed(page.actor, Action.VERIFY_REPORT):
        _verify(page, recommendation, validated)
    if allowed(page.actor, Action.RETRACT_REPORT):
        done = page._("Point retiré : il reste visible et ne compte plus.")
        _on_report(
            page,
            validated,
            f"retract-{recommendation}",
            (page._("Retirer un point validé"), page._("Retirer"), done),
            RetractReport,
        )
    if allowed(page.actor, Action.CONTEST_REPORT):
        done = page._("Contestation enregistrée : le Secrétariat répondra.")
        _on_report(
            page,
            validated,
            f"contest-{recommendation}",
            (page._("Contester un point validé"), page._("Contester"), done),
            ContestReport,
        )
    if allowed(page.actor, Action.CHANGE_ASSIGNMENT):
        show_terms(page, recommendation)
    with st.expander(page._("Qui a changé quoi")):
        entries = page.ask_private(RecordJournalQuery(recommendation))
        t = page.translator
        page.show(
            "record_journal.html",
            entries=entries,
            words=lambda code: say.action(code, t),
            detail=lambda entry: say.detail(entry, t),
        )


def _validated(record: tuple[Answering, ...]) -> list[tuple[Answering, FullReport]]:
    return [
        (answering, one.report)
        for answering in record
        for one in answering.reports
        if one.report.state is ReportState.VALIDATED
    ]


def _named(page: Page, answering: Answering, report: FullReport) -> str:
    """A report in a list of choices."""
    parts = [
        answering.entity.short_name,
        numbers.day(report.as_of, page.locale),
        label(report.status, page.translator),
    ]
    if report.percent is not None:
        parts.append(numbers.whole_percent(report.percent, page.locale))
    return " · ".join(parts)


def _verify(page: Page, recommendation: str, validated: list[tuple[Answering, FullReport]]) -> None:
    """Mark an achievement whose evidence was checked."""
    unchecked = [
        (answering, report)
        for answering, report in validated
        if report.status is Status.COMPLETED and report.verified_at is None and report.evidence
    ]
    if not unchecked:
        return
    with st.expander(page._("Marquer une preuve vérifiée")):
        chosen = _choose(page, unchecked, f"verify-{recommendation}")
        button(
            page,
            page._("Preuve vérifiée"),
            f"verify-{recommendation}-do",
            lambda: VerifyReport(int(state.held(chosen) or 0)),
            page._("Marqué vérifié. Aucun chiffre ne change."),
            clears=(chosen,),
        )


def _on_report(
    page: Page,
    validated: list[tuple[Answering, FullReport]],
    gesture: str,
    words: tuple[str, str, str],
    make: Callable[[int, str], Command[Any]],
) -> None:
    """Retract or contest one of the validated reports, with a reason."""
    if not validated:
        return
    title, do, done = words
    with st.expander(title):
        chosen, typed = _choose(page, validated, gesture), f"{gesture}-reason"
        prose(page, page._("Pourquoi ?"), typed)
        button(
            page,
            do,
            f"{gesture}-do",
            partial(_with_reason, make, chosen, typed),
            done,
            clears=(chosen, typed),
        )


def _choose(page: Page, reports: list[tuple[Answering, FullReport]], gesture: str) -> str:
    """The list of these reports, newest of each actor first; the key of what is chosen."""
    names = {report.id: _named(page, answering, report) for answering, report in reports}
    key = f"{gesture}-report"
    st.selectbox(
        page._("Point"),
        list(names),
        index=None if len(names) > 1 else 0,
        format_func=lambda number: names.get(number, ""),
        placeholder=page._("Choisir"),
        key=key,
    )
    return key


def _with_reason(make: Callable[[int, str], Command[Any]], chosen: str, typed: str) -> Command[Any]:
    return make(int(state.held(chosen) or 0), str(state.held(typed) or ""))
