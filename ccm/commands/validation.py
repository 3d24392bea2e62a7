"""What the Secretariat decides on reports: validate, return, verify; and contests, opened and answered."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, insert, select, update

from ccm.auth import Action, Actor, allowed, may_read, require, require_somewhere
from ccm.auth.secretariat import somebody_else_validates
from ccm.commands import cells, current_state
from ccm.commands.cells import Line
from ccm.commands.command import Command
from ccm.commands.given_back import give_back
from ccm.domain.errors import Conflict, Invalid, NotFound, Problem
from ccm.domain.vocabulary import RecordState, ReportState
from ccm.i18n import N_
from ccm.metrics.marks import Mark, marks
from ccm.store import Transaction
from ccm.store.journal import Entry, append
from ccm.store.models import Assignment, Contest, Entity, Evidence, ProgressReport

_GONE = N_("Ce point a été traité entre-temps : voici où il en est. Rien n'a été changé.")
_STANDS_OUT = N_("Rien n'a été validé : %(keys)s a changé depuis votre lecture, regardez-le de nouveau.")

_OTHERWISE = N_("Ceci est déjà parti avec d'autres mots : « %(said)s ». Rien n'a été changé.")

_ASKED = {"reason": N_("dites pourquoi : une phrase suffit"), "answer": N_("écrivez une réponse")}


@dataclass(frozen=True)
class ValidateReports(Command[int]):
    """Make submitted reports official, all of them or none; how many.

    Who entered a report does not validate it where another person can. `seen` is what stood out when they
    were read; several go together only where nothing stands out but that.
    """

    report_ids: tuple[int, ...]
    seen: tuple[Mark, ...] | None = None

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require_somewhere(actor, Action.VALIDATE_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        """Raises NotFound, Conflict where one was dealt with meanwhile, Invalid for one's own report."""
        reports = [loaded(transaction, id_) for id_ in dict.fromkeys(self.report_ids)]
        if not reports:
            raise Invalid([Problem("aucun point n'est choisi", column="report_ids")])
        for report in reports:
            _require_state(actor, Action.VALIDATE_REPORT, report)
        own = [report.key for report in reports if report.author == actor.name]
        if own and somebody_else_validates(transaction.connection, actor.name):
            values = cells.told(keys=cells.listed(own))
            raise Invalid([Problem("vous avez saisi vous-même %(keys)s : une autre personne valide", values)])
        ids = [report.id for report in reports]
        self._check_seen(transaction, actor, reports)
        transaction.connection.execute(
            update(ProgressReport)
            .where(ProgressReport.id.in_(ids))
            .values(state=ReportState.VALIDATED, validated_at=transaction.now, validated_by=actor.name)
        )
        current_state.refresh(transaction, {report.recommendation_id for report in reports})
        append(transaction, [_told(report, "report.validated", ReportState.VALIDATED) for report in reports])
        return len(ids)

    def _check_seen(self, transaction: Transaction, actor: Actor, reports: list[Any]) -> None:
        if self.seen is None and len(reports) == 1:
            return
        ids = [report.id for report in reports]
        # One's own is refused above, but where nobody else is there to validate.
        now = marks(transaction.connection, transaction.today, ids, {actor.name: Mark.ALONE})
        doubtful = [report.key for report in reports if set(now[report.id]) - set(self.seen or ())]
        if doubtful:
            raise Conflict(_STANDS_OUT, keys=cells.listed(doubtful))


