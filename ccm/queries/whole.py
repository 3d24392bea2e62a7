"""The register whole: every row that the filters keep, handed on as it is read; what files are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Connection

from ccm.metrics import At
from ccm.queries.answers import answers
from ccm.queries.asked import Asked, asked_of
from ccm.queries.filters import EVERYTHING, Order, RegisterFilters
from ccm.queries.known import PlanFigures, PlanFiguresQuery
from ccm.queries.register import RegisterRow, rank, register_rows
from ccm.queries.results import AnswerState

#: Rows read at once: what is in memory does not grow with the plan.
_BATCH = 250


@dataclass(frozen=True)
class Whole:
    """What is asked of the whole register; `before` where the filters ask what moved since."""

    at: At
    filters: RegisterFilters = EVERYTHING
    order: Order = Order.SOURCE
    before: At | None = None

    def recommendations(self, connection: Connection) -> Iterator[RegisterRow]:
        """The rows that the pages of `RegisterQuery` have, one after the other."""
        known, asked = self._asked(connection)
        every = known.recommendations
        kept = connection.execute(asked.recommendations()).all()
        ids = iter([row.id for row in sorted(kept, key=lambda row: rank(every[row.id], self.order))])
        while batch := list(islice(ids, _BATCH)):
            yield from register_rows(connection, asked, batch, every)

    def answers(self, connection: Connection) -> Iterator[AnswerState]:
        """The rows that the pages of `AnswersQuery` have; those outside the count come last."""
        _, asked = self._asked(connection)
        found = connection.execute(asked.answers(self.order), execution_options={"yield_per": _BATCH})
        for batch in found.partitions():
            numbers = sorted({row.recommendation_id for row in batch})
            states = {state.assignment: state for state in answers(connection, self.at, numbers)}
            yield from (states[row.key] for row in batch)

    def _asked(self, connection: Connection) -> tuple[PlanFigures, Asked]:
        known = PlanFiguresQuery(self.at).answer(connection)
        then = PlanFiguresQuery(self.before).answer(connection) if self.before else None
        return known, asked_of(connection, self.at, self.filters, known, then)
