"""One answer as the person who gives it needs it: what is asked, what was said, one's draft."""

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from ccm.auth import Action, Actor, allowed, may_read, may_see_evidence, may_see_names, require_somewhere
from ccm.domain.dates import today
from ccm.domain.errors import NotFound
from ccm.domain.reporting import accepted_statuses
from ccm.domain.vocabulary import (
    BlockedCause,
    DroppedKind,
    EvidenceKind,
    Nature,
    ReportOrigin,
    ReportState,
    Status,
)
from ccm.metrics import At, holders
from ccm.queries.answers import answers
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.results import AnswerState, EntityRef
from ccm.store.models import (
    Assignment,
    Draft,
    DraftEvidence,
    Entity,
    Evidence,
    ProgressReport,
)


@dataclass(frozen=True)
class Piece:
    """A piece of evidence: its id, kind, name, and address or size where it has one."""

    id: int
    kind: EvidenceKind
    name: str
    url: str | None
    size: int | None


@dataclass(frozen=True)
class FullReport:
    """One report with all that its author and the Secretariat may know of it; others see less (`as_seen`).

    `proved` says whether there is evidence, also to whoever may not see it.
    """

    id: int
    assignment: str
    as_of: dt.date
    status: Status
    percent: int | None
    note: str
    blocked_reason: str
    blocked_cause: BlockedCause | None
    blocked_by: EntityRef | None
    dropped_kind: DroppedKind | None
    author: str
    origin: ReportOrigin
    state: ReportState
    submitted_at: dt.datetime
    validated_at: dt.datetime | None
    validated_by: str
    returned_at: dt.datetime | None
    returned_reason: str
    returned_by: str
    retracted_at: dt.datetime | None
    retracted_reason: str
    retracted_by: str
    verified_at: dt.datetime | None
    verified_by: str
    evidence: tuple[Piece, ...] = ()
    proved: bool = False


@dataclass(frozen=True)
class DraftKept:
    """One's own draft: cells as typed, its version, when it was last kept."""

    cells: dict[str, str] = field(hash=False)
    version: int
    updated_at: dt.datetime
    base_report_id: int | None


@dataclass(frozen=True)
class AnswerForm:
    """All that the form of one answer shows.

    `base_report_id` is the answer's latest report now; `spoken_meanwhile` is that report where it came
    after the draft was begun. `reports` are newest first, those this person may see.
    """

    answer: AnswerState
    statuses: tuple[Status, ...]
    lifters: tuple[EntityRef, ...]
    today: dt.date
    base_report_id: int | None
    draft: DraftKept | None
    evidence: tuple[Piece, ...]
    reports: tuple[FullReport, ...]
    on_behalf: bool

    @property
    def spoken_meanwhile(self) -> FullReport | None:
        """The report that came after the draft was begun, if one did."""
        if self.draft is None or self.base_report_id == self.draft.base_report_id:
            return None
        return next((report for report in self.reports if report.id == self.base_report_id), None)


@dataclass(frozen=True)
class AnswerFormQuery(PrivateQuery[AnswerForm]):
    """The form of one answer (`CCM7-A1-05/NE002`), at a date."""

    assignment: str
    at: At

    def authorise(self, actor: Actor) -> None:
        """Whoever may report."""
        require_somewhere(actor, Action.SAVE_DRAFT)

    def answer_to(self, connection: Connection, actor: Actor) -> AnswerForm:
        """Raises NotFound for an answer that is not there, or not the actor's: both alike, but for one that
        was theirs until another entity followed."""
        held, first = holders(connection, today()), aliased(Entity)
        row = connection.execute(
            select(Assignment.id, Assignment.recommendation_id, Entity.key.label("holder"))
            .add_columns(first.key.label("first"), held.c.entity_id.label("holder_id"))
            .join(held, held.c.assignment_id == Assignment.id)
            .join(Entity, Entity.id == held.c.entity_id)
            .join(first, first.id == Assignment.entity_id)
            .where(Assignment.key == self.assignment)
        ).first()
        if row and row.first in actor.entities and row.holder not in actor.entities:
            # Whose it was knows it: who has it now is no secret of the successor's.
            raise NotFound(
                "Cet engagement est maintenant celui de %(entity)s, pour qui vous ne répondez pas : "
                "demandez à l'administrateur de vous confier cet acteur.",
                entity=entities(connection, self.at.as_of)[row.holder_id].short_name,
            )
        if row is None or not allowed(actor, Action.SAVE_DRAFT, row.holder):
            raise NotFound("Cet engagement n'est pas connu, ou n'est pas le vôtre : revenez à Mon espace.")
        stated = answers(connection, self.at, [row.recommendation_id])
        answer = next((found for found in stated if found.assignment == self.assignment), None)
        if answer is None:
            raise NotFound("Cette recommandation n'est pas suivie à cette date.")
        reports = reports_of(connection, self.at.as_of, row.id)
        return AnswerForm(
            answer=answer,
            statuses=accepted_statuses(Nature(answer.nature)),
            lifters=tuple(entities(connection, self.at.as_of).values()),
            today=today(),
            base_report_id=max((report.id for report in reports), default=None),
            draft=_draft(connection, actor, row.id),
            evidence=_waiting(connection, actor, row.id),
            reports=reports,
            on_behalf=allowed(actor, Action.SUBMIT_ON_BEHALF, row.holder)
            and row.holder not in actor.entities,
        )


