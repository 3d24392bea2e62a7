"""Decisions on the plan: what was recorded to hold from a day on, newest first."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Select, null, select

from ccm.metrics import At
from ccm.metrics.changes import known
from ccm.metrics.history import memberships, recommendation_terms
from ccm.queries.changes import Change, told, typed
from ccm.queries.names import entities
from ccm.queries.results import EntityRef
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Axis,
    Challenge,
    Recommendation,
    RecommendationChange,
)


@dataclass(frozen=True)
class Decision:
    """One change on one recommendation, and whose answers it is of (none: of itself)."""

    key: str
    change: Change
    entities: tuple[EntityRef, ...]


@dataclass(frozen=True)
class Decided:
    """The latest decisions after a day (None: since the adoption); `more`: whether there are others."""

    since: dt.date | None
    latest: tuple[Decision, ...]
    more: bool


def decided(connection: Connection, at: At, since: dt.date | None, most: int) -> Decided:
    """At most so many, known at (D, K), on the recommendations of the session, if one is chosen.

    What one decision says of several answers to a recommendation is one line.
    """
    named = entities(connection, at.as_of)
    of_answers = _grouped(connection, _of_answers(at, since), named)
    of_itself = _grouped(connection, _of_itself(at, since), named)
    found = list(islice(merge(of_answers, of_itself, key=_order), most + 1))
    return Decided(since, tuple(found[:most]), len(found) > most)


def _order(one: Decision) -> tuple[int, str]:
    return -one.change.effective_on.toordinal(), one.key


def _grouped(connection: Connection, rows: Select[Any], named: dict[int, EntityRef]) -> Iterator[Decision]:
    same = groupby(connection.execute(rows), lambda row: (row.effective_on, row.key, row.field, row.value))
    for (_, key, _, _), some in same:
        first, *others = some
        whose = tuple(named[row.entity_id] for row in (first, *others) if row.entity_id)
        yield Decision(key, typed(first, None, told(first)), whose)


def _of_answers(at: At, since: dt.date | None) -> Select[Any]:
    change, nothing = AssignmentChange, null()
    rows = (
        select(*_columns(change), Assignment.entity_id, nothing.label("axis"), nothing.label("challenge"))
        .join(Assignment, Assignment.id == change.assignment_id)
        .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
    )
    return _known(rows, change, at, since, Assignment.entity_id)


def _of_itself(at: At, since: dt.date | None) -> Select[Any]:
    change = RecommendationChange
    axis, challenge = Axis.label.label("axis"), Challenge.text.label("challenge")
    rows = (
        select(*_columns(change), null().label("entity_id"), axis, challenge)
        .join(Recommendation, Recommendation.id == change.recommendation_id)
        .outerjoin(Axis, Axis.id == change.axis_id)
        .outerjoin(Challenge, Challenge.id == change.challenge_id)
    )
    return _known(rows, change, at, since, change.recommendation_id)


def _columns(change: Any) -> tuple[Any, ...]:
    own = (change.field, change.value, change.number, change.day)
    return (Recommendation.key, *own, change.effective_on, change.recorded_at, change.reason)


def _known(rows: Select[Any], change: Any, at: At, since: dt.date | None, last: Any) -> Select[Any]:
    """Those that hold from a day after `since` on; what is earlier than the adoption never held."""
    terms = recommendation_terms(at).subquery("decided_term")
    members = memberships(at)
    held = select(members.c.recommendation_id)
    if at.session is not None:
        held = held.where(members.c.number == at.session)
    return (
        rows.join(terms, terms.c.recommendation_id == Recommendation.id)
        .where(
            change.effective_on <= at.as_of,
            change.effective_on >= terms.c.follow_from,
            known(change.recorded_at, at),
            Recommendation.id.in_(held),
            *((change.effective_on > since,) if since else ()),
        )
        .order_by(change.effective_on.desc(), Recommendation.key, change.field, change.value, last)
    )
