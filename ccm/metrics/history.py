"""The plan as history tells it at (D, K): relations of declared grain, built from append-only rows.

The same columns come from the maintained current state (`current.py`); nothing above this layer knows
which of the two it reads.
"""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from ccm.domain.vocabulary import AssignmentRole, ChangeField, Nature, ReportState, Status
from ccm.metrics.at import At
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Entity,
    Membership,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    Session,
    SessionChange,
    Succession,
)

Ids = Collection[int] | None
#: Successions are chains of renamings; this many steps is beyond any real one and stops a loop.
_LONGEST_SUCCESSION = 20
#: Ranks are compared by `<=`: PostgreSQL then expects many rows and joins by hashing, where `=` makes it
#: expect one and loop (minutes instead of tenths of a second at 60,000 reports).
_FIRST = 1


def session_dates(at: At) -> Subquery:
    """One row per session: its political date at (D, K), and that of the next session once known."""
    changed = _in_force(SessionChange, SessionChange.session_id, at, None)
    political = func.coalesce(changed.c.political_date, Session.initial_political_date)
    dated = (
        select(Session.id, Session.number, political.label("political_date"))
        .outerjoin(changed, changed.c.owner_id == Session.id)
        .where(political.is_not(None), _known(Session.recorded_at, at))
        .subquery("dated_session")
    )
    following = func.lead(dated.c.political_date).over(order_by=dated.c.number)
    return select(dated, following.label("next_political_date")).subquery("session_date")


def recommendation_states(at: At, only: Ids = None) -> Select[Any]:
    """One row per recommendation not withdrawn: place, nature, last session, start of follow-up.

    `due_by_default` is the political meeting of the session after the last that holds it.
    """
    changed = _in_force(RecommendationChange, RecommendationChange.recommendation_id, at, only)
    adopted, last = session_dates(at), session_dates(at).alias("last_session")
    member = _last_membership(at, only)
    query = (
        select(
            Recommendation.id.label("recommendation_id"),
            last.c.id.label("session_id"),
            func.coalesce(changed.c.axis_id, Recommendation.initial_axis_id).label("axis_id"),
            func.coalesce(changed.c.challenge_id, Recommendation.initial_challenge_id).label("challenge_id"),
            func.coalesce(changed.c.nature, Recommendation.initial_nature).label("nature"),
            adopted.c.political_date.label("follow_from"),
            last.c.next_political_date.label("due_by_default"),
        )
        .join(adopted, adopted.c.id == Recommendation.session_id)
        .join(member, member.c.recommendation_id == Recommendation.id)
        .join(last, last.c.number == member.c.last_number)
        .outerjoin(changed, changed.c.owner_id == Recommendation.id)
        .where(func.coalesce(changed.c.withdrawn, "false") != "true", _known(Recommendation.recorded_at, at))
    )
    return query if only is None else query.where(Recommendation.id.in_(only))


def assignment_states(at: At, recommendations: Subquery | CTE, only: Ids = None) -> Select[Any]:
    """One row per assignment that exists at (D, K): terms in force and latest report that counts.

    `entity_id` is the entity that answers at D, after successions; `due_date` is its own or the
    default one; `status` is `not_reported` where no report counts.
    """
    changed = _in_force(AssignmentChange, AssignmentChange.assignment_id, at, only)
    report, heir = _latest_report(at, only), _heirs(at)
    own = _split_successor(at)
    role = func.coalesce(changed.c.role, Assignment.initial_role)
    due = case((changed.c.due_date_changed == 1, changed.c.due_date), else_=Assignment.initial_due_date)
    query = (
        select(
            Assignment.id.label("assignment_id"),
            Assignment.recommendation_id,
            heir.c.holder_id.label("entity_id"),
            role.label("role"),
            func.coalesce(changed.c.weight, Assignment.initial_weight).label("weight"),
            func.coalesce(due, recommendations.c.due_by_default).label("due_date"),
            report.c.report_id,
            func.coalesce(report.c.status, Status.NOT_REPORTED.value).label("status"),
            report.c.percent,
            report.c.as_of,
        )
        .join(recommendations, recommendations.c.recommendation_id == Assignment.recommendation_id)
        .outerjoin(changed, changed.c.owner_id == Assignment.id)
        .outerjoin(own, own.c.assignment_id == Assignment.id)
        .join(heir, heir.c.entity_id == func.coalesce(own.c.successor_id, Assignment.entity_id))
        .outerjoin(report, report.c.assignment_id == Assignment.id)
        .where(role.is_not(None), func.coalesce(changed.c.ended, "false") != "true")
    )
    return query if only is None else query.where(Assignment.recommendation_id.in_(only))


