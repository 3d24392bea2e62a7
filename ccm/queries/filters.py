"""The register's filters: what they may be set to, and what they mean in SQL."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, or_, select, true

from ccm.domain.folding import fold
from ccm.domain.vocabulary import EntityKind, Nature, Status
from ccm.metrics import At
from ccm.metrics.current import Plan
from ccm.metrics.history import finite, responsible
from ccm.queries.ask import Query
from ccm.queries.names import AxisRef, axes, entities
from ccm.queries.results import EntityRef
from ccm.store.models import Assignment, Axis, Challenge, Recommendation, Session

#: Axis by axis, the oldest session first, as its table has them.
_SOURCE_ORDER = (Axis.position, Session.number, Recommendation.position, Recommendation.id)
_DONE = (Status.COMPLETED.value, Status.DROPPED.value)


class Order(StrEnum):
    """How the rows follow one another: as the source does, or what needs attention first."""

    SOURCE = "source"
    COMPLETION = "avancement"
    SILENCE = "silence"
    LATE = "retard"


@dataclass(frozen=True)
class RegisterFilters:
    """What the reader asked to keep. What is asked of answers must hold of one and the same answer."""

    q: str = ""
    axis: str | None = None
    challenge: str | None = None
    region: str | None = None
    entity: str | None = None
    status: Status | None = None
    overdue: bool = False
    unassigned: bool = False
    doubtful: bool = False
    continuous: bool = False

    @property
    def some(self) -> bool:
        """Whether anything is left out."""
        return self != EVERYTHING

    @property
    def by_answer(self) -> bool:
        """Whether a recommendation is kept for one of its answers."""
        return bool(self.region or self.entity or self.status or self.overdue)

    @property
    def holders(self) -> tuple[str, ...]:
        """The keys of the entities asked for."""
        return tuple(key for key in (self.region, self.entity) if key)


#: No filter.
EVERYTHING = RegisterFilters()


@dataclass(frozen=True)
class ChallengeRef:
    """A challenge of the plan, and the axis the source puts it under."""

    key: str
    text: str
    axis: str


@dataclass(frozen=True)
class FilterOptions:
    """What each filter may be set to."""

    axes: tuple[AxisRef, ...]
    challenges: tuple[ChallengeRef, ...]
    regions: tuple[EntityRef, ...]
    institutions: tuple[EntityRef, ...]


@dataclass(frozen=True)
class FilterOptionsQuery(Query[FilterOptions]):
    """The values of the filters, under the names of a day."""

    as_of: dt.date

    def answer(self, connection: Connection) -> FilterOptions:
        """Read them, in the source's order."""
        rows = connection.execute(
            select(Challenge.key, Challenge.text, Axis.key.label("axis"))
            .join(Axis, Axis.id == Challenge.axis_id)
            .order_by(Challenge.session_id, Challenge.position)
        )
        named = tuple(entities(connection, self.as_of).values())
        return FilterOptions(
            axes(connection),
            tuple(ChallengeRef(row.key, row.text, row.axis) for row in rows),
            tuple(entity for entity in named if entity.kind is EntityKind.REGION),
            tuple(entity for entity in named if entity.kind is not EntityKind.REGION),
        )


