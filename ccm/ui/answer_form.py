"""The form of one answer: one question per block, each kept as soon as it is answered."""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import streamlit as st

from ccm.commands.answer import SpokenMeanwhile, SubmitReport
from ccm.commands.drafts import SaveDraft
from ccm.commands.evidence import AddEvidence, RemoveEvidence, keep_file
from ccm.commands.report_lines import ReportLine
from ccm.domain.errors import CcmError, Invalid, Problem
from ccm.domain.labels import label
from ccm.domain.vocabulary import (
    ON_BEHALF,
    BlockedCause,
    DroppedKind,
    EvidenceKind,
    Nature,
    ReportOrigin,
    Status,
)
from ccm.i18n import translator
from ccm.queries.answer_form import AnswerForm, AnswerFormQuery
from ccm.render.sentences import answer_form as say
from ccm.ui import state
from ccm.ui.context import Page
from ccm.ui.identity import csrf
from ccm.ui.note_field import note_field
from ccm.ui.plain import plain_label

_SCALE = (25, 50, 75)


def show_answer_form(page: Page) -> None:
    """Draw the form of the answer that the address names."""
    key = page.parameter("engagement") or ""
    form = page.ask_private(AnswerFormQuery(key, page.at))
    asked = _Form(page, form)
    page.show("answer_head.html", form=form)
    if state.held(asked.key("sent")):
        page.show("answer_said.html", sent=True, problem=None, kept=None)
        asked.forget()
    else:
        asked.draw()
    page.show("answer_history.html", form=form)


