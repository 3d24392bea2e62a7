"""One entity in full: its answers, who can lift the blocked ones, its figures over time."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Select, case, func, literal, select

from ccm.domain.dates import quarter_ends
from ccm.domain.figures import Figures
from ccm.domain.folding import fold
from ccm.domain.vocabulary import AssignmentRole, Nature, Status
from ccm.metrics import At, as_held_on, entity_reading
from ccm.metrics.current import Plan, plan
from ccm.metrics.history import session_dates
from ccm.queries.answers import answers
from ccm.queries.ask import Query
from ccm.queries.names import entities
from ccm.queries.past import kept
from ccm.queries.results import AnswerState, EntityRef, GroupLine, TrendPoint
from ccm.store.models import Assignment, Entity, EntityAlias, ProgressReport, Recommendation

#: How many answers of one kind a screen lists; paper, on which nothing unfolds, twice as many. The register
#: holds the others.
LISTED = 25
#: The same for what stands apart from the count.
LISTED_APART = 10
_APART = ("dropped", "continuous", "support")
#: As many quarters as a small chart can tell apart.
_MOST_QUARTERS = 5
_PRESSING = {Status.BLOCKED.value: 0, Status.IN_PROGRESS.value: 1, Status.NOT_STARTED.value: 2}


@dataclass(frozen=True)
class AnswerList:
    """Answers of one entity, the most pressing first: those a page lists, and how many there are in all."""

    shown: tuple[AnswerState, ...] = ()
    #: Those that follow, which paper alone lists.
    on_paper: tuple[AnswerState, ...] = ()
    count: int = 0

    @property
    def left(self) -> int:
        """How many are not listed on a screen."""
        return self.count - len(self.shown)

    @property
    def left_on_paper(self) -> int:
        """How many are not listed on paper either."""
        return self.left - len(self.on_paper)


@dataclass(frozen=True)
class EntityInFull:
    """One entity, its answers (those out of the count apart), and who can lift the blocked ones.

    `lifters`: (entity, count), heaviest first; None stands for the Secretariat.
    """

    entity: EntityRef
    aliases: tuple[str, ...]
    note: str
    received: AnswerList
    missing: AnswerList
    dropped: AnswerList
    continuous: AnswerList
    support: AnswerList
    lifters: tuple[tuple[EntityRef | None, int], ...]


@dataclass(frozen=True)
class EntityQuery(Query[EntityInFull | None]):
    """One entity by its key at a date; None where no entity has this key."""

    at: At
    key: str

    def answer(self, connection: Connection) -> EntityInFull | None:
        """Read it, with the first answers of each list."""
        row = connection.execute(select(Entity.id, Entity.note).where(Entity.key == self.key)).first()
        if row is None:
            return None
        seen = plan(connection, self.at)
        found = entities(connection, self.at.as_of)
        entity = found[row.id]
        lists = _lists(connection, self.at, seen, row.id)
        return EntityInFull(
            entity=entity,
            aliases=_aliases(connection, row.id, entity),
            note=row.note or "",
            lifters=_lifters(connection, seen, row.id, found),
            **{name: lists.get(name, AnswerList()) for name in _LISTS},
        )


@dataclass(frozen=True)
class EntityTrendsQuery(Query[Mapping[str, tuple[TrendPoint, ...]]]):
    """Every entity's figures before a date: at the first political meeting and at quarters' ends.

    {entity key: points, oldest first}.
    """

    at: At

    def answer(self, connection: Connection) -> Mapping[str, tuple[TrendPoint, ...]]:
        """Take them from history, all entities at once."""
        start = _followed_since(connection, self.at)
        if start is None:
            return {}
        days = _days(start, self.at.as_of)
        then = [as_held_on(connection, replace(self.at, as_of=day), self.at.as_of) for day in days]
        rows = {at.as_of: kept(connection, at, entity_reading).entities for at in then}
        return {
            entity.key: tuple(TrendPoint(day, rows[day].get(number, Figures())) for day in days)
            for number, entity in entities(connection, self.at.as_of).items()
        }


def trend(
    line: GroupLine, earlier: Mapping[str, tuple[TrendPoint, ...]], as_of: dt.date, since: dt.date | None
) -> tuple[TrendPoint, ...]:
    """An entity's figures over time: the earlier points, the date of comparison, the date of the page."""
    points = {point.on: point for point in earlier.get(line.key, ())}
    if since is not None and line.before is not None:
        points[since] = TrendPoint(since, line.before)
    points[as_of] = TrendPoint(as_of, line.figures)
    return tuple(points[day] for day in sorted(points))


