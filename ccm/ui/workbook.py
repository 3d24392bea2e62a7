"""Answering offline: the workbook to download, and the one that comes back, shown before it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from ccm.commands.workbook import TakeWorkbook, WorkbookTaken
from ccm.commands.workbook_rows import JudgedRow
from ccm.domain.errors import CcmError
from ccm.domain.workbook import Outcome
from ccm.importers.workbook import returned
from ccm.queries.answer_form import FullReport, ReportQuery
from ccm.queries.my_space import MySpace
from ccm.queries.names import short_key
from ccm.render.sentences import workbook as say
from ccm.ui import state
from ccm.ui.acting import said
from ccm.ui.context import Page
from ccm.ui.html import style_further
from ccm.ui.plain import plain_label

_AREA = "ccm-workbook"
_UPLOADER = f".st-key-{_AREA} [data-testid=stFileUploader]"
_TURN, _CHECK, _TOLD = "workbook-turn", "workbook-check", "workbook-told"
#: What needs somebody comes first.
_ORDER = (Outcome.CONFLICT, Outcome.WRONG, Outcome.TAMPERED, Outcome.NEW, Outcome.UNCHANGED)


@dataclass(frozen=True)
class _Check:
    """A workbook and what became of its rows, when it was judged or taken.

    `recorded` are the answers that were recorded from it since it was dropped: a conflict can be chosen
    after the rest was taken, and what was taken first is then the same as what is recorded.
    """

    command: TakeWorkbook
    taken: WorkbookTaken
    recorded: frozenset[str] = frozenset()

    @property
    def waits(self) -> bool:
        """Whether there is something left to confirm."""
        new = not self.taken.written and self.taken.of(Outcome.NEW)
        return bool(new or self.taken.of(Outcome.CONFLICT))

    def groups(self) -> dict[Outcome | None, list[JudgedRow]]:
        """The rows by what became of them, as they are shown; None: recorded from here."""
        found: dict[Outcome | None, list[JudgedRow]] = {None: [], **{outcome: [] for outcome in _ORDER}}
        for row in self.taken.rows:
            settled = row.outcome in (Outcome.NEW, Outcome.UNCHANGED)
            here = settled and row.row.assignment in self.recorded
            found[None if here else row.outcome].append(row)
        return found


def show_workbook(page: Page, space: MySpace) -> None:
    """Draw the way out and the way back, for whoever answers for some entity."""
    if not space.figures:
        return
    with st.container(key=_AREA):
        page.show("workbook_head.html", entities=[entity for entity, _ in space.figures])
        turn = state.held(_TURN) or 0
        style_further(words=_words(page))
        st.file_uploader(
            page._("Votre classeur rempli (.xlsx, 10 Mo au plus)"),
            max_upload_size=10,
            key=f"workbook-{turn}-file",
            on_change=_given,
            args=(page, turn),
        )
        if kept := state.held(_TOLD):
            page.show("told.html", text=kept[0], done=kept[1], href=None)
        check: _Check | None = state.held(_CHECK)
        if check:
            _show(page, check)


def _show(page: Page, check: _Check) -> None:
    taken = check.taken
    theirs = {row.theirs: page.ask_private(ReportQuery(row.theirs)) for row in taken.rows if row.theirs}
    titles = _titles(page)
    groups = [
        (titles[outcome], [_row(page, row, theirs) for row in rows])
        for outcome, rows in check.groups().items()
        if rows and outcome is not Outcome.CONFLICT
    ]
    page.show("workbook_around.html", sentences=say.around(taken, page.locale), rows=len(taken.rows))
    _choices(page, taken.of(Outcome.CONFLICT), theirs)
    if groups:
        page.show("workbook_check.html", groups=groups)
    if not check.waits:
        return
    with st.container(horizontal=True):
        st.button(
            page._("Enregistrer ces réponses"),
            key="workbook-confirm",
            type="primary",
            on_click=_confirmed,
            args=(page, check),
        )
        leave = page._("Ne rien enregistrer de plus") if taken.written else page._("Ne rien enregistrer")
        st.button(leave, key="workbook-leave", on_click=_left)


def _choices(page: Page, conflicts: tuple[JudgedRow, ...], theirs: Mapping[int, FullReport]) -> None:
    """Each conflict with its choice under it."""
    for number, row in enumerate(conflicts):
        titled = (_titles(page)[Outcome.CONFLICT], len(conflicts)) if number == 0 else None
        page.show("workbook_conflict.html", titled=titled, row=_row(page, row, theirs))
        told = page._("%(key)s : prendre le texte du classeur")
        st.checkbox(plain_label(told % {"key": _reference(row)}), key=_choice(row))


def _titles(page: Page) -> Mapping[Outcome | None, str]:
    return {
        None: page._("Réponses enregistrées, à valider"),
        Outcome.NEW: page._("Réponses nouvelles"),
        Outcome.UNCHANGED: page._("Déjà enregistrées, rien ne change"),
        Outcome.CONFLICT: page._("En conflit : ce point a changé depuis que le classeur est parti"),
        Outcome.TAMPERED: page._("Lignes refusées"),
        Outcome.WRONG: page._("Lignes à reprendre"),
    }


def _row(page: Page, row: JudgedRow, theirs: Mapping[int, FullReport]) -> dict[str, Any]:
    meanwhile = theirs.get(row.theirs or 0)
    return {
        "number": row.row.number,
        "reference": _reference(row),
        "asked": say.asked(row),
        "said": "" if row.problems else say.said(row.row.cells, page.locale),
        "theirs": say.theirs(meanwhile, page.locale) if meanwhile else "",
        "problems": say.problems(row, page.locale, page.facts.today),
    }


def _reference(row: JudgedRow) -> str:
    return short_key(row.row.cells.recommendation)


def _choice(row: JudgedRow) -> str:
    # Of this report alone: where yet another came, it is to be chosen anew.
    return f"workbook-mine-{row.row.assignment}-{row.theirs}"


def _given(page: Page, turn: int) -> None:
    """Judge the workbook that was dropped; nothing of it is written."""
    given = state.held(f"workbook-{turn}-file")
    if given is None:
        return
    state.forget(_CHECK, _TOLD)
    try:
        command = returned(given.getvalue())
        state.hold(_CHECK, _Check(command, page.submit(replace(command, dry_run=True))))
    except CcmError as error:
        state.hold(_TOLD, (said(error, page.locale), False))
    # A new control, without the file: what it holds is shown, or what is wrong with it told.
    state.hold(_TURN, turn + 1)


def _confirmed(page: Page, check: _Check) -> None:
    """Take what is new and what was chosen: taken twice, it is taken once."""
    conflicts = check.taken.of(Outcome.CONFLICT)
    mine = frozenset((row.row.assignment, row.theirs) for row in conflicts if state.held(_choice(row)))
    try:
        taken = page.submit(replace(check.command, mine=mine))
    except CcmError as error:
        state.hold(_TOLD, (said(error, page.locale), False))
        return
    state.hold(_TOLD, (_sent(page, taken.taken), True))
    recorded = check.recorded | {row.row.assignment for row in taken.of(Outcome.NEW)}
    state.hold(_CHECK, _Check(check.command, taken, recorded))


def _sent(page: Page, count: int) -> str:
    if not count:
        return page._("Rien de nouveau n’a été enregistré.")
    told = page.translator.ngettext(
        "Une réponse est envoyée au Secrétariat pour validation.",
        "%(n)s réponses sont envoyées au Secrétariat pour validation.",
        count,
    )
    return told % {"n": count}


def _left() -> None:
    state.forget(_CHECK, _TOLD)


def _words(page: Page) -> dict[str, str]:
    refused = page._("Ce fichier n’est pas accepté : un classeur Excel, 10 Mo au plus.")
    return {
        f"{_UPLOADER} section > span button p": page._("Déposer le classeur"),
        f"{_UPLOADER}:has([aria-invalid=true])": refused,
    }
