"""The Secretariat's queue: what waits for validation beside what was said before, with what to look at."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ccm.auth import Action, Actor, require_somewhere
from ccm.domain.vocabulary import ReportState, Status
from ccm.queries.answer_form import FullReport, full_reports
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.results import EntityRef
from ccm.store.models import (
    Assignment,
    AssignmentState,
    Contest,
    Entity,
    ProgressReport,
    Recommendation,
)

#: How many waiting reports one page shows.
PAGE = 25
#: What stands out of a waiting report.
FALLS, JUMPS, NO_PROOF, SUPERSEDED, OWN, AFTER_OTHER = (
    "falls",
    "jumps",
    "no_proof",
    "superseded",
    "own",
    "reopens",
)


@dataclass(frozen=True)
class Waiting:
    """One report that waits: its answer, the official report it would follow, and what stands out.

    `marks`: `falls` (the percent goes down), `jumps` (completed from less than half, or from nothing),
    `no_proof` (completed without evidence), `superseded` (a later one of the same answer waits too),
    `own` (entered by whoever asks), `reopens` (it was completed).
    """

    report: FullReport
    recommendation: str
    text: str
    entity: EntityRef
    previous: FullReport | None
    marks: tuple[str, ...]

    @property
    def plain(self) -> bool:
        """Whether nothing stands out: what may be validated in bulk."""
        return not self.marks


@dataclass(frozen=True)
class OpenContest:
    """A contest that waits for an answer."""

    id: int
    report: FullReport
    recommendation: str
    entity: EntityRef
    author: str
    reason: str
    opened_at: dt.datetime


@dataclass(frozen=True)
class Queue:
    """What the Secretariat has to decide; `count` waits in all, oldest first, of which a page is shown."""

    waiting: tuple[Waiting, ...]
    count: int
    by_entity: tuple[tuple[EntityRef, int], ...]
    contests: tuple[OpenContest, ...]
    unverified: tuple[Waiting, ...]


@dataclass(frozen=True)
class QueueQuery(PrivateQuery[Queue]):
    """The queue on a day, of one entity where its key is given; pages count from 1."""

    on: dt.date
    entity: str | None = None
    page: int = 1

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require_somewhere(actor, Action.READ_QUEUE)

    def answer_to(self, connection: Connection, actor: Actor) -> Queue:
        """Read it."""
        named = entities(connection, self.on)
        waits = [ProgressReport.state == ReportState.SUBMITTED]
        if self.entity:
            waits.append(Entity.key == self.entity)
        count = connection.execute(select(func.count()).select_from(_joined().where(*waits).subquery()))
        rows = connection.execute(
            _joined()
            .where(*waits)
            .order_by(ProgressReport.submitted_at, ProgressReport.id)
            .limit(PAGE)
            .offset(PAGE * (self.page - 1))
        ).all()
        by_entity = connection.execute(
            select(AssignmentState.entity_id, func.count().label("n"))
            .join(ProgressReport, ProgressReport.assignment_id == AssignmentState.assignment_id)
            .where(ProgressReport.state == ReportState.SUBMITTED)
            .group_by(AssignmentState.entity_id)
            .order_by(func.count().desc(), AssignmentState.entity_id)
        )
        return Queue(
            waiting=_waiting(connection, self.on, rows, named, actor),
            count=count.scalar_one(),
            by_entity=tuple((named[row.entity_id], row.n) for row in by_entity),
            contests=_contests(connection, self.on, named),
            unverified=_unverified(connection, self.on, named),
        )


def _joined() -> Any:
    return (
        select(
            *ProgressReport.__table__.columns,
            Assignment.key.label("assignment"),
            Recommendation.key.label("recommendation"),
            Recommendation.text,
            AssignmentState.entity_id,
        )
        .join(Assignment, Assignment.id == ProgressReport.assignment_id)
        .join(AssignmentState, AssignmentState.assignment_id == Assignment.id)
        .join(Entity, Entity.id == AssignmentState.entity_id)
        .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
    )


def _waiting(
    connection: Connection, on: dt.date, rows: Any, named: dict[int, EntityRef], actor: Actor
) -> tuple[Waiting, ...]:
    reports = full_reports(connection, on, rows)
    assignments = [row.assignment_id for row in rows]
    previous, latest = _official(connection, on, assignments), _latest(connection, assignments)
    return tuple(
        Waiting(
            report,
            row.recommendation,
            row.text,
            named[row.entity_id],
            previous.get(row.assignment_id),
            _marks(report, previous.get(row.assignment_id), latest[row.assignment_id], actor),
        )
        for row, report in zip(rows, reports, strict=True)
    )


def _marks(report: FullReport, previous: FullReport | None, latest: int, actor: Actor) -> tuple[str, ...]:
    marks = []
    before = previous.percent if previous else None
    if before is not None and report.percent is not None and report.percent < before:
        marks.append(FALLS)
    if previous and previous.status is Status.COMPLETED and report.status is not Status.COMPLETED:
        marks.append(AFTER_OTHER)
    if report.status is Status.COMPLETED:
        if (before or 0) < 50:
            marks.append(JUMPS)
        if not report.evidence:
            marks.append(NO_PROOF)
    if latest != report.id:
        marks.append(SUPERSEDED)
    if report.author == actor.name:
        marks.append(OWN)
    return tuple(marks)


def _official(connection: Connection, on: dt.date, assignments: list[int]) -> dict[int, FullReport]:
    """The report that counts today, by assignment id."""
    rows = connection.execute(
        select(*ProgressReport.__table__.columns, Assignment.key.label("assignment"))
        .join(AssignmentState, AssignmentState.report_id == ProgressReport.id)
        .join(Assignment, Assignment.id == ProgressReport.assignment_id)
        .where(AssignmentState.assignment_id.in_(assignments))
    ).all()
    reports = full_reports(connection, on, rows)
    return {row.assignment_id: report for row, report in zip(rows, reports, strict=True)}


def _latest(connection: Connection, assignments: list[int]) -> dict[int, int]:
    rows = connection.execute(
        select(ProgressReport.assignment_id, func.max(ProgressReport.id).label("latest"))
        .where(
            ProgressReport.assignment_id.in_(assignments),
            ProgressReport.state == ReportState.SUBMITTED,
        )
        .group_by(ProgressReport.assignment_id)
    )
    return {row.assignment_id: row.latest for row in rows}


def _contests(connection: Connection, on: dt.date, named: dict[int, EntityRef]) -> tuple[OpenContest, ...]:
    rows = connection.execute(
        _joined()
        .add_columns(
            Contest.id.label("contest"),
            Contest.author.label("contester"),
            Contest.reason,
            Contest.opened_at,
        )
        .join(Contest, Contest.report_id == ProgressReport.id)
        .where(Contest.answered_at.is_(None))
        .order_by(Contest.opened_at)
        .limit(PAGE)
    ).all()
    reports = full_reports(connection, on, rows)
    return tuple(
        OpenContest(
            row.contest,
            report,
            row.recommendation,
            named[row.entity_id],
            row.contester,
            row.reason,
            row.opened_at,
        )
        for row, report in zip(rows, reports, strict=True)
    )


def _unverified(connection: Connection, on: dt.date, named: dict[int, EntityRef]) -> tuple[Waiting, ...]:
    """Completed answers that count today and whose evidence nobody has checked yet."""
    rows = connection.execute(
        _joined()
        .where(
            AssignmentState.report_id == ProgressReport.id,
            AssignmentState.status == Status.COMPLETED,
            ProgressReport.verified_at.is_(None),
        )
        .order_by(ProgressReport.validated_at.desc(), ProgressReport.id)
        .limit(PAGE)
    ).all()
    reports = full_reports(connection, on, rows)
    return tuple(
        Waiting(
            report,
            row.recommendation,
            row.text,
            named[row.entity_id],
            None,
            () if report.evidence else (NO_PROOF,),
        )
        for row, report in zip(rows, reports, strict=True)
    )
