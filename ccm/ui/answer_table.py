"""Several answers in one table, where that is quicker than one form each."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from ccm.commands.drafts import TEXTS, SaveDraft, Seen
from ccm.commands.report_lines import ReportLine
from ccm.commands.reports import SubmitTable
from ccm.domain.dates import day_or_none
from ccm.domain.errors import CcmError, Conflict, Invalid, Problem
from ccm.domain.labels import label
from ccm.domain.vocabulary import Status
from ccm.queries.my_space import Due, MySpace
from ccm.queries.names import short_key
from ccm.render.sentences import answer_form as say
from ccm.ui import state
from ccm.ui.context import Page

#: Rows of one table: as many as one fills at a sitting.
MOST = 40
_ROUNDS = "table-rounds"
#: Statuses that need no more than a line: what is blocked or given up has its own form.
_SHORT = (Status.NOT_STARTED, Status.IN_PROGRESS, Status.COMPLETED)
_FILLED = ("status", "percent", "note")


def show_answer_table(page: Page, space: MySpace) -> None:
    """Draw the answers that are due as lines to fill; only what was filled is sent."""
    rounds: int = state.held(_ROUNDS) or 0
    if rounds and state.held(_key(rounds - 1, "sent")):
        page.show("told.html", text=page._("Envoyé au Secrétariat pour validation."), done=True, href=None)
    if state.held(_key(rounds, "cells")) is None:
        # A new visit: the editor holds nothing any more, all that is kept is in the drafts.
        state.forget(_key(rounds, "due"), _key(rounds, "kept"))
    # The rows stay those that were drawn first in a visit: what was typed is known by a row's place.
    due = state.kept(_key(rounds, "due"), lambda: _rows(space))
    table = _Table(page, due, rounds)
    table.draw()


def _key(rounds: int, name: str) -> str:
    return f"table-{rounds}-{name}"


def _rows(space: MySpace) -> tuple[Due, ...]:
    """The most pressing ones, but for those whose draft needs a form of its own."""
    return tuple(due for due in space.pressing if _is_short(due.draft.cells if due.draft else {}))[:MOST]


def _is_short(draft: Mapping[str, str]) -> bool:
    """Whether a line is enough: nothing of the draft would be out of sight."""
    short = draft.get("status", "") in ("", *_SHORT)
    return short and not any(draft.get(cell) for cell in TEXTS if cell not in _FILLED)


@dataclass(frozen=True)
class _Table:
    """One run of the table. `rounds` counts the tables that were sent in this session."""

    page: Page
    due: tuple[Due, ...]
    rounds: int

    def draw(self) -> None:
        page, t = self.page, self.page.translator
        st.data_editor(
            self._frame(),
            key=_key(self.rounds, "cells"),
            hide_index=True,
            num_rows="fixed",
            disabled=["ref", "text"],
            column_config={
                "ref": st.column_config.TextColumn(page._("Réf."), width="small"),
                "text": st.column_config.TextColumn(page._("Recommandation"), width="medium"),
                "status": st.column_config.SelectboxColumn(
                    page._("État"), options=[label(status, t) for status in _SHORT]
                ),
                "percent": st.column_config.NumberColumn("%", min_value=0, max_value=100, step=1),
                "as_of": st.column_config.DateColumn(page._("À la date du"), format="DD/MM/YYYY"),
                # Not cut at the longest text that is accepted: whoever types is told how long it is.
                "note": st.column_config.TextColumn(page._("Qu’a-t-on fait ?"), width="large"),
            },
            # Streamlit's own word for an empty cell is English.
            placeholder="",
            on_change=self.keep,
        )
        page.show(
            "hint.html",
            text=page._("Bloqué, abandonné, ou une preuve à joindre : prenez la fiche de la ligne."),
        )
        for line, problem in state.held(_key(self.rounds, "problems")) or ():
            page.show("answer_said.html", problem=f"{line} : {problem}" if line else problem)
        st.button(
            page._("Envoyer les lignes remplies"),
            key=_key(self.rounds, "send"),
            type="primary",
            on_click=self.send,
            args=(state.once(_key(self.rounds, "gesture"), lambda: secrets.token_urlsafe(16)),),
        )

    def keep(self) -> None:
        """Keep what was typed into each line in the draft of its answer."""
        told = []
        for place, edited in self._edited.items():
            due, cells = self.due[place], self._cells(place)
            typed = {name: cells[name] for name in edited if name in cells}
            seen = self._seen(place)
            draft = SaveDraft(due.answer.assignment, typed, _base(due), seen)
            try:
                self.page.submit(draft)
            except CcmError as error:
                told += [(_reference(due), text) for text in self._told(error)]
                if isinstance(error, Conflict):
                    # In sight even once the page was left, which empties the table.
                    mine = self.page._("Dans ce tableau, vous aviez écrit : « %(text)s »")
                    told.append((_reference(due), mine % {"text": cells["note"]}))
            else:
                state.hold(_key(self.rounds, "kept"), {**self._kept, place: (*seen["note"], cells["note"])})
        self._hold(told)

    def send(self, gesture: str) -> None:
        """Hand in all filled lines, or none; what is wrong is told line by line."""
        places = [place for place in range(len(self.due)) if self._is_filled(place)]
        if not places:
            self._hold([("", self.page._("Rien à envoyer : remplissez au moins une ligne."))])
            return
        lines = tuple(self._line(place) for place in places)
        bases = tuple(_base(self.due[place]) for place in places)
        seen = {self.due[place].answer.assignment: self._seen(place) for place in places}
        try:
            self.page.submit(SubmitTable(lines, bases, seen), key=gesture)
        except Invalid as error:
            self._hold([self._problem(problem) for problem in error.problems])
        except CcmError as error:
            self._hold([("", text) for text in self._told(error)])
        else:
            state.hold(_key(self.rounds, "sent"), True)
            state.hold(_ROUNDS, self.rounds + 1)

    def _frame(self) -> pd.DataFrame:
        """One row per answer: reference and text fixed; status, percent, date and note to be filled."""
        drafts = [self._draft(due) for due in self.due]
        words = {status.value: label(status, self.page.translator) for status in _SHORT}
        percents = [
            int(draft["percent"]) if draft["percent"].isascii() and draft["percent"].isdigit() else None
            for draft in drafts
        ]
        return pd.DataFrame(
            {
                "ref": [_reference(due) for due in self.due],
                "text": [due.answer.text for due in self.due],
                "status": pd.Series([words.get(draft["status"]) for draft in drafts], dtype="object"),
                "percent": pd.Series(percents, dtype="Int64"),
                "as_of": [day_or_none(draft["as_of"]) for draft in drafts],
                "note": [draft["note"] for draft in drafts],
            }
        )

    def _draft(self, due: Due) -> dict[str, str]:
        usual = min(self.page.facts.default_date, self.page.facts.today).isoformat()
        cells = due.draft.cells if due.draft else {}
        return {**{name: cells.get(name, "") for name in _FILLED}, "as_of": cells.get("as_of") or usual}

    @property
    def _edited(self) -> dict[int, Mapping[str, Any]]:
        """What was typed, by the row's place; anything else that a browser may send is left out."""
        held = state.held(_key(self.rounds, "cells"))
        rows: Any = held.get("edited_rows", {}) if hasattr(held, "get") else {}
        return {
            place: cells
            for place, cells in sorted(rows.items())
            if isinstance(place, int) and 0 <= place < len(self.due) and isinstance(cells, dict)
        }

    def _cells(self, place: int) -> dict[str, str]:
        """A row as it stands: the draft, and what was typed over it in the cells that may be filled."""
        cells = self._draft(self.due[place])
        codes = {label(status, self.page.translator): status.value for status in _SHORT}
        for name, value in self._edited.get(place, {}).items():
            if name in cells:
                text = "" if value is None else str(value)
                cells[name] = codes.get(text, "") if name == "status" else text
        return {**cells, "as_of": cells["as_of"][:10]}

    @property
    def _kept(self) -> dict[int, tuple[str, ...]]:
        """The notes that the lines have kept in their drafts since they were drawn, by place."""
        return state.held(_key(self.rounds, "kept")) or {}

    def _seen(self, place: int) -> Seen:
        """The notes that a line knows its draft to hold."""
        return {"note": self._kept.get(place) or ("", self._draft(self.due[place])["note"])}

    def _is_filled(self, place: int) -> bool:
        cells = self._cells(place)
        return any(cells[name] for name in _FILLED)

    def _line(self, place: int) -> ReportLine:
        recommendation, _, entity = self.due[place].answer.assignment.rpartition("/")
        return ReportLine(recommendation, entity, **self._cells(place), line=place + 1)

    def _problem(self, problem: Problem) -> tuple[str, str]:
        told = say.line_to_mend(problem, self.page.facts.today, self.page.locale)
        return _reference(self.due[(problem.line or 1) - 1]), told

    def _told(self, error: CcmError) -> Iterator[str]:
        message = self.page._(error.message)
        yield message % error.values if error.values else message

    def _hold(self, told: list[tuple[str, str]]) -> None:
        state.hold(_key(self.rounds, "problems"), tuple(told))


def _reference(due: Due) -> str:
    return f"{short_key(due.answer.recommendation)} {due.answer.entity.short_name}"


def _base(due: Due) -> int | None:
    """The answer's latest report when the line was begun."""
    return due.draft.base_report_id if due.draft else due.latest_report_id
