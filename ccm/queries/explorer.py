"""The Explorer's questions: every cross of axis and actor, its trend, and the answers behind a selection."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from ccm.domain.dates import quarter_ends
from ccm.domain.figures import Figures
from ccm.domain.vocabulary import EntityKind, Status
from ccm.metrics import At, as_held_on, entity_reading, kind_figures, plan_reading, whole_plan
from ccm.metrics.current import Plan, plan
from ccm.metrics.history import finite, responsible
from ccm.queries.answers import answers
from ccm.queries.ask import Query
from ccm.queries.comparison import (
    beside_ministries,
    by_completion,
    by_load,
    compare_axes,
    entity_lines,
    of_kind,
)
from ccm.queries.past import kept
from ccm.queries.results import AnswerState, GroupLine, TrendPoint
from ccm.store.models import Assignment, Axis, Entity, Recommendation

#: More quarters than this say nothing more on a chart of this size; the latest are kept.
_MOST_QUARTERS = 15


@dataclass(frozen=True)
class Selection:
    """Which answers are looked at: any of these axes, actors, statuses; as on a day where one is given."""

    axes: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    statuses: tuple[Status, ...] = ()
    on: dt.date | None = None

    def __bool__(self) -> bool:
        return bool(self.axes or self.entities or self.statuses or self.on)


@dataclass(frozen=True)
class Explorer:
    """The plan by axis, and every actor's figures within each axis."""

    plan: Figures
    axes: tuple[GroupLine, ...]
    regions: tuple[GroupLine, ...]
    ministries: tuple[GroupLine, ...]
    institutions: tuple[GroupLine, ...]
    by_region: Figures
    by_ministry: Figures

    @property
    def in_follow_up(self) -> bool:
        """Whether the plan was in follow-up at the date."""
        return self.plan.recommendations > 0

    def line(self, key: str) -> GroupLine | None:
        """The axis or actor of this key, where it has one."""
        lines = (*self.axes, *self.regions, *self.ministries, *self.institutions)
        return next((line for line in lines if line.key == key), None)


@dataclass(frozen=True)
class ExplorerQuery(Query[Explorer]):
    """Every cross of axis and actor at a date."""

    at: At

    def answer(self, connection: Connection) -> Explorer:
        """Read every part from one view of the store."""
        compared = compare_axes(connection, self.at, None)
        lines = entity_lines(connection, self.at, None, with_axes=True)
        order = by_completion if compared.plan.answered else by_load
        return Explorer(
            plan=compared.plan,
            axes=compared.lines,
            regions=order(of_kind(lines, EntityKind.REGION)),
            ministries=by_load(of_kind(lines, EntityKind.MINISTRY)),
            institutions=beside_ministries(lines),
            by_region=kind_figures(connection, self.at, EntityKind.REGION, compared.plan),
            by_ministry=kind_figures(connection, self.at, EntityKind.MINISTRY, compared.plan),
        )


@dataclass(frozen=True)
class TrendQuery(Query[tuple[TrendPoint, ...]]):
    """The figures at the start, at each quarter's end and at the date: of the plan, or of one axis, one actor
    or one actor within one axis."""

    at: At
    start: dt.date
    axis: str | None = None
    entity: str | None = None

    def answer(self, connection: Connection) -> tuple[TrendPoint, ...]:
        """One point for each date, oldest first."""
        axis = connection.execute(select(Axis.id).where(Axis.key == self.axis)).scalar()
        entity = connection.execute(select(Entity.id).where(Entity.key == self.entity)).scalar()
        points = [replace(self.at, as_of=day) for day in _days(self.start, self.at.as_of)]
        if entity is not None:
            points = [as_held_on(connection, at, self.at.as_of) for at in points]
        return tuple(TrendPoint(at.as_of, _figures(connection, at, axis, entity)) for at in points)


@dataclass(frozen=True)
class Behind:
    """The answers of a selection: the first ones, how many there are, and of which statuses."""

    rows: tuple[AnswerState, ...]
    count: int
    statuses: tuple[tuple[Status, int], ...]
    as_of: dt.date

    @property
    def answered(self) -> int:
        """How many of them were given."""
        return self.count - dict(self.statuses).get(Status.NOT_REPORTED, 0)


@dataclass(frozen=True)
class BehindQuery(Query[Behind]):
    """The answers that a selection's figures count; the dropped ones where they are asked for."""

    at: At
    selection: Selection
    most: int = 50

    def answer(self, connection: Connection) -> Behind:
        """Count them all, and read the first ones in the source's order."""
        day = min(self.selection.on or self.at.as_of, self.at.as_of)
        at = as_held_on(connection, replace(self.at, as_of=day), self.at.as_of)
        seen = plan(connection, at)
        first = connection.execute(_first(seen, self.selection).limit(self.most)).all()
        rank = {row.key: number for number, row in enumerate(first)}
        states = answers(connection, at, sorted({row.recommendation_id for row in first}))
        counts = {
            Status(row.status): row.number for row in connection.execute(_by_status(seen, self.selection))
        }
        return Behind(
            rows=tuple(sorted((s for s in states if s.assignment in rank), key=lambda s: rank[s.assignment])),
            count=sum(counts.values()),
            statuses=tuple((status, counts[status]) for status in Status if status in counts),
            as_of=at.as_of,
        )


def _first(seen: Plan, selection: Selection) -> Select[Any]:
    a, r = seen.assignments, seen.recommendations
    return (
        select(Assignment.key, a.c.recommendation_id)
        .join(a, a.c.assignment_id == Assignment.id)
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .join(Recommendation, Recommendation.id == a.c.recommendation_id)
        .where(*_selected(seen, selection))
        .order_by(Recommendation.position, Recommendation.id, a.c.entity_id)
    )


def _by_status(seen: Plan, selection: Selection) -> Select[Any]:
    a, r = seen.assignments, seen.recommendations
    return (
        select(a.c.status, func.count().label("number"))
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .where(*_selected(seen, selection))
        .group_by(a.c.status)
    )


def _selected(seen: Plan, selection: Selection) -> Iterator[ColumnElement[bool]]:
    """What a figure of this selection counts: owed, finite, not dropped unless that is what is asked for."""
    a, r = seen.assignments, seen.recommendations
    yield responsible(a)
    yield finite(r)
    if selection.axes:
        yield r.c.axis_id.in_(select(Axis.id).where(Axis.key.in_(selection.axes)))
    if selection.entities:
        yield a.c.entity_id.in_(select(Entity.id).where(Entity.key.in_(selection.entities)))
    if selection.statuses:
        yield a.c.status.in_([status.value for status in selection.statuses])
    else:
        yield a.c.status != Status.DROPPED.value


def _figures(connection: Connection, at: At, axis: int | None, entity: int | None) -> Figures:
    if axis is not None and entity is not None:
        return kept(connection, at, entity_reading).by_axis.get((entity, axis), Figures())
    if axis is not None:
        return kept(connection, at, plan_reading).axes.get(axis, Figures())
    if entity is not None:
        return kept(connection, at, entity_reading).entities.get(entity, Figures())
    return kept(connection, at, whole_plan)


def _days(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    if start < end:
        yield start
        yield from quarter_ends(start, end)[-_MOST_QUARTERS:]
    yield end
