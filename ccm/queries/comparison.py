"""Lines of a comparison: axes, regions, institutions, now and at an earlier date."""

from collections.abc import Iterable

from sqlalchemy import Connection

from ccm.domain.figures import Figures, FiguresRow
from ccm.domain.vocabulary import EntityKind, GroupBy
from ccm.metrics import At, Grouped, entity_figures_by_axis, figures
from ccm.queries.names import AxisRef, axes, entities
from ccm.queries.results import EntityRef, GroupLine


def axis_lines(connection: Connection, at: At, before: At | None) -> tuple[tuple[GroupLine, ...], Grouped]:
    """The axes in their order, each with its figures (empty where nothing is in follow-up)."""
    grouped = figures(connection, at, GroupBy.AXIS)
    earlier = figures(connection, before, GroupBy.AXIS).rows if before else {}
    lines = tuple(
        GroupLine(axis.key, axis.label, grouped.rows.get(axis.id, Figures()), earlier.get(axis.id))
        for axis in axes(connection)
    )
    return lines, grouped


def entity_lines(
    connection: Connection, at: At, before: At | None, with_axes: bool = False
) -> tuple[GroupLine, ...]:
    """Every entity that owes an answer, in the source's order; by axis too where asked."""
    grouped = figures(connection, at, GroupBy.ENTITY)
    earlier = figures(connection, before, GroupBy.ENTITY).rows if before else {}
    known_axes = axes(connection)
    by_axis = entity_figures_by_axis(connection, at) if with_axes else {}
    return tuple(
        GroupLine(
            entity.key,
            entity.short_name,
            grouped.rows[number],
            earlier.get(number),
            entity,
            _axis_rows(by_axis, number, known_axes) if with_axes else (),
        )
        for number, entity in entities(connection, at.as_of).items()
        if number in grouped.rows
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
