"""What was observed in the meetings about the plan, in the words of their reports."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from ccm.domain.vocabulary import InstanceKind
from ccm.metrics import At
from ccm.metrics.history import session_dates
from ccm.queries.ask import Query
from ccm.store.models import Instance, Observation, Session

_MEETINGS = list(InstanceKind)


@dataclass(frozen=True)
class ObservationLine:
    """One observation: `line` is that of the meeting's report, `open` until a text integrates it."""

    key: str
    text: str
    line: int | None
    open: bool


@dataclass(frozen=True)
class ObservedIn:
    """The observations of one meeting of a session, in the order of its report."""

    session: int
    meeting: InstanceKind
    held_on: dt.date
    observations: tuple[ObservationLine, ...]


@dataclass(frozen=True)
class ObservationsQuery(Query[tuple[ObservedIn, ...]]):
    """The observations of every meeting held by a day, the oldest session first."""

    at: At

    def answer(self, connection: Connection) -> tuple[ObservedIn, ...]:
        """Read them, meeting by meeting."""
        rows = sorted(
            connection.execute(_observations(self.at)),
            key=lambda row: (row.number, _MEETINGS.index(row.kind)),
        )
        met = [_met(tuple(some)) for _, some in groupby(rows, key=lambda row: row.instance_id)]
        return tuple(one for one in met if one.held_on <= self.at.as_of)


def _observations(at: At) -> Any:
    dated = session_dates(at)
    columns = (Observation.key, Observation.text, Observation.source_line, Observation.status)
    return (
        select(*columns, Observation.instance_id, Instance.kind, Instance.held_on, Session.number)
        .add_columns(dated.c.political_date)
        .join(Instance, Instance.id == Observation.instance_id)
        .join(Session, Session.id == Instance.session_id)
        .join(dated, dated.c.id == Session.id)
        .order_by(Observation.position, Observation.id)
    )


def _met(rows: Sequence[Any]) -> ObservedIn:
    first = rows[0]
    # The day of a political meeting is the session's, which may have been changed.
    moved = first.political_date if first.kind is InstanceKind.POLITICAL else None
    return ObservedIn(
        session=first.number,
        meeting=first.kind,
        held_on=moved or first.held_on,
        observations=tuple(
            ObservationLine(row.key, row.text, row.source_line, row.status == "open") for row in rows
        ),
    )
