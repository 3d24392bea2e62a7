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
from ccm.domain.vocabulary import ReportState, Status
from ccm.queries.my_space import Due, MySpace
from ccm.render.sentences import answer_form as say
from ccm.ui import state
from ccm.ui.context import Page
from ccm.ui.unsent import keep_in_sight

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
        if left := state.held(_key(rounds - 1, "left")):
            text = page._("Restées en brouillon, incomplètes : %(answers)s.") % {"answers": ", ".join(left)}
            page.show("hint.html", text=text)
    if state.held(_key(rounds, "cells")) is None:
        # A new visit: the editor holds nothing any more, all that is kept is in the drafts.
        state.forget(*(_key(rounds, name) for name in ("due", "kept", "saved")))
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
        for problem in state.held(_key(self.rounds, "problems")) or ():
            page.show("answer_said.html", problem=problem)
        st.button(
            page._("Envoyer les lignes remplies"),
            key=_key(self.rounds, "send"),
            type="primary",
            on_click=self.send,
            args=(state.once(_key(self.rounds, "gesture"), lambda: secrets.token_urlsafe(16)),),
        )

    def keep(self) -> None:
        """Keep what was typed into each line in the draft of its answer."""
        told: list[str] = []
        for place in self._edited:
            due, cells, typed = self.due[place], self._cells(place), self._typed(place)
            seen = self._seen(place)
            draft = SaveDraft(due.answer.assignment, typed, _base(due), seen)
            try:
                self.page.submit(draft)
            except CcmError as error:
                told += [self._placed(place, text) for text in self._told(error)]
                if isinstance(error, Conflict):
                    # In sight even once the page was left, which empties the table.
                    mine = self.page._("Dans ce tableau, vous aviez écrit : « %(text)s »")
                    told.append(self._placed(place, mine % {"text": cells["note"]}))
            else:
                self._note("kept", place, (*seen["note"], cells["note"]))
                self._note("saved", place, typed)
        self._hold(told)
        self._keep_in_sight()

    def send(self, gesture: str) -> None:
        """Hand in all filled lines, or none; what is wrong is told line by line.

        A draft that was begun elsewhere and is not whole keeps none of the lines filled here: it stays.
        """
        places = [place for place in range(len(self.due)) if self._is_filled(place)]
        if not places:
            self._hold([self.page._("Rien à envoyer : remplissez au moins une ligne.")])
            return
        error = self._submit(places, gesture)
        left = [place for place in _wrong(error) if place not in self._edited]
        rest = [place for place in places if place not in left]
        if left and rest:
            error = self._submit(rest, gesture)
        if error is None:
            state.hold(_key(self.rounds, "sent"), True)
            state.hold(_key(self.rounds, "left"), [say.reference(self.due[place].answer) for place in left])
            state.hold(_ROUNDS, self.rounds + 1)
            return
        told = [self._problem(found) for found in error.problems] if isinstance(error, Invalid) else []
        head = say.lines_to_mend(len(_wrong(error)), self.page.locale)
        self._hold([head, *told] if told else list(self._told(error)))
        self._keep_in_sight()

    def _submit(self, places: list[int], gesture: str) -> CcmError | None:
        """Hand in the lines of these places; why not, where they are refused."""
        lines = tuple(self._line(place) for place in places)
        bases = tuple(_base(self.due[place]) for place in places)
        seen = {self.due[place].answer.assignment: self._seen(place) for place in places}
        try:
            self.page.submit(SubmitTable(lines, bases, seen), key=gesture)
        except CcmError as error:
            return error
        return None

    def _keep_in_sight(self) -> None:
        """What no draft has, for whose sign-in is over: the table goes, and with it all that was typed."""
        if not self.page.is_over:
            return
        for place in self._edited:
            saved: dict[str, str] = self._noted("saved").get(place, {})
            lost = {name: text for name, text in self._typed(place).items() if saved.get(name) != text}
            answer = say.reference(self.due[place].answer)
            keep_in_sight(*say.typed(answer, lost, self.page.locale))

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
                "ref": [say.reference(due.answer) for due in self.due],
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

    def _typed(self, place: int) -> dict[str, str]:
        """The cells of a row that were typed over."""
        cells = self._cells(place)
        return {name: cells[name] for name in self._edited.get(place, {}) if name in cells}

    def _noted(self, what: str) -> dict[int, Any]:
        """By place, what the lines have kept since they were drawn: notes `kept`, cells `saved` as typed."""
        return state.held(_key(self.rounds, what)) or {}

    def _note(self, what: str, place: int, value: object) -> None:
        state.hold(_key(self.rounds, what), {**self._noted(what), place: value})

    def _seen(self, place: int) -> Seen:
        """The notes that a line knows its draft to hold."""
        return {"note": self._noted("kept").get(place) or ("", self._draft(self.due[place])["note"])}

    def _is_filled(self, place: int) -> bool:
        cells = self._cells(place)
        return any(cells[name] for name in _FILLED) and cells != self._returned(place)

    def _returned(self, place: int) -> dict[str, str] | None:
        """What was sent back to be mended: as long as the row says the same, it does not go again."""
        last = self.due[place].pending
        if last is None or last.state is not ReportState.RETURNED:
            return None
        percent = "" if last.percent is None else str(last.percent)
        said = {"status": last.status.value, "percent": percent, "note": last.note}
        return {**said, "as_of": last.as_of.isoformat()}

    def _line(self, place: int) -> ReportLine:
        recommendation, _, entity = self.due[place].answer.assignment.rpartition("/")
        return ReportLine(recommendation, entity, **self._cells(place), line=place + 1)

    def _problem(self, problem: Problem) -> str:
        told = say.line_to_mend(problem, self.page.facts.today, self.page.locale)
        return self._placed(_place(problem), told, problem.column)

    def _placed(self, place: int, told: str, column: str | None = None) -> str:
        """What is said of a line after its name, and that of the column."""
        where = [say.reference(self.due[place].answer)]
        where += [say.cell(column, self.page.locale)] if column in self._draft(self.due[place]) else []
        return ", ".join(where) + self.page._(" : ") + told

    def _told(self, error: CcmError) -> Iterator[str]:
        message = self.page._(error.message)
        yield message % error.values if error.values else message

    def _hold(self, told: list[str]) -> None:
        state.hold(_key(self.rounds, "problems"), tuple(told))


def _place(problem: Problem) -> int:
    return (problem.line or 1) - 1


def _wrong(error: CcmError | None) -> list[int]:
    """The places of the lines that were refused."""
    return sorted({_place(found) for found in error.problems}) if isinstance(error, Invalid) else []


def _base(due: Due) -> int | None:
    """The answer's latest report when the line was begun."""
    return due.draft.base_report_id if due.draft else due.latest_report_id
