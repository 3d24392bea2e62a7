"""Figures by group: the rollups, run, and their exact means put together."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Subquery, select

from ccm.domain.figures import COUNTS, Figures
from ccm.domain.vocabulary import EntityKind, GroupBy
from ccm.metrics.at import At
from ccm.metrics.current import Plan, plan
from ccm.metrics.rollups import answer_rollup, recommendation_rollup, tallies
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
        beside = RecommendationPriority
        source = tally.join(beside, beside.recommendation_id == tally.c.recommendation_id)
        rows, _ = _by_recommendation_key(connection, tally, beside.priority_id, source)
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
    return _combined(connection.execute(recommendation_rollup(tally, [], tally)))


def entity_figures(connection: Connection, at: At) -> dict[int, Figures]:
    """The figures of each entity that owes an answer, without any total: {entity id: figures}."""
    seen = plan(connection, at)
    return _by_answers(connection, seen, at, seen.assignments.c.entity_id)


def entity_figures_by_axis(connection: Connection, at: At) -> dict[tuple[int, int], Figures]:
    """Figures of each entity within each axis: {(entity id, axis id): figures}."""
    seen = plan(connection, at)
    tally = tallies(seen, at, group=seen.assignments.c.entity_id, weighted=False)
    keys = [tally.c.group_key, tally.c.axis_id]
    rows = connection.execute(answer_rollup(tally, keys))
    return {(row.group_key, row.axis_id): _of_answers(row) for row in rows}


def _by_recommendation_key(
    connection: Connection, tally: Subquery, key: Any, source: Any = None
) -> tuple[dict[Any, Figures], Figures]:
    query = recommendation_rollup(tally, [key.label("group_key")], tally if source is None else source)
    parts = connection.execute(query).all()
    by_key: dict[Any, list[Row[Any]]] = defaultdict(list)
    for part in parts:
        by_key[part.group_key].append(part)
    return {key: _combined(rows) for key, rows in by_key.items()}, _combined(parts)


def _by_answers(
    connection: Connection, seen: Plan, at: At, key: ColumnElement[Any], judged: Subquery | None = None
) -> dict[Any, Figures]:
    tally = tallies(seen, at, group=key, weighted=False, continuous=judged is None)
    rows = connection.execute(answer_rollup(tally, [tally.c.group_key], judged))
    return {row.group_key: _of_answers(row) for row in rows}


def _by_entity(
    connection: Connection, seen: Plan, at: At, kind: EntityKind | None, whole: Figures
) -> Grouped:
    if kind is not None:
        seen = Plan(seen.recommendations, _of_kind(seen, kind).cte("assignments_of_kind"))
    rows = _by_answers(connection, seen, at, seen.assignments.c.entity_id)
    tally = tallies(seen, at, group=seen.recommendations.c.recommendation_id, weighted=False)
    row = connection.execute(answer_rollup(tally, [])).one()
    total = _of_answers(row, unassigned=whole.unassigned)
    return Grouped(rows, total, whole)


def _of_kind(seen: Plan, kind: EntityKind) -> Select[Any]:
    of_kind = select(Entity.id).where(Entity.kind == kind)
    return select(seen.assignments).where(seen.assignments.c.entity_id.in_(of_kind))


def _combined(parts: Iterable[Row[Any]]) -> Figures:
    """One group's figures from its parts, one for each divisor."""
    counts = dict.fromkeys(COUNTS, 0)
    points, in_mean = Fraction(0), 0
    for part in parts:
        for name in COUNTS:
            counts[name] += int(part._mapping[name] or 0)
        if part.divisor:
            points += Fraction(int(part.points), int(part.divisor))
            in_mean += int(part.in_mean)
    return Figures(**counts, completion=points / in_mean if in_mean else None)


def _of_answers(row: Row[Any], unassigned: int = 0) -> Figures:
    counts = {name: int(row._mapping[name] or 0) for name in COUNTS}
    mean = Fraction(int(row.points), int(row.divisor)) if row.divisor else None
    return Figures(**{**counts, "unassigned": unassigned}, completion=mean)
