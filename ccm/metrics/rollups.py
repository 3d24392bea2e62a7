"""Every count and mean, as SQL, once.

A *tally* adds up the answers of one recommendation within one group; a *rollup* adds up tallies. Means
are exact: numerators are summed per distinct denominator here, and the few fractions in Python.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, and_, case, func, literal, select

from ccm.domain.vocabulary import Nature, Status
from ccm.metrics.at import KEPT, At
from ccm.metrics.current import Plan
from ccm.metrics.history import finite, responsible

#: Counts of answers: those expected, by state; and those left out of the count.
ANSWER_COUNTS = (
    "expected",
    "answered",
    "fresh",
    "completed",
    "in_progress",
    "blocked",
    "not_started",
    "not_reported",
    "dropped",
    "overdue",
)

#: What is known of a recommendation beside its answers: the keys it can be grouped by.
RECOMMENDATION_KEYS = ("recommendation_id", "axis_id", "challenge_id", "session_id", "nature")


@lru_cache(4 * KEPT)
def tallies(
    plan: Plan,
    at: At,
    group: ColumnElement[Any] | None = None,
    weighted: bool = True,
    continuous: bool = True,
) -> Subquery:
    """One row per recommendation in follow-up (per group and recommendation where `group` is given).

    `named` counts responsible answers; `points`/`weight` is the mean percent of those that count.
    Without a group, recommendations that name nobody are kept, with zeros. `continuous` False leaves
    out of the groups the answers to continuous recommendations.
    """
    r, a = plan.recommendations, plan.assignments
    keys: list[ColumnElement[Any]] = [r.c[name] for name in RECOMMENDATION_KEYS]
    joined = r.outerjoin(a, a.c.recommendation_id == r.c.recommendation_id)
    if group is not None:
        keys.insert(0, group.label("group_key"))
        joined = r.join(a, a.c.recommendation_id == r.c.recommendation_id)
    query = select(*keys, *_tally_columns(plan, at, weighted)).select_from(joined).group_by(*keys)
    if group is not None:
        query = query.where(responsible(a), *([] if continuous else [finite(r)]))
    return query.subquery("tally" if group is None else "tally_of_group")


def _tally_columns(plan: Plan, at: At, weighted: bool) -> list[ColumnElement[Any]]:
    a = plan.assignments
    owed = responsible(a)
    ends = finite(plan.recommendations)
    counted = and_(owed, ends, a.c.status != Status.DROPPED.value)
    answered = and_(counted, a.c.status != Status.NOT_REPORTED.value)
    fresh = a.c.as_of >= at.fresh_since
    late = and_(counted, a.c.status != Status.COMPLETED.value, a.c.due_date < at.as_of)
    weight = a.c.weight if weighted else literal(1)

    def of(status: Status) -> ColumnElement[bool]:
        return and_(counted, a.c.status == status.value)

    conditions = {
        "named": owed,
        "expected": counted,
        "answered": answered,
        "fresh": and_(answered, fresh),
        "completed": of(Status.COMPLETED),
        "in_progress": of(Status.IN_PROGRESS),
        "blocked": of(Status.BLOCKED),
        "not_started": of(Status.NOT_STARTED),
        "not_reported": of(Status.NOT_REPORTED),
        "dropped": and_(owed, ends, a.c.status == Status.DROPPED.value),
        "overdue": late,
        "active": and_(owed, a.c.status == Status.IN_PROGRESS.value, fresh),
        "spoken": and_(owed, fresh),
    }
    counts = [_count(condition).label(name) for name, condition in conditions.items()]
    points = func.sum(case((counted, weight * func.coalesce(a.c.percent, 0)), else_=0))
    weights = func.sum(case((counted, weight), else_=0))
    return [*counts, points.label("points"), weights.label("weight")]


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


@lru_cache(4 * KEPT)
def recommendation_rollup(
    tally: Subquery, keys: tuple[ColumnElement[Any], ...] = (), source: FromClause | None = None
) -> Select[Any]:
    """Rows (keys, divisor, sums): the mean of a key is the sum of points/divisor over `in_mean`.

    A recommendation that names nobody is in the mean with 0 over 1; a dropped one is in none.
    """
    finite = tally.c.nature == Nature.FINITE.value
    nobody = tally.c.named == 0
    in_mean = and_(finite, (tally.c.expected > 0) | nobody)
    divisor = case((in_mean, case((nobody, 1), else_=tally.c.weight)), else_=0)
    columns = [
        divisor.label("divisor"),
        func.sum(case((in_mean, tally.c.points), else_=0)).label("points"),
        _count(in_mean).label("in_mean"),
        *_recommendation_counts(tally),
        *_answer_counts(tally),
    ]
    return select(*keys, *columns).select_from(tally if source is None else source).group_by(*keys, divisor)


@lru_cache(4 * KEPT)
def answer_rollup(
    tally: Subquery, keys: tuple[ColumnElement[Any], ...] = (), judged: Subquery | None = None
) -> Select[Any]:
    """One row per key: the mean is over the group's own answers, each counting once.

    What became of a recommendation is judged by the group's answers alone, or by those of `judged`.
    """
    own = [func.sum(tally.c.weight).label("divisor"), func.sum(tally.c.points).label("points")]
    if judged is None:
        return select(*keys, *own, *_recommendation_counts(tally), *_answer_counts(tally)).group_by(*keys)
    source = tally.join(judged, judged.c.recommendation_id == tally.c.recommendation_id)
    columns = [*own, *_recommendation_counts(judged), *_answer_counts(tally)]
    return select(*keys, *columns).select_from(source).group_by(*keys)


def _recommendation_counts(tally: Subquery) -> list[ColumnElement[Any]]:
    nobody = tally.c.named == 0
    finite = tally.c.nature == Nature.FINITE.value
    continuous = tally.c.nature == Nature.CONTINUOUS.value
    realised = and_(finite, tally.c.expected > 0, tally.c.completed == tally.c.expected)
    conditions = {
        "recommendations_realised": realised,
        "recommendations_dropped": and_(finite, tally.c.named > 0, tally.c.expected == 0),
        "unassigned": nobody,
        "continuous": continuous,
        "continuous_active": and_(continuous, tally.c.active > 0),
        "continuous_silent": and_(continuous, tally.c.spoken == 0),
    }
    counts = [_count(condition).label(name) for name, condition in conditions.items()]
    return [func.count().label("recommendations"), *counts]


def _answer_counts(tally: Subquery) -> list[ColumnElement[Any]]:
    return [func.sum(tally.c[name]).label(name) for name in ANSWER_COUNTS]
