"""One recommendation for those who follow it: every report they may read, and the journal's entries on it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from ccm.auth import Action, Actor, allowed, may_read, may_see_names, require_somewhere
from ccm.domain.dates import today
from ccm.domain.errors import NotFound
from ccm.domain.vocabulary import ReportState
from ccm.metrics import holders
from ccm.queries.answer_form import FullReport, as_seen, full_reports
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.results import EntityRef
from ccm.store.models import (
    Assignment,
    Contest,
    Entity,
    ProgressReport,
    Recommendation,
)


@dataclass(frozen=True)
class Contested:
    """A doubt on a report, with its reason, and the Secretariat's answer where it has come."""

    author: str
    reason: str
    opened_at: dt.datetime
    answer: str
    answered_by: str
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class Told:
    """One report that may be read, and the doubts on it, oldest first."""

    report: FullReport
    contests: tuple[Contested, ...]


@dataclass(frozen=True)
class Answering:
    """One assignment of the recommendation: who answers for it, and the reports that may be read.

    `open_evidence`: whether the pieces behind them may be opened, too. `ended`: nobody owes it any more.
    """

    assignment: str
    entity: EntityRef
    reports: tuple[Told, ...]
    open_evidence: bool
    ended: bool = False


@dataclass(frozen=True)
class RecordQuery(PrivateQuery[tuple[Answering, ...]]):
    """Every assignment of a recommendation, with the reports that the actor may read, newest first."""

    recommendation: str
    on: dt.date

    def authorise(self, actor: Actor) -> None:
        """Whoever follows the plan."""
        require_somewhere(actor, Action.READ_RECORD_JOURNAL)

    def answer_to(self, connection: Connection, actor: Actor) -> tuple[Answering, ...]:
        """Raises NotFound for an unknown recommendation."""
        known = select(Recommendation.id).where(Recommendation.key == self.recommendation)
        number = connection.execute(known).scalar()
        if number is None:
            raise NotFound("Cette recommandation n'est pas connue.")
        named = entities(connection, self.on)
        held = holders(connection, today(), [number])
        rows = connection.execute(
            select(Assignment.id, Assignment.key, held.c.entity_id, held.c.ended, Entity.key.label("holder"))
            .join(held, held.c.assignment_id == Assignment.id)
            .join(Entity, Entity.id == held.c.entity_id)
            .where(Assignment.recommendation_id == number)
            .order_by(Entity.position)
        ).all()
        reports = connection.execute(
            select(*ProgressReport.__table__.columns, Assignment.key.label("assignment"))
            .join(Assignment, Assignment.id == ProgressReport.assignment_id)
            .where(Assignment.recommendation_id == number)
            .order_by(ProgressReport.id.desc())
        ).all()
        held_by = {row.key: row.holder for row in rows}
        seen = [
            report
            for report in reports
            if report.assignment in held_by
            and may_read(actor, ReportState(report.state), held_by[report.assignment])
        ]
        full = full_reports(connection, self.on, seen)
        contests = _contests(connection, number)
        return tuple(
            Answering(
                row.key,
                named[row.entity_id],
                tuple(
                    Told(as_seen(actor, report, row.holder), _doubts(actor, row.holder, contests, report.id))
                    for report in full
                    if report.assignment == row.key
                ),
                allowed(actor, Action.READ_EVIDENCE, row.holder),
                row.ended,
            )
            for row in rows
        )


def _doubts(
    actor: Actor, holder: str, contests: dict[int, tuple[Contested, ...]], report: int
) -> tuple[Contested, ...]:
    """The contests of a report; who opened and answered them is for whoever may see names."""
    found = contests.get(report, ())
    if may_see_names(actor, holder):
        return found
    return tuple(replace(contest, author="", answered_by="") for contest in found)


def _contests(connection: Connection, recommendation: int) -> dict[int, tuple[Contested, ...]]:
    c = Contest
    rows: Iterable[Any] = connection.execute(
        select(c.report_id, c.author, c.reason, c.opened_at, c.answer, c.answered_by, c.answered_at)
        .join(ProgressReport, ProgressReport.id == c.report_id)
        .join(Assignment, Assignment.id == ProgressReport.assignment_id)
        .where(Assignment.recommendation_id == recommendation)
        .order_by(c.id)
    )
    found: dict[int, tuple[Contested, ...]] = {}
    for report, *contest in rows:
        found[report] = (*found.get(report, ()), Contested(*contest))
    return found