@dataclass(frozen=True)
class ReturnReport(Command[None]):
    """Send a submitted report back to its author, with a reason: what it said is their draft again."""

    report_id: int
    reason: str

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require_somewhere(actor, Action.RETURN_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid without a reason, NotFound, Conflict."""
        reason = checked_reason(self.reason)
        report = loaded(transaction, self.report_id)
        _require_state(actor, Action.RETURN_REPORT, report)
        transaction.connection.execute(
            update(ProgressReport)
            .where(ProgressReport.id == report.id)
            .values(
                state=ReportState.RETURNED,
                returned_at=transaction.now,
                returned_reason=reason,
                returned_by=actor.name,
            )
        )
        give_back(transaction, report.id)
        append(transaction, [_told(report, "report.returned", ReportState.RETURNED, reason=reason)])

    def repeated(self, transaction: Transaction, result: None) -> None:
        """Raises Conflict for another reason."""
        kept = select(ProgressReport.returned_reason).where(ProgressReport.id == self.report_id)
        require_same_words(transaction, kept, self.reason)


@dataclass(frozen=True)
class VerifyReport(Command[None]):
    """Set the second mark: the evidence of a validated report was checked. It changes no figure."""

    report_id: int

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require_somewhere(actor, Action.VERIFY_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises NotFound, Conflict where it is not validated, has no evidence, or is verified already."""
        report = loaded(transaction, self.report_id)
        _require_state(actor, Action.VERIFY_REPORT, report)
        if report.verified_at is not None:
            raise Conflict("Ce point est déjà vérifié.")
        proved = select(exists().where(Evidence.report_id == report.id))
        if not transaction.connection.execute(proved).scalar_one():
            raise Conflict("Aucune preuve n'accompagne ce point : demandez-la avant de la marquer vérifiée.")
        transaction.connection.execute(
            update(ProgressReport)
            .where(ProgressReport.id == report.id)
            .values(verified_at=transaction.now, verified_by=actor.name)
        )
        append(transaction, [_told(report, "report.verified", ReportState.VALIDATED)])


@dataclass(frozen=True)
class ContestReport(Command[int]):
    """A donor's reasoned doubt on a validated report; the contest's id. It changes no figure."""

    report_id: int
    reason: str

    def authorise(self, actor: Actor) -> None:
        """Donors'."""
        require_somewhere(actor, Action.CONTEST_REPORT)

    def carry_out(self, transaction: Transaction, actor: Actor) -> int:
        """Raises Invalid without a reason, NotFound, Conflict where one's own contest is open already."""
        reason = checked_reason(self.reason)
        report = loaded(transaction, self.report_id)
        _require_state(actor, Action.CONTEST_REPORT, report)
        open_already = exists().where(
            Contest.report_id == report.id, Contest.author == actor.name, Contest.answered_at.is_(None)
        )
        if transaction.connection.execute(select(open_already)).scalar_one():
            raise Conflict("Votre contestation de ce point attend déjà une réponse.")
        row = {
            "report_id": report.id,
            "author": actor.name,
            "reason": reason,
            "opened_at": transaction.now,
        }
        id_ = transaction.connection.execute(insert(Contest).values(row).returning(Contest.id)).scalar_one()
        append(transaction, [_told(report, "report.contested", report.state)])
        return int(id_)

    def repeated(self, transaction: Transaction, result: int) -> None:
        """Raises Conflict for another reason."""
        require_same_words(transaction, select(Contest.reason).where(Contest.id == result), self.reason)


@dataclass(frozen=True)
class AnswerContest(Command[None]):
    """Answer an open contest, which closes it."""

    contest_id: int
    answer: str

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require_somewhere(actor, Action.ANSWER_CONTEST)

    def carry_out(self, transaction: Transaction, actor: Actor) -> None:
        """Raises Invalid without an answer, NotFound, Conflict where it is answered already."""
        answer = checked_reason(self.answer, column="answer")
        columns = (Contest.id, Contest.report_id, Contest.answered_at)
        contest = transaction.connection.execute(
            select(*columns).where(Contest.id == self.contest_id)
        ).first()
        if contest is None:
            raise NotFound("Cette contestation n'est pas connue.")
        if contest.answered_at is not None:
            raise Conflict("Cette contestation a déjà reçu une réponse.")
        report = loaded(transaction, contest.report_id)
        _require_state(actor, Action.ANSWER_CONTEST, report)
        transaction.connection.execute(
            update(Contest)
            .where(Contest.id == contest.id)
            .values(answer=answer, answered_at=transaction.now, answered_by=actor.name)
        )
        append(transaction, [_told(report, "report.contest_answered", report.state)])

    def repeated(self, transaction: Transaction, result: None) -> None:
        """Raises Conflict for another answer."""
        kept = select(Contest.answer).where(Contest.id == self.contest_id)
        require_same_words(transaction, kept, self.answer, "answer")


def checked_reason(text: str, column: str = "reason") -> str:
    """A reason as typed; raises Invalid where it is empty or cannot be kept."""
    problems: list[Problem] = []
    reason = Line(None, problems).read(column, text, cells.prose)
    if cells.is_blank(text):
        problems.append(Problem(_ASKED[column], column=column))
    if problems or reason is None:
        raise Invalid(problems)
    return reason.strip()


def require_same_words(
    transaction: Transaction, kept: Select[str], typed: str, column: str = "reason"
) -> None:
    """Raise Conflict where what is typed now is not what was kept of the same gesture."""
    said = transaction.connection.execute(kept).scalar_one()
    if checked_reason(typed, column) != said:
        raise Conflict(_OTHERWISE, said=said)


def loaded(transaction: Transaction, report_id: int) -> Any:
    """A report with its answer's keys, as it is now; raises NotFound."""
    report = ProgressReport
    row = transaction.connection.execute(
        select(
            report.id,
            report.state,
            report.author,
            report.as_of,
            report.status,
            report.percent,
            report.verified_at,
        )
        .add_columns(Assignment.key, Assignment.recommendation_id, Entity.key.label("entity"))
        .join(Assignment, Assignment.id == report.assignment_id)
        .join(Entity, Entity.id == Assignment.entity_id)
        .where(report.id == report_id)
    ).first()
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFound:
    return NotFound("Ce point de situation n'est pas connu : choisissez-en un dans la liste.")


def _require_state(actor: Actor, action: Action, report: Any) -> None:
    """Raise NotAllowed for who may not, and Conflict where the report has moved on meanwhile.

    NotFound where it has moved out of the actor's sight: what became of it is not told.
    """
    require(actor, action, report.entity)
    if not may_read(actor, report.state, report.entity):
        raise _unknown()
    if not allowed(actor, action, report.entity, RecordState(report.state.value)):
        raise Conflict(_GONE)


def _told(report: Any, action: str, state: ReportState, **said: str) -> Entry:
    detail: dict[str, object] = {
        "assignment": report.key,
        "as_of": report.as_of.isoformat(),
        "status": report.status.value,
        "percent": report.percent,
        "state": state.value,
        **said,
    }
    return Entry(action, "report", str(report.id), detail)
