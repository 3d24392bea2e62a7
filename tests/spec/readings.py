"""The same figures read twice: from the program's SQL, and recomputed from the raw rows."""

import datetime as dt
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, select

from ccm.domain.figures import COUNTS, Figures
from ccm.domain.vocabulary import GroupBy
from ccm.metrics import At, as_held_on, figures
from ccm.metrics.current import current_plan, history_plan
from ccm.store.models import Axis, Challenge, Entity, Priority, Recommendation, Session
from tests.spec.by_hand import Row
from tests.support import recompute
from tests.support.recompute import Point

RATES = ("realised", "completion", "coverage")
#: An instant after all others: forces the way through history, and lets everything be known.
END_OF_TIME = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
_NAMES: dict[GroupBy, Any] = {
    GroupBy.RECOMMENDATION: Recommendation.key,
    GroupBy.AXIS: Axis.key,
    GroupBy.CHALLENGE: Challenge.key,
    GroupBy.PRIORITY: Priority.key,
    GroupBy.SESSION: Session.number,
    GroupBy.ENTITY: Entity.key,
    GroupBy.REGION: Entity.key,
    GroupBy.MINISTRY: Entity.key,
}


def from_sql(connection: Connection, by: str, point: Point) -> Row:
    """`rows` by key, `total` and `plan` as the program's SQL gives them."""
    at = At(point.as_of, point.known_at, point.session, point.provisional, point.fresh_days)
    if point.held_on:
        at = as_held_on(connection, at, point.held_on)
    grouped = figures(connection, at, GroupBy(by))
    names = _names(connection, GroupBy(by))
    rows = {names.get(key, key): numbers(row) for key, row in grouped.rows.items()}
    return {"rows": rows, "total": numbers(grouped.total), "plan": numbers(grouped.plan)}


def _names(connection: Connection, by: GroupBy) -> dict[Any, Any]:
    if by not in _NAMES:
        return {}
    column = _NAMES[by]
    return {row[0]: row[1] for row in connection.execute(select(column.class_.id, column))}


def numbers(row: Figures) -> Row:
    """Every count and rate of a row of figures, by name."""
    return {name: getattr(row, name) for name in (*COUNTS, *RATES)}


def differences(connection: Connection, raw: Row, by: str, point: Point) -> list[str]:
    """Where the SQL and the recomputation part, one line for each number; empty when they agree."""
    return parted(by, from_sql(connection, by, point), recompute.figures(raw, by, point))


def parted(by: str, read: Row, expected: Row) -> list[str]:
    """Where two readings of one grouping part, one line for each number."""
    found = []
    for name in ("total", "plan"):
        found += _compare(f"{by} {name}", read[name], expected[name])
    for key in sorted({*read["rows"], *expected["rows"]}, key=str):
        found += _compare(f"{by} {key}", read["rows"].get(key), expected["rows"].get(key))
    return found


def _compare(where: str, read: Row | None, expected: Row | None) -> list[str]:
    if read is None or expected is None:
        return [] if read is expected else [f"{where}: SQL {_shown(read)}, by hand {_shown(expected)}"]
    return [
        f"{where}: {name} is {read[name]} in SQL, {expected[name]} by hand"
        for name in (*COUNTS, *RATES)
        if read[name] != expected[name]
    ]


def _shown(row: Row | None) -> str:
    if row is None:
        return "has no row"
    return "has " + ", ".join(f"{name} {value}" for name, value in row.items() if value)


def state_differences(connection: Connection, today: dt.date) -> list[str]:
    """Where the maintained state and history part on the day it was computed for."""
    kept, told = current_plan(At(today)), history_plan(At(today))
    found = []
    for name, key in (("recommendations", "recommendation_id"), ("assignments", "assignment_id")):
        shared = [
            column.name for column in getattr(kept, name).columns if column.name in getattr(told, name).c
        ]
        rows = []
        for plan in (kept, told):
            relation, followed = getattr(plan, name), select(plan.recommendations.c.recommendation_id)
            query = select(*[relation.c[column] for column in shared]).order_by(relation.c[key])
            rows.append(connection.execute(query.where(relation.c.recommendation_id.in_(followed))).all())
        if rows[0] != rows[1]:
            found.append(f"{name}: current {rows[0]}, history {rows[1]}")
    return found


def exact(text: str) -> Fraction | int | None:
    """A number of a table: a whole number, a decimal or a fraction; `null` for no figure."""
    return None if text == "null" else Fraction(text)
