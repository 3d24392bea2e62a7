"""Submitting one answer: from a form, or by the Secretariat on an entity's behalf."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select

from ccm.auth import Action, Actor, require, require_somewhere
from ccm.commands.command import Command
from ccm.commands.drafts import TEXTS, OtherTexts, Seen, drop_draft, latest_report, other_texts
from ccm.commands.evidence import assignment_of, pieces_of, put_behind
from ccm.commands.lookup import Lookup
from ccm.commands.report_lines import ReportLine, ReportReader
from ccm.commands.reports import EMPTY
from ccm.domain.errors import Conflict, Invalid, Problem
from ccm.domain.vocabulary import ON_BEHALF, Nature, ReportOrigin, ReportState, Status
from ccm.i18n import N_
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import ProgressReport

_ADDED = N_("une preuve a été ajoutée dans une autre fenêtre : regardez-la, puis envoyez")
_SPOKEN = N_("Ce point a changé depuis votre lecture. Le vôtre est gardé : comparez, puis envoyez.")


#: The cells that a status asks for; those of others are not sent.
_ASKED_BY = {
    "percent": (Status.IN_PROGRESS, Status.BLOCKED),
    "blocked_reason": (Status.BLOCKED,),
    "blocked_cause": (Status.BLOCKED,),
    "blocked_by": (Status.BLOCKED,),
    "dropped_kind": (Status.DROPPED,),
}


def line_of(assignment: str, nature: Nature, typed: Mapping[str, str]) -> ReportLine:
    """What was typed, by cell, as the line of a report, without what its status does not ask for."""
    recommendation, _, entity = assignment.rpartition("/")
    status = typed.get("status", "")
    asked = {cell for cell, statuses in _ASKED_BY.items() if status in statuses}
    if nature is Nature.CONTINUOUS:
        asked -= {"percent"}
    cells: dict[str, Any] = {cell: typed.get(cell, "") for cell in ("as_of", "status", "note", *asked)}
    return ReportLine(recommendation=recommendation, entity=entity, **cells)


class SpokenMeanwhile(Conflict):
    """Somebody reported on the same answer since the form was opened; `report_id` is their report.

    It may be oneself: a line that was cut hid that the answer had arrived.
    """

    def __init__(self, report_id: int) -> None:
        self.report_id = report_id
        super().__init__(_SPOKEN)


@dataclass(frozen=True)
class SubmitReport(Command[int]):
    """Hand one answer in for validation; the report's id.

    `line` is what was typed. `base_report_id` is the answer's latest report when the form was opened: where
    another has come since, the answer is refused and the draft stays. `evidence` are the pieces that its
    author has seen beside it, `seen` the texts that they have known the draft to hold: what another window
    added or typed is neither sent nor thrown away unread.
    """

    line: ReportLine
    base_report_id: int | None
    evidence: tuple[int, ...] = ()
    origin: ReportOrigin = ReportOrigin.PORTAL
    seen: Seen = field(default_factory=dict, hash=False)

    def authorise(self, actor: Actor) -> None:
        """Whoever may report; on behalf of others, the Secretariat."""
        require_somewhere(actor, self._action)

    @property
    def _action(self) -> Action:
        return Action.SUBMIT_ON_BEHALF if self.origin in ON_BEHALF else Action.SUBMIT_REPORT

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        """Raises Invalid with every problem by column, NotAllowed, SpokenMeanwhile, OtherTexts."""
        assignment = assignment_of(
            transaction.connection, f"{self.line.recommendation}/{self.line.entity}", transaction.today
        )
        require(actor, self._action, assignment.entity)
        problems: list[Problem] = []
        lookup = Lookup(transaction.connection, {self.line.recommendation})
        report = ReportReader(lookup, transaction.today).read(self.line, problems)
        evidence = self._evidence(transaction, actor, assignment.id, problems)
        if self.origin not in ON_BEHALF and actor.user_id and assignment.entity not in actor.entities:
            problems.append(Problem("dites comment ce point est arrivé", column="origin"))
        if problems or report is None:
            raise Invalid(problems)
        latest = latest_report(transaction, assignment.id)
        if latest is not None and latest != self.base_report_id:
            raise SpokenMeanwhile(latest)
        sent = {name: getattr(self.line, name) for name in TEXTS}
        others = other_texts(transaction, actor, assignment.id, sent, self.seen)
        if others:
            raise OtherTexts(others)
        id_ = self._record(transaction, actor, assignment.id, dict(report.values), evidence)
        drop_draft(transaction, actor, assignment.id)
        append(transaction, [self._entry(id_, report.assignment.key, report.values, evidence)])
        return id_

    def repeated(self, transaction: Transaction, result: int) -> None:
        """Raises SpokenMeanwhile where what is typed now is not what the first sending handed in."""
        lookup = Lookup(transaction.connection, {self.line.recommendation})
        now = ReportReader(lookup, transaction.today).read(self.line, [])
        row = transaction.connection.execute(
            select(ProgressReport.__table__).where(ProgressReport.id == result)
        ).one()
        if now is None or any(row._mapping[name] != value for name, value in now.values.items()):
            raise SpokenMeanwhile(result)

    def _evidence(
        self, transaction: Transaction, actor: Actor, assignment: int, problems: list[Problem]
    ) -> list[Any]:
        """The pieces, which must be the actor's own, beside this answer."""
        own = pieces_of(transaction.connection, actor, [assignment])
        found = [piece for piece in own if piece.id in self.evidence]
        if len(found) != len(set(self.evidence)):
            problems.append(Problem("une preuve n'est plus là : ajoutez-la de nouveau", column="evidence"))
        elif len(own) > len(found):
            problems.append(Problem(_ADDED, column="evidence"))
        return found

    def _record(
        self,
        transaction: Transaction,
        actor: Actor,
        assignment: int,
        values: dict[str, Any],
        evidence: list[Any],
    ) -> int:
        row = {
            **EMPTY,
            "assignment_id": assignment,
            "author": actor.name,
            "origin": self.origin,
            "state": ReportState.SUBMITTED,
            "submitted_at": transaction.now,
            **values,
        }
        connection = transaction.connection
        id_ = int(
            connection.execute(insert(ProgressReport).values(row).returning(ProgressReport.id)).scalar_one()
        )
        put_behind(transaction, ((id_, piece) for piece in evidence))
        return id_

    def _entry(self, id_: int, assignment: str, values: Any, evidence: list[Any]) -> Entry:
        detail: dict[str, object] = {
            "assignment": assignment,
            "as_of": values["as_of"].isoformat(),
            "status": values["status"].value,
            "percent": values["percent"],
            "origin": self.origin.value,
            "evidence": [
                {"kind": piece.kind.value, "name": piece.name, "url": piece.url, "sha256": piece.sha256}
                for piece in evidence
            ],
        }
        return Entry("report.submitted", "report", str(id_), detail)
