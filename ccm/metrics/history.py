"""The plan as history tells it at (D, K): relations of declared grain, built from append-only rows.

The same columns come from the maintained current state (`current.py`); nothing above this layer knows
which of the two it reads.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    Subquery,
    and_,
    case,
    func,
    not_,
    or_,
    select,
)

from ccm.domain.vocabulary import AssignmentRole, Nature, ReportState, Status
from ccm.metrics.at import KEPT, At
from ccm.metrics.changes import FIRST, Ids, in_force, known
from ccm.metrics.succession import heirs, heirs_of_split
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Membership,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    Session,
    SessionChange,
)


def terms_recorded(recommendation: int) -> Select[int]:
    """How many rows say who answers for a recommendation and under what terms: as none goes, its version."""
    its, of_answer = (
        Assignment.recommendation_id == recommendation,
        AssignmentChange.assignment_id == Assignment.id,
    )
    counts = (
        select(func.count()).select_from(Assignment).where(its),
        select(func.count()).select_from(AssignmentChange).join(Assignment, of_answer).where(its),
        select(func.count()).where(RecommendationChange.recommendation_id == recommendation),
    )
    first, second, third = (count.scalar_subquery() for count in counts)
    return select(first + second + third)


@lru_cache(KEPT)
def session_dates(at: At) -> Subquery:
    """One row per known session: its political date at (D, K), and that of the session after it.

    Both are NULL where they are not known yet.
    """
    changed = in_force(SessionChange, SessionChange.session_id, at)
    dated = (
        select(
            Session.id,
            Session.number,
            func.coalesce(changed.c.political_date, Session.initial_political_date).label("political_date"),
        )
        .outerjoin(changed, changed.c.owner_id == Session.id)
        .where(known(Session.recorded_at, at))
        .subquery("dated_session")
    )
    following = func.lead(dated.c.political_date).over(order_by=dated.c.number)
    return select(dated, following.label("next_political_date")).subquery("session_date")


def memberships(at: At, only: Ids = None) -> Subquery:
    """One row per recommendation and session that holds it: from that session's political meeting on,
    where its row gives no other day."""
    dated = session_dates(at)
    effective_on = func.coalesce(Membership.effective_on, dated.c.political_date)
    query = (
        select(Membership.recommendation_id, dated.c.id.label("session_id"), dated.c.number)
        .join(dated, dated.c.id == Membership.session_id)
        .join(Recommendation, Recommendation.id == Membership.recommendation_id)
        # The session that adopts it holds it before its meeting too; follow-up waits for that day.
        .where(
            or_(effective_on <= at.as_of, Membership.session_id == Recommendation.session_id),
            known(Membership.recorded_at, at),
        )
    )
    return (query if only is None else query.where(Membership.recommendation_id.in_(only))).subquery("held")


def recommendation_terms(at: At, only: Ids = None) -> Select[Any]:
    """One row per known recommendation: place, nature, whether withdrawn, start of follow-up.

    `adopted_by` is the session that adopts it; `follow_from` is NULL while its political date is not known.
    """
    changed = in_force(RecommendationChange, RecommendationChange.recommendation_id, at, only)
    adopted = session_dates(at)

    def since(field: str, change: str, initial: Any) -> ColumnElement[Any]:
        # What the first load says is effective on the political date: an earlier change gives way.
        return case((changed.c[f"{field}_on"] >= adopted.c.political_date, changed.c[change]), else_=initial)

    query = (
        select(
            Recommendation.id.label("recommendation_id"),
            adopted.c.id.label("adopted_by"),
            since("place", "axis_id", Recommendation.initial_axis_id).label("axis_id"),
            since("place", "challenge_id", Recommendation.initial_challenge_id).label("challenge_id"),
            since("nature", "nature", Recommendation.initial_nature).label("nature"),
            (func.coalesce(changed.c.withdrawn, "false") == "true").label("withdrawn"),
            adopted.c.political_date.label("follow_from"),
        )
        .join(adopted, adopted.c.id == Recommendation.session_id)
        .outerjoin(changed, changed.c.owner_id == Recommendation.id)
        .where(known(Recommendation.recorded_at, at))
    )
    return query if only is None else query.where(Recommendation.id.in_(only))


def recommendation_states(at: At, only: Ids = None) -> Select[Any]:
    """One row per recommendation not withdrawn: place, nature, last session, start of follow-up.

    `due_by_default` is the political meeting of the session after the last that holds it.
    """
    terms = recommendation_terms(at, only).subquery("recommendation_term")
    member, last = _last_membership(at, only), session_dates(at).alias("last_session")
    return (
        select(
            terms.c.recommendation_id,
            last.c.id.label("session_id"),
            terms.c.axis_id,
            terms.c.challenge_id,
            terms.c.nature,
            terms.c.follow_from,
            last.c.next_political_date.label("due_by_default"),
        )
        .join(member, member.c.recommendation_id == terms.c.recommendation_id)
        .join(last, last.c.number == member.c.last_number)
        .where(terms.c.follow_from.is_not(None), not_(terms.c.withdrawn))
    )


def _last_membership(at: At, only: Ids) -> Subquery:
    """One row per recommendation held by a session, with the number of the last one.

    Narrowed for a batch alone: of ids told one by one PostgreSQL would expect too few, and loop.
    """
    held = memberships(at, only if isinstance(only, Select) else None)
    return (
        select(held.c.recommendation_id, func.max(held.c.number).label("last_number"))
        .group_by(held.c.recommendation_id)
        .subquery("last_membership")
    )


def assignment_terms(at: At, recommendations: Any, only: Ids = None) -> Select[Any]:
    """One row per assignment of these recommendations: role, weight, own due date, whether it has ended.

    `role` is NULL where the assignment does not exist yet. `recommendations` gives `recommendation_id` and
    `follow_from`.
    """
    changed = in_force(AssignmentChange, AssignmentChange.assignment_id, at, only)
    began_later = Assignment.initial_role.is_(None)

    def since(field: str, initial: Any) -> ColumnElement[Any]:
        # As above; what began after the first load has nothing to give way to.
        in_time = changed.c[f"{field}_on"] >= recommendations.c.follow_from
        return case((or_(began_later, in_time), changed.c[field]), else_=initial)

    query = (
        select(
            Assignment.id.label("assignment_id"),
            Assignment.recommendation_id,
            Assignment.entity_id,
            since("role", Assignment.initial_role).label("role"),
            func.coalesce(since("weight", Assignment.initial_weight), 1).label("weight"),
            since("due_date", Assignment.initial_due_date).label("due_date"),
            (func.coalesce(changed.c.ended, "false") == "true").label("ended"),
        )
        .join(recommendations, recommendations.c.recommendation_id == Assignment.recommendation_id)
        .outerjoin(changed, changed.c.owner_id == Assignment.id)
    )
    return query if only is None else query.where(Assignment.recommendation_id.in_(only))


def assignment_states(at: At, recommendations: Subquery | CTE, only: Ids = None) -> Select[Any]:
    """One row per assignment that exists at (D, K): terms in force and latest report that counts.

    `entity_id` is the entity that answers at D, after successions; `due_date` is its own or the
    default one; `status` is `not_reported` where no report counts.
    """
    terms = assignment_terms(at, recommendations, only).subquery("assignment_term")
    report, heir, split = _reports(at, only), heirs(at), heirs_of_split(at)
    latest = report.c.assignment_id == terms.c.assignment_id
    if isinstance(only, Select):
        latest = report.c.id == _latest_of(at, terms)
    return (
        select(
            terms.c.assignment_id,
            terms.c.recommendation_id,
            func.coalesce(split.c.holder_id, heir.c.holder_id).label("entity_id"),
            terms.c.role,
            terms.c.weight,
            func.coalesce(terms.c.due_date, recommendations.c.due_by_default).label("due_date"),
            report.c.id.label("report_id"),
            func.coalesce(report.c.status, Status.NOT_REPORTED.value).label("status"),
            report.c.percent,
            report.c.as_of,
        )
        .join(recommendations, recommendations.c.recommendation_id == terms.c.recommendation_id)
        .join(heir, heir.c.entity_id == terms.c.entity_id)
        .outerjoin(split, split.c.assignment_id == terms.c.assignment_id)
        .outerjoin(report, latest)
        .where(terms.c.role.is_not(None), not_(terms.c.ended))
    )


def _reports(at: At, only: Ids) -> FromClause:
    """The reports an assignment's latest is among: it alone, but where it is looked up for each."""
    if isinstance(only, Select):
        return ProgressReport.__table__.alias("report")
    counts, latest_first = _counting(at)
    place = func.row_number().over(partition_by=ProgressReport.assignment_id, order_by=latest_first)
    columns = (ProgressReport.id, ProgressReport.status, ProgressReport.percent, ProgressReport.as_of)
    ranked = select(ProgressReport.assignment_id, *columns, place.label("place_in_time")).where(*counts)
    if only is not None:
        of_these = select(Assignment.id).where(Assignment.recommendation_id.in_(only))
        ranked = ranked.where(ProgressReport.assignment_id.in_(of_these))
    rows = ranked.subquery()
    return select(rows).where(rows.c.place_in_time <= FIRST).subquery("latest_report")