@dataclass(frozen=True)
class _Form:
    """One run of the form. Every widget keeps its cell of the draft when it changes."""

    page: Page
    form: AnswerForm

    def key(self, name: str) -> str:
        """The key of a control of this answer."""
        return f"answer-{self.form.answer.assignment}-{name}"

    @property
    def cells(self) -> dict[str, str]:
        """The draft as it is kept."""
        return self.form.draft.cells if self.form.draft else {}

    @property
    def mend(self) -> dict[str, str]:
        """What to mend, by column, from the last time it was sent."""
        problems: tuple[Problem, ...] = state.held(self.key("problems")) or ()
        return say.to_mend(problems, self.page.locale)

    def draw(self) -> None:
        """The questions, in their order, and the one orange button."""
        page, form = self.page, self.form
        if form.draft:
            self._said(kept=form.draft.updated_at)
        if form.spoken_meanwhile:
            page.show(
                "answer_conflict.html", theirs=form.spoken_meanwhile, mine=say.mine(self.cells, page.locale)
            )
        if form.on_behalf:
            self._choice("origin", page._("Comment ce point est-il arrivé ?"), ON_BEHALF)
        status = self._status()
        if status in (Status.IN_PROGRESS, Status.BLOCKED) and form.answer.nature is Nature.FINITE:
            self._percent(status)
        if status is Status.BLOCKED:
            self._blocked()
        if status is Status.DROPPED:
            self._choice("dropped_kind", page._("Abandonné, ou sans objet ?"), tuple(DroppedKind))
        self._as_of()
        self._note(
            "note", page._("Qu’a-t-on fait ?") if status is not Status.DROPPED else page._("Pourquoi ?")
        )
        self._evidence(status)
        self._problem("")
        st.button(
            page._("Envoyer au Secrétariat"),
            key=self.key("send"),
            type="primary",
            width="stretch",
            on_click=self.send,
        )

    def save(self, cell: str, read: Callable[[Any], str] = str) -> None:
        """Keep one cell of the draft; what cannot be kept is told beside its field."""
        value = state.held(self.key(cell))
        self._try(
            lambda: self.page.submit(
                SaveDraft(
                    self.form.answer.assignment,
                    {cell: "" if value is None else read(value)},
                    base_report_id=self.form.base_report_id,
                )
            )
        )

    def send(self) -> None:
        """Hand the answer in, once; a second click on the same form gets the first one's result."""
        base = self.form.base_report_id
        origin = self._value("origin")
        command = SubmitReport(
            self._line(),
            base,
            tuple(piece.id for piece in self.form.evidence),
            ReportOrigin(origin) if origin in tuple(ON_BEHALF) else ReportOrigin.PORTAL,
        )
        gesture = state.once(self.key("gesture"), lambda: secrets.token_urlsafe(16))
        if self._try(lambda: self.page.submit(command, key=gesture)):
            state.hold(self.key("sent"), True)

    def forget(self) -> None:
        """Let the next report of this answer start from an empty form."""
        names = ("sent", "gesture", "problems", "status", "percent", "blocked_reason", "blocked_cause")
        more = ("blocked_by", "dropped_kind", "as_of", "note", "origin", "link", "document", "conflict")
        state.forget(*(self.key(name) for name in (*names, *more)))

    def _try(self, act: Callable[[], object]) -> bool:
        """Do it; keep what is wrong for the next drawing. True where it went well."""
        try:
            act()
        except Invalid as error:
            state.hold(self.key("problems"), tuple(error.problems))
            return False
        except CcmError as error:
            told = Problem(error.message, tuple(error.values.items()))
            state.hold(self.key("problems"), (told,))
            if isinstance(error, SpokenMeanwhile):
                state.forget(self.key("gesture"))
            return False
        state.forget(self.key("problems"))
        return True

    def _line(self) -> ReportLine:
        """What was typed, without the cells that the chosen status does not ask for."""
        recommendation, _, entity = self.form.answer.assignment.rpartition("/")
        status = self._value("status")
        finite = self.form.answer.nature is Nature.FINITE
        blocked = status == Status.BLOCKED
        scaled = finite and status in (Status.IN_PROGRESS, Status.BLOCKED)
        return ReportLine(
            recommendation=recommendation,
            entity=entity,
            as_of=self._value("as_of") or self.page.as_of.isoformat(),
            status=status,
            percent=self._value("percent") if scaled else "",
            note=self._value("note"),
            blocked_reason=self._value("blocked_reason") if blocked else "",
            blocked_cause=self._value("blocked_cause") if blocked else "",
            blocked_by=self._value("blocked_by") if blocked else "",
            dropped_kind=self._value("dropped_kind") if status == Status.DROPPED else "",
        )

    def _value(self, cell: str) -> str:
        """A cell as the control holds it now, else as the draft does."""
        held = state.held(self.key(cell))
        if held is None:
            return self.cells.get(cell, "")
        if isinstance(held, dt.date):
            return held.isoformat()
        text = held.get("value") if hasattr(held, "get") else held
        return str(text or "")

    def _status(self) -> Status | None:
        page = self.page
        accepted = [status for status in say.ASKED if status in self.form.statuses]
        words = {status: say.choice(status, page.locale) for status in accepted}
        kept = self.cells.get("status", "")
        chosen = st.radio(
            plain_label(page._("Où en est-on ?")),
            accepted,
            index=[s.value for s in accepted].index(kept) if kept in [s.value for s in accepted] else None,
            format_func=lambda status: words[status][0],
            captions=[words[status][1] for status in accepted],
            key=self.key("status"),
            on_change=self.save,
            args=("status",),
        )
        self._problem("status")
        return Status(chosen) if chosen in accepted else None

    def _percent(self, status: Status) -> None:
        page, kept = self.page, self.cells.get("percent", "")
        steps = [0, *_SCALE] if status is Status.BLOCKED else list(_SCALE)
        if kept.isdigit() and int(kept) not in steps and int(kept) < 100:
            steps = sorted({*steps, int(kept)})
        words = {percent: say.step(percent, page.locale) for percent in steps}
        st.radio(
            page._("À quel point ?"),
            steps,
            index=steps.index(int(kept)) if kept.isdigit() and int(kept) in steps else None,
            format_func=lambda percent: words[percent][0],
            captions=[words[percent][1] for percent in steps],
            key=self.key("percent"),
            on_change=self.save,
            args=("percent",),
        )
        self._problem("percent")

    def _blocked(self) -> None:
        page = self.page
        self._note("blocked_reason", page._("Qu’est-ce qui bloque ?"))
        self._choice("blocked_cause", page._("De quel ordre ?"), tuple(BlockedCause), optional=True)
        names = {entity.key: entity.short_name for entity in self.form.lifters}
        kept = self.cells.get("blocked_by", "")
        st.selectbox(
            page._("Qui peut lever le blocage ?"),
            list(names),
            index=list(names).index(kept) if kept in names else None,
            format_func=lambda key: names.get(key, key),
            placeholder=page._("Le Secrétariat permanent"),
            key=self.key("blocked_by"),
            on_change=self.save,
            args=("blocked_by",),
        )
        self._problem("blocked_by")

    def _choice(self, cell: str, title: str, codes: tuple[StrEnum, ...], optional: bool = False) -> None:
        t, kept = translator(self.page.locale), self.cells.get(cell, "")
        values = [code.value for code in codes]
        index = values.index(kept) if kept in values else None
        options: dict[str, Any] = {
            "index": index,
            "format_func": lambda code: label(code, t),
            "key": self.key(cell),
            "on_change": self.save,
            "args": (cell,),
        }
        if optional:
            st.selectbox(title, codes, placeholder=self.page._("Non précisé"), **options)
        else:
            st.radio(title, codes, **options)
        self._problem(cell)

    def _as_of(self) -> None:
        page, kept = self.page, self.cells.get("as_of", "")
        st.date_input(
            page._("À quelle date ?"),
            dt.date.fromisoformat(kept) if kept else page.as_of,
            min_value=dt.date(2022, 1, 1),
            max_value=max(page.as_of, self.form.today),
            format="DD/MM/YYYY",
            key=self.key("as_of"),
            on_change=self.save,
            args=("as_of", lambda value: value.isoformat()),
        )
        self.page.show("hint.html", text=page._("Le jour dont vous parlez, pas celui de la saisie."))
        self._problem("as_of")

    def _note(self, cell: str, title: str) -> None:
        page, form = self.page, self.form
        note_field(
            title,
            self.cells.get(cell, ""),
            key=self.key(cell),
            draft={
                "path": page.links.to("/brouillon"),
                "assignment": form.answer.assignment,
                "cell": cell,
                "csrf": csrf(),
                "who": page.actor.name,
                "base": form.base_report_id,
            },
            words={
                "hint": page._("10 000 caractères au plus. Pas de nom de personne aidée."),
                "found": page._("Texte retrouvé dans ce navigateur ; il sera gardé sur le serveur."),
                "lost": page._("Connexion perdue. Votre texte est gardé dans ce navigateur et sera renvoyé."),
            },
            on_change=lambda: self.save(cell, lambda held: str(held.get("value") or "")),
        )
        self._problem(cell)

    def _evidence(self, status: Status | None) -> None:
        page, form = self.page, self.form
        st.subheader(page._("Une preuve"), anchor=False)
        if status is Status.COMPLETED:
            page.show(
                "hint.html",
                text=page._(
                    "Réalisé demande une preuve : un fichier, un lien, ou le nom du document. "
                    "Sans elle, le point est reçu et marqué « sans preuve »."
                ),
            )
        for piece in form.evidence:
            with st.container(horizontal=True, vertical_alignment="center"):
                page.show("piece.html", piece=piece)
                st.button(
                    page._("Retirer"),
                    key=self.key(f"remove-{piece.id}"),
                    on_click=self._remove,
                    args=(piece.id,),
                )
        turn = state.held(self.key("turn")) or 0
        st.file_uploader(
            page._("Fichier : PDF, photo, Word ou Excel, 5 Mo au plus"),
            type=["pdf", "png", "jpg", "jpeg", "docx", "xlsx"],
            max_upload_size=5,
            key=self.key(f"file-{turn}"),
            on_change=self._add_file,
            args=(turn,),
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(page._("Ou un lien"), key=self.key("link"), placeholder="https://", max_chars=2000)
            st.button(page._("Ajouter le lien"), key=self.key("add-link"), on_click=self._add_link)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(page._("Ou le nom d’un document"), key=self.key("document"), max_chars=200)
            st.button(page._("Ajouter le nom"), key=self.key("add-document"), on_click=self._add_document)
        self._problem("evidence")

    def _remove(self, number: int) -> None:
        self._try(lambda: self.page.submit(RemoveEvidence(number)))

    def _add_file(self, turn: int) -> None:
        given = state.held(self.key(f"file-{turn}"))
        if given is None:
            return
        assignment = self.form.answer.assignment
        self._try(
            lambda: self.page.submit(keep_file(self.page.store, assignment, given.name, given.getvalue()))
        )
        state.hold(self.key("turn"), turn + 1)

    def _add_link(self) -> None:
        url = str(state.held(self.key("link")) or "").strip()
        command = AddEvidence(self.form.answer.assignment, EvidenceKind.LINK, url, url=url)
        if self._try(lambda: self.page.submit(command)):
            state.hold(self.key("link"), "")

    def _add_document(self) -> None:
        name = str(state.held(self.key("document")) or "")
        command = AddEvidence(self.form.answer.assignment, EvidenceKind.DOCUMENT, name)
        if self._try(lambda: self.page.submit(command)):
            state.hold(self.key("document"), "")

    def _said(self, kept: dt.datetime) -> None:
        self.page.show("answer_said.html", sent=False, problem=None, kept=kept)

    def _problem(self, column: str) -> None:
        problem = self.mend.get(column)
        if problem:
            self.page.show("answer_said.html", sent=False, problem=problem, kept=None)
