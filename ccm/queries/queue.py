"""The Secretariat's queue: what waits for validation beside what was said before, with what to look at."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Subquery, func, select

from ccm.auth import Action, Actor, require_somewhere
from ccm.auth.secretariat import somebody_else_validates
from ccm.domain.dates import today
from ccm.domain.vocabulary import ReportState, Status
from ccm.metrics import holders
from ccm.metrics.marks import Mark, marks
from ccm.queries.answer_form import FullReport, full_reports
from ccm.queries.ask import PrivateQuery
from ccm.queries.names import entities
from ccm.queries.results import EntityRef
from ccm.store.models import (
    Assignment,
    AssignmentState,
    Contest,
    ProgressReport,
    Recommendation,
)

#: How many waiting reports one page shows.
PAGE = 25


@dataclass(frozen=True)
class Waiting:
    """One report that waits: its answer, the official report it would follow, and what stands out."""

    report: FullReport
    recommendation: str
    text: str
    entity: EntityRef
    previous: FullReport | None
    marks: tuple[Mark, ...]

    @property
    def plain(self) -> bool:
        """Whether nothing stands out: what may be validated in bulk."""
        return not self.marks

    @property
    def may_be_validated(self) -> bool:
        """Whether whoever asks may validate it."""
        return Mark.OWN not in self.marks


@dataclass(frozen=True)
class OpenContest:
    """A contest that waits for an answer."""

    id: int
    report: FullReport
    recommendation: str
    entity: EntityRef
    author: str
    reason: str
    opened_at: dt.datetime


@dataclass(frozen=True)
class Queue:
    """What the Secretariat has to decide; `count` waits in all, oldest first, of which a page is shown.

    `contested` and `unchecked` count all open contests and all achievements whose evidence nobody has
    checked. The first contests are shown, and of the achievements the page `unchecked_page`. `of` is the one
    entity whose reports these are, None for all.
    """

    waiting: tuple[Waiting, ...]
    count: int
    contested: int
    unchecked: int
    by_entity: tuple[tuple[EntityRef, int], ...]
    contests: tuple[OpenContest, ...]
    unverified: tuple[Waiting, ...]
    unchecked_page: int = 1
    of: EntityRef | None = None

    @property
    def doubtful(self) -> tuple[Waiting, ...]:
        """Those shown of which something stands out."""
        return tuple(item for item in self.waiting if not item.plain)

    @property
    def plain(self) -> tuple[Waiting, ...]:
        """Those shown that may be validated together."""
        return tuple(item for item in self.waiting if item.plain)


@dataclass(frozen=True)
class QueueQuery(PrivateQuery[Queue]):
    """The queue on a day, of one entity where its key is given and known; pages count from 1.

    `unchecked_page` is that of the achievements whose evidence nobody has checked; the last, beyond it.
    """

    on: dt.date
    entity: str | None = None
    page: int = 1
    unchecked_page: int = 1

    def authorise(self, actor: Actor) -> None:
        """The Secretariat's."""
        require_somewhere(actor, Action.READ_QUEUE)

    def answer_to(self, connection: Connection, actor: Actor) -> Queue:
        """Read it."""
        named = entities(connection, self.on)
        held = holders(connection, today())
        number = next((id_ for id_, entity in named.items() if entity.key == self.entity), None)
        own = [] if number is None else [held.c.entity_id == number]
        waits = [ProgressReport.state == ReportState.SUBMITTED, *own]
        rows = connection.execute(
            _joined(held)
            .where(*waits)
            .order_by(ProgressReport.submitted_at, ProgressReport.id)
            .limit(PAGE)
            .offset(PAGE * (self.page - 1))
        ).all()
        unchecked = _count(connection, _unchecked(held).where(*own))
        turned = max(1, min(self.unchecked_page, pages(unchecked)))
        return Queue(
            waiting=_waiting(connection, self.on, rows, named, actor),
            count=_count(connection, _joined(held).where(*waits)),
            contested=_count(connection, _contested(held).where(*own)),
            unchecked=unchecked,
            by_entity=tuple((named[entity], n) for entity, n in _by_entity(connection, held)),
            contests=_contests(connection, self.on, named, _contested(held).where(*own)),
            unverified=_unverified(connection, self.on, named, _unchecked(held).where(*own), turned),
            unchecked_page=turned,
            of=None if number is None else named[number],
        )


