"""What the recommendation's page adds for whoever is signed in: reports, gestures on them, terms, journal."""

import datetime as dt

import streamlit as st

from ccm.auth import Action, allowed, allowed_somewhere
from ccm.commands import RetractReport
from ccm.commands.assignment_lines import AssignmentLine
from ccm.commands.assignments import ImportAssignments
from ccm.commands.validation import ContestReport
from ccm.domain.labels import label
from ccm.domain.vocabulary import AssignmentRole, Nature, ReportState
from ccm.queries.filters import FilterOptionsQuery
from ccm.queries.journal import RecordJournalQuery
from ccm.queries.record import Answering, RecordQuery
from ccm.render.sentences import journal as say
from ccm.ui import state
from ccm.ui.acting import button, carry_out, told
from ccm.ui.context import Page


def show_record(page: Page, recommendation: str) -> None:
    """Draw it; nothing for the public."""
    if not allowed_somewhere(page.actor, Action.READ_RECORD_JOURNAL):
        return
    told(page)
    record = page.ask_private(RecordQuery(recommendation, page.facts.today))
    on_behalf = allowed(page.actor, Action.SUBMIT_ON_BEHALF)
    page.show("record.html", record=record, on_behalf=on_behalf)
    if allowed(page.actor, Action.RETRACT_REPORT):
        _on_report(page, record, "retract", page._("Retirer un point validé"), page._("Retirer"))
    if allowed(page.actor, Action.CONTEST_REPORT):
        _on_report(page, record, "contest", page._("Contester un point validé"), page._("Contester"))
    if allowed(page.actor, Action.CHANGE_ASSIGNMENT):
        _terms(page, recommendation)
    with st.expander(page._("Qui a changé quoi")):
        entries = page.ask_private(RecordJournalQuery(recommendation))
        t = page.translator
        page.show(
            "record_journal.html",
            entries=entries,
            words=lambda code: say.action(code, t),
            detail=say.detail,
        )


def _on_report(page: Page, record: tuple[Answering, ...], verb: str, title: str, do: str) -> None:
    """Retract or contest one of the validated reports, with a reason."""
    t = page.translator
    validated = {
        report.id: f"{answering.entity.short_name} · {report.as_of:%d/%m/%Y} · {label(report.status, t)}"
        for answering in record
        for report in answering.reports
        if report.state is ReportState.VALIDATED
    }
    if not validated:
        return
    with st.expander(title):
        chosen, typed = f"{verb}-report", f"{verb}-reason"
        st.selectbox(
            page._("Point"), list(validated), format_func=lambda number: validated.get(number, ""), key=chosen
        )
        st.text_area(page._("Motif"), key=typed, max_chars=10_000)
        make = RetractReport if verb == "retract" else ContestReport
        done = (
            page._("Point retiré : il reste visible et ne compte plus.")
            if verb == "retract"
            else page._("Contestation enregistrée : le Secrétariat répondra.")
        )
        button(
            page,
            do,
            f"{verb}-do",
            lambda: make(int(state.held(chosen) or 0), str(state.held(typed) or "")),
            done,
        )


def _terms(page: Page, recommendation: str) -> None:
    """Assign, change weight, due date, role or nature; each an append-only change from a day on."""
    options = page.ask(FilterOptionsQuery(page.as_of))
    labels = {entity.key: entity.short_name for entity in (*options.regions, *options.institutions)}
    with st.expander(page._("Attribuer, échéances, poids, nature")), st.form("terms", border=False):
        entity = st.selectbox(
            page._("Acteur"),
            list(labels),
            index=None,
            format_func=lambda code: labels.get(code, code),
            placeholder=page._("Choisir"),
        )
        t = page.translator
        role = st.selectbox(
            page._("Rôle"),
            list(AssignmentRole),
            index=None,
            format_func=lambda code: label(code, t),
            placeholder=page._("Inchangé"),
        )
        due = st.text_input(page._("Échéance (jj/mm/aaaa, « - » pour l’ôter)"), max_chars=10)
        weight = st.text_input(page._("Poids (1 à 100)"), max_chars=3)
        nature = st.selectbox(
            page._("Nature de la recommandation"),
            list(Nature),
            index=None,
            format_func=lambda code: label(code, t),
            placeholder=page._("Inchangée"),
        )
        effective = st.date_input(page._("À compter du"), page.facts.today, format="DD/MM/YYYY")
        if st.form_submit_button(page._("Enregistrer le changement"), type="primary"):
            day = effective if isinstance(effective, dt.date) else page.facts.today
            line = AssignmentLine(
                recommendation=recommendation,
                entity=str(entity or ""),
                role=str(role or ""),
                weight=weight,
                due_date=due,
                nature=str(nature or ""),
                effective_on=day.isoformat(),
            )
            carry_out(page, ImportAssignments((line,)), page._("Changement enregistré, avec sa date."))
            st.rerun()
