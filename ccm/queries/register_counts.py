"""What the register counts beside its rows: out of how many, and how many answers match."""

from fractions import Fraction

from sqlalchemy import Connection, func, select

from ccm.domain.vocabulary import GroupBy
from ccm.metrics import At, figures
from ccm.queries.asked import Asked
from ccm.queries.filters import EVERYTHING, Order
from ccm.queries.known import PlanFigures
from ccm.store.models import Entity, Recommendation


def counted_recommendations(connection: Connection, asked: Asked, known: PlanFigures) -> int:
    """The recommendations among which the filters narrow; the plan's where they only name a part of it."""
    group = asked.filters.group
    if group in (EVERYTHING, asked.filters):
        return known.plan.recommendations
    rows = asked.group.recommendations().order_by(None).subquery()
    return int(connection.execute(select(func.count()).select_from(rows)).scalar_one())


def expected_answers(connection: Connection, asked: Asked, known: PlanFigures) -> int:
    """The answers expected in the part of the plan that the filters name."""
    group = asked.filters.group
    if group == EVERYTHING:
        return known.plan.expected
    return counted_answers(connection, asked.group)[1]


def counted_answers(connection: Connection, asked: Asked) -> tuple[int, int]:
    """The answers asked for: all of them, and those that enter the figure."""
    every = asked.answers(Order.SOURCE).order_by(None).subquery()
    total, counted = connection.execute(
        select(func.count(), func.sum(every.c.counted)).select_from(every)
    ).one()
    return int(total), int(counted or 0)


def matching_answers(connection: Connection, asked: Asked) -> int:
    """The answers, of the recommendations that the filters keep, to which the filters on answers apply."""
    a, r = asked.seen.assignments, asked.seen.recommendations
    kept = asked.recommendations().with_only_columns(Recommendation.id).order_by(None)
    query = (
        select(func.count())
        .select_from(a.join(r, r.c.recommendation_id == a.c.recommendation_id))
        .where(asked.matches(), a.c.recommendation_id.in_(kept.correlate(None)))
    )
    return int(connection.execute(query).scalar_one())


def actor_completion(connection: Connection, at: At, actor: str | None) -> Fraction | None:
    """The completion of an actor; None without one, or where nothing is expected of them."""
    if actor is None:
        return None
    rows = figures(connection, at, GroupBy.ENTITY).rows
    found = rows.get(connection.execute(select(Entity.id).where(Entity.key == actor)).scalar())
    return found.completion if found else None
