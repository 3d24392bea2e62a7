"""What stands out of a report that waits beside the official one: what nothing stands out of goes in bulk."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Subquery, exists, select
from sqlalchemy.orm import aliased

from ccm.domain.vocabulary import ReportState, Status
from ccm.metrics.holders import holders
from ccm.store.models import AssignmentState, Contest, Evidence, ProgressReport

_HALF = 50


class Mark(StrEnum):
    """What stands out of a waiting report, and asks for a person's eye."""

    #: The percent goes down.
    FALLS = "falls"
    #: Completed from less than half, or from nothing.
    JUMPS = "jumps"
    #: It was completed, and is so no more.
    REOPENS = "reopens"
    #: Completed without evidence.
    NO_PROOF = "no_proof"
    #: Given up: it will not be asked for any more.
    DROPPED = "dropped"
    #: Somebody contests what was said of this answer, and waits for a reply.
    CONTESTED = "contested"
    #: It speaks of a day before the official report's: it will not be the answer's state.
    OLDER = "older"
    #: A later one of the same answer waits too.
    SUPERSEDED = "superseded"
    #: The answer is not followed any more.
    ENDED = "ended"
    #: Entered by whoever asks: another person validates.
    OWN = "own"
    #: Entered by whoever asks, and nobody else is there to validate.
    ALONE = "alone"


def marks(
    connection: Connection, today: dt.date, reports: Collection[int], authors: Mapping[str, Mark]
) -> dict[int, tuple[Mark, ...]]:
    """What stands out of each of these waiting reports now; `authors` are those whose own stand out."""
    held = holders(connection, today)
    rows = connection.execute(_beside_the_official_one(held).where(ProgressReport.id.in_(reports))).all()
    latest = _latest(connection, {row.assignment_id for row in rows})
    return {row.id: tuple(_stands_out(row, latest.get(row.assignment_id), authors)) for row in rows}


def _beside_the_official_one(held: Subquery) -> Any:
    report, official, said = ProgressReport, aliased(ProgressReport), aliased(ProgressReport)
    contested = (
        exists()
        .where(Contest.answered_at.is_(None), said.id == Contest.report_id)
        .where(said.assignment_id == report.assignment_id)
    )
    return (
        select(report.id, report.assignment_id, report.as_of, report.status, report.percent, report.author)
        .add_columns(
            official.as_of.label("as_of_before"),
            official.status.label("status_before"),
            official.percent.label("percent_before"),
            held.c.ended,
            exists().where(Evidence.report_id == report.id).label("proved"),
            contested.label("contested"),
        )
        .join(held, held.c.assignment_id == report.assignment_id)
        .outerjoin(AssignmentState, AssignmentState.assignment_id == report.assignment_id)
        .outerjoin(official, official.id == AssignmentState.report_id)
    )


def _stands_out(row: Any, latest: int | None, authors: Mapping[str, Mark]) -> Iterator[Mark]:
    yield from _beside(row)
    if row.status is Status.DROPPED:
        yield Mark.DROPPED
    if row.contested:
        yield Mark.CONTESTED
    if latest != row.id:
        yield Mark.SUPERSEDED
    if row.ended:
        yield Mark.ENDED
    if row.author in authors:
        yield authors[row.author]


def _beside(row: Any) -> Iterator[Mark]:
    """What changes between the official report and this one."""
    before = row.percent_before
    if row.as_of_before is not None and row.as_of < row.as_of_before:
        yield Mark.OLDER
    elif before is not None and row.percent is not None and row.percent < before:
        yield Mark.FALLS
    if row.status is not Status.COMPLETED:
        if row.status_before is Status.COMPLETED:
            yield Mark.REOPENS
        return
    if (before or 0) < _HALF:
        yield Mark.JUMPS
    if not row.proved:
        yield Mark.NO_PROOF


def _latest(connection: Connection, assignments: Collection[int]) -> dict[int, int]:
    """The waiting report that would be the answer's state once all are validated, by assignment id."""
    report = ProgressReport
    rows = connection.execute(
        select(report.assignment_id, report.id)
        .where(report.assignment_id.in_(assignments), report.state == ReportState.SUBMITTED)
        .order_by(report.as_of, report.id)
    )
    return {row.assignment_id: row.id for row in rows}
