"""The answers behind the figures, one by one."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, and_, exists, select
from sqlalchemy.orm import aliased

from ccm.domain.vocabulary import AssignmentRole, Nature, Status
from ccm.metrics import At
from ccm.metrics.current import Plan, part_of_plan, plan
from ccm.queries.names import entities
from ccm.queries.results import AnswerState, EntityRef
from ccm.store.models import Assignment, Axis, Contest, Evidence, ProgressReport, Recommendation


def answers(
    connection: Connection,
    at: At,
    recommendations: Sequence[int] | None = None,
    entity: int | None = None,
) -> tuple[AnswerState, ...]:
    """The state of every assignment in follow-up at (D, K), in the source's order.

    Narrowed to some recommendations, or to the entity that answers at D.
    """
    seen = plan(connection, at) if recommendations is None else part_of_plan(connection, at)
    query = _select(seen)
    if entity is not None:
        query = query.where(seen.assignments.c.entity_id == entity)
    names = entities(connection, at.as_of)
    named = None if recommendations is None else {"only": list(recommendations)}
    return tuple(_state(row, at, names) for row in connection.execute(query, named))


def _select(seen: Plan) -> Select[Any]:
    a, r, report = seen.assignments, seen.recommendations, aliased(ProgressReport)
    contested = exists().where(and_(Contest.report_id == a.c.report_id, Contest.answered_at.is_(None)))
    proven = exists().where(Evidence.report_id == a.c.report_id)
    return (
        select(
            Assignment.key,
            Recommendation.key.label("recommendation"),
            Recommendation.text,
            Axis.key.label("axis"),
            r.c.nature,
            a.c.entity_id,
            a.c.role,
            a.c.weight,
            a.c.due_date,
            a.c.status,
            a.c.percent,
            a.c.as_of,
            report.note,
            report.blocked_reason,
            report.blocked_cause,
            report.blocked_by_id,
            report.verified_at,
            contested.label("contested"),
            proven.label("proven"),
        )
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .join(Assignment, Assignment.id == a.c.assignment_id)
        .join(Recommendation, Recommendation.id == a.c.recommendation_id)
        .join(Axis, Axis.id == r.c.axis_id)
        .outerjoin(report, report.id == a.c.report_id)
        .order_by(Recommendation.position, Recommendation.id, Assignment.entity_id)
    )


def _state(row: Any, at: At, names: dict[int, EntityRef]) -> AnswerState:
    status, nature = Status(row.status), Nature(row.nature)
    role = AssignmentRole(row.role)
    owed = role is AssignmentRole.RESPONSIBLE and nature is Nature.FINITE
    open_still = status not in (Status.COMPLETED, Status.DROPPED)
    return AnswerState(
        assignment=row.key,
        recommendation=row.recommendation,
        text=row.text,
        axis=row.axis,
        entity=names[row.entity_id],
        role=role,
        nature=nature,
        status=status,
        percent=row.percent,
        as_of=row.as_of,
        age=(at.as_of - row.as_of).days if row.as_of else None,
        due_date=row.due_date,
        overdue=bool(owed and open_still and row.due_date and row.due_date < at.as_of),
        note=row.note or "",
        blocked_reason=row.blocked_reason or "",
        blocked_cause=row.blocked_cause,
        blocked_by=names.get(row.blocked_by_id),
        weight=row.weight,
        contested=bool(row.contested),
        verified=row.verified_at is not None,
        unproven=status is Status.COMPLETED and not row.proven,
    )
