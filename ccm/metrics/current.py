"""The plan as it stands now, from rows kept up to date by every write."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Connection, Select, select

from ccm.metrics import history
from ccm.metrics.at import KEPT, At
from ccm.store.models import AssignmentState, RecommendationState, StoreState


@dataclass(frozen=True)
class Plan:
    """The two relations every figure is taken from, at one point of view.

    `recommendations`: one row per recommendation in follow-up. `assignments`: one row per existing
    assignment of these. Columns as in `ccm.metrics.history`.
    """

    recommendations: CTE
    assignments: CTE


def plan(connection: Connection, at: At) -> Plan:
    """The plan at (D, K): from the current state where that says the same, from history elsewhere."""
    return current_plan(at) if current_serves(connection, at) else history_plan(at)


@lru_cache(KEPT)
def current_plan(at: At) -> Plan:
    """The plan from the maintained state; right from its day until the next change takes effect."""
    state = RecommendationState.__table__
    recommendations = _in_follow_up(state, at).cte("recommendations")
    assignments = select(AssignmentState.__table__)
    if at.session is not None:
        kept = select(recommendations.c.recommendation_id)
        assignments = assignments.where(AssignmentState.recommendation_id.in_(kept))
    return Plan(recommendations, assignments.cte("assignments"))


@lru_cache(KEPT)
def history_plan(at: At) -> Plan:
    """The plan recomputed from the append-only rows."""
    known = history.recommendation_states(at).subquery("known_recommendation")
    recommendations = _in_follow_up(known, at).cte("recommendations")
    return Plan(recommendations, history.assignment_states(at, recommendations).cte("assignments"))


def _in_follow_up(states: Any, at: At) -> Select[Any]:
    """The recommendations whose session has met; of a cohort, those it holds, as that session's."""
    if at.session is None:
        return select(states).where(states.c.follow_from <= at.as_of)
    held = history.memberships(at)
    columns = [held.c.session_id if column.name == "session_id" else column for column in states.c]
    return (
        select(*columns)
        .join(held, held.c.recommendation_id == states.c.recommendation_id)
        .where(states.c.follow_from <= at.as_of, held.c.number == at.session)
    )


def current_serves(connection: Connection, at: At) -> bool:
    """Whether the maintained state says the same as history at this point of view."""
    if at.known_at is not None or at.provisional or at.held_on is not None:
        return False
    state = connection.execute(select(StoreState.state_day, StoreState.next_change_on)).one()
    return bool(state.state_day <= at.as_of and at.as_of < (state.next_change_on or dt.date.max))
