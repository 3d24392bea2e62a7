"""How the plan moved: its figures over time, and the recommendations that moved or did not."""

import datetime as dt
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import Connection, func, select

from ccm.domain.dates import quarter_ends
from ccm.metrics import At, plan_reading, whole_plan
from ccm.metrics.current import plan
from ccm.queries.past import kept
from ccm.queries.results import RecommendationMove, TrendPoint
from ccm.store.models import Recommendation

#: More points than this say nothing more on a chart of this size.
_MOST_POINTS = 16


@dataclass(frozen=True)
class Moves:
    """What moved since a date: the strongest rises and falls, what did not move, and the counts of all.

    `outside` counts those without a figure at one of the two dates: continuous, dropped, or new.
    """

    rises: tuple[RecommendationMove, ...]
    falls: tuple[RecommendationMove, ...]
    still: tuple[RecommendationMove, ...]
    risen: int
    fallen: int
    unmoved: int
    already_realised: int
    outside: int


def trend(connection: Connection, at: At, start: dt.date) -> tuple[TrendPoint, ...]:
    """The plan at its start, at each quarter's end, and at the date, oldest first."""
    quarters = quarter_ends(start, at.as_of)
    sparse = quarters[:: max(1, -(-len(quarters) // _MOST_POINTS))]
    days = [start, *sparse, at.as_of] if start < at.as_of else [at.as_of]
    return tuple(TrendPoint(day, kept(connection, replace(at, as_of=day), whole_plan)) for day in days)


def moves(connection: Connection, at: At, before: At, most: int = 4) -> Moves:
    """The recommendations by how far their completion moved between the two dates."""
    now = kept(connection, at, plan_reading).recommendations
    then = kept(connection, before, plan_reading).recommendations
    last = _last_reports(connection, at)
    rows = connection.execute(
        select(Recommendation.id, Recommendation.key, Recommendation.text)
        .where(Recommendation.id.in_(now))
        .order_by(Recommendation.position)
    )
    found = []
    for row in rows:
        earlier = then[row.id].completion if row.id in then else None
        found.append(RecommendationMove(row.key, row.text, earlier, now[row.id].completion, last.get(row.id)))
    moved = [(move.points, move) for move in found if move.points is not None]
    rises = [move for points, move in sorted(moved, key=_size, reverse=True) if points > 0]
    falls = [move for points, move in sorted(moved, key=_size) if points < 0]
    unmoved = [move for points, move in moved if points == 0]
    still = [move for move in unmoved if move.after != Fraction(100)]
    return Moves(
        rises=tuple(rises[:most]),
        falls=tuple(falls[:most]),
        still=tuple(still),
        risen=len(rises),
        fallen=len(falls),
        unmoved=len(still),
        already_realised=len(unmoved) - len(still),
        outside=len(found) - len(moved),
    )


def _size(moved: tuple[Fraction, RecommendationMove]) -> tuple[float, Fraction]:
    """Orders as the exact points do; the nearest doubles, compared first, settle nearly all pairs quickly."""
    return float(moved[0]), moved[0]


def _last_reports(connection: Connection, at: At) -> dict[int, dt.date]:
    """The latest date an official report speaks of, by recommendation id."""
    answers = plan(connection, at).assignments
    last = func.max(answers.c.as_of).label("as_of")
    rows = connection.execute(
        select(answers.c.recommendation_id, last)
        .group_by(answers.c.recommendation_id)
        .having(last.is_not(None))
    )
    return {row.recommendation_id: row.as_of for row in rows}
