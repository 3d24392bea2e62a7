"""The rows behind the figures: enough to recompute every one of them outside the program.

A dump is a sequence of sections; rows are read as they are asked for, so that it never stands in memory.
"""

import datetime as dt
import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from ccm.metrics import At
from ccm.metrics.history import assignment_terms, recommendation_terms, session_dates
from ccm.queries.names import entities
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Axis,
    Challenge,
    Entity,
    Instance,
    Membership,
    Observation,
    Priority,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    RecommendationPriority,
    Session,
    SessionChange,
    Setting,
    StoreState,
    Succession,
)

Row = dict[str, object]
_ROWS_AT_ONCE = 2_000
#: Changed objects: how the export names them, the table of changes, its owner, and the owner's column.
_CHANGED: tuple[tuple[str, Any, Any, str], ...] = (
    ("assignment", AssignmentChange, Assignment, "assignment_id"),
    ("recommendation", RecommendationChange, Recommendation, "recommendation_id"),
    ("session", SessionChange, Session, "session_id"),
)

_KEYS = (Recommendation.key.label("recommendation"), Entity.key.label("entity"))


@dataclass(frozen=True)
class Section:
    """One key of the export: a list of rows, read when iterated, or a single value."""

    name: str
    rows: Iterator[Row] | None = None
    value: object = None


def raw_sections(connection: Connection, today: dt.date) -> Iterator[Section]:
    """Every section in order; flat rows hold what is in force on `today`."""
    dump = _Dump(connection, today)
    demo = connection.execute(select(StoreState.demo)).scalar_one()
    yield Section("demo", value=bool(demo))
    yield Section("as_of", value=today.isoformat())
    yield Section("settings", value=dump.settings())
    readers: dict[str, Callable[[], Iterator[Row]]] = {
        "sessions": dump.sessions,
        "challenges": lambda: dump.labelled(Challenge),
        "priorities": lambda: dump.labelled(Priority),
        "recommendations": dump.recommendations,
        "memberships": dump.memberships,
        "entities": dump.entities,
        "assignments": dump.assignments,
        "reports": dump.reports,
        "successions": dump.successions,
        "changes": dump.changes,
        "observations": dump.observations,
    }
    for name, reader in readers.items():
        yield Section(name, reader())


