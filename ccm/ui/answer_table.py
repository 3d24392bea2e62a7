"""Several answers in one table, where that is quicker than one form each."""

import secrets
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from ccm.commands.drafts import SaveDraft
from ccm.commands.report_lines import ReportLine
from ccm.commands.reports import SubmitTable
from ccm.domain.errors import CcmError, ImportRejected
from ccm.domain.labels import label
from ccm.domain.vocabulary import Status
from ccm.i18n import translator
from ccm.queries.my_space import Due, MySpace
from ccm.queries.names import short_key
from ccm.render.sentences import answer_form as say
from ccm.ui import state
from ccm.ui.context import Page

#: Rows of one table: as many as one fills at a sitting.
MOST = 40
_TABLE, _GESTURE, _PROBLEMS, _SENT = "table-answers", "table-gesture", "table-problems", "table-sent"
#: Statuses that need no more than a line: what is blocked or given up has its own form.
_SHORT = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED)


def show_answer_table(page: Page, space: MySpace) -> None:
    """Draw the answers that are due as lines to fill; only what was filled is sent."""
    due = (*space.to_correct, *space.to_give, *space.to_update)[:MOST]
    if state.held(_SENT):
        page.show("told.html", text=page._("Envoyé au Secrétariat pour validation."), done=True, href=None)
        state.forget(_SENT, _TABLE, _GESTURE, _PROBLEMS)
    words = {label(status, page.translator): status for status in _SHORT}
    st.data_editor(
        _frame(page, due),
        key=_TABLE,
        hide_index=True,
        num_rows="fixed",
        disabled=["ref", "text"],
        column_config={
            "ref": st.column_config.TextColumn(page._("Réf."), width="small"),
            "text": st.column_config.TextColumn(page._("Recommandation"), width="large"),
            "status": st.column_config.SelectboxColumn(page._("État"), options=list(words)),
            "percent": st.column_config.NumberColumn("%", min_value=0, max_value=100, step=1),
            "as_of": st.column_config.DateColumn(page._("À la date du"), format="DD/MM/YYYY"),
            "note": st.column_config.TextColumn(page._("Qu’a-t-on fait ?"), max_chars=10_000, width="large"),
        },
        on_change=_keep,
        args=(page, due, words),
    )
    page.show(
        "hint.html", text=page._("Bloqué, abandonné, ou une preuve à joindre : prenez la fiche de la ligne.")
    )
    for line, problem in state.held(_PROBLEMS) or ():
        page.show("answer_said.html", sent=False, problem=f"{line} : {problem}", kept=None)
    st.button(
        page._("Envoyer les lignes remplies"),
        key="table-send",
        type="primary",
        on_click=_send,
        args=(page, due, words, state.once(_GESTURE, lambda: secrets.token_urlsafe(16))),
    )


def _frame(page: Page, due: tuple[Due, ...]) -> pd.DataFrame:
    """One row per answer: reference and text fixed; status, percent, date and note to be filled."""
    return pd.DataFrame(
        {
            "ref": [_reference(one) for one in due],
            "text": [one.answer.text for one in due],
            "status": pd.Series([None] * len(due), dtype="object"),
            "percent": pd.Series([None] * len(due), dtype="Int64"),
            "as_of": [page.as_of] * len(due),
            "note": [""] * len(due),
        }
    )


def _reference(due: Due) -> str:
    return f"{short_key(due.answer.recommendation)} {due.answer.entity.short_name}"


def _lines(page: Page, due: tuple[Due, ...], words: Mapping[str, Status]) -> list[ReportLine]:
    """The lines that were touched. Only the cells that may be filled are read, whatever the browser sent."""
    held = state.held(_TABLE)
    edited: Any = held.get("edited_rows", {}) if hasattr(held, "get") else {}
    lines = []
    for index, cells in sorted(edited.items(), key=lambda item: int(item[0])):
        place = int(index)
        if not 0 <= place < len(due) or not isinstance(cells, dict):
            continue
        recommendation, _, entity = due[place].answer.assignment.rpartition("/")
        status = words.get(str(cells.get("status")))
        percent = cells.get("percent")
        lines.append(
            ReportLine(
                recommendation=recommendation,
                entity=entity,
                as_of=str(cells.get("as_of") or page.as_of.isoformat())[:10],
                status=status.value if status else "",
                percent="" if percent is None else str(percent),
                note=str(cells.get("note") or ""),
                line=place + 1,
            )
        )
    return lines


def _keep(page: Page, due: tuple[Due, ...], words: Mapping[str, Status]) -> None:
    """Keep each touched line as the draft of its answer."""
    for line in _lines(page, due, words):
        cells = {"as_of": line.as_of, "status": line.status, "percent": line.percent, "note": line.note}
        kept = SaveDraft(
            f"{line.recommendation}/{line.entity}", {name: text for name, text in cells.items() if text}
        )
        try:
            page.submit(kept)
        except CcmError as error:
            t = translator(page.locale)
            state.hold(_PROBLEMS, ((_reference(due[(line.line or 1) - 1]), t.gettext(error.message)),))


def _send(page: Page, due: tuple[Due, ...], words: Mapping[str, Status], gesture: str) -> None:
    """Hand in all touched lines, or none; what is wrong is told line by line."""
    lines = tuple(_lines(page, due, words))
    try:
        page.submit(SubmitTable(lines), key=gesture)
    except ImportRejected as error:
        told = []
        for problem in error.problems:
            name = _reference(due[(problem.line or 1) - 1])
            told += [(name, text) for text in say.to_mend([problem], page.locale).values()]
        state.hold(_PROBLEMS, tuple(told))
    except CcmError as error:
        text = translator(page.locale).gettext(error.message)
        state.hold(_PROBLEMS, (("", text % error.values if error.values else text),))
    else:
        state.hold(_SENT, bool(lines))
