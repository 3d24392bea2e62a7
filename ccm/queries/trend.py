"""How the plan moved: its figures over time, and the recommendations that moved or did not."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from sqlalchemy import Connection, func, select

from ccm.domain.dates import quarter_ends
from ccm.domain.figures import Figures
from ccm.domain.vocabulary import GroupBy, ReportState
from ccm.metrics import At, figures, whole_plan
from ccm.queries.filters import Movement
from ccm.queries.results import RecommendationMove, TrendPoint
from ccm.store.models import Assignment, ProgressReport, Recommendation

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
    kept = quarters[:: max(1, -(-len(quarters) // _MOST_POINTS))]
    days = [start, *kept, at.as_of] if start < at.as_of else [at.as_of]
    return tuple(TrendPoint(day, whole_plan(connection, replace(at, as_of=day))) for day in days)


def moves(connection: Connection, at: At, before: At, most: int = 4) -> Moves:
    """The recommendations by how far their completion moved between the two dates."""
    now = figures(connection, at, GroupBy.RECOMMENDATION).rows
    then = figures(connection, before, GroupBy.RECOMMENDATION).rows
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
    moved: dict[Movement, list[RecommendationMove]] = {movement: [] for movement in Movement}
    for move in found:
        moved[movement_of(move.before, move.after)].append(move)
    rises = sorted(moved[Movement.UP], key=lambda move: -(move.points or 0))
    falls = sorted(moved[Movement.DOWN], key=lambda move: move.points or 0)
    return Moves(
        rises=tuple(rises[:most]),
        falls=tuple(falls[:most]),
        still=tuple(moved[Movement.STILL]),
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


def _last_reports(connection: Connection, at: At) -> dict[int, dt.date]:
    """The latest date an official report speaks of, by recommendation id."""
    rows = connection.execute(
        select(Assignment.recommendation_id, func.max(ProgressReport.as_of).label("as_of"))
        .join(ProgressReport, ProgressReport.assignment_id == Assignment.id)
        .where(ProgressReport.as_of <= at.as_of, ProgressReport.state == ReportState.VALIDATED)
        .group_by(Assignment.recommendation_id)
    )
    return {row.recommendation_id: row.as_of for row in rows}