@dataclass(frozen=True)
class Asked:
    """The filters as SQL over the plan at a date; `holders` are the ids of the entities asked for."""

    seen: Plan
    at: At
    filters: RegisterFilters
    holders: tuple[int, ...]

    def recommendations(self) -> Select[Any]:
        """Rows (id, axis_id) of the recommendations kept, in the source's order."""
        query = self._of_plan(Recommendation.id, self.seen.recommendations.c.axis_id)
        if not self.filters.by_answer:
            return query
        # Each entity asked for must have such an answer; without one, anybody's will do.
        each: list[tuple[int, ...]] = [(holder,) for holder in self.holders]
        for holders in each or [()]:
            query = query.where(Recommendation.id.in_(self._with_answer(holders)))
        return query

    def answers(self, order: Order) -> Select[Any]:
        """Rows (key, recommendation_id, counted) of the answers asked for; those that count come first."""
        a = self.seen.assignments
        counted = case((self.counted(), 1), else_=0).label("counted")
        query = self._of_plan(Assignment.key, a.c.recommendation_id, counted)
        query = query.join(a, a.c.recommendation_id == Recommendation.id)
        query = query.join(Assignment, Assignment.id == a.c.assignment_id).where(self._answer(self.holders))
        if len(self.holders) > 1:
            of_both = self.recommendations().with_only_columns(Recommendation.id).order_by(None)
            query = query.where(Recommendation.id.in_(of_both.correlate(None)))
        in_order = (*_SOURCE_ORDER, a.c.entity_id)
        return query.order_by(None).order_by(counted.desc(), *self._first(order), *in_order)

    def counted(self) -> ColumnElement[bool]:
        """Whether an answer enters the figure that the filters name."""
        a, r = self.seen.assignments, self.seen.recommendations
        in_count = true() if self.filters.status else a.c.status != Status.DROPPED.value
        return and_(responsible(a), finite(r), in_count)

    def matches(self) -> ColumnElement[bool]:
        """Whether an answer is one for which its recommendation is kept."""
        return self._kept_for(self.holders)

    def _kept_for(self, holders: tuple[int, ...]) -> ColumnElement[bool]:
        of_figure = finite(self.seen.recommendations) if self.filters.status else true()
        return and_(responsible(self.seen.assignments), of_figure, self._answer(holders))

    def _answer(self, holders: tuple[int, ...]) -> ColumnElement[bool]:
        a, asked = self.seen.assignments, self.filters
        conditions: list[ColumnElement[bool]] = [true()]
        if asked.holders:
            conditions.append(a.c.entity_id.in_(holders))
        if asked.status:
            conditions.append(a.c.status == asked.status.value)
        if asked.overdue:
            conditions.append(self._overdue())
        return and_(*conditions)

    def _overdue(self) -> ColumnElement[bool]:
        a, r = self.seen.assignments, self.seen.recommendations
        return and_(responsible(a), finite(r), a.c.status.not_in(_DONE), a.c.due_date < self.at.as_of)

    def _with_answer(self, holders: tuple[int, ...]) -> Select[Any]:
        a, r = self.seen.assignments, self.seen.recommendations
        joined = a.join(r, r.c.recommendation_id == a.c.recommendation_id)
        return (
            select(a.c.recommendation_id).select_from(joined).where(self._kept_for(holders)).correlate(None)
        )

    def _of_plan(self, *columns: Any) -> Select[Any]:
        r, asked = self.seen.recommendations, self.filters
        query = (
            select(*columns)
            .select_from(Recommendation)
            .join(r, r.c.recommendation_id == Recommendation.id)
            .join(Axis, Axis.id == r.c.axis_id)
            .join(Challenge, Challenge.id == r.c.challenge_id)
            .join(Session, Session.id == Recommendation.session_id)
            .order_by(*_SOURCE_ORDER)
        )
        for word in fold(asked.q).split():
            query = query.where(Recommendation.search_text.contains(word, autoescape=True))
        for column, value in ((Axis.key, asked.axis), (Challenge.key, asked.challenge)):
            if value:
                query = query.where(column == value)
        if asked.doubtful:
            query = query.where(Recommendation.doubt != "")
        if asked.continuous:
            query = query.where(r.c.nature == Nature.CONTINUOUS.value)
        if asked.unassigned:
            a = self.seen.assignments
            held = select(a.c.recommendation_id).where(responsible(a)).correlate(None)
            query = query.where(Recommendation.id.not_in(held))
        return query

    def _first(self, order: Order) -> list[ColumnElement[Any]]:
        """What orders answers before the source does; missing values stand alike on both engines."""
        a = self.seen.assignments
        if order is Order.COMPLETION:
            return [case((a.c.percent.is_(None), 1), else_=0), a.c.percent.desc()]
        if order is Order.SILENCE:
            return [case((a.c.as_of.is_(None), 0), else_=1), a.c.as_of]
        if order is Order.LATE:
            not_late = or_(a.c.due_date.is_(None), ~self._overdue())
            return [case((not_late, 1), else_=0), case((a.c.due_date.is_(None), 1), else_=0), a.c.due_date]
        return []