def pages(count: int) -> int:
    """How many pages so many take."""
    return -(-count // PAGE)


def _count(connection: Connection, query: Any) -> int:
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def _by_entity(connection: Connection, held: Subquery) -> list[tuple[int, int]]:
    rows = connection.execute(
        select(held.c.entity_id.label("entity"), func.count().label("n"))
        .select_from(ProgressReport)
        .join(held, held.c.assignment_id == ProgressReport.assignment_id)
        .where(ProgressReport.state == ReportState.SUBMITTED)
        .group_by(held.c.entity_id)
        .order_by(func.count().desc(), held.c.entity_id)
    )
    return [(row.entity, row.n) for row in rows]


def _joined(held: Subquery) -> Any:
    return (
        select(
            *ProgressReport.__table__.columns,
            Assignment.key.label("assignment"),
            Recommendation.key.label("recommendation"),
            Recommendation.text,
            held.c.entity_id,
        )
        .join(Assignment, Assignment.id == ProgressReport.assignment_id)
        .join(held, held.c.assignment_id == Assignment.id)
        .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
    )


def _waiting(
    connection: Connection, on: dt.date, rows: Any, named: dict[int, EntityRef], actor: Actor
) -> tuple[Waiting, ...]:
    reports = full_reports(connection, on, rows)
    previous = _official(connection, on, [row.assignment_id for row in rows])
    own = Mark.OWN if somebody_else_validates(connection, actor.name) else Mark.ALONE
    marked = marks(connection, today(), [report.id for report in reports], {actor.name: own})
    return tuple(
        Waiting(
            report,
            row.recommendation,
            row.text,
            named[row.entity_id],
            previous.get(row.assignment_id),
            marked[report.id],
        )
        for row, report in zip(rows, reports, strict=True)
    )


def _official(connection: Connection, on: dt.date, assignments: list[int]) -> dict[int, FullReport]:
    """The report that counts today, by assignment id."""
    rows = connection.execute(
        select(*ProgressReport.__table__.columns, Assignment.key.label("assignment"))
        .join(AssignmentState, AssignmentState.report_id == ProgressReport.id)
        .join(Assignment, Assignment.id == ProgressReport.assignment_id)
        .where(AssignmentState.assignment_id.in_(assignments))
    ).all()
    reports = full_reports(connection, on, rows)
    return {row.assignment_id: report for row, report in zip(rows, reports, strict=True)}


def _contested(held: Subquery) -> Any:
    return (
        _joined(held)
        .add_columns(
            Contest.id.label("contest"),
            Contest.author.label("contester"),
            Contest.reason,
            Contest.opened_at,
        )
        .join(Contest, Contest.report_id == ProgressReport.id)
        .where(Contest.answered_at.is_(None))
    )


def _unchecked(held: Subquery) -> Any:
    return (
        _joined(held)
        .join(AssignmentState, AssignmentState.report_id == ProgressReport.id)
        .where(
            AssignmentState.status == Status.COMPLETED,
            ProgressReport.verified_at.is_(None),
        )
    )


def _contests(
    connection: Connection, on: dt.date, named: dict[int, EntityRef], contested: Any
) -> tuple[OpenContest, ...]:
    rows = connection.execute(contested.order_by(Contest.opened_at, Contest.id).limit(PAGE)).all()
    reports = full_reports(connection, on, rows)
    return tuple(
        OpenContest(
            row.contest,
            report,
            row.recommendation,
            named[row.entity_id],
            row.contester,
            row.reason,
            row.opened_at,
        )
        for row, report in zip(rows, reports, strict=True)
    )


def _unverified(
    connection: Connection, on: dt.date, named: dict[int, EntityRef], unchecked: Any, page: int
) -> tuple[Waiting, ...]:
    """Completed answers that count today and whose evidence nobody has checked yet."""
    newest = (ProgressReport.validated_at.desc(), ProgressReport.id)
    rows = connection.execute(unchecked.order_by(*newest).limit(PAGE).offset(PAGE * (page - 1))).all()
    reports = full_reports(connection, on, rows)
    return tuple(
        Waiting(
            report,
            row.recommendation,
            row.text,
            named[row.entity_id],
            None,
            () if report.evidence else (Mark.NO_PROOF,),
        )
        for row, report in zip(rows, reports, strict=True)
    )
