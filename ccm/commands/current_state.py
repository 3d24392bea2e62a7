"""Keeping the current state equal to history, within the transaction that changed it."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Delete, delete, func, insert, select, update

from ccm.metrics import At, history
from ccm.store.engine import Transaction
from ccm.store.models import (
    AssignmentChange,
    AssignmentState,
    Membership,
    RecommendationChange,
    RecommendationState,
    SessionChange,
    StoreState,
    Succession,
)

#: Beyond this many changed recommendations, recomputing everything costs less than naming them.
_MANY = 500
_DATED = (AssignmentChange, RecommendationChange, SessionChange, Membership, Succession)


def refresh(transaction: Transaction, recommendations: Collection[int] | None = None) -> None:
    """Recompute the state of these recommendations (None: all of them) as of today."""
    connection, day = transaction.connection, transaction.today
    state = connection.execute(select(StoreState.state_day, StoreState.next_change_on)).one()
    day = max(day, state.state_day)
    turned = state.next_change_on is not None and state.next_change_on <= day
    if recommendations is not None and (turned or len(recommendations) > _MANY):
        recommendations = None
    _rewrite(connection, At(day), recommendations)
    connection.execute(update(StoreState).values(state_day=day, next_change_on=_next_change(connection, day)))


def _rewrite(connection: Connection, at: At, only: Collection[int] | None) -> None:
    for table in (AssignmentState, RecommendationState):
        connection.execute(_of(delete(table), table, only))
    known = history.recommendation_states(at, only).subquery("known")
    columns = [column.name for column in RecommendationState.__table__.columns]
    _insert(connection, RecommendationState, columns, select(*[known.c[name] for name in columns]))
    terms = history.assignment_states(at, known, only).subquery("terms")
    columns = [column.name for column in AssignmentState.__table__.columns]
    _insert(connection, AssignmentState, columns, select(*[terms.c[name] for name in columns]))


def _of(statement: Delete, table: Any, only: Collection[int] | None) -> Delete:
    return statement if only is None else statement.where(table.recommendation_id.in_(only))


def _insert(connection: Connection, table: Any, columns: list[str], rows: Any) -> None:
    connection.execute(insert(table).from_select(columns, rows))


def _next_change(connection: Connection, day: dt.date) -> dt.date | None:
    """The first later day on which something recorded takes effect."""
    days = [
        connection.execute(select(func.min(table.effective_on)).where(table.effective_on > day)).scalar()
        for table in _DATED
    ]
    # What a coming session holds is held from its political meeting on.
    dated = history.session_dates(At(dt.date.max))
    meeting = select(func.min(dated.c.political_date)).where(dated.c.political_date > day)
    days.append(connection.execute(meeting).scalar())
    return min((found for found in days if found is not None), default=None)
