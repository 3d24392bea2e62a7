"""Figures by group: the rollups, run, and their exact means put together."""

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Join, Select, Subquery, select

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import EntityKind, GroupBy
from ccm.metrics.at import KEPT, At
from ccm.metrics.current import Plan, plan
from ccm.metrics.rollups import answer_rollup, recommendation_rollup, tallies
from ccm.metrics.sums import Sum, alone, of_answers, of_recommendations
from ccm.store.models import Entity, RecommendationPriority

#: Groupings whose groups are made of recommendations, by the tally's column.
_RECOMMENDATION_KEYS = {
    GroupBy.RECOMMENDATION: "recommendation_id",
    GroupBy.AXIS: "axis_id",
    GroupBy.CHALLENGE: "challenge_id",
    GroupBy.SESSION: "session_id",
}
#: Groupings whose groups are made of an entity's own answers, by the kind they keep (None: all).
_ENTITY_KINDS = {
    GroupBy.REGION: EntityKind.REGION,
    GroupBy.MINISTRY: EntityKind.MINISTRY,
    GroupBy.ENTITY: None,
}


@dataclass(frozen=True)
class Grouped:
    """Figures by group id (a status code for `status`), their total, and the whole plan."""

    rows: dict[Any, Figures]
    total: Figures
    plan: Figures


def figures(connection: Connection, at: At, by: GroupBy) -> Grouped:
    """The figures of every group that has a recommendation in follow-up at (D, K)."""
    seen = plan(connection, at)
    tally = tallies(seen, at)
    if by in _RECOMMENDATION_KEYS:
        rows, whole = _by_recommendation_key(connection, tally, tally.c[_RECOMMENDATION_KEYS[by]])
        return Grouped(rows, whole, whole)
    if by is GroupBy.PRIORITY:
        rows, _ = _by_recommendation_key(
            connection, tally, RecommendationPriority.__table__.c.priority_id, _with_priorities(tally)
        )
        whole = whole_plan(connection, at, seen)
        return Grouped(rows, whole, whole)
    whole = whole_plan(connection, at, seen)
    if by is GroupBy.STATUS:
        # A status gathers answers of recommendations that are judged by all of their answers.
        return Grouped(_by_answers(connection, seen, at, seen.assignments.c.status, tally), whole, whole)
    if by is GroupBy.DONOR:
        # No commitment is recorded yet: no donor has a row.
        return Grouped({}, whole, whole)
    return _by_entity(connection, seen, at, _ENTITY_KINDS[by], whole)


def whole_plan(connection: Connection, at: At, seen: Plan | None = None) -> Figures:
    """The figures of the whole plan in follow-up."""
    tally = tallies(seen or plan(connection, at), at)
    whole = Sum()
    for _row, part in of_recommendations(connection.execute(recommendation_rollup(tally))):
        whole.add(part)
    return whole.figures


def kind_figures(connection: Connection, at: At, kind: EntityKind, whole: Figures) -> Figures:
    """The figures of the answers of all entities of a kind; who is unassigned is the whole plan's matter."""
    return _together(connection, _narrowed(plan(connection, at), kind), at, whole)


@lru_cache(4 * KEPT)
def _with_priorities(tally: Subquery) -> Join:
    beside = RecommendationPriority
    return tally.join(beside, beside.recommendation_id == tally.c.recommendation_id)


def _by_recommendation_key(
    connection: Connection, tally: Subquery, key: Any, source: Join | None = None
) -> tuple[dict[Any, Figures], Figures]:
    query = recommendation_rollup(tally, (key,), source)
    by_key: dict[Any, Sum] = defaultdict(Sum)
    whole = Sum()
    for row, part in of_recommendations(connection.execute(query)):
        by_key[row[0]].add(part)
        whole.add(part)
    return {key: group.figures for key, group in by_key.items()}, whole.figures


def _by_answers(
    connection: Connection, seen: Plan, at: At, key: ColumnElement[Any], judged: Subquery | None = None
) -> dict[Any, Figures]:
    tally = tallies(seen, at, group=key, weighted=False, continuous=judged is None)
    rows = connection.execute(answer_rollup(tally, (tally.c.group_key,), judged))
    return {row.group_key: alone(part) for row, part in of_answers(rows)}


def _by_entity(
    connection: Connection, seen: Plan, at: At, kind: EntityKind | None, whole: Figures
) -> Grouped:
    if kind is not None:
        seen = _narrowed(seen, kind)
    rows = _by_answers(connection, seen, at, seen.assignments.c.entity_id)
    return Grouped(rows, _together(connection, seen, at, whole), whole)


def _together(connection: Connection, seen: Plan, at: At, whole: Figures) -> Figures:
    tally = tallies(seen, at, group=seen.recommendations.c.recommendation_id, weighted=False)
    ((_row, part),) = of_answers(connection.execute(answer_rollup(tally)))
    return replace(alone(part), unassigned=whole.unassigned)


@lru_cache(4 * KEPT)
def _narrowed(seen: Plan, kind: EntityKind) -> Plan:
    """The same plan with the answers of one kind of entities alone."""
    of_kind = select(Entity.id).where(Entity.kind == kind)
    kept: Select[Any] = select(seen.assignments).where(seen.assignments.c.entity_id.in_(of_kind))
    return Plan(seen.recommendations, kept.cte("assignments_of_kind"))
