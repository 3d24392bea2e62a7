"""The tracking table: the synthesis table's own rows, with where each recommendation stands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import AssignmentRole, Nature
from ccm.metrics import At
from ccm.metrics.current import Plan, part_of_plan
from ccm.queries.answers import answers
from ccm.queries.names import AxisRef, axes
from ccm.queries.results import AnswerState
from ccm.store.models import Challenge, Priority, Recommendation, RecommendationPriority


@dataclass(frozen=True)
class Part:
    """A challenge or a priority: its key and its text."""

    key: str
    text: str


@dataclass(frozen=True)
class TrackingRow:
    """One recommendation: its place in the plan, who answers for it and what they last said."""

    key: str
    text: str
    axis: AxisRef
    challenge: Part
    priorities: tuple[Part, ...]
    nature: Nature
    figures: Figures
    answers: tuple[AnswerState, ...]


def tracking_rows(
    connection: Connection, at: At, recommendations: Sequence[int], figures: dict[int, Figures]
) -> Iterator[TrackingRow]:
    """These recommendations, by id, as the table has them, in the order given."""
    named = {axis.id: axis for axis in axes(connection)}
    beside, held = _priorities(connection, recommendations), defaultdict(list)
    for one in answers(connection, at, recommendations):
        if one.role is AssignmentRole.RESPONSIBLE:
            held[one.recommendation].append(one)
    rows = {
        row.id: row
        for row in connection.execute(_placed(part_of_plan(connection, at)), {"only": recommendations})
    }
    for row in map(rows.__getitem__, recommendations):
        yield TrackingRow(
            key=row.key,
            text=row.text,
            axis=named[row.axis_id],
            challenge=Part(row.challenge, row.challenge_text),
            priorities=tuple(beside[row.id]),
            nature=Nature(row.nature),
            figures=figures[row.id],
            answers=tuple(held[row.key]),
        )


def _placed(seen: Plan) -> Select[Any]:
    r = seen.recommendations
    columns = (Recommendation.id, Recommendation.key, Recommendation.text, r.c.axis_id, r.c.nature)
    query = select(*columns, Challenge.key.label("challenge"), Challenge.text.label("challenge_text"))
    query = query.join(r, r.c.recommendation_id == Recommendation.id)
    return query.join(Challenge, Challenge.id == r.c.challenge_id)


def _priorities(connection: Connection, recommendations: Sequence[int]) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    query = (
        select(RecommendationPriority.recommendation_id, Priority.key, Priority.text)
        .join(Priority, Priority.id == RecommendationPriority.priority_id)
        .where(RecommendationPriority.recommendation_id.in_(recommendations))
        .order_by(Priority.position, Priority.id)
    )
    for row in connection.execute(query):
        found[row.recommendation_id].append(Part(row.key, row.text))
    return found
