"""How the plan moved: its figures over time, and the recommendations that moved or did not."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import Connection, func, select

from ccm.domain.dates import quarter_ends
from ccm.domain.figures import Figures
from ccm.metrics import At, plan_reading, whole_plan
from ccm.metrics.current import plan
from ccm.queries.filters import Movement
from ccm.queries.past import kept
from ccm.queries.results import RecommendationMove, TrendPoint
from ccm.store.models import Recommendation

#: More points than this say nothing more on a chart of this size.
_MOST_POINTS = 16


@dataclass(frozen=True)
class Moves:
    """What moved since a date: the strongest rises and falls, what did not move, and the counts of all.

    `still` could have moved; `unassigned`, by their keys, could not: nobody is to answer. `outside` counts
    those without a figure at one of the two dates: continuous, dropped, or new.
    """

    rises: tuple[RecommendationMove, ...]
    falls: tuple[RecommendationMove, ...]
    still: tuple[RecommendationMove, ...]
    unassigned: tuple[str, ...]
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


def moves(
    connection: Connection, at: At, before: At, most: int = 4, among: Collection[int] | None = None
) -> Moves:
    """The recommendations by how far their completion moved between the two dates.

    `among`: only those of these ids.
    """
    now = kept(connection, at, plan_reading).recommendations
    if among is not None:
        now = {id_: figures for id_, figures in now.items() if id_ in among}
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
        nobody = bool(now[row.id].unassigned)
        found.append(
            RecommendationMove(row.key, row.text, earlier, now[row.id].completion, last.get(row.id), nobody)
        )
    moved: dict[Movement, list[RecommendationMove]] = {movement: [] for movement in Movement}
    for move in found:
        moved[movement_of(move.before, move.after)].append(move)
    rises = sorted(moved[Movement.UP], key=_size, reverse=True)
    falls = sorted(moved[Movement.DOWN], key=_size)
    return Moves(
        rises=tuple(rises[:most]),
        falls=tuple(falls[:most]),
        still=tuple(move for move in moved[Movement.STILL] if not move.unassigned)[:most],
        unassigned=tuple(move.key for move in moved[Movement.STILL] if move.unassigned),
        risen=len(rises),
        fallen=len(falls),
        unmoved=len(moved[Movement.STILL]),
        already_realised=len(moved[Movement.DONE]),
        outside=len(moved[Movement.OUTSIDE]),
    )


def movement_of(before: Fraction | None, after: Fraction | None) -> Movement:
    """How a completion moved from one date to another."""
    if before is None or after is None:
        return Movement.OUTSIDE
    if before != after:
        return Movement.UP if after > before else Movement.DOWN
    return Movement.DONE if after == Fraction(100) else Movement.STILL


def moved_so(
    now: Mapping[int, Figures], then: Mapping[int, Figures], asked: Iterable[Movement]
) -> tuple[int, ...]:
    """The recommendations, by id, that moved in one of these ways between two readings of the plan."""
    wanted, nothing = set(asked), Figures()
    return tuple(
        number
        for number, row in now.items()
        if movement_of(then.get(number, nothing).completion, row.completion) in wanted
    )


def _size(move: RecommendationMove) -> tuple[float, Fraction]:
    """Orders as the exact points do; the nearest doubles, compared first, settle nearly all pairs quickly."""
    points = move.points or Fraction(0)
    return float(points), points


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
