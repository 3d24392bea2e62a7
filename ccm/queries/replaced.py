"""Entities of a person whose answers others give now."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ccm.metrics import At, holders
from ccm.metrics.succession import successions
from ccm.queries.names import entities
from ccm.queries.results import EntityRef
from ccm.store.models import Assignment


@dataclass(frozen=True)
class Replaced:
    """An entity of one's own that another one, not one's own, answers for.

    Since when, for an entity that was followed whole; where a split took some of its answers away, how many.
    """

    entity: EntityRef
    successor: EntityRef
    since: dt.date | None = None
    engagements: int = 0


def followed(connection: Connection, at: At) -> Mapping[int, tuple[int, dt.date]]:
    """The entities that another one follows whole at a date: the last of the line, and since when it is."""
    steps, ends = successions(connection, at), {}
    for first in steps:
        last, since, passed = first, dt.date.min, set[int]()
        while last in steps and last not in passed:
            passed.add(last)
            last, day = steps[last]
            since = max(since, day)
        ends[first] = last, since
    return ends


def replaced(
    connection: Connection, at: At, own: Mapping[int, str], ends: Mapping[int, tuple[int, dt.date]]
) -> tuple[Replaced, ...]:
    """What whoever answers for the entities `own` (keys by id) answers for no more."""
    named = entities(connection, at.as_of)
    whole = [(number, *ends[number]) for number in own if number in ends and ends[number][0] not in own]
    parts = _parts(connection, at, [number for number in own if number not in ends])
    return (
        *(Replaced(named[before], named[after], since) for before, after, since in whole),
        *(Replaced(named[before], named[after], None, n) for (before, after), n in parts if after not in own),
    )


def _parts(connection: Connection, at: At, own: list[int]) -> list[tuple[tuple[int, int], int]]:
    """How many answers went from each of these entities to another: ((from, to), count)."""
    held = holders(connection, at.as_of)
    rows = connection.execute(
        select(Assignment.entity_id, held.c.entity_id.label("holder_id"), func.count().label("number"))
        .join(held, held.c.assignment_id == Assignment.id)
        .where(
            Assignment.entity_id.in_(own), held.c.entity_id != Assignment.entity_id, held.c.ended.is_(False)
        )
        .group_by(Assignment.entity_id, held.c.entity_id)
    )
    return sorted(((row.entity_id, row.holder_id), row.number) for row in rows)
