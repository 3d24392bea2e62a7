"""Lines of a comparison: axes, regions, institutions, now and at an earlier date."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ccm.domain.figures import Figures, FiguresRow
from ccm.domain.folding import fold
from ccm.domain.vocabulary import COLLECTIVE_KINDS, AssignmentRole, EntityKind
from ccm.metrics import At, as_held_on, entity_reading, plan_reading
from ccm.metrics.current import plan
from ccm.queries.names import AxisRef, axes, entities
from ccm.queries.past import kept
from ccm.queries.results import GroupLine


@dataclass(frozen=True)
class AxisComparison:
    """The axes in their order, and the whole plan, now and at the earlier date where there is one."""

    lines: tuple[GroupLine, ...]
    plan: Figures
    plan_before: Figures | None


def compare_axes(connection: Connection, at: At, before: At | None) -> AxisComparison:
    """Every axis with its figures (empty where nothing of it is in follow-up)."""
    now = kept(connection, at, plan_reading)
    then = kept(connection, before, plan_reading) if before else None
    lines = tuple(
        GroupLine(
            axis.key,
            axis.label,
            now.axes.get(axis.id, Figures()),
            then.axes.get(axis.id) if then else None,
        )
        for axis in axes(connection)
    )
    return AxisComparison(lines, now.plan, then.plan if then else None)


def entity_lines(
    connection: Connection, at: At, before: At | None, with_axes: bool = False
) -> tuple[GroupLine, ...]:
    """Every entity that owes an answer, in the source's order; by axis too where asked."""
    now = kept(connection, at, entity_reading)
    then = before and as_held_on(connection, before, at.as_of)
    earlier = kept(connection, then, entity_reading).entities if then else {}
    known_axes = axes(connection) if with_axes else ()
    return tuple(
        GroupLine(
            entity.key,
            entity.short_name,
            now.entities[number],
            earlier.get(number),
            entity,
            _axis_rows(now.by_axis, number, known_axes),
        )
        for number, entity in entities(connection, at.as_of).items()
        if number in now.entities
    )


def of_kind(lines: Iterable[GroupLine], *kinds: EntityKind) -> tuple[GroupLine, ...]:
    """The lines of these kinds of entities."""
    return tuple(line for line in lines if line.entity is not None and line.entity.kind in kinds)


def by_load(lines: Iterable[GroupLine]) -> tuple[GroupLine, ...]:
    """The heaviest load first, then by name: the order where nobody has answered yet."""
    return tuple(sorted(lines, key=lambda line: (-line.figures.expected, _name(line))))


def beside_ministries(lines: Iterable[GroupLine]) -> tuple[GroupLine, ...]:
    """Agencies, then classes of actors: a class is nobody in particular and ranks with no institution."""
    every = tuple(lines)
    agencies, classes = of_kind(every, EntityKind.AGENCY), of_kind(every, *COLLECTIVE_KINDS)
    return (*by_load(agencies), *by_load(classes))


def naming_institutions(connection: Connection, at: At) -> int:
    """How many recommendations make anybody but a region responsible: those in the institutions' lines."""
    seen = plan(connection, at)
    a, r = seen.assignments, seen.recommendations
    others = [i for i, e in entities(connection, at.as_of).items() if e.kind is not EntityKind.REGION]
    query = (
        select(func.count(a.c.recommendation_id.distinct()))
        .join(r, r.c.recommendation_id == a.c.recommendation_id)
        .where(a.c.role == AssignmentRole.RESPONSIBLE.value, a.c.entity_id.in_(others))
    )
    return int(connection.execute(query).scalar_one())


def by_completion(lines: Iterable[GroupLine]) -> tuple[GroupLine, ...]:
    """The furthest first, equals by name; those without a figure last."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (line.figures.completion is None, -(line.figures.completion or 0), _name(line)),
        )
    )


def _name(line: GroupLine) -> str:
    """What a line is sorted by: by code points alone, « État » would come after all others."""
    return fold(line.entity.short_name if line.entity else line.label)


def _axis_rows(
    by_axis: dict[tuple[int, int], Figures], entity: int, known: Iterable[AxisRef]
) -> tuple[FiguresRow, ...]:
    return tuple(
        FiguresRow(axis.key, axis.label, by_axis.get((entity, axis.id), Figures())) for axis in known
    )
