"""What a person has typed so far for one answer, kept on the server as they type; outside the journal."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, select, update

from ccm.auth import Action, Actor, require, require_somewhere
from ccm.commands.cells import told
from ccm.commands.command import Command
from ccm.commands.evidence import assignment_of
from ccm.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from ccm.i18n import N_
from ccm.store import Transaction
from ccm.store.models import Draft, DraftEvidence, ProgressReport
from ccm.store.types import LONGEST_TEXT

#: The cells of a draft, by the columns of a report.
CELLS = (
    "as_of",
    "status",
    "percent",
    "note",
    "blocked_reason",
    "blocked_cause",
    "blocked_by",
    "dropped_kind",
    "origin",
)
_ELSEWHERE = N_("Ce brouillon a changé dans une autre fenêtre : rouvrez la page pour voir les deux textes.")
#: The cells that hold what a person wrote in their own words.
TEXTS = ("note", "blocked_reason")
_UNREAD = N_("Un autre texte est gardé pour ce point. Le vôtre est gardé aussi : comparez, puis envoyez.")

#: By cell, the texts that whoever types or sends has known the draft to hold.
Seen = Mapping[str, tuple[str, ...]]


class OtherTexts(Conflict):
    """One's own draft holds texts that whoever hands in has not seen; `texts`, by cell."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        super().__init__(_UNREAD)


@dataclass(frozen=True)
class SaveDraft(Command[int]):
    """Keep cells of a draft as typed, right or not; the draft's new version.

    Only the cells given are changed. `base_report_id` is the answer's latest report when the form was opened.
    `seen` holds the texts that whoever types has known each cell to hold: a cell that holds another one was
    changed in another window, and is not overwritten. 0 where nothing had to be kept.
    """

    assignment: str
    cells: Mapping[str, str] = field(hash=False)
    base_report_id: int | None = None
    seen: Seen = field(default_factory=dict, hash=False)

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.SAVE_DRAFT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        """Raises Conflict where a cell was changed in another window, Invalid for too long a text."""
        assignment = assignment_of(transaction.connection, self.assignment, transaction.today)
        require(actor, Action.SAVE_DRAFT, assignment.entity)
        if actor.user_id is None:
            raise NotAllowed("Un brouillon appartient à une personne : connectez-vous.")
        cells = self._checked()
        self._check_base(transaction, assignment.id)
        kept = transaction.connection.execute(
            select(Draft.id, Draft.version, Draft.content).where(
                Draft.user_id == actor.user_id, Draft.assignment_id == assignment.id
            )
        ).first()
        if kept is None:
            if self._is_handed_in(transaction, actor, assignment.id, cells):
                return 0
            return self._insert(transaction, actor.user_id, assignment.id, cells)
        self._check_seen(kept.content, cells)
        values = {
            "content": {**kept.content, **cells},
            "version": kept.version + 1,
            "updated_at": transaction.now,
        }
        transaction.connection.execute(update(Draft).where(Draft.id == kept.id).values(values))
        return int(kept.version) + 1

    def _checked(self) -> dict[str, str]:
        unknown = set(self.cells) - set(CELLS)
        if unknown:
            raise TypeError(f"no such cell of a draft: {', '.join(sorted(unknown))}")
        long = [name for name, text in self.cells.items() if len(text) > LONGEST_TEXT]
        if long:
            values = told(length=len(self.cells[long[0]]), most=LONGEST_TEXT)
            raise Invalid(
                [Problem("le texte compte %(length)s caractères : %(most)s au plus", values, column=long[0])]
            )
        return {name: _storable(text) for name, text in self.cells.items()}

    def _check_base(self, transaction: Transaction, assignment: int) -> None:
        if self.base_report_id is None:
            return
        its = ProgressReport.id == self.base_report_id, ProgressReport.assignment_id == assignment
        if transaction.connection.execute(select(ProgressReport.id).where(*its)).first() is None:
            raise NotFound("Ce point de situation n'est pas connu.")

    def _check_seen(self, kept: Mapping[str, str], cells: Mapping[str, str]) -> None:
        for name, texts in self.seen.items():
            now = kept.get(name, "")
            if name in cells and now not in (*texts, cells[name]):
                raise Conflict(_ELSEWHERE)

    def _is_handed_in(
        self, transaction: Transaction, actor: Actor, assignment: int, cells: Mapping[str, str]
    ) -> bool:
        """Whether the same person has handed these very texts in since: on a slow line a draft comes late."""
        report = ProgressReport
        last = transaction.connection.execute(
            select(report.id, report.author, *(getattr(report, name) for name in TEXTS))
            .where(ProgressReport.assignment_id == assignment)
            .order_by(ProgressReport.id.desc())
            .limit(1)
        ).first()
        if last is None or last.id == self.base_report_id or last.author != actor.name:
            return False
        return all(name in TEXTS and text == last._mapping[name] for name, text in cells.items())

    def _insert(self, transaction: Transaction, user: int, assignment: int, cells: dict[str, str]) -> int:
        row = {
            "user_id": user,
            "assignment_id": assignment,
            "content": cells,
            "base_report_id": self.base_report_id,
            "version": 1,
            "updated_at": transaction.now,
        }
        transaction.connection.execute(insert(Draft).values(row))
        return 1


@dataclass(frozen=True)
class DiscardDraft(Command[None]):
    """Throw one's own draft of an answer away."""

    assignment: str

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.SAVE_DRAFT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Nothing happens where there is none; raises NotAllowed for another's answer."""
        assignment = assignment_of(transaction.connection, self.assignment, transaction.today)
        require(actor, Action.SAVE_DRAFT, assignment.entity)
        drop_draft(transaction, actor, assignment.id)


def drop_draft(transaction: Transaction, actor: Actor, assignment: int) -> None:
    """Take one's own draft of an answer away, and the evidence beside it."""
    for table in (Draft, DraftEvidence):
        whose = table.user_id == actor.user_id, table.assignment_id == assignment
        transaction.connection.execute(delete(table).where(*whose))


def other_texts(
    transaction: Transaction, actor: Actor, assignment: int, sent: Mapping[str, str], seen: Seen
) -> dict[str, str]:
    """The texts of one's own draft that are neither those sent nor known to whoever sends, by cell."""
    whose = Draft.user_id == actor.user_id, Draft.assignment_id == assignment
    kept = transaction.connection.execute(select(Draft.content).where(*whose)).scalar() or {}
    known = {name: {"", *map(_storable, (sent[name], *seen.get(name, ())))} for name in TEXTS}
    return {name: kept[name] for name in TEXTS if kept.get(name, "") not in known[name]}


def _storable(text: str) -> str:
    """A text without halves of characters, which cannot be stored; what else is wrong is told when sent."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def latest_report(transaction: Transaction, assignment: int) -> int | None:
    """The id of the last report of an answer, whatever became of it: what a form's version is."""
    latest = select(func.max(ProgressReport.id)).where(ProgressReport.assignment_id == assignment)
    found: int | None = transaction.connection.execute(latest).scalar()
    return found
