"""One pass over the plan at (D, K) for several groupings: by recommendation and axis, by entity and axis."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from sqlalchemy import Connection

from ccm.domain.figures import Figures
from ccm.metrics.at import At
from ccm.metrics.current import part_of_plan, plan
from ccm.metrics.rollups import answer_rollup, recommendation_rollup, tallies
from ccm.metrics.sums import Sum, alone, of_answers, of_recommendations


@dataclass(frozen=True)
class PlanReading:
    """Figures by recommendation id and by axis id, and the whole plan's."""

    recommendations: dict[int, Figures] = field(repr=False)
    axes: dict[int, Figures] = field(repr=False)
    plan: Figures

    def __len__(self) -> int:
        return len(self.recommendations) + len(self.axes) + 1


@dataclass(frozen=True)
class EntityReading:
    """Figures of each entity that owes an answer, and of each within each axis: (entity id, axis id)."""

    entities: dict[int, Figures] = field(repr=False)
    by_axis: dict[tuple[int, int], Figures] = field(repr=False)

    def __len__(self) -> int:
        return len(self.entities) + len(self.by_axis)


def plan_reading(connection: Connection, at: At) -> PlanReading:
    """The recommendations in follow-up; each is of one axis, so that they add up to axes, and to the plan."""
    tally = tallies(plan(connection, at), at)
    keys = (tally.c.recommendation_id, tally.c.axis_id)
    rows: dict[int, Figures] = {}
    axes: dict[int, Sum] = defaultdict(Sum)
    whole = Sum()
    for row, part in of_recommendations(connection.execute(recommendation_rollup(tally, keys))):
        rows[row.recommendation_id] = alone(part)
        axes[row.axis_id].add(part)
        whole.add(part)
    return PlanReading(rows, _done(axes), whole.figures)


def entity_reading(connection: Connection, at: At) -> EntityReading:
    """The entities' own answers; each answer is of one axis, so that these parts add up to the entities."""
    seen = plan(connection, at)
    tally = tallies(seen, at, group=seen.assignments.c.entity_id, weighted=False)
    keys = (tally.c.group_key, tally.c.axis_id)
    entities: dict[int, Sum] = defaultdict(Sum)
    by_axis: dict[tuple[int, int], Figures] = {}
    for row, part in of_answers(connection.execute(answer_rollup(tally, keys))):
        by_axis[row.group_key, row.axis_id] = alone(part)
        entities[row.group_key].add(part)
    return EntityReading(_done(entities), by_axis)


def recommendation_figures(
    connection: Connection, at: At, recommendations: Collection[int]
) -> dict[int, Figures]:
    """Figures by recommendation id, of these recommendations alone."""
    tally = tallies(part_of_plan(connection, at), at)
    query = recommendation_rollup(tally, (tally.c.recommendation_id,))
    found = connection.execute(query, {"only": list(recommendations)})
    return {row.recommendation_id: alone(part) for row, part in of_recommendations(found)}


def own_answers(connection: Connection, at: At, entities: Collection[int]) -> dict[int, Figures]:
    """Figures by recommendation id, from the answers of these entities (by id) alone."""
    seen = plan(connection, at)
    tally = tallies(seen, at, group=seen.assignments.c.entity_id, weighted=False)
    query = answer_rollup(tally, (tally.c.recommendation_id,))
    found = connection.execute(query.where(tally.c.group_key.in_(entities)))
    return {row.recommendation_id: alone(part) for row, part in of_answers(found)}


def _done(sums: dict[int, Sum]) -> dict[int, Figures]:
    return {key: group.figures for key, group in sums.items()}
