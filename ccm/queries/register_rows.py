"""The rows of the register: what is told of each recommendation, whatever asks for it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, case, select

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import AssignmentRole, EntityKind, Nature, Status
from ccm.metrics.current import part_of_plan
from ccm.queries.asked import Asked
from ccm.queries.names import entities
from ccm.queries.results import EntityRef, RecommendationLine
from ccm.store.models import Axis, Challenge, Recommendation

#: What an answer's due date is behind.
_DONE = (Status.COMPLETED, Status.DROPPED)


@dataclass(frozen=True)
class RegisterRow(RecommendationLine):
    """One recommendation: who answers, when, the days since its last report.

    `due_date` is the first one still to come or missed, else the last one; `matching` names those whose
    answers it was kept for.
    """

    regions: tuple[str, ...]
    due_date: dt.date | None
    age: int | None
    matching: tuple[str, ...]


def register_rows(
    connection: Connection, asked: Asked, ids: Sequence[int], every: dict[int, Figures]
) -> tuple[RegisterRow, ...]:
    """The rows of these recommendations, in the order of their ids as given."""
    asked, only = replace(asked, seen=part_of_plan(connection, asked.at)), {"only": list(ids)}
    r = asked.seen.recommendations
    rows = connection.execute(
        select(
            Recommendation.id,
            Recommendation.key,
            Recommendation.text,
            Recommendation.doubt,
            Axis.key.label("axis"),
            Challenge.text.label("challenge"),
            r.c.nature,
        )
        .join(r, r.c.recommendation_id == Recommendation.id)
        .join(Axis, Axis.id == r.c.axis_id)
        .join(Challenge, Challenge.id == r.c.challenge_id),
        only,
    )
    by_id = {row.id: row for row in rows.all()}
    named = entities(connection, asked.at.as_of)
    held: dict[int, list[Any]] = {}
    # All at once: one by one they take twice as long.
    for answer in connection.execute(_held(asked), only).all():
        held.setdefault(answer.recommendation_id, []).append(answer)
    return tuple(_row(by_id[i], every[i], held.get(i, []), named, asked) for i in ids)


def _held(asked: Asked) -> Select[Any]:
    """The responsible answers of the recommendations that are looked at."""
    a, r = asked.seen.assignments, asked.seen.recommendations
    asked_for = case((asked.matches(), 1), else_=0).label("matching")
    return (
        select(a.c.recommendation_id, a.c.entity_id, a.c.status, a.c.due_date, a.c.as_of, asked_for)
        .select_from(a.join(r, r.c.recommendation_id == a.c.recommendation_id))
        .where(a.c.role == AssignmentRole.RESPONSIBLE.value)
        .order_by(a.c.entity_id)
    )


def _row(
    row: Any, counts: Figures, held: list[Any], named: dict[int, EntityRef], asked: Asked
) -> RegisterRow:
    regions: list[str] = []
    others: list[str] = []
    matching: list[str] = []
    dates: list[dt.date] = []
    pending: list[dt.date] = []
    last: dt.date | None = None
    # Once through them: they are most of what a long file is made of.
    for _, entity_id, status, due_date, as_of, found in held:
        entity = named[entity_id]
        (regions if entity.kind is EntityKind.REGION else others).append(entity.short_name)
        if found:
            matching.append(entity.short_name)
        if due_date:
            (dates if status in _DONE else pending).append(due_date)
        if as_of and (last is None or as_of > last):
            last = as_of
    return RegisterRow(
        key=row.key,
        text=row.text,
        axis=row.axis,
        challenge=row.challenge,
        nature=Nature(row.nature),
        figures=counts,
        doubtful=bool(row.doubt),
        entities=tuple(others),
        regions=tuple(regions),
        due_date=min(pending, default=max(dates, default=None)),
        age=(asked.at.as_of - last).days if last else None,
        matching=tuple(matching) if asked.filters.by_answer else (),
    )
