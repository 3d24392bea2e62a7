"""The figures of every recommendation at a date, kept for the questions that start from them."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import GroupBy
from ccm.metrics import At, figures
from ccm.queries.ask import Query
from ccm.store.engine import read_revision


@dataclass(frozen=True)
class PlanFigures:
    """Figures by recommendation id and by axis id, and the whole plan's, at one revision of the store."""

    at: At
    revision: int
    recommendations: dict[int, Figures] = field(repr=False)
    axes: dict[int, Figures] = field(repr=False)
    plan: Figures


@dataclass(frozen=True)
class PlanFiguresQuery(Query[PlanFigures]):
    """Asked once for a date, whatever is then looked for among the recommendations."""

    at: At

    def answer(self, connection: Connection) -> PlanFigures:
        """Read them from one view of the store."""
        by_recommendation = figures(connection, self.at, GroupBy.RECOMMENDATION)
        by_axis = figures(connection, self.at, GroupBy.AXIS)
        revision = read_revision(connection)
        return PlanFigures(self.at, revision, by_recommendation.rows, by_axis.rows, by_recommendation.plan)


def plan_figures(connection: Connection, at: At, known: PlanFigures | None) -> PlanFigures:
    """`known` where it is of this date and of the store as it is now; read again elsewhere."""
    if known is not None and known.at == at and known.revision == read_revision(connection):
        return known
    return PlanFiguresQuery(at).answer(connection)
