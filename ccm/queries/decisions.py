"""What needs a decision, and who must act: blocked, late, silent, unassigned."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ccm.domain.vocabulary import (
    COLLECTIVE_KINDS,
    AssignmentRole,
    BlockedCause,
    EntityKind,
    Nature,
    Status,
)
from ccm.metrics import At
from ccm.metrics.current import plan
from ccm.queries.names import entities
from ccm.queries.results import AnswerState, EntityRef, GroupLine
from ccm.store.models import Assignment, ProgressReport, Recommendation


@dataclass(frozen=True)
class Blocked:
    """Blocked answers: how many, the commonest cause, and who can lift them (None: the Secretariat)."""

    count: int
    cause: tuple[BlockedCause, int] | None
    lifters: tuple[tuple[EntityRef | None, int], ...]


@dataclass(frozen=True)
class Tally:
    """A count, and the entities it weighs on most: (entity, count), heaviest first."""

    count: int
    entities: tuple[tuple[EntityRef, int], ...]


@dataclass(frozen=True)
class Decisions:
    """What the plan asks of people at a date."""

    blocked: Blocked
    overdue: Tally
    silent: Tally
    unassigned: tuple[str, ...]
    unassigned_without_actors: int


@dataclass(frozen=True)
class Start:
    """What to begin with while nobody has answered: who is missing before answers can come."""

    entities_without_focal_point: tuple[EntityRef, ...]
    collective: tuple[EntityRef, ...]
    unassigned: tuple[str, ...]


def decisions(
    connection: Connection, at: At, lines: tuple[GroupLine, ...], regions_only: bool = True
) -> Decisions:
    """The four kinds of alarms at a date, each with who must act."""
    late = _heaviest(lines, "overdue")
    silent_lines = [line for line in lines if not regions_only or _is_region(line)]
    keys, empty = _unassigned(connection, at)
    return Decisions(_blocked(connection, at), late, _silent(silent_lines), keys, empty)


def start(connection: Connection, at: At, lines: tuple[GroupLine, ...]) -> Start:
    """Who must be named first: focal points, institutions behind collective actors, responsible entities."""
    named = [line.entity for line in lines if line.entity is not None]
    alone = tuple(e for e in named if not e.focal_points and e.kind not in COLLECTIVE_KINDS)
    collective = tuple(e for e in named if e.kind in COLLECTIVE_KINDS)
    return Start(alone, collective, _unassigned(connection, at)[0])


def who_must_act(answer: AnswerState) -> EntityRef | None:
    """Blocked: the entity that can lift it; late or silent: the responsible one; None: the Secretariat."""
    if answer.status is Status.BLOCKED:
        return answer.blocked_by
    return answer.entity


def _is_region(line: GroupLine) -> bool:
    return line.entity is not None and line.entity.kind is EntityKind.REGION


def _heaviest(lines: tuple[GroupLine, ...] | list[GroupLine], count: str) -> Tally:
    weights = [(line.entity, getattr(line.figures, count)) for line in lines if line.entity is not None]
    heavy = sorted((w for w in weights if w[1]), key=lambda w: -w[1])
    return Tally(sum(weight for _, weight in heavy), tuple(heavy))


def _silent(lines: list[GroupLine]) -> Tally:
    """The regions whose silence stands out: half of their answers missing or more; else the heaviest."""
    missing = [line for line in lines if line.figures.not_reported * 2 >= line.figures.expected > 0]
    return _heaviest(missing or lines, "not_reported")


def _blocked(connection: Connection, at: At) -> Blocked:
    seen = plan(connection, at)
    a, r = seen.assignments, seen.recommendations
    rows = connection.execute(
        select(ProgressReport.blocked_cause, ProgressReport.blocked_by_id)
        .join(a, a.c.report_id == ProgressReport.id)
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .where(
            a.c.status == Status.BLOCKED.value,
            a.c.role == AssignmentRole.RESPONSIBLE.value,
            r.c.nature == Nature.FINITE.value,
        )
    ).all()
    names = entities(connection, at.as_of)
    causes = Counter(row.blocked_cause for row in rows if row.blocked_cause)
    lifters = Counter(names.get(row.blocked_by_id) for row in rows)
    common = causes.most_common(1)
    return Blocked(len(rows), common[0] if common else None, tuple(lifters.most_common()))


def _unassigned(connection: Connection, at: At) -> tuple[tuple[str, ...], int]:
    """Keys of the recommendations nobody is responsible for, and how many have an empty actor cell."""
    seen = plan(connection, at)
    owed = (
        select(Assignment.recommendation_id)
        .join(seen.assignments, seen.assignments.c.assignment_id == Assignment.id)
        .where(seen.assignments.c.role == AssignmentRole.RESPONSIBLE.value)
    )
    rows = connection.execute(
        select(Recommendation.key, Recommendation.actor_cell)
        .join(seen.recommendations, seen.recommendations.c.recommendation_id == Recommendation.id)
        .where(Recommendation.id.not_in(owed))
        .order_by(Recommendation.position, Recommendation.id)
    ).all()
    return tuple(row.key for row in rows), sum(not row.actor_cell for row in rows)
