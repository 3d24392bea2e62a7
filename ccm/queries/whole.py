"""The register whole: every row that the filters keep, handed on as it is read; what files are made of."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, func, select

from ccm.domain.figures import Figures
from ccm.metrics import At, recommendation_figures
from ccm.queries.answers import answers
from ccm.queries.asked import Asked, asked_of
from ccm.queries.filters import EVERYTHING, Order, RegisterFilters
from ccm.queries.known import PlanFiguresQuery
from ccm.queries.register import rank
from ccm.queries.register_counts import counted_answers
from ccm.queries.register_rows import RegisterRow, register_rows
from ccm.queries.results import AnswerState
from ccm.queries.tracking import TrackingRow, tracking_rows
from ccm.store.models import Recommendation, Session

Item = TypeVar("Item")
#: Rows read at once: what is in memory does not grow with the plan.
_BATCH = 250


@dataclass(frozen=True)
class Whole:
    """What is asked of the whole register; `before` where the filters ask what moved since.

    Two views hold more than a batch: an order by figures holds each recommendation's rank, and what moved
    is told from the figures of two whole plans.
    """

    at: At
    filters: RegisterFilters = EVERYTHING
    order: Order = Order.SOURCE
    before: At | None = None

    def recommendations(self, connection: Connection) -> Iterator[RegisterRow]:
        """The rows that the pages of `RegisterQuery` have, one after the other."""
        asked = self._asked(connection)
        for batch, figures in self._with_figures(connection, self._in_order(connection, asked)):
            yield from register_rows(connection, asked, batch, figures)

    def answers(self, connection: Connection) -> Iterator[AnswerState]:
        """The rows that the pages of `AnswersQuery` have; those outside the count come last."""
        found = _streamed(connection, self._asked(connection).answers(self.order))
        for batch in _batches(found):
            numbers = sorted({row.recommendation_id for row in batch})
            states = {state.assignment: state for state in answers(connection, self.at, numbers)}
            yield from (states[row.key] for row in batch)

    def tracking(self, connection: Connection) -> Iterator[TrackingRow]:
        """What the tracking table tells of the recommendations kept, in the order of its source."""
        kept = self._asked(connection).recommendations().order_by(None)
        found = _streamed(connection, kept.order_by(Recommendation.position, Recommendation.id))
        for batch, figures in self._with_figures(connection, (row.id for row in found)):
            yield from tracking_rows(connection, self.at, batch, figures)

    def count(self, connection: Connection) -> int:
        """How many recommendations are kept."""
        kept = self._asked(connection).recommendations().order_by(None).subquery()
        return int(connection.execute(select(func.count()).select_from(kept)).scalar_one())

    def count_answers(self, connection: Connection) -> int:
        """How many answers are asked for."""
        return counted_answers(connection, self._asked(connection))[0]

    def sessions(self, connection: Connection) -> tuple[int, ...]:
        """The numbers of the sessions that hold the recommendations kept."""
        asked = self._asked(connection)
        holding = asked.recommendations().with_only_columns(asked.seen.recommendations.c.session_id)
        named = select(Session.number).where(Session.id.in_(holding.order_by(None).correlate(None)))
        return tuple(connection.execute(named.order_by(Session.number)).scalars())

    def _in_order(self, connection: Connection, asked: Asked) -> Iterable[int]:
        """The recommendations kept, by id, as they are handed on."""
        ids = (row.id for row in _streamed(connection, asked.recommendations()))
        if self.order is Order.SOURCE:
            return ids
        ranks = {
            number: rank(figures[number], self.order)
            for batch, figures in self._with_figures(connection, ids)
            for number in batch
        }
        return sorted(ranks, key=ranks.__getitem__)

    def _with_figures(
        self, connection: Connection, ids: Iterable[int]
    ) -> Iterator[tuple[tuple[int, ...], dict[int, Figures]]]:
        """Some recommendations after the others, each time with their figures."""
        for batch in _batches(ids):
            yield batch, recommendation_figures(connection, self.at, batch)

    def _asked(self, connection: Connection) -> Asked:
        now, then = (
            PlanFiguresQuery(at).answer(connection) if at and self.before else None
            for at in (self.at, self.before)
        )
        return asked_of(connection, self.at, self.filters, now, then)


def _batches(items: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    left = iter(items)
    while batch := tuple(islice(left, _BATCH)):
        yield batch


def _streamed(connection: Connection, query: Select[Any]) -> Iterable[Any]:
    return connection.execute(query, execution_options={"yield_per": _BATCH})