def _latest_of(at: At, assignments: Subquery) -> ScalarSelect[int]:
    """The id of an assignment's latest report: SQLite would read the ranks of a batch anew for each row."""
    counts, latest_first = _counting(at)
    its = select(ProgressReport.id).where(
        ProgressReport.assignment_id == assignments.c.assignment_id, *counts
    )
    return its.order_by(*latest_first).limit(1).correlate(assignments).scalar_subquery()


def _counting(at: At) -> tuple[tuple[ColumnElement[bool], ...], tuple[ColumnElement[Any], ...]]:
    """Which reports count, and their order: the greatest as_of first, then instant, then id."""
    instant, counts = _official_instant(at)
    latest_first = (ProgressReport.as_of.desc(), instant.desc(), ProgressReport.id.desc())
    return (ProgressReport.as_of <= at.as_of, counts), latest_first


def _official_instant(at: At) -> tuple[Any, ColumnElement[bool]]:
    """The instant that orders reports, and which reports count, at K. Returned ones never do."""
    report = ProgressReport
    if at.known_at is None:
        states = [ReportState.VALIDATED, *([ReportState.SUBMITTED] if at.provisional else [])]
        return func.coalesce(report.validated_at, report.submitted_at), report.state.in_(states)
    standing = or_(report.retracted_at.is_(None), report.retracted_at > at.known_at)
    if not at.provisional:
        return report.validated_at, and_(report.validated_at <= at.known_at, standing)
    validated = report.validated_at <= at.known_at
    instant = case((validated, report.validated_at), else_=report.submitted_at)
    offered = and_(report.submitted_at <= at.known_at, report.state != ReportState.RETURNED)
    return instant, and_(offered, standing)


def responsible(assignments: Subquery | CTE) -> ColumnElement[bool]:
    """Whether an assignment owes an answer."""
    return assignments.c.role == AssignmentRole.RESPONSIBLE.value


def finite(recommendations: Subquery | CTE) -> ColumnElement[bool]:
    """Whether a recommendation can be completed."""
    return recommendations.c.nature == Nature.FINITE.value
