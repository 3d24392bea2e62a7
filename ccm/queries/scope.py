"""What the store is and what it can be asked about: demonstration mark, sessions, dates."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, select

from ccm.domain.dates import today
from ccm.metrics import At
from ccm.metrics.history import session_dates
from ccm.queries.ask import Query
from ccm.store.models import Instance, Session, Setting, StoreState


@dataclass(frozen=True)
class SessionRef:
    """A session with the political date in force; `minutes_known` says whether its adopted text is."""

    number: int
    title: str
    political_date: dt.date | None
    minutes_known: bool


@dataclass(frozen=True)
class StoreFacts:
    """What every page must know of the store it shows; `default_date`: that of figures asked without one."""

    demo: bool
    default_date: dt.date
    today: dt.date
    fresh_days: int
    sessions: tuple[SessionRef, ...]


@dataclass(frozen=True)
class StoreQuery(Query[StoreFacts]):
    """The facts of the store on a day; a demonstration opens on the last day it invents."""

    day: dt.date

    def answer(self, connection: Connection) -> StoreFacts:
        """Read them."""
        demo = bool(connection.execute(select(StoreState.demo)).scalar_one())
        settings = {row.key: row.value for row in connection.execute(select(Setting.key, Setting.value))}
        opened = settings.get("demo_today")
        return StoreFacts(
            demo=demo,
            default_date=dt.date.fromisoformat(opened) if demo and opened else self.day,
            today=self.day,
            fresh_days=int(settings.get("reporting_period_days", "90")),
            sessions=_sessions(connection, At(self.day)),
        )


def store_query() -> StoreQuery:
    """The question for today."""
    return StoreQuery(today())


def _sessions(connection: Connection, at: At) -> tuple[SessionRef, ...]:
    dated = session_dates(at)
    held = select(Instance.session_id).distinct().subquery()
    rows = connection.execute(
        select(Session.number, Session.title, dated.c.political_date)
        .outerjoin(dated, dated.c.id == Session.id)
        .outerjoin(held, held.c.session_id == Session.id)
        .order_by(Session.number)
    )
    # No minutes can be recorded yet: the political text of every session is still asked for.
    return tuple(SessionRef(row.number, row.title, row.political_date, False) for row in rows)
