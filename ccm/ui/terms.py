"""Who owes an answer on a recommendation, until when, with what weight: the form of its page."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from ccm.commands import Command
from ccm.commands.plan_terms import RELIEVED, Assign, SetNature
from ccm.domain.errors import CcmError, Invalid
from ccm.domain.labels import label
from ccm.domain.vocabulary import AssignmentRole, Nature
from ccm.i18n import numbers
from ccm.metrics import At
from ccm.queries.filters import FilterOptionsQuery
from ccm.queries.terms import Terms, TermsQuery
from ccm.ui import state
from ccm.ui.acting import note, said, sentence
from ccm.ui.context import Page

#: Stands for all regions in the list of actors.
_ALL_REGIONS = "*"
_WHO, _NATURE = "terms", "nature-terms"
_PROBLEMS = "problems"
_LONGEST = 20


def show_terms(page: Page, recommendation: str) -> None:
    """Draw the terms in force, those to come, and the forms that change them from a day on."""
    at = At(page.as_of, fresh_days=page.facts.fresh_days)
    terms = page.ask_private(TermsQuery(recommendation, at))
    with st.expander(
        page._("Attribuer, échéances, poids, nature"),
        expanded=not terms.assignments or bool(state.held(_key(recommendation, _PROBLEMS))),
    ):
        page.show("terms.html", terms=terms)
        _assign(page, recommendation, terms)
        _nature(page, recommendation, terms)
    state.forget(_key(recommendation, _PROBLEMS))


def _assign(page: Page, recommendation: str, terms: Terms) -> None:
    options = page.ask(FilterOptionsQuery(page.as_of))
    regions = [entity.key for entity in options.regions]
    labels = {
        _ALL_REGIONS: page._("Toutes les régions"),
        **{entity.key: entity.short_name for entity in (*options.regions, *options.institutions)},
    }
    t = page.translator
    roles = {
        AssignmentRole.RESPONSIBLE.value: label(AssignmentRole.RESPONSIBLE, t),
        AssignmentRole.SUPPORT.value: label(AssignmentRole.SUPPORT, t),
        RELIEVED: page._("N’en est plus chargé"),
    }
    with st.form(_WHO, border=False):
        page.show("subtitle.html", text=page._("Qui répond"))
        st.multiselect(
            page._("Acteurs"),
            list(labels),
            format_func=lambda code: labels.get(code, code),
            placeholder=page._("Choisir"),
            key=_key(recommendation, "entities"),
            # « Select all » stands in English alone.
            select_all=False,
        )
        _mend(page, recommendation, "entities")
        first, second, third, fourth = st.columns(4)
        with first, st.container(key="ccm-role"):
            st.selectbox(
                page._("Rôle"),
                list(roles),
                index=None,
                format_func=lambda code: roles.get(code, code),
                placeholder=page._("Inchangé"),
                key=_key(recommendation, "role"),
            )
            _mend(page, recommendation, "role")
            page.show("hint.html", text=page._("Qui n’est pas encore nommé devient responsable."))
        with second:
            hint = page._("jj/mm/aaaa, ou - pour l’ôter")
            st.text_input(
                page._("Échéance"), placeholder=hint, key=_key(recommendation, "due_date"), max_chars=_LONGEST
            )
            _mend(page, recommendation, "due_date")
        with third:
            st.text_input(
                page._("Poids, de 1 à 100"),
                placeholder=page._("inchangé"),
                key=_key(recommendation, "weight"),
                max_chars=_LONGEST,
            )
            _mend(page, recommendation, "weight")
        with fourth:
            _effective(page, recommendation, "effective_on")
            _mend(page, recommendation, "effective_on")
        fields = ("entities", "role", "due_date", "weight", "effective_on")

        def command() -> Assign:
            chosen = [str(key) for key in state.held(_key(recommendation, "entities")) or ()]
            entities = [key for one in chosen for key in (regions if one == _ALL_REGIONS else [one])]
            typed = {name: _typed(recommendation, name) for name in fields[1:]}
            return Assign(recommendation, tuple(dict.fromkeys(entities)), **typed, seen=terms.version)

        done = page._("Enregistré, à compter du %(day)s.")
        form = _Form(recommendation, "effective_on", fields, done)
        form.submit(page, page._("Enregistrer"), command)


def _nature(page: Page, recommendation: str, terms: Terms) -> None:
    t = page.translator
    with st.form(_NATURE, border=False):
        page.show("subtitle.html", text=page._("Nature de la recommandation"))
        st.radio(
            page._("Nature"),
            list(Nature),
            index=list(Nature).index(terms.nature),
            format_func=lambda code: label(code, t),
            captions=[
                page._("Elle s’achève : elle a un pourcentage et peut être réalisée."),
                page._("Elle ne s’achève pas : on dit si elle est active, sans pourcentage."),
            ],
            key=_key(recommendation, "nature"),
        )
        _mend(page, recommendation, "nature")
        _effective(page, recommendation, "nature_from")
        _mend(page, recommendation, "nature_from")

        def command() -> SetNature:
            nature, day = _typed(recommendation, "nature"), _typed(recommendation, "nature_from")
            return SetNature(recommendation, nature, day, terms.version)

        done = page._("Nature enregistrée, à compter du %(day)s.")
        form = _Form(recommendation, "nature_from", ("nature", "nature_from"), done)
        form.submit(page, page._("Enregistrer la nature"), command)


def _effective(page: Page, recommendation: str, field: str) -> None:
    """The day from which a change counts: that of the figures one sees, unless another is typed."""
    if state.held(_key(recommendation, field)) is None:
        state.hold(_key(recommendation, field), numbers.day(page.facts.default_date, page.locale))
    st.text_input(
        page._("À compter du"),
        placeholder=page._("jj/mm/aaaa"),
        key=_key(recommendation, field),
        max_chars=_LONGEST,
    )


@dataclass(frozen=True)
class _Form:
    """One of the two forms: whose, the field of its day, all its fields, what it says once it is kept."""

    recommendation: str
    day: str
    fields: tuple[str, ...]
    done: str

    def submit(self, page: Page, title: str, make: Callable[[], Command[Any]]) -> None:
        """Its button. Pressed twice before the next drawing, it is one gesture."""
        gesture = secrets.token_urlsafe(16)
        st.form_submit_button(title, type="primary", on_click=self._act, args=(page, make, gesture))

    def _act(self, page: Page, make: Callable[[], Command[Any]], gesture: str) -> None:
        """Carry it out; what was typed stays until it is kept, with what to mend under its field."""
        typed = _typed(self.recommendation, self.day)
        try:
            page.submit(make(), key=gesture)
        except Invalid as error:
            found = {problem.column or "": sentence(problem, page.locale) for problem in error.problems}
            if self.day != "effective_on" and "effective_on" in found:
                found[self.day] = found.pop("effective_on")
            state.hold(_key(self.recommendation, _PROBLEMS), found)
            note(page._("Rien n’a été changé : voyez ce qui est à reprendre."), done=False)
        except CcmError as error:
            note(said(error, page.locale), done=False)
        else:
            state.forget(*(_key(self.recommendation, name) for name in self.fields))
            note(self.done % {"day": typed}, done=True)


def _mend(page: Page, recommendation: str, field: str) -> None:
    problem = (state.held(_key(recommendation, _PROBLEMS)) or {}).get(field)
    if problem:
        page.show("answer_said.html", problem=problem)


def _key(recommendation: str, field: str) -> str:
    return f"terms-{recommendation}-{field}"


def _typed(recommendation: str, field: str) -> str:
    return str(state.held(_key(recommendation, field)) or "").strip()