@dataclass(frozen=True)
class ReportQuery(PrivateQuery[FullReport]):
    """One report by its id."""

    report_id: int

    def authorise(self, actor: Actor) -> None:
        """Looked at once the report is known."""
        require_somewhere(actor, Action.READ_VALIDATED)

    def answer_to(self, connection: Connection, actor: Actor) -> FullReport:
        """Raises NotFound for a report that is not there, or not for this actor's eyes."""
        held = holders(connection, today())
        row = connection.execute(
            select(ProgressReport.assignment_id, ProgressReport.state, Entity.key.label("holder"))
            .join(held, held.c.assignment_id == ProgressReport.assignment_id)
            .join(Entity, Entity.id == held.c.entity_id)
            .where(ProgressReport.id == self.report_id)
        ).first()
        if row is None or not may_read(actor, ReportState(row.state), row.holder):
            raise NotFound("Ce point de situation n'est pas connu.")
        found = reports_of(connection, today(), row.assignment_id)
        return as_seen(actor, next(one for one in found if one.id == self.report_id), row.holder)


def as_seen(actor: Actor, report: FullReport, entity: str) -> FullReport:
    """A report that the actor may read, without the names and the evidence that are not for their eyes."""
    if not may_see_names(actor, entity):
        report = replace(report, author="", validated_by="", returned_by="", retracted_by="", verified_by="")
    return report if may_see_evidence(actor, report.state, entity) else replace(report, evidence=())


def reports_of(connection: Connection, on: dt.date, assignment: int) -> tuple[FullReport, ...]:
    """Every report of an answer, newest first, with its evidence: for whoever may see them all."""
    report = ProgressReport
    rows = connection.execute(
        select(*report.__table__.columns, Assignment.key.label("assignment"))
        .join(Assignment, Assignment.id == report.assignment_id)
        .where(report.assignment_id == assignment)
        .order_by(report.id.desc())
    ).all()
    return full_reports(connection, on, rows)


def full_reports(connection: Connection, on: dt.date, rows: Any) -> tuple[FullReport, ...]:
    """Rows of `progress_report` (with `assignment`, the key) as reports, with their evidence."""
    named, evidence = entities(connection, on), _evidence(connection, [row.id for row in rows])
    same = [
        name for name in FullReport.__dataclass_fields__ if name not in ("blocked_by", "evidence", "proved")
    ]
    return tuple(
        FullReport(
            **{name: row._mapping[name] for name in same},
            blocked_by=named.get(row.blocked_by_id),
            evidence=evidence.get(row.id, ()),
            proved=row.id in evidence,
        )
        for row in rows
    )


def _evidence(connection: Connection, reports: list[int]) -> dict[int, tuple[Piece, ...]]:
    found: dict[int, tuple[Piece, ...]] = {}
    columns = (Evidence.report_id, Evidence.id, Evidence.kind, Evidence.name, Evidence.url, Evidence.size)
    rows = connection.execute(select(*columns).where(Evidence.report_id.in_(reports)).order_by(Evidence.id))
    for row in rows:
        found[row.report_id] = (*found.get(row.report_id, ()), Piece(*row[1:]))
    return found


def _waiting(connection: Connection, actor: Actor, assignment: int) -> tuple[Piece, ...]:
    """One's own pieces that no report holds yet."""
    own = DraftEvidence
    rows = connection.execute(
        select(own.id, own.kind, own.name, own.url, own.size)
        .where(own.assignment_id == assignment, own.user_id == actor.user_id)
        .order_by(own.id)
    )
    return tuple(Piece(*row) for row in rows)


def _draft(connection: Connection, actor: Actor, assignment: int) -> DraftKept | None:
    row = connection.execute(
        select(Draft.content, Draft.version, Draft.updated_at, Draft.base_report_id).where(
            Draft.user_id == actor.user_id, Draft.assignment_id == assignment
        )
    ).first()
    return DraftKept(*row) if row else None
