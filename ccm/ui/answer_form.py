"""The form of one answer: one question per block, each kept as soon as it is answered."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

import streamlit as st

from ccm.domain.dates import day_or_none, parse_day
from ccm.domain.labels import label
from ccm.domain.vocabulary import ON_BEHALF, BlockedCause, DroppedKind, Nature, Status
from ccm.i18n import numbers
from ccm.queries.answer_form import AnswerFormQuery
from ccm.queries.my_space import MySpaceQuery
from ccm.render import choices_sheet
from ccm.render.sentences import answer_form as say
from ccm.ui import state
from ccm.ui.answer_cells import Cells, rounds
from ccm.ui.answer_evidence import show_evidence
from ccm.ui.context import Page
from ccm.ui.html import style_further
from ccm.ui.identity import csrf
from ccm.ui.note_field import note_field

_SCALE = (25, 50, 75)
_FORM, _QUESTION = "ccm-form", "ccm-question"


def show_answer_form(page: Page) -> None:
    """Draw the form of the answer that the address names."""
    assignment = page.parameter("engagement") or ""
    form = page.ask_private(AnswerFormQuery(assignment, page.at))
    cells = Cells(page, form, state.held(rounds(assignment)) or 0)
    page.entitle(form.answer.recommendation)
    page.show("answer_head.html", form=form)
    if state.held(cells.key("sent")):
        _sent(page, cells)
    else:
        style_further(choices_sheet(f".st-key-{_QUESTION}-status [role=radiogroup]", _statuses(cells)))
        with st.container(key=_FORM):
            _Questions(page, cells).draw()
    page.show("answer_history.html", form=form)


def _sent(page: Page, cells: Cells) -> None:
    following = None
    if not cells.form.on_behalf:
        pressing = page.ask_private(MySpaceQuery(page.at)).pressing
        following = next((due for due in pressing if due.answer.assignment != cells.assignment), None)
    page.show("answer_sent.html", following=following)
    st.button(page._("Envoyer un autre point"), key=cells.key("again"), on_click=cells.begin_anew)


def _statuses(cells: Cells) -> list[Status]:
    return [status for status in say.ASKED if status in cells.form.statuses]


@dataclass(frozen=True)
class _Questions:
    """One run of the form."""

    page: Page
    cells: Cells
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def draw(self) -> None:
        """The questions, in their order, and the one orange button."""
        page, cells, form = self.page, self.cells, self.cells.form
        # What comes and goes has its own place: a block that moved would be drawn anew under one's hands.
        with st.container(key="ccm-form-kept"):
            if form.draft:
                kept = say.kept(form.draft.updated_at, form.today, page.locale)
                page.show("answer_said.html", kept=kept)
            if form.spoken_meanwhile and form.draft:
                mine = say.mine(form.draft.cells, page.locale)
                page.show("answer_conflict.html", theirs=form.spoken_meanwhile, mine=mine)
            for cell, text in cells.others.items():
                page.show("answer_others.html", other=text, mine=cells.value(cell))
        if form.on_behalf:
            self._choice("origin", page._("Comment ce point est-il arrivé ?"), ON_BEHALF)
        status = self._status()
        with st.container(key="ccm-form-asked"):
            if status in (Status.IN_PROGRESS, Status.BLOCKED) and form.answer.nature is Nature.FINITE:
                self._percent(status)
            if status is Status.BLOCKED:
                self._blocked()
            if status is Status.DROPPED:
                self._choice("dropped_kind", page._("Abandonné, ou sans objet ?"), tuple(DroppedKind))
        self._as_of()
        why = status is Status.DROPPED
        self._note("note", page._("Pourquoi ?") if why else page._("Qu’a-t-on fait ?"))
        with self._question("evidence") as number:
            show_evidence(page, cells, number, proof_asked=status is Status.COMPLETED)
            self._problem("evidence")
        self._end()

    def _end(self) -> None:
        page, cells = self.page, self.cells
        with st.container(key="ccm-form-end"):
            self._problem("")
            if cells.refused and (left := say.left_to_mend(self._mend, page.locale)):
                page.show("answer_said.html", problem=left)
        # Numbered when it is drawn: pressed twice before the next drawing, it is one gesture.
        gesture = state.once(cells.key("gesture"), lambda: secrets.token_urlsafe(16))
        st.button(
            page._("Envoyer au Secrétariat"),
            key=cells.key("send"),
            type="primary",
            width="stretch",
            on_click=cells.send,
            args=(gesture, cells.read, cells.others),
        )
        page.show("hint.html", text=page._("Compte dans les chiffres après validation par le Secrétariat."))
        if cells.form.draft:
            discard = page._("Effacer ce brouillon")
            st.button(discard, key=cells.key("discard"), type="tertiary", on_click=cells.discard)

    @contextmanager
    def _question(self, name: str) -> Iterator[int]:
        """A block of its own; gives the question's number."""
        with st.container(key=f"{_QUESTION}-{name}"):
            yield next(self._numbers)

    @property
    def _mend(self) -> dict[str, str]:
        return say.to_mend(self.cells.problems, self.cells.form.today, self.page.locale)

    def _problem(self, column: str) -> None:
        problem = self._mend.get(column)
        if problem:
            self.page.show("answer_said.html", problem=problem)

    def _status(self) -> Status | None:
        cells, accepted = self.cells, _statuses(self.cells)
        words = {status: say.choice(status, self.page.locale) for status in accepted}
        kept = [status for status in accepted if status == cells.kept("status")]
        with self._question("status") as number:
            chosen = st.radio(
                _numbered(number, self.page._("Où en est-on ?")),
                accepted,
                index=accepted.index(kept[0]) if kept else None,
                format_func=lambda status: words[status][0],
                captions=[words[status][1] for status in accepted],
                key=cells.key("status"),
                on_change=cells.keep,
                args=("status",),
            )
            self._problem("status")
        return Status(chosen) if chosen in accepted else None

    def _percent(self, status: Status) -> None:
        cells, kept = self.cells, self.cells.kept("percent")
        typed = int(kept) if kept.isascii() and kept.isdigit() and len(kept) <= 2 else None
        steps = [0, *_SCALE] if status is Status.BLOCKED else list(_SCALE)
        if typed:
            steps = sorted({*steps, typed})
        words = {percent: say.step(percent, self.page.locale) for percent in steps}
        with self._question("percent") as number:
            st.radio(
                _numbered(number, self.page._("À quel point ?")),
                steps,
                index=steps.index(typed) if typed in steps else None,
                format_func=lambda percent: words[percent][0],
                captions=[words[percent][1] for percent in steps],
                key=cells.key("percent"),
                on_change=cells.keep,
                args=("percent",),
            )
            self._problem("percent")

    def _blocked(self) -> None:
        page, cells = self.page, self.cells
        self._note("blocked_reason", page._("Qu’est-ce qui bloque ?"))
        self._choice("blocked_cause", page._("De quel ordre ?"), tuple(BlockedCause), optional=True)
        names = {entity.key: entity.short_name for entity in cells.form.lifters}
        kept = cells.kept("blocked_by")
        with self._question("blocked-by") as number:
            st.selectbox(
                _numbered(number, page._("Qui peut lever le blocage ?")),
                list(names),
                index=list(names).index(kept) if kept in names else None,
                format_func=lambda key: names.get(key, key),
                placeholder=page._("Le Secrétariat permanent"),
                key=cells.key("blocked_by"),
                on_change=cells.keep,
                args=("blocked_by",),
            )
            self._problem("blocked_by")

    def _choice(self, cell: str, title: str, codes: tuple[StrEnum, ...], optional: bool = False) -> None:
        cells, kept = self.cells, self.cells.kept(cell)
        values = [code.value for code in codes]
        options: dict[str, Any] = {
            "index": values.index(kept) if kept in values else None,
            "format_func": lambda code: label(code, self.page.translator),
            "key": cells.key(cell),
            "on_change": cells.keep,
            "args": (cell,),
        }
        with self._question(cell.replace("_", "-")) as number:
            if optional:
                st.selectbox(
                    _numbered(number, title), codes, placeholder=self.page._("Non précisé"), **options
                )
            else:
                st.radio(_numbered(number, title), codes, **options)
            self._problem(cell)

    def _as_of(self) -> None:
        page, cells, kept = self.page, self.cells, self.cells.kept("as_of")
        # The day that figures are asked for without one: in a demonstration, its own.
        usual = min(page.facts.default_date, cells.form.today)
        with self._question("as-of") as number:
            # A text, not Streamlit's calendar: that speaks English alone, and is 60 kB more on the line.
            st.text_input(
                _numbered(number, page._("À quelle date ?")),
                _day_shown(kept, page.locale) or numbers.day(usual, page.locale),
                max_chars=20,
                placeholder=page._("jj/mm/aaaa"),
                key=cells.key("as_of"),
                on_change=cells.keep,
                args=("as_of", _day_typed),
            )
            page.show("hint.html", text=page._("Le jour dont vous parlez, pas celui de la saisie."))
            self._problem("as_of")

    def _note(self, cell: str, title: str) -> None:
        page, cells, form = self.page, self.cells, self.cells.form
        cells.draws(cell)
        with self._question(cell.replace("_", "-")) as number:
            note_field(
                _numbered(number, title),
                cells.value(cell),
                key=cells.key(cell),
                draft={
                    "known": cells.kept(cell),
                    "path": page.links.to("/brouillon"),
                    "assignment": cells.assignment,
                    "cell": cell,
                    "csrf": csrf(),
                    "who": page.actor.name,
                    "base": form.draft.base_report_id if form.draft else form.base_report_id,
                },
                words={
                    "hint": page._("10 000 caractères au plus. Pas de nom de personne aidée."),
                    "found": page._("Texte retrouvé dans ce navigateur ; il sera gardé sur le serveur."),
                    "both": page._(
                        "Deux textes : celui du serveur, puis celui de ce navigateur. Gardez ce qui convient."
                    ),
                    "lost": page._(
                        "Connexion perdue. Votre texte est gardé dans ce navigateur et sera renvoyé."
                    ),
                },
                on_change=lambda: cells.typed(cell),
            )
            self._problem(cell)


def _day_shown(kept: str, locale: str) -> str:
    """A day of the draft as people write it; what is no day, as it was typed."""
    day = day_or_none(kept)
    return numbers.day(day, locale) if day else kept


def _day_typed(text: str) -> str:
    """What was typed as the draft has it: a day where it is one."""
    try:
        return parse_day(text.strip()).isoformat()
    except ValueError:
        return text


def _numbered(number: int, title: str) -> str:
    # A space that does not break: before an ordinary one Markdown would read the number of a list.
    return f"{number}.\N{NO-BREAK SPACE}{title}"
