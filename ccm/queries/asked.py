"""What the register's filters mean in SQL."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    case,
    or_,
    select,
    true,
)

from ccm.domain.vocabulary import Nature, Status
from ccm.metrics import At, as_held_on, own_answers
from ccm.metrics.current import Plan, plan
from ccm.metrics.history import finite, responsible
from ccm.queries.filters import Order, Outcome, RegisterFilters
from ccm.queries.known import PlanFigures
from ccm.queries.names import entities
from ccm.queries.results import EntityRef
from ccm.queries.search import Search, search
from ccm.queries.trend import moved_so
from ccm.store.models import (
    Assignment,
    Axis,
    Challenge,
    Priority,
    Recommendation,
    RecommendationPriority,
    Session,
)

#: Axis by axis, the oldest session first, as its table has them.
_SOURCE_ORDER = (Axis.position, Session.number, Recommendation.position, Recommendation.id)
_NOTHING = Search()
_DONE = (Status.COMPLETED.value, Status.DROPPED.value)
_UNANSWERED = (Status.NOT_REPORTED.value, Status.DROPPED.value)


@dataclass(frozen=True)
class Asked:
    """The filters as SQL over the plan at a date.

    `holders` are the ids of the entities asked for; `among` those of `among` and `kinds`, None where
    neither is set; `moved` the recommendations that moved so, None where it does not matter.
    """

    seen: Plan
    at: At
    filters: RegisterFilters
    holders: tuple[int, ...]
    among: tuple[int, ...] | None = None
    moved: tuple[int, ...] | None = None
    search: Search = _NOTHING

    @property
    def group(self) -> "Asked":
        """The part of the plan that is looked at, whatever is looked for in it."""
        return replace(self, filters=self.filters.group, moved=None, search=_NOTHING)

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
        of_figure = finite(self.seen.recommendations) if self.filters.by_state else true()
        return and_(responsible(self.seen.assignments), of_figure, self._answer(holders))

    def _answer(self, holders: tuple[int, ...]) -> ColumnElement[bool]:
        a, asked = self.seen.assignments, self.filters
        conditions: list[ColumnElement[bool]] = [true()]
        if asked.holders:
            conditions.append(a.c.entity_id.in_(holders))
        if self.among is not None:
            conditions.append(a.c.entity_id.in_(self.among))
        searched = self.search.keeps(a)
        # Where a filter asks for entities, it is they who answer: the search then finds recommendations.
        if searched is not None and not asked.holders and self.among is None:
            conditions.append(searched)
        if asked.answered or asked.fresh:
            conditions.append(a.c.status.not_in(_UNANSWERED))
        if asked.fresh:
            conditions.append(a.c.as_of >= self.at.fresh_since)
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
        if self.search.words:
            query = query.where(self.search.finds(self.seen))
        keys = (
            (Axis.key, asked.axis),
            (Challenge.key, asked.challenge),
            (Recommendation.key, asked.recommendation),
        )
        for column, value in keys:
            if value:
                query = query.where(column == value)
        return query.where(*self._of_nature())

    def _of_nature(self) -> list[ColumnElement[bool]]:
        """What is asked of recommendations themselves."""
        r, asked = self.seen.recommendations, self.filters
        conditions: list[ColumnElement[bool]] = []
        if asked.priority:
            beside = select(RecommendationPriority.recommendation_id).join(
                Priority, Priority.id == RecommendationPriority.priority_id
            )
            conditions.append(Recommendation.id.in_(beside.where(Priority.key == asked.priority)))
        if asked.doubtful:
            conditions.append(Recommendation.doubt != "")
        if asked.continuous:
            conditions.append(r.c.nature == Nature.CONTINUOUS.value)
        if asked.unassigned:
            a = self.seen.assignments
            held = select(a.c.recommendation_id).where(responsible(a)).correlate(None)
            conditions.append(Recommendation.id.not_in(held))
        if asked.outcome:
            conditions.append(self._became(asked.outcome))
        if self.moved is not None:
            # Written out: there may be more of them than a statement may have parameters.
            ids: BindParameter[int] = bindparam("moved", self.moved, expanding=True, literal_execute=True)
            conditions.append(Recommendation.id.in_(ids))
        return conditions

    def _became(self, outcome: Outcome) -> ColumnElement[bool]:
        a, r = self.seen.assignments, self.seen.recommendations
        number, fresh = r.c.recommendation_id, a.c.as_of >= self.at.fresh_since
        standing = a.c.status != Status.DROPPED.value
        live = number.in_(self._held(standing))
        if outcome is Outcome.REALISED:
            undone = self._held(standing, a.c.status != Status.COMPLETED.value)
            return and_(finite(r), live, number.not_in(undone))
        if outcome is Outcome.DROPPED:
            return and_(finite(r), number.in_(self._held()), ~live)
        if outcome is Outcome.COUNTED:
            return and_(finite(r), or_(live, number.not_in(self._held())))
        if outcome is Outcome.ACTIVE:
            active = self._held(a.c.status == Status.IN_PROGRESS.value, fresh)
            return and_(~finite(r), number.in_(active))
        return and_(~finite(r), number.not_in(self._held(fresh)))

    def _held(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        """The recommendations for which one of the entities asked for owes such an answer."""
        a = self.seen.assignments
        query = select(a.c.recommendation_id).where(responsible(a), *conditions).correlate(None)
        for asked in (self.holders if self.filters.holders else None, self.among):
            if asked is not None:
                query = query.where(a.c.entity_id.in_(asked))
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


def asked_of(
    connection: Connection,
    at: At,
    filters: RegisterFilters,
    known: PlanFigures | None,
    then: PlanFigures | None,
) -> Asked:
    """The filters at a date; `known` and `then` say what moved between the two, where that is asked.

    Where entities are asked for, by their own answers alone, as their figures are.
    """
    named = entities(connection, at.as_of)
    wanted = {entity.key: number for number, entity in named.items()}
    holders = tuple(wanted.get(key, 0) for key in filters.holders)
    among = _among(named, filters)
    moved = None
    if filters.moved and known and then:
        now, before = known.recommendations, then.recommendations
        judged = holders or among
        if judged is not None:
            days = (at, as_held_on(connection, then.at, at.as_of))
            now, before = (own_answers(connection, day, judged) for day in days)
        moved = moved_so(now, before, filters.moved)
    typed = search(connection, filters.q, named)
    return Asked(plan(connection, at), at, filters, holders, among, moved, typed)


def _among(named: dict[int, EntityRef], filters: RegisterFilters) -> tuple[int, ...] | None:
    """The entities, by id, that the filters name together."""
    if not filters.among and not filters.kinds:
        return None
    return tuple(
        number
        for number, entity in named.items()
        if (not filters.among or entity.key in filters.among)
        and (not filters.kinds or entity.kind in filters.kinds)
    )
