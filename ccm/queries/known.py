"""The figures of every recommendation at a date, kept for the questions that start from them."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from ccm.domain.figures import Figures
from ccm.metrics import At, plan_reading
from ccm.queries.ask import Query
from ccm.queries.past import kept
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
        read = kept(connection, self.at, plan_reading)
        return PlanFigures(self.at, read_revision(connection), read.recommendations, read.axes, read.plan)


def plan_figures(connection: Connection, at: At, known: PlanFigures | None) -> PlanFigures:
    """`known` where it is of this date and of the store as it is now; read again elsewhere."""
    if known is not None and known.at == at and known.revision == read_revision(connection):
        return known
    return PlanFiguresQuery(at).answer(connection)
