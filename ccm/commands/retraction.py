"""Taking a validated report back: it stays visible and counts no more."""

from dataclasses import dataclass

from sqlalchemy import Row, select, update

from ccm.auth import Action, Actor, require
from ccm.commands import current_state
from ccm.commands.command import Command
from ccm.commands.validation import checked_reason, require_same_words
from ccm.domain.errors import Conflict, NotFound
from ccm.domain.vocabulary import ReportState
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Assignment, ProgressReport


@dataclass(frozen=True)
class RetractReport(Command[None]):
    """Retract a validated report, with a reason."""

    report_id: int
    reason: str

    def authorise(self, actor: Actor) -> None:
        """Who validates may retract."""
        require(actor, Action.RETRACT_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises NotFound, Conflict where the report is not validated (any more), Invalid without reason."""
        reason = checked_reason(self.reason)
        report = self._validated(transaction)
        transaction.connection.execute(
            update(ProgressReport)
            .where(ProgressReport.id == self.report_id)
            .values(
                state=ReportState.RETRACTED,
                retracted_at=transaction.now,
                retracted_reason=reason,
                retracted_by=actor.name,
            )
        )
        current_state.refresh(transaction, [report.recommendation_id])
        detail: dict[str, object] = {"assignment": report.key, "reason": reason}
        append(transaction, [Entry("report.retracted", "report", str(self.report_id), detail)])

    def repeated(self, transaction: Transaction, result: None) -> None:
        """Raises Conflict for another reason."""
        kept = select(ProgressReport.retracted_reason).where(ProgressReport.id == self.report_id)
        require_same_words(transaction, kept, self.reason)

    def _validated(self, transaction: Transaction) -> Row[ReportState, str, int]:
        report = transaction.connection.execute(
            select(ProgressReport.state, Assignment.key, Assignment.recommendation_id)
            .join(Assignment, Assignment.id == ProgressReport.assignment_id)
            .where(ProgressReport.id == self.report_id)
        ).first()
        if report is None:
            raise NotFound("Ce point de situation n'est pas connu : choisissez-en un dans la liste.")
        if report.state is not ReportState.VALIDATED:
            raise Conflict("Ce point n'est pas validé, ou ne l'est plus : il n'y a rien à retirer.")
        return report
