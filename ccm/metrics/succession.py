"""Who answers at (D, K) for what an entity was named for, after renamings, mergers and splits.

A row in which an entity follows itself undoes the succession before it: from then on it answers again.
"""

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, Subquery, and_, func, literal, select

from ccm.metrics.at import At
from ccm.metrics.changes import FIRST, known
from ccm.store.models import Assignment, Entity, Succession

#: Successions are chains of renamings; this many steps is beyond any real one and stops a loop.
_LONGEST = 20


def as_held_on(connection: Connection, at: At, day: dt.date) -> At:
    """The same point of view, each line standing with whoever answers for it on a later day.

    What an entity's figure on that day is compared with: its predecessors' lines are among its own, and those
    that went elsewhere are not.
    """
    query = select(func.max(Succession.effective_on)).where(
        Succession.effective_on <= day, known(Succession.recorded_at, at)
    )
    last: dt.date | None = connection.execute(query).scalar()
    # Where nothing passed between the two days they say the same, and what was read is read already.
    return replace(at, held_on=last if last and last > at.as_of else None)


def successions(connection: Connection, at: At) -> dict[int, tuple[int, dt.date]]:
    """Which entity follows which whole, and since when: {predecessor: (successor, day)}, one step of each."""
    whole = _in_force(at, Succession.assignment_id.is_(None), Succession.predecessor_id)
    rows = connection.execute(select(whole.c.predecessor_id, whole.c.successor_id, whole.c.effective_on))
    return {row.predecessor_id: (row.successor_id, row.effective_on) for row in rows}


def heirs(at: At) -> Subquery:
    """One row per entity: `holder_id` answers for `entity_id`."""
    whole = _in_force(at, Succession.assignment_id.is_(None), Succession.predecessor_id)
    line = select(Entity.id.label("entity_id"), Entity.id.label("holder_id"), literal(0).label("step")).cte(
        "line_of_succession", recursive=True
    )
    line = line.union_all(
        select(line.c.entity_id, whole.c.successor_id, line.c.step + 1)
        .join(whole, whole.c.predecessor_id == line.c.holder_id)
        .where(line.c.step < _LONGEST)
    )
    return _last(line, line.c.entity_id, "heir")


def heirs_of_split(at: At) -> Subquery:
    """One row per assignment that some split gave to a successor by name: `holder_id` answers for it."""
    own = _in_force(
        at, Succession.assignment_id.is_not(None), Succession.predecessor_id, Succession.assignment_id
    )
    whole = _in_force(at, Succession.assignment_id.is_(None), Succession.predecessor_id)
    split = select(Succession.assignment_id).where(Succession.assignment_id.is_not(None))
    line = (
        select(
            Assignment.id.label("assignment_id"),
            Assignment.entity_id.label("holder_id"),
            literal(0).label("step"),
        )
        .where(Assignment.id.in_(split))
        .cte("line_of_split", recursive=True)
    )
    # What a split says of one assignment goes before what holds for all of a predecessor's.
    heir = func.coalesce(own.c.successor_id, whole.c.successor_id)
    named = and_(own.c.predecessor_id == line.c.holder_id, own.c.assignment_id == line.c.assignment_id)
    line = line.union_all(
        select(line.c.assignment_id, heir, line.c.step + 1)
        .outerjoin(own, named)
        .outerjoin(whole, whole.c.predecessor_id == line.c.holder_id)
        .where(heir.is_not(None), line.c.step < _LONGEST)
    )
    return _last(line, line.c.assignment_id, "heir_of_split")


def _in_force(at: At, which: ColumnElement[bool], *partition: Any) -> Subquery:
    ranked = (
        select(
            Succession.predecessor_id,
            Succession.successor_id,
            Succession.assignment_id,
            Succession.effective_on,
            func.row_number()
            .over(
                partition_by=partition,
                order_by=(
                    Succession.effective_on.desc(),
                    Succession.recorded_at.desc(),
                    Succession.id.desc(),
                ),
            )
            .label("place_in_time"),
        )
        .where(which, Succession.effective_on <= (at.held_on or at.as_of), known(Succession.recorded_at, at))
        .subquery()
    )
    passes_on = ranked.c.successor_id != ranked.c.predecessor_id
    return select(ranked).where(ranked.c.place_in_time <= FIRST, passes_on).subquery()


def _last(line: CTE, key: ColumnElement[Any], name: str) -> Subquery:
    """The end of each line of succession."""
    latest_first = func.row_number().over(partition_by=key, order_by=line.c.step.desc())
    ranked = select(key, line.c.holder_id, latest_first.label("place")).subquery()
    ends = select(ranked.c[line.c.keys()[0]], ranked.c.holder_id).where(ranked.c.place <= FIRST)
    return ends.subquery(name)
