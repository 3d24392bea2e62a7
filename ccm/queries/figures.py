"""Figures by group, under stable keys and the source's own words, in the source's order."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from ccm.domain.dates import utc_now
from ccm.domain.errors import NotFound
from ccm.domain.figures import FiguresRow
from ccm.domain.labels import label
from ccm.domain.vocabulary import BAR_ORDER, GroupBy, Status
from ccm.i18n import translator
from ccm.i18n.numbers import ordinal
from ccm.metrics import At, figures
from ccm.queries.ask import Query
from ccm.queries.names import entities
from ccm.queries.results import FiguresTable
from ccm.store.models import AuditEvent, Axis, Challenge, Priority, Recommendation, Session, StoreState

#: Status rows in the order of the bar; what has left the count comes last.
_STATUSES = (*BAR_ORDER, Status.DROPPED)
_LOCALE = "fr"


@dataclass(frozen=True)
class FiguresQuery(Query[FiguresTable]):
    """Figures by group at (D, K)."""

    at: At
    by: GroupBy

    def answer(self, connection: Connection) -> FiguresTable:
        """Read them."""
        return figures_table(connection, self.at, self.by)


def figures_table(connection: Connection, at: At, by: GroupBy) -> FiguresTable:
    """The figures of every group that has a recommendation in follow-up at (D, K), their total, the plan.

    Raises NotFound for a session that does not exist.
    """
    require_session(connection, at.session)
    grouped = figures(connection, at, by)
    rows = tuple(
        FiguresRow(key, words, grouped.rows[group])
        for group, key, words in _groups(connection, at, by)
        if group in grouped.rows
    )
    demo = connection.execute(select(StoreState.demo)).scalar_one()
    known_at = at.known_at or _known_now(connection)
    return FiguresTable(by, at.as_of, known_at, bool(demo), rows, grouped.total, grouped.plan)


def require_session(connection: Connection, number: int | None) -> None:
    """Raise NotFound for a session that does not exist, naming those that do."""
    if number is None:
        return
    known = connection.execute(select(Session.number).order_by(Session.number)).scalars().all()
    if number not in known:
        raise NotFound(
            "La session %(number)s n'est pas connue : sessions connues : %(known)s.",
            number=number,
            known=", ".join(map(str, known)),
        )


def _known_now(connection: Connection) -> dt.datetime:
    """The present, or the last recorded instant where the machine's clock is behind it."""
    last = connection.execute(select(func.max(AuditEvent.at))).scalar()
    return max(last, utc_now()) if last else utc_now()


def _groups(connection: Connection, at: At, by: GroupBy) -> Iterator[tuple[Any, str, str]]:
    """Every group there may be, in order: (id, key, label)."""
    if by is GroupBy.STATUS:
        t = translator(_LOCALE)
        yield from ((status, status.value, label(status, t)) for status in _STATUSES)
    elif by is GroupBy.SESSION:
        numbers = connection.execute(select(Session.id, Session.number).order_by(Session.number))
        yield from ((row.id, str(row.number), f"{ordinal(row.number, _LOCALE)} session") for row in numbers)
    elif by in _PLAN:
        yield from ((row[0], row[1], row[2]) for row in connection.execute(_PLAN[by]))
    elif by is not GroupBy.DONOR:
        named = entities(connection, at.as_of)
        yield from ((id_, entity.key, entity.short_name) for id_, entity in named.items())


def _plan(model: Any, words: Any) -> Select[Any]:
    return select(model.id, model.key, words).order_by(model.position, model.id)


_PLAN: dict[GroupBy, Select[Any]] = {
    GroupBy.AXIS: _plan(Axis, Axis.label),
    GroupBy.CHALLENGE: _plan(Challenge, Challenge.text),
    GroupBy.PRIORITY: _plan(Priority, Priority.text),
    GroupBy.RECOMMENDATION: _plan(Recommendation, Recommendation.text),
}