_LISTS = ("received", "missing", "dropped", "continuous", "support")


def _lists(connection: Connection, at: At, seen: Plan, entity: int) -> dict[str, AnswerList]:
    ranked = connection.execute(_first_of_each_list(seen, entity)).all()
    found = answers(connection, at, sorted({row.recommendation_id for row in ranked}), entity)
    by_key = {answer.assignment: answer for answer in found}
    return {
        name: AnswerList(
            shown=tuple(by_key[row.key] for row in rows if row.place <= _most(name)),
            on_paper=tuple(by_key[row.key] for row in rows if row.place > _most(name)),
            count=rows[0].in_all,
        )
        for name in {row.list for row in ranked}
        for rows in [[row for row in ranked if row.list == name]]
    }


def _most(name: str) -> int:
    return LISTED_APART if name in _APART else LISTED


def _first_of_each_list(seen: Plan, entity: int) -> Select[Any]:
    a, r = seen.assignments, seen.recommendations
    which = case(
        (a.c.role != AssignmentRole.RESPONSIBLE.value, literal("support")),
        (r.c.nature == Nature.CONTINUOUS.value, literal("continuous")),
        (a.c.status == Status.DROPPED.value, literal("dropped")),
        (a.c.status == Status.NOT_REPORTED.value, literal("missing")),
        else_=literal("received"),
    )
    pressing = case(_PRESSING, value=a.c.status, else_=len(_PRESSING))
    sorted_out = (
        select(
            Assignment.key,
            a.c.recommendation_id,
            a.c.due_date,
            which.label("list"),
            pressing.label("pressing"),
        )
        .add_columns(Recommendation.position, Recommendation.id.label("number"))
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .join(Assignment, Assignment.id == a.c.assignment_id)
        .join(Recommendation, Recommendation.id == a.c.recommendation_id)
        .where(a.c.entity_id == entity)
        .subquery("sorted_out")
    )
    s = sorted_out.c
    order = (s.pressing, case((s.due_date.is_(None), 1), else_=0), s.due_date, s.position, s.number)
    ranked = select(
        sorted_out,
        func.row_number().over(partition_by=s.list, order_by=order).label("place"),
        func.count().over(partition_by=s.list).label("in_all"),
    ).subquery("ranked")
    return (
        select(ranked)
        .where(ranked.c.place <= 2 * case((ranked.c.list.in_(_APART), LISTED_APART), else_=LISTED))
        .order_by(ranked.c.list, ranked.c.place)
    )


def _lifters(
    connection: Connection, seen: Plan, entity: int, found: dict[int, EntityRef]
) -> tuple[tuple[EntityRef | None, int], ...]:
    a, r = seen.assignments, seen.recommendations
    number = func.count().label("number")
    rows = connection.execute(
        select(ProgressReport.blocked_by_id, number)
        .join(a, a.c.report_id == ProgressReport.id)
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .where(
            a.c.entity_id == entity,
            a.c.status == Status.BLOCKED.value,
            a.c.role == AssignmentRole.RESPONSIBLE.value,
            r.c.nature == Nature.FINITE.value,
        )
        .group_by(ProgressReport.blocked_by_id)
        .order_by(number.desc(), ProgressReport.blocked_by_id)
    )
    return tuple((found.get(row.blocked_by_id), int(row.number)) for row in rows)


def _aliases(connection: Connection, number: int, entity: EntityRef) -> tuple[str, ...]:
    """The other spellings; those that differ by case or accents alone say nothing more."""
    query = select(EntityAlias.alias).where(EntityAlias.entity_id == number).order_by(EntityAlias.id)
    same = (fold(entity.short_name), fold(entity.name))
    return tuple(alias for alias in connection.execute(query).scalars() if fold(alias) not in same)


def _followed_since(connection: Connection, at: At) -> dt.date | None:
    dated = session_dates(at)
    query = select(func.min(dated.c.political_date)).where(dated.c.political_date <= at.as_of)
    if at.session is not None:
        query = query.where(dated.c.number == at.session)
    found: dt.date | None = connection.execute(query).scalar()
    return found


def _days(start: dt.date, end: dt.date) -> list[dt.date]:
    quarters = quarter_ends(start, end)
    return [start, *quarters[:: max(1, -(-len(quarters) // _MOST_QUARTERS))]] if start < end else []
