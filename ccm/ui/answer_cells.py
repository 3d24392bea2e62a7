"""What is typed into the form of one answer: which control holds it, how it is kept, what is wrong."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ccm.commands.answer import SpokenMeanwhile, SubmitReport, line_of
from ccm.commands.drafts import CELLS, TEXTS, DiscardDraft, OtherTexts, SaveDraft
from ccm.commands.evidence import AddEvidence, RemoveEvidence
from ccm.domain.errors import CcmError, Problem, problems_of
from ccm.domain.vocabulary import ON_BEHALF, EvidenceKind, Nature, ReportOrigin
from ccm.queries.answer_form import AnswerForm
from ccm.render.sentences import answer_form as say
from ccm.ui import state
from ccm.ui.context import Page
from ccm.ui.unsent import keep_in_sight

#: The fields whose text is evidence, and of what kind.
_PROOFS = {"link": EvidenceKind.LINK, "document": EvidenceKind.DOCUMENT}


def rounds(assignment: str) -> str:
    """The key of how often the form of this answer was begun anew in this session."""
    return f"answer-{assignment}-rounds"


@dataclass(frozen=True)
class Cells:
    """The cells of one answer in one run. `round` counts the forms that were sent or thrown away."""

    page: Page
    form: AnswerForm
    round: int

    @property
    def assignment(self) -> str:
        """The answer's key."""
        return self.form.answer.assignment

    def key(self, name: str) -> str:
        """The key of a control of this answer."""
        return f"answer-{self.assignment}-{self.round}-{name}"

    def kept(self, cell: str) -> str:
        """The cell as the draft has it."""
        return self.form.draft.cells.get(cell, "") if self.form.draft else ""

    def value(self, cell: str) -> str:
        """The cell as its control holds it now, else as the draft has it."""
        held = state.held(self.key(cell))
        if held is None:
            return self.kept(cell)
        if isinstance(held, dt.date):
            return held.isoformat()
        return self._told(cell)[0] if hasattr(held, "get") else str(held or "")

    def known(self, cell: str) -> tuple[str, ...]:
        """The texts that this window knows the draft to hold there: those it drew, and those it kept."""
        drawn: tuple[str, ...] = state.held(self.key(f"{cell}-drawn")) or ()
        return ("", *drawn, *self._told(cell)[1])

    def draws(self, cell: str) -> None:
        """The control of a text is about to be drawn: where it is new, it will show what the draft holds."""
        if state.held(self.key(cell)) is None:
            state.hold(self.key(f"{cell}-drawn"), (*self.known(cell), self.kept(cell)))

    @property
    def others(self) -> dict[str, str]:
        """The texts of the draft, by cell, that another window typed and for which sending was refused."""
        found: dict[str, str] = state.held(self.key("others")) or {}
        return found

    def _told(self, cell: str) -> tuple[str, tuple[str, ...]]:
        """What the component of a text says it holds, and has seen; a browser may send anything."""
        held = state.held(self.key(cell))
        told: Any = held.get("value") if hasattr(held, "get") else None
        if not isinstance(told, dict):
            return "", ()
        seen = told.get("seen")
        texts = seen if isinstance(seen, list) else []
        return str(told.get("text") or ""), tuple(text for text in texts if isinstance(text, str))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was wrong when it was last sent or kept, and was not typed anew since."""
        found: tuple[Problem, ...] = state.held(self.key("problems")) or ()
        return found

    @property
    def refused(self) -> bool:
        """Whether it was sent, refused, and is not wholly mended yet."""
        return bool(state.held(self.key("refused")))

    def keep(self, cell: str, read: Callable[[Any], str] = str) -> None:
        """Keep one cell as the draft; what cannot be kept is told beside its field."""
        value = state.held(self.key(cell))
        cells = {cell: "" if value is None else read(value)}
        if not self.attempt(
            lambda: self.page.submit(SaveDraft(self.assignment, cells, self._begun_on)), cell
        ):
            self._keep_in_sight(cells)

    def _keep_in_sight(self, cells: Mapping[str, str]) -> None:
        """What was typed last, for whose sign-in is over: neither a draft nor the page holds it any more."""
        if self.page.is_over:
            answer, names = self.form.answer, {entity.key: entity.short_name for entity in self.form.lifters}
            told = {
                name: names.get(text, text) if name == "blocked_by" else text for name, text in cells.items()
            }
            keep_in_sight(*say.typed(say.reference(answer), told, self.page.locale))

    def typed(self, cell: str) -> None:
        """A text was typed anew: its component has kept it, what was wrong with it is wrong no more."""
        if cell in TEXTS:
            # Remembered: the control goes where another status does not ask for it.
            state.hold(self.key(f"{cell}-drawn"), tuple(dict.fromkeys((*self.known(cell), self.value(cell)))))
        self._settle(lambda problem: problem.column != cell)

    def attempt(self, act: Callable[[], object], column: str) -> bool:
        """Do what concerns one column; hold what is wrong for the next drawing. True where it went well."""
        try:
            act()
        except CcmError as error:
            told = problems_of(error, column)
        else:
            self.typed(column)
            return True
        self._settle(lambda problem: problem.column != column, *told)
        return False

    def draws_evidence(self) -> None:
        """The evidence is about to be drawn as the store has it: what was done to it is known by that."""
        state.forget(self.key("added"), self.key("removed"))

    def add(self, make: Callable[[], AddEvidence], gesture: str | None = None) -> bool:
        """Put evidence beside the answer; what is wrong with it is told there. True where it went well."""

        def act() -> None:
            added = self.page.submit(make(), key=gesture)
            state.hold(self.key("added"), (*(state.held(self.key("added")) or ()), added))

        return self.attempt(act, "evidence")

    def add_typed(self, field: str, gesture: str) -> None:
        """Take the text of a field as evidence and empty the field, as one leaves it or at its button."""
        text = self._typed(field)
        url = text if field == "link" else None
        command = AddEvidence(self.assignment, _PROOFS[field], text, url=url)
        if text and self.add(lambda: command, f"{gesture}-{field}"):
            state.hold(self.key(field), "")
        else:
            self._keep_in_sight({field: text})

    def _typed(self, field: str) -> str:
        return str(state.held(self.key(field)) or "").strip()

    def remove(self, piece: int) -> None:
        """Take evidence away from the answer."""
        if self.attempt(lambda: self.page.submit(RemoveEvidence(piece)), "evidence"):
            state.hold(self.key("removed"), (*(state.held(self.key("removed")) or ()), piece))

    @property
    def _evidence(self) -> tuple[int, ...]:
        """The pieces that the author knows to be there: those drawn, and what was done to them since."""
        drawn = {piece.id for piece in self.form.evidence} | set(state.held(self.key("added")) or ())
        return tuple(sorted(drawn - set(state.held(self.key("removed")) or ())))

    def send(self, gesture: str, read: int | None, others: Mapping[str, str]) -> None:
        """Hand the answer in, once: the same gesture again gets the first one's result.

        `read` and `others` are what the author was shown when the button was drawn: the second press of a
        double click has read nothing more. Where it is refused, all that was typed stays in the draft.
        """
        for field in _PROOFS:
            # Nothing that was typed stays behind unread.
            self.add_typed(field, gesture)
        if any(map(self._typed, _PROOFS)):
            state.hold(self.key("refused"), True)
            return
        origin = self.value("origin")
        on_behalf = origin in {code.value for code in ON_BEHALF}
        answer = self.form.answer
        command = SubmitReport(
            line_of(self.assignment, Nature(answer.nature), {cell: self.value(cell) for cell in CELLS}),
            read,
            self._evidence,
            ReportOrigin(origin) if on_behalf else ReportOrigin.PORTAL,
            {cell: (*self.known(cell), others.get(cell, "")) for cell in TEXTS},
        )
        try:
            self.page.submit(command, key=gesture)
        except CcmError as error:
            self._refused(error)
        else:
            state.hold(self.key("sent"), True)

    def discard(self) -> None:
        """Throw the draft away and begin anew."""
        if self.attempt(lambda: self.page.submit(DiscardDraft(self.assignment)), ""):
            self.begin_anew()

    def begin_anew(self) -> None:
        """Let the next drawing show an empty form."""
        state.hold(rounds(self.assignment), self.round + 1)

    def _refused(self, error: CcmError) -> None:
        others = error.texts if isinstance(error, OtherTexts) else {}
        if others:
            state.hold(self.key("others"), others)
        cells = {cell: text for cell in CELLS if cell not in others and (text := self.value(cell))}
        seen = {cell: self.known(cell) for cell in TEXTS}
        self.attempt(lambda: self.page.submit(SaveDraft(self.assignment, cells, self._begun_on, seen)), "")
        if isinstance(error, SpokenMeanwhile):
            state.hold(self.key("read"), error.report_id)
        self._settle(lambda _: False, *problems_of(error))
        state.hold(self.key("refused"), True)

    def _settle(self, stays: Callable[[Problem], bool], *told: Problem) -> None:
        left = (*filter(stays, self.problems), *told)
        state.hold(self.key("problems"), left)
        if not left:
            state.forget(self.key("refused"))

    @property
    def _begun_on(self) -> int | None:
        """The answer's latest report when the draft was begun."""
        return self.form.draft.base_report_id if self.form.draft else self.form.base_report_id

    @property
    def read(self) -> int | None:
        """The answer's latest report that its author was told of."""
        told: int | None = state.held(self.key("read"))
        return self._begun_on if told is None else told