def _known(recorded_at: Any, at: At) -> ColumnElement[bool]:
    """What has no recording date came with the first load: always known."""
    if at.known_at is None:
        return true()
    return or_(recorded_at.is_(None), recorded_at <= at.known_at)


def _in_force(model: Any, owner: InstrumentedAttribute[int], at: At, only: Ids) -> Subquery:
    """One row per changed object: each field's value in force at (D, K), NULL where it never changed."""
    ranked = select(
        owner.label("owner_id"),
        *[column for column in model.__table__.columns if column.name not in ("id", owner.key)],
        func.row_number()
        .over(
            partition_by=(owner, model.field),
            order_by=(model.effective_on.desc(), model.recorded_at.desc(), model.id.desc()),
        )
        .label("place_in_time"),
    ).where(model.effective_on <= at.as_of, _known(model.recorded_at, at))
    if only is not None:
        ranked = ranked.where(_of_recommendations(model, owner, only))
    rows = ranked.subquery()
    picked = [column.label(name) for name, column in _fields(model, rows).items()]
    return (
        select(rows.c.owner_id, *picked)
        .where(rows.c.place_in_time <= _FIRST)
        .group_by(rows.c.owner_id)
        .subquery()
    )


def _fields(model: Any, rows: Subquery) -> dict[str, ColumnElement[Any]]:
    def pick(field: ChangeField, column: str) -> ColumnElement[Any]:
        return func.max(case((rows.c.field == field, rows.c[column])))

    if model is SessionChange:
        return {"political_date": pick(ChangeField.POLITICAL_DATE, "day")}
    if model is RecommendationChange:
        return {
            "nature": pick(ChangeField.NATURE, "value"),
            "axis_id": pick(ChangeField.PLACE, "axis_id"),
            "challenge_id": pick(ChangeField.PLACE, "challenge_id"),
            "withdrawn": pick(ChangeField.WITHDRAWN, "value"),
        }
    due = ChangeField.DUE_DATE
    return {
        "role": pick(ChangeField.ROLE, "value"),
        "weight": pick(ChangeField.WEIGHT, "number"),
        "due_date": pick(due, "day"),
        # A cleared due date is a change whose day is NULL: the change must be seen all the same.
        "due_date_changed": func.max(case((rows.c.field == due, 1), else_=0)),
        "ended": pick(ChangeField.END, "value"),
    }


def _of_recommendations(
    model: Any, owner: InstrumentedAttribute[int], ids: Collection[int]
) -> ColumnElement[bool]:
    if model is RecommendationChange:
        return owner.in_(ids)
    return owner.in_(select(Assignment.id).where(Assignment.recommendation_id.in_(ids)))


def _last_membership(at: At, only: Ids) -> Subquery:
    """One row per recommendation held by a session at (D, K), with the number of the last one.

    For a cohort: only what that session holds, and that session stands for the last.
    """
    effective = or_(Membership.effective_on.is_(None), Membership.effective_on <= at.as_of)
    query = (
        select(Membership.recommendation_id, func.max(Session.number).label("last_number"))
        .join(Session, Session.id == Membership.session_id)
        .where(effective, _known(Membership.recorded_at, at))
        .group_by(Membership.recommendation_id)
    )
    if only is not None:
        query = query.where(Membership.recommendation_id.in_(only))
    return query.subquery("last_membership")


