"""Who answers for each assignment on a day: what rights are judged by, never behind what takes effect."""

import datetime as dt
from collections.abc import Collection
from functools import lru_cache

from sqlalchemy import Connection, Subquery, func, select

from ccm.metrics import history
from ccm.metrics.at import KEPT, At
from ccm.metrics.current import current_serves
from ccm.store.models import Assignment, AssignmentState


def holders(connection: Connection, day: dt.date, only: Collection[int] | None = None) -> Subquery:
    """One row per assignment (of these recommendations): `assignment_id`, `entity_id`, `ended`.

    `entity_id` is whoever answers on that day; where nobody does (`ended`), whom the assignment named first.
    The maintained state is as of the last write: a succession or an end that takes effect with no write
    is read from history.
    """
    at = At(day)
    return _holders(at, current_serves(connection, at), None if only is None else tuple(only))


@lru_cache(KEPT)
def _holders(at: At, maintained: bool, only: tuple[int, ...] | None) -> Subquery:
    if maintained:
        held = select(AssignmentState.assignment_id, AssignmentState.entity_id).subquery("held")
    else:
        known = history.recommendation_states(at, only).subquery("known_recommendation")
        held = history.assignment_states(at, known, only).subquery("held")
    found = select(
        Assignment.id.label("assignment_id"),
        func.coalesce(held.c.entity_id, Assignment.entity_id).label("entity_id"),
        held.c.assignment_id.is_(None).label("ended"),
    ).outerjoin(held, held.c.assignment_id == Assignment.id)
    return (found if only is None else found.where(Assignment.recommendation_id.in_(only))).subquery("holder")
