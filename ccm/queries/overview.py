"""The overview: one screen that says where the plan stands and what needs a decision."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import EntityKind
from ccm.metrics import At, kind_figures
from ccm.metrics.history import session_dates
from ccm.queries.ask import Query
from ccm.queries.comparison import (
    beside_ministries,
    by_completion,
    by_load,
    compare_axes,
    entity_lines,
    of_kind,
)
from ccm.queries.decisions import Decisions, Start, decisions, start
from ccm.queries.results import GroupLine, TrendPoint
from ccm.queries.trend import Moves, moves, trend
from ccm.store.models import Session


@dataclass(frozen=True)
class NextSession:
    """The session after the last one held: its number, and its political date once known."""

    number: int
    political_date: dt.date | None


@dataclass(frozen=True)
class Overview:
    """Everything the overview shows. `reported` is False while nobody has answered anything."""

    plan: Figures
    plan_before: Figures | None
    axes: tuple[GroupLine, ...]
    regions: tuple[GroupLine, ...]
    ministries: tuple[GroupLine, ...]
    others: tuple[GroupLine, ...]
    by_ministry: Figures
    decisions: Decisions
    start: Start
    moves: Moves | None
    trend: tuple[TrendPoint, ...]
    adopted_on: dt.date | None
    next_session: NextSession

    @property
    def reported(self) -> bool:
        """Whether anything official was said."""
        said = self.plan.answered + self.plan.dropped
        return bool(said or self.plan.continuous > self.plan.continuous_silent)

    @property
    def in_follow_up(self) -> bool:
        """Whether the plan was in follow-up at the date."""
        return self.plan.recommendations > 0


@dataclass(frozen=True)
class OverviewQuery(Query[Overview]):
    """The overview at a date, compared with an earlier one; `over_time`: with the way there."""

    at: At
    before: At | None
    over_time: bool = True

    def answer(self, connection: Connection) -> Overview:
        """Read every part from one view of the store."""
        at, before = self.at, self.before
        compared = compare_axes(connection, at, before)
        lines = entity_lines(connection, at, before, with_axes=True)
        adopted = _adopted_on(connection, at)
        regions = of_kind(lines, EntityKind.REGION)
        spoken = any(line.figures.answered for line in lines)
        order = by_completion if spoken else by_load
        return Overview(
            plan=compared.plan,
            plan_before=compared.plan_before,
            axes=compared.lines,
            regions=order(regions),
            ministries=by_load(of_kind(lines, EntityKind.MINISTRY)),
            others=beside_ministries(lines),
            by_ministry=kind_figures(connection, at, EntityKind.MINISTRY, compared.plan),
            decisions=decisions(connection, at, lines),
            start=start(connection, at, lines),
            moves=moves(connection, at, before) if before and spoken else None,
            trend=trend(connection, at, adopted) if self.over_time and adopted and spoken else (),
            adopted_on=adopted,
            next_session=_next_session(connection, at),
        )


def _adopted_on(connection: Connection, at: At) -> dt.date | None:
    """The first political meeting held by the date: where the trend begins."""
    dated = session_dates(at)
    query = select(func.min(dated.c.political_date)).where(dated.c.political_date <= at.as_of)
    if at.session is not None:
        query = query.where(dated.c.number == at.session)
    found: dt.date | None = connection.execute(query).scalar()
    return found


def _next_session(connection: Connection, at: At) -> NextSession:
    dated = session_dates(at)
    coming = select(dated.c.number, dated.c.political_date).where(dated.c.political_date > at.as_of)
    row = connection.execute(coming.order_by(dated.c.number).limit(1)).first()
    if row:
        return NextSession(row.number, row.political_date)
    last = connection.execute(select(func.max(Session.number))).scalar_one()
    return NextSession(last + 1, None)