class _Dump:
    def __init__(self, connection: Connection, today: dt.date) -> None:
        self.connection = connection
        self.today = today
        self.at = At(today)

    def stream(self, query: Any) -> Iterator[Any]:
        for rows in self.batches(query):
            yield from rows

    def batches(self, query: Any) -> Iterator[Sequence[Any]]:
        yield from self.connection.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)).partitions()

    def settings(self) -> Row:
        period = select(Setting.value).where(Setting.key == "reporting_period_days")
        return {"reporting_period_days": int(self.connection.execute(period).scalar() or 90)}

    def sessions(self) -> Iterator[Row]:
        dated = session_dates(self.at)
        query = (
            select(
                Session.number,
                dated.c.political_date,
                Session.initial_political_date,
                Session.recorded_at,
            )
            .join(dated, dated.c.id == Session.id)
            .order_by(Session.number)
        )
        yield from map(_row, self.stream(query))

    def labelled(self, model: Any) -> Iterator[Row]:
        query = select(model.key, model.text).order_by(model.position, model.id)
        yield from ({"key": row.key, "label": row.text} for row in self.stream(query))

    def recommendations(self) -> Iterator[Row]:
        for rows in self.batches(self._recommendations()):
            beside = self._priorities([row.id for row in rows])
            for row in rows:
                told = {name: value for name, value in _row(row).items() if name != "id"}
                yield {**told, "priorities": beside.get(row.id, [])}

    def _recommendations(self) -> Any:
        terms = recommendation_terms(self.at).subquery("terms")
        axis, first_axis = aliased(Axis), aliased(Axis)
        challenge, first_challenge = aliased(Challenge), aliased(Challenge)
        return (
            select(
                Recommendation.id,
                Recommendation.key,
                Session.number.label("session"),
                axis.key.label("axis"),
                challenge.key.label("challenge"),
                Recommendation.text,
                terms.c.nature,
                Recommendation.source_line,
                Recommendation.actor_cell,
                Recommendation.doubt,
                terms.c.withdrawn,
                Recommendation.initial_nature,
                first_axis.key.label("initial_axis"),
                first_challenge.key.label("initial_challenge"),
                Recommendation.recorded_at,
            )
            .join(terms, terms.c.recommendation_id == Recommendation.id)
            .join(Session, Session.id == Recommendation.session_id)
            .join(axis, axis.id == terms.c.axis_id)
            .join(challenge, challenge.id == terms.c.challenge_id)
            .join(first_axis, first_axis.id == Recommendation.initial_axis_id)
            .join(first_challenge, first_challenge.id == Recommendation.initial_challenge_id)
            .order_by(Recommendation.position, Recommendation.id)
        )

    def _priorities(self, recommendations: Sequence[int]) -> dict[int, list[str]]:
        beside: dict[int, list[str]] = {}
        query = (
            select(RecommendationPriority.recommendation_id, Priority.key)
            .join(Priority, Priority.id == RecommendationPriority.priority_id)
            .where(RecommendationPriority.recommendation_id.in_(recommendations))
            .order_by(Priority.position, Priority.id)
        )
        for row in self.connection.execute(query):
            beside.setdefault(row.recommendation_id, []).append(row.key)
        return beside

    def memberships(self) -> Iterator[Row]:
        columns = (Membership.effective_on, Membership.recorded_at)
        query = (
            select(Recommendation.key.label("recommendation"), Session.number.label("session"), *columns)
            .join(Recommendation, Recommendation.id == Membership.recommendation_id)
            .join(Session, Session.id == Membership.session_id)
            .order_by(Membership.id)
        )
        yield from map(_row, self.stream(query))

    def entities(self) -> Iterator[Row]:
        named = entities(self.connection, self.today)
        parent = aliased(Entity)
        query = (
            select(Entity.id, Entity.key, Entity.kind, parent.key.label("parent"))
            .outerjoin(parent, parent.id == Entity.parent_id)
            .order_by(Entity.position)
        )
        for row in self.stream(query):
            label = named[row.id].short_name
            yield {"key": row.key, "kind": _plain(row.kind), "label": label, "parent": row.parent}

    def assignments(self) -> Iterator[Row]:
        followed = recommendation_terms(self.at).subquery("followed")
        terms = assignment_terms(self.at, followed).subquery("terms")
        said = (terms.c.role, terms.c.weight, terms.c.due_date, terms.c.ended)
        first = (Assignment.initial_role, Assignment.initial_weight, Assignment.initial_due_date)
        query = select(Assignment.id, *_KEYS, *said, *first)
        query = _with_keys(query).join(terms, terms.c.assignment_id == Assignment.id)
        for row in self.stream(query.order_by(Assignment.id)):
            told = _row(row)
            initial = {name: told.pop(f"initial_{name}") for name in ("role", "weight", "due_date")}
            yield {**told, "initial": initial if initial["role"] else None}

    def reports(self) -> Iterator[Row]:
        blocking, report = aliased(Entity), ProgressReport
        columns: list[Any] = [
            report.id,
            *_KEYS,
            report.as_of,
            report.status,
            report.percent,
            report.note,
            report.state,
            report.submitted_at,
            report.validated_at,
            report.returned_at,
            report.retracted_at,
            report.blocked_reason,
            report.blocked_cause,
            blocking.key.label("blocked_by"),
            report.dropped_kind,
            report.author,
        ]
        query = select(*columns).join(Assignment, Assignment.id == report.assignment_id)
        query = _with_keys(query).outerjoin(blocking, blocking.id == report.blocked_by_id)
        yield from map(_row, self.stream(query.order_by(report.id)))

    def successions(self) -> Iterator[Row]:
        before, after = aliased(Entity), aliased(Entity)
        query = (
            select(
                before.key.label("predecessor"),
                after.key.label("successor"),
                Succession.effective_on.label("date"),
                Assignment.key.label("assignment"),
                Succession.recorded_at,
            )
            .join(before, before.id == Succession.predecessor_id)
            .join(after, after.id == Succession.successor_id)
            .outerjoin(Assignment, Assignment.id == Succession.assignment_id)
            .order_by(Succession.id)
        )
        yield from map(_row, self.stream(query))

    def observations(self) -> Iterator[Row]:
        """What meetings observed: in no figure, and exported as the source's own words."""
        query = (
            select(
                Observation.key,
                Session.number.label("session"),
                Instance.kind.label("instance"),
                Observation.text,
                Observation.source_line,
                Observation.status,
            )
            .join(Instance, Instance.id == Observation.instance_id)
            .join(Session, Session.id == Instance.session_id)
            .order_by(Observation.position, Observation.id)
        )
        yield from map(_row, self.stream(query))

    def changes(self) -> Iterator[Row]:
        streams = [self._changes(*changed) for changed in _CHANGED]
        for _, row in heapq.merge(*streams, key=lambda item: item[0]):
            yield row

    def _changes(self, name: str, model: Any, owner: Any, column: str) -> Iterator[tuple[Any, Row]]:
        query = (
            select(
                owner.key,
                model.field,
                model.value,
                model.effective_on,
                model.recorded_at,
                model.author,
                model.reason,
                model.id,
            )
            .join(owner, owner.id == getattr(model, column))
            .order_by(model.recorded_at, model.id)
        )
        for row in self.stream(query):
            yield (row.recorded_at, row.id), {"object": name, **_row(row)}


def _with_keys(query: Any) -> Any:
    """The query joined to the assignment's recommendation and entity."""
    query = query.join(Recommendation, Recommendation.id == Assignment.recommendation_id)
    return query.join(Entity, Entity.id == Assignment.entity_id)


def _row(row: Any) -> Row:
    return {name: _plain(value) for name, value in row._mapping.items()}


def _plain(value: Any) -> Any:
    """Codes as themselves, days and instants as ISO text: instants with microseconds and offset."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, dt.date) else value