def _latest_report(at: At, only: Ids) -> Subquery:
    """One row per answered assignment: the report with the greatest as_of, then instant, then id."""
    instant, counts = _official_instant(at)
    ranked = select(
        ProgressReport.assignment_id,
        ProgressReport.id.label("report_id"),
        ProgressReport.status,
        ProgressReport.percent,
        ProgressReport.as_of,
        func.row_number()
        .over(
            partition_by=ProgressReport.assignment_id,
            order_by=(ProgressReport.as_of.desc(), instant.desc(), ProgressReport.id.desc()),
        )
        .label("place_in_time"),
    ).where(ProgressReport.as_of <= at.as_of, counts)
    if only is not None:
        of_these = select(Assignment.id).where(Assignment.recommendation_id.in_(only))
        ranked = ranked.where(ProgressReport.assignment_id.in_(of_these))
    rows = ranked.subquery()
    return select(rows).where(rows.c.place_in_time <= _FIRST).subquery("latest_report")


def _official_instant(at: At) -> tuple[Any, ColumnElement[bool]]:
    """The instant that orders reports, and which reports count, at K."""
    report = ProgressReport
    if at.known_at is None:
        states = [ReportState.VALIDATED, *([ReportState.SUBMITTED] if at.provisional else [])]
        return func.coalesce(report.validated_at, report.submitted_at), report.state.in_(states)
    standing = or_(report.retracted_at.is_(None), report.retracted_at > at.known_at)
    if not at.provisional:
        return report.validated_at, and_(report.validated_at <= at.known_at, standing)
    validated = report.validated_at <= at.known_at
    pending = or_(report.returned_at.is_(None), report.returned_at > at.known_at)
    instant = case((validated, report.validated_at), else_=report.submitted_at)
    return instant, and_(report.submitted_at <= at.known_at, standing, pending)


def _heirs(at: At) -> Subquery:
    """One row per entity: the entity that answers for it at (D, K) after renamings and mergers."""
    in_force = and_(
        Succession.assignment_id.is_(None),
        Succession.effective_on <= at.as_of,
        _known(Succession.recorded_at, at),
    )
    line = select(Entity.id.label("entity_id"), Entity.id.label("holder_id"), literal(0).label("step")).cte(
        "line_of_succession", recursive=True
    )
    line = line.union_all(
        select(line.c.entity_id, Succession.successor_id, line.c.step + 1)
        .join(Succession, Succession.predecessor_id == line.c.holder_id)
        .where(in_force, line.c.step < _LONGEST_SUCCESSION)
    )
    ranked = select(
        line.c.entity_id,
        line.c.holder_id,
        func.row_number()
        .over(partition_by=line.c.entity_id, order_by=(line.c.step.desc(), line.c.holder_id))
        .label("place"),
    ).subquery()
    return select(ranked.c.entity_id, ranked.c.holder_id).where(ranked.c.place <= _FIRST).subquery("heir")


def _split_successor(at: At) -> Subquery:
    """One row per assignment that a split gave to one successor by name."""
    return (
        select(Succession.assignment_id, func.max(Succession.successor_id).label("successor_id"))
        .where(
            Succession.assignment_id.is_not(None),
            Succession.effective_on <= at.as_of,
            _known(Succession.recorded_at, at),
        )
        .group_by(Succession.assignment_id)
        .subquery("split_successor")
    )


def responsible(assignments: Subquery | CTE) -> ColumnElement[bool]:
    """Whether an assignment owes an answer."""
    return assignments.c.role == AssignmentRole.RESPONSIBLE.value


def finite(recommendations: Subquery | CTE) -> ColumnElement[bool]:
    """Whether a recommendation can be completed."""
    return recommendations.c.nature == Nature.FINITE.value
