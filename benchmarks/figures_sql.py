"""Figures by axis, region and ministry at size M, beside the best SQL we can write by hand for each.

The hand-written statements read the same tables and give the same counts and means; they are written
for one grouping at one date, without exact fractions, which is what makes them the bar to measure by.
"""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sqlalchemy import Connection, text

from benchmarks.stores import demonstration
from ccm.domain.vocabulary import GroupBy
from ccm.metrics import At, figures
from ccm.store import open_store

_COUNTS = """
    sum(counted) expected, sum(counted and a.status <> 'not_reported') answered,
    sum(counted and a.status <> 'not_reported' and a.as_of >= :fresh) fresh,
    sum(counted and a.status = 'completed') completed, sum(counted and a.status = 'in_progress') in_progress,
    sum(counted and a.status = 'blocked') blocked, sum(counted and a.status = 'not_started') not_started,
    sum(counted and a.status = 'not_reported') not_reported, sum(finite and a.status = 'dropped') dropped,
    sum(counted and a.status <> 'completed' and a.due_date < :day) overdue,
    sum(a.status = 'in_progress' and a.as_of >= :fresh) active, sum(a.as_of >= :fresh) spoken
"""
_ANSWERS = """
    (select a.*, r.axis_id, r.nature, r.nature = 'finite' finite,
            r.nature = 'finite' and a.status <> 'dropped' counted
     from recommendation_state r join assignment_state a using (recommendation_id)
     where r.follow_from <= :day and a.role = 'responsible') a
"""
#: Joined without a subquery, so that the index on an answer's recommendation is walked and nothing is sorted.
_OF_RECOMMENDATION = _COUNTS.replace("counted", "(r.nature = 'finite' and a.status <> 'dropped')").replace(
    "finite and", "r.nature = 'finite' and"
)
_BY_AXIS = f"""
    with per as (
        select r.recommendation_id, r.axis_id, r.nature, count(a.assignment_id) named, {_OF_RECOMMENDATION},
               sum((r.nature = 'finite' and a.status <> 'dropped') * a.weight * coalesce(a.percent, 0))
                   points,
               sum((r.nature = 'finite' and a.status <> 'dropped') * a.weight) weight
        from recommendation_state r left join assignment_state a
             on a.recommendation_id = r.recommendation_id and a.role = 'responsible'
        where r.follow_from <= :day group by r.recommendation_id)
    select axis_id, count(*), sum(named = 0), sum(nature = 'continuous'), sum(expected), sum(answered),
           sum(fresh), sum(completed), sum(in_progress), sum(blocked), sum(not_started), sum(not_reported),
           sum(dropped), sum(overdue), sum(expected > 0 and completed = expected),
           sum(nature = 'finite' and named > 0 and expected = 0), sum(nature = 'continuous' and active > 0),
           sum(nature = 'continuous' and coalesce(spoken, 0) = 0),
           avg(case when nature = 'finite' and (expected > 0 or named = 0)
               then coalesce(1.0 * points / weight, 0) end)
    from per group by axis_id
"""
_SUMS = """
    count(*), sum(nature = 'continuous'), sum(expected), sum(answered), sum(fresh), sum(completed),
    sum(in_progress), sum(blocked), sum(not_started), sum(not_reported), sum(dropped), sum(overdue),
    sum(expected > 0 and completed = expected), sum(nature = 'finite' and expected = 0),
    sum(nature = 'continuous' and active > 0), sum(nature = 'continuous' and coalesce(spoken, 0) = 0),
    1.0 * sum(points) / nullif(sum(expected), 0)
"""
_ADDED = ", ".join(
    f"sum({name}) {name}"
    for name in (
        *("expected", "answered", "fresh", "completed", "in_progress", "blocked", "not_started"),
        *("not_reported", "dropped", "overdue", "active", "spoken", "points"),
    )
)
#: One reading of the answers serves both the rows and their total.
_BY_KIND = f"""
    with per as materialized (
        select a.entity_id, a.recommendation_id, a.nature, {_COUNTS},
               sum(counted * coalesce(a.percent, 0)) points
        from {_ANSWERS} join entity e on e.id = a.entity_id where e.kind = :kind group by 1, 2, 3),
    whole as (select recommendation_id, nature, {_ADDED} from per group by 1, 2)
    select entity_id, {_SUMS} from per group by entity_id
    union all select null, {_SUMS} from whole
"""


def main(folder: Path, runs: int = 9) -> None:
    """Print the median milliseconds of both and their ratio, taken in turn."""
    store = open_store(demonstration("M", folder))
    with store.read() as connection:
        day = connection.execute(text("select value from setting where key = 'demo_today'")).scalar_one()
        at = At(dt.date.fromisoformat(day))
        print(f"{'figures at size M':22}{'ccm.metrics ms':>16}{'by hand ms':>14}{'ratio':>8}")
        for by in (GroupBy.AXIS, GroupBy.REGION, GroupBy.MINISTRY):
            ours, hand = _in_turn(_ours(connection, at, by), _by_hand(connection, at, by), runs)
            print(f"{by.value:22}{ours:>16.1f}{hand:>14.1f}{ours / hand:>8.2f}")


def _ours(connection: Connection, at: At, by: GroupBy) -> Callable[[], object]:
    return lambda: figures(connection, at, by)


def _by_hand(connection: Connection, at: At, by: GroupBy) -> Callable[[], object]:
    """The rows, the total where it is no sum of rows, and the whole plan: what `figures` answers."""
    values = {"day": at.as_of.isoformat(), "fresh": at.fresh_since.isoformat(), "kind": by.value}
    axis, kind = text(_BY_AXIS), text(_BY_KIND)

    def run() -> list[object]:
        found: list[object] = list(connection.execute(axis, values))
        if by is not GroupBy.AXIS:
            found += connection.execute(kind, values).all()
        return found

    return run


def _in_turn(first: Callable[[], object], second: Callable[[], object], runs: int) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(runs + 1):
        for measured, kept in zip((first, second), times, strict=True):
            start = time.process_time()
            measured()
            kept.append(1000 * (time.process_time() - start))
    return median(times[0][1:]), median(times[1][1:])
