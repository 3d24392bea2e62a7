"""Lines of a comparison: axes, regions, institutions, now and at an earlier date."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from ccm.domain.figures import Figures, FiguresRow
from ccm.domain.vocabulary import EntityKind, GroupBy
from ccm.metrics import At, entity_figures, entity_figures_by_axis, figures
from ccm.queries.names import AxisRef, axes, entities
from ccm.queries.results import EntityRef, GroupLine


@dataclass(frozen=True)
class AxisComparison:
    """The axes in their order, and the whole plan, now and at the earlier date where there is one."""

    lines: tuple[GroupLine, ...]
    plan: Figures
    plan_before: Figures | None


def compare_axes(connection: Connection, at: At, before: At | None) -> AxisComparison:
    """Every axis with its figures (empty where nothing of it is in follow-up)."""
    now = figures(connection, at, GroupBy.AXIS)
    then = figures(connection, before, GroupBy.AXIS) if before else None
    lines = tuple(
        GroupLine(
            axis.key,
            axis.label,
            now.rows.get(axis.id, Figures()),
            then.rows.get(axis.id) if then else None,
        )
        for axis in axes(connection)
    )
    return AxisComparison(lines, now.plan, then.plan if then else None)


def entity_lines(
    connection: Connection, at: At, before: At | None, with_axes: bool = False
) -> tuple[GroupLine, ...]:
    """Every entity that owes an answer, in the source's order; by axis too where asked."""
    now = entity_figures(connection, at)
    earlier = entity_figures(connection, before) if before else {}
    known_axes = axes(connection)
    by_axis = entity_figures_by_axis(connection, at) if with_axes else {}
    return tuple(
        GroupLine(
            entity.key,
            entity.short_name,
            now[number],
            earlier.get(number),
            entity,
            _axis_rows(by_axis, number, known_axes) if with_axes else (),
        )
        for number, entity in entities(connection, at.as_of).items()
        if number in now
    )


def of_kind(lines: Iterable[GroupLine], *kinds: EntityKind) -> tuple[GroupLine, ...]:
    """The lines of these kinds of entities."""
    return tuple(line for line in lines if line.entity is not None and line.entity.kind in kinds)


def by_load(lines: Iterable[GroupLine]) -> tuple[GroupLine, ...]:
    """The heaviest load first, then by name: the order where nobody has answered yet."""
    return tuple(sorted(lines, key=lambda line: (-line.figures.expected, _name(line.entity, line))))


def by_completion(lines: Iterable[GroupLine]) -> tuple[GroupLine, ...]:
    """The furthest first; those without a figure last."""
    return tuple(
        sorted(
            lines,
            key=lambda line: (line.figures.completion is None, -(line.figures.completion or 0), line.key),
        )
    )


def _name(entity: EntityRef | None, line: GroupLine) -> str:
    return entity.short_name if entity else line.label


def _axis_rows(
    by_axis: dict[tuple[int, int], Figures], entity: int, known: Iterable[AxisRef]
) -> tuple[FiguresRow, ...]:
    return tuple(
        FiguresRow(axis.key, axis.label, by_axis.get((entity, axis.id), Figures())) for axis in known
    )
