"""The plan as it stands now, from rows kept up to date by every write."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, Connection, Select, bindparam, select

from ccm.metrics import history
from ccm.metrics.at import KEPT, At
from ccm.metrics.changes import Ids
from ccm.store.models import AssignmentState, Recommendation, RecommendationState, StoreState

#: The recommendations that `part_of_plan` is made of: their ids are said once, however often they are read.
_NAMED = select(Recommendation.id).where(Recommendation.id.in_(bindparam("only", expanding=True))).cte("only")
_ONLY = select(_NAMED.c.id)


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


def part_of_plan(connection: Connection, at: At) -> Plan:
    """The same of some recommendations: a statement over it is carried out with their ids as `only`.

    What history tells of the others is not read, as it is where rows are left out of the whole plan.
    """
    return (current_plan if current_serves(connection, at) else history_plan)(at, _ONLY)


@lru_cache(KEPT)
def current_plan(at: At, only: Ids = None) -> Plan:
    """The plan from the maintained state; right from its day until the next change takes effect."""
    state = RecommendationState.__table__
    recommendations = _in_follow_up(state, at, only).cte("recommendations")
    assignments = select(AssignmentState.__table__)
    if only is not None:
        assignments = assignments.where(AssignmentState.recommendation_id.in_(only))
    if at.session is not None:
        kept = select(recommendations.c.recommendation_id)
        assignments = assignments.where(AssignmentState.recommendation_id.in_(kept))
    return Plan(recommendations, assignments.cte("assignments"))


@lru_cache(KEPT)
def history_plan(at: At, only: Ids = None) -> Plan:
    """The plan recomputed from the append-only rows."""
    known = history.recommendation_states(at, only).subquery("known_recommendation")
    recommendations = _in_follow_up(known, at, only).cte("recommendations")
    return Plan(recommendations, history.assignment_states(at, recommendations, only).cte("assignments"))


def _in_follow_up(states: Any, at: At, only: Ids) -> Select[Any]:
    """The recommendations whose session has met; of a cohort, those it holds, as that session's."""
    query = select(states)
    if at.session is not None:
        held = history.memberships(at, only)
        columns = [held.c.session_id if column.name == "session_id" else column for column in states.c]
        query = select(*columns).join(held, held.c.recommendation_id == states.c.recommendation_id)
        query = query.where(held.c.number == at.session)
    query = query.where(states.c.follow_from <= at.as_of)
    return query if only is None else query.where(states.c.recommendation_id.in_(only))


def current_serves(connection: Connection, at: At) -> bool:
    """Whether the maintained state says the same as history at this point of view."""
    if at.known_at is not None or at.provisional or at.held_on is not None:
        return False
    state = connection.execute(select(StoreState.state_day, StoreState.next_change_on)).one()
    return bool(state.state_day <= at.as_of and at.as_of < (state.next_change_on or dt.date.max))
