"""The tracking table: the synthesis table's own rows, with where each recommendation stands."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import AssignmentRole, Nature
from ccm.metrics import At
from ccm.metrics.current import plan
from ccm.queries.answers import answers
from ccm.queries.ask import Query
from ccm.queries.known import PlanFiguresQuery
from ccm.queries.names import AxisRef, axes
from ccm.queries.results import AnswerState
from ccm.store.models import Challenge, Priority, Recommendation, RecommendationPriority, Session


@dataclass(frozen=True)
class Part:
    """A challenge or a priority: its key and its text."""

    key: str
    text: str


@dataclass(frozen=True)
class TrackingRow:
    """One recommendation: its session, its place in the plan, who answers for it and what they last said."""

    key: str
    text: str
    session: int
    axis: AxisRef
    challenge: Part
    priorities: tuple[Part, ...]
    nature: Nature
    figures: Figures
    answers: tuple[AnswerState, ...]


@dataclass(frozen=True)
class TrackingQuery(Query[tuple[TrackingRow, ...]]):
    """Every recommendation in follow-up at a date, in the source's order."""

    at: At

    def answer(self, connection: Connection) -> tuple[TrackingRow, ...]:
        """Read them from one view of the store."""
        figures = PlanFiguresQuery(self.at).answer(connection).recommendations
        named = {axis.id: axis for axis in axes(connection)}
        beside, held = _priorities(connection), defaultdict(list)
        for one in answers(connection, self.at):
            if one.role is AssignmentRole.RESPONSIBLE:
                held[one.recommendation].append(one)
        return tuple(
            TrackingRow(
                key=row.key,
                text=row.text,
                session=row.session,
                axis=named[row.axis_id],
                challenge=Part(row.challenge, row.challenge_text),
                priorities=tuple(beside[row.id]),
                nature=Nature(row.nature),
                figures=figures[row.id],
                answers=tuple(held[row.key]),
            )
            for row in self._followed(connection)
        )

    def _followed(self, connection: Connection) -> Any:
        r = plan(connection, self.at).recommendations
        columns = (Recommendation.id, Recommendation.key, Recommendation.text, r.c.axis_id, r.c.nature)
        query = select(*columns, Challenge.key.label("challenge"), Challenge.text.label("challenge_text"))
        query = query.join(r, r.c.recommendation_id == Recommendation.id)
        query = query.add_columns(Session.number.label("session")).join(Session, Session.id == r.c.session_id)
        query = query.join(Challenge, Challenge.id == r.c.challenge_id)
        return connection.execute(query.order_by(Recommendation.position, Recommendation.id))


def _priorities(connection: Connection) -> dict[int, list[Part]]:
    found: dict[int, list[Part]] = defaultdict(list)
    query = (
        select(RecommendationPriority.recommendation_id, Priority.key, Priority.text)
        .join(Priority, Priority.id == RecommendationPriority.priority_id)
        .order_by(Priority.position, Priority.id)
    )
    for row in connection.execute(query):
        found[row.recommendation_id].append(Part(row.key, row.text))
    return found
