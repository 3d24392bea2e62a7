"""What became of one recommendation: official reports and recorded changes, as the public may read them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ccm.domain.dates import day_of
from ccm.domain.vocabulary import AssignmentRole, BlockedCause, ChangeField, DroppedKind, Nature
from ccm.metrics import At
from ccm.metrics.changes import known
from ccm.metrics.history import assignment_states, recommendation_states
from ccm.queries.names import entities
from ccm.queries.results import EntityRef, ReportEntry
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Axis,
    Challenge,
    ProgressReport,
    RecommendationChange,
)

Value = dt.date | int | AssignmentRole | Nature | str | None


@dataclass(frozen=True)
class PastReport(ReportEntry):
    """A report that was official once, without its author; `days_late` counts the days until it was sent."""

    blocked_cause: BlockedCause | None
    blocked_by: EntityRef | None
    dropped_kind: DroppedKind | None
    retracted_reason: str
    days_late: int


@dataclass(frozen=True)
class Change:
    """A recorded change: since when, of whose answer (None: of the recommendation), to what.

    `value` is a day, a whole number, a code of the vocabulary or a name, according to `field`.
    """

    effective_on: dt.date
    recorded_on: dt.date
    field: ChangeField
    entity: EntityRef | None
    value: Value
    reason: str


def past_reports(connection: Connection, at: At, recommendation: int) -> tuple[PastReport, ...]:
    """Newest first. Drafts, submitted and returned reports are nobody's but their author's."""
    named, heirs = entities(connection, at.as_of), _answering(connection, at, recommendation)
    report = ProgressReport
    rows = connection.execute(
        select(*report.__table__.columns, Assignment.entity_id)
        .join(Assignment, Assignment.id == report.assignment_id)
        .where(
            Assignment.recommendation_id == recommendation,
            report.validated_at.is_not(None),
            report.as_of <= at.as_of,
            known(report.validated_at, at),
        )
        .order_by(report.as_of.desc(), report.validated_at.desc(), report.id.desc())
    )
    return tuple(_report(row, named[heirs.get(row.assignment_id, row.entity_id)], named, at) for row in rows)


def _answering(connection: Connection, at: At, recommendation: int) -> dict[int, int]:
    """Who answers at the date for each assignment: {assignment id: entity id}."""
    only = [recommendation]
    known = recommendation_states(at, only).subquery()
    rows = connection.execute(assignment_states(at, known, only))
    return {row.assignment_id: row.entity_id for row in rows}


def _report(row: Any, entity: EntityRef, named: dict[int, EntityRef], at: At) -> PastReport:
    gone = (
        row.retracted_at if at.known_at is None or at.known_at >= (row.retracted_at or at.known_at) else None
    )
    return PastReport(
        id=row.id,
        entity=entity,
        as_of=row.as_of,
        status=row.status,
        percent=row.percent,
        state=row.state,
        note=row.note,
        blocked_reason=row.blocked_reason,
        author="",
        submitted_at=row.submitted_at,
        validated_at=row.validated_at,
        retracted_at=gone,
        blocked_cause=row.blocked_cause,
        blocked_by=named.get(row.blocked_by_id),
        dropped_kind=row.dropped_kind,
        retracted_reason=row.retracted_reason,
        days_late=(day_of(row.submitted_at) - row.as_of).days,
    )


def changes(connection: Connection, at: At, recommendation: int) -> tuple[Change, ...]:
    """Newest first: of the answers' terms, and of the recommendation's own."""
    named = entities(connection, at.as_of)
    of_answers = connection.execute(
        select(*AssignmentChange.__table__.columns, Assignment.entity_id)
        .join(Assignment, Assignment.id == AssignmentChange.assignment_id)
        .where(Assignment.recommendation_id == recommendation, AssignmentChange.effective_on <= at.as_of)
        .where(known(AssignmentChange.recorded_at, at))
    )
    found = [(row.recorded_at, row.id, typed(row, named[row.entity_id], row.value)) for row in of_answers]
    places = connection.execute(
        select(
            *RecommendationChange.__table__.columns,
            Axis.label.label("axis"),
            Challenge.text.label("challenge"),
        )
        .outerjoin(Axis, Axis.id == RecommendationChange.axis_id)
        .outerjoin(Challenge, Challenge.id == RecommendationChange.challenge_id)
        .where(
            RecommendationChange.recommendation_id == recommendation,
            RecommendationChange.effective_on <= at.as_of,
            known(RecommendationChange.recorded_at, at),
        )
    )
    found += [(row.recorded_at, row.id, typed(row, None, told(row))) for row in places]
    found.sort(key=lambda one: (one[2].effective_on, *one[:2]), reverse=True)
    return tuple(change for *_, change in found)


def told(row: Any) -> str:
    """The value of a recommendation's change; of its place, the names of axis and challenge."""
    if row.field is not ChangeField.PLACE:
        return str(row.value)
    return " · ".join(part for part in (row.axis, row.challenge) if part)


def typed(row: Any, entity: EntityRef | None, value: str) -> Change:
    """A recorded change with its value in its own type."""
    typed: Value = value
    if row.field is ChangeField.DUE_DATE:
        typed = row.day
    elif row.field is ChangeField.WEIGHT:
        typed = row.number
    elif row.field is ChangeField.ROLE:
        typed = AssignmentRole(value)
    elif row.field is ChangeField.NATURE:
        typed = Nature(value)
    return Change(row.effective_on, day_of(row.recorded_at), row.field, entity, typed, row.reason)
