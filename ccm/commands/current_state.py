"""Keeping the current state equal to history, within the transaction that changed it."""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Insert,
    Select,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.sql.dml import UpdateBase

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
_NAMED = "named"
_DATED = (AssignmentChange, RecommendationChange, SessionChange, Membership, Succession)


def refresh(transaction: Transaction, recommendations: Collection[int] | None = None) -> None:
    """Recompute the state of these recommendations (None: all of them) as of today."""
    connection, day = transaction.connection, transaction.today
    state = connection.execute(select(StoreState.state_day, StoreState.next_change_on)).one()
    day = max(day, state.state_day)
    turned = state.next_change_on is not None and state.next_change_on <= day
    if recommendations is not None and (turned or len(recommendations) > _MANY):
        recommendations = None
    named = {} if recommendations is None else {_NAMED: list(recommendations)}
    for statement in _rewriting(day, bool(named)):
        connection.execute(statement, named)
    connection.execute(update(StoreState).values(state_day=day, next_change_on=_next_change(connection, day)))


@lru_cache
def _rewriting(day: dt.date, some: bool) -> tuple[UpdateBase, ...]:
    """What takes the state away and puts it back as of a day: of all recommendations, or of those named."""
    only: BindParameter[Any] | None = bindparam(_NAMED, expanding=True) if some else None
    known = history.recommendation_states(At(day), only).subquery("known")
    terms = history.assignment_states(At(day), known, only).subquery("terms")
    emptied = [delete(table) for table in (AssignmentState, RecommendationState)]
    if only is not None:
        emptied = [each.where(each.table.c.recommendation_id.in_(only)) for each in emptied]
    return (*emptied, _filled(RecommendationState, known), _filled(AssignmentState, terms))


def _filled(model: Any, rows: Any) -> Insert:
    columns = [column.name for column in model.__table__.columns]
    return insert(model).from_select(columns, select(*[rows.c[name] for name in columns]))


def _next_change(connection: Connection, day: dt.date) -> dt.date | None:
    """The first later day on which something recorded takes effect."""
    days = [connection.execute(query).scalar() for query in _coming(day)]
    return min((found for found in days if found is not None), default=None)


@lru_cache
def _coming(day: dt.date) -> list[Select[Any]]:
    # What a coming session holds is held from its political meeting on.
    meeting = history.session_dates(At(dt.date.max)).c.political_date
    coming = [*(table.effective_on for table in _DATED), meeting]
    return [select(func.min(effective)).where(effective > day) for effective in coming]
