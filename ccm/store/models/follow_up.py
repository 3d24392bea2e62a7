"""What is expected and what was answered: assignments, reports, and the append-only changes of both."""

import datetime as dt

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text as sql
from sqlalchemy.orm import Mapped, mapped_column

from ccm.domain.vocabulary import (
    AssignmentRole,
    BlockedCause,
    ChangeField,
    DroppedKind,
    ReportOrigin,
    ReportState,
    Status,
)
from ccm.store.models.base import Base
from ccm.store.types import Id, Key, Moment, Prose, code, ref

PERCENT_FITS_STATUS = """
    (status = 'completed' and (percent = 100 or percent is null))
    or (status = 'in_progress' and (percent between 1 and 99 or percent is null))
    or (status = 'blocked' and (percent between 0 and 99 or percent is null))
    or (status = 'not_started' and (percent = 0 or percent is null))
    or (status = 'dropped' and percent is null)
"""


class Assignment(Base):
    """One expected answer: a recommendation and one entity. Key: `CCM7-A1-05/NE002`.

    `initial_role` is None for an assignment that began after the first load: its first change of
    role says from when it exists.
    """

    __tablename__ = "assignment"
    id: Mapped[Id]
    key: Mapped[Key]
    recommendation_id: Mapped[int] = ref("recommendation.id")
    entity_id: Mapped[int] = ref("entity.id", index=True)
    initial_role: Mapped[AssignmentRole | None] = mapped_column(code(AssignmentRole, "role"))
    initial_weight: Mapped[int] = mapped_column(default=1)
    initial_due_date: Mapped[dt.date | None]
    recorded_at: Mapped[Moment]
    __table_args__ = (
        UniqueConstraint("recommendation_id", "entity_id"),
        CheckConstraint("initial_weight between 1 and 100", name="weight"),
    )


class _Change:
    """A value that holds from `effective_on` on, as known since `recorded_at`.

    `number` and `day` repeat `value` in its own type, so that SQL needs no conversion.
    """

    id: Mapped[Id]
    field: Mapped[ChangeField] = mapped_column(code(ChangeField, "field"))
    value: Mapped[str] = mapped_column(Text, info={"may_be_empty": True})
    number: Mapped[int | None]
    day: Mapped[dt.date | None]
    effective_on: Mapped[dt.date]
    recorded_at: Mapped[Moment]
    author: Mapped[Prose]
    reason: Mapped[Prose]


class AssignmentChange(_Change, Base):
    """A change of an assignment's role, weight, due date or end; an empty due date is a cleared one."""

    __tablename__ = "assignment_change"
    assignment_id: Mapped[int] = ref("assignment.id", index=True)
    __table_args__ = (
        CheckConstraint("field in ('role', 'weight', 'due_date', 'end')", name="of_assignment"),
    )


class RecommendationChange(_Change, Base):
    """A change of a recommendation's nature, place (axis and challenge) or withdrawal."""

    __tablename__ = "recommendation_change"
    recommendation_id: Mapped[int] = ref("recommendation.id", index=True)
    axis_id: Mapped[int | None] = ref("axis.id")
    challenge_id: Mapped[int | None] = ref("challenge.id")
    __table_args__ = (CheckConstraint("field in ('nature', 'place', 'withdrawn')", name="of_recommendation"),)


class SessionChange(_Change, Base):
    """A change of a session's political date."""

    __tablename__ = "session_change"
    session_id: Mapped[int] = ref("session.id", index=True)
    __table_args__ = (CheckConstraint("field = 'political_date'", name="of_session"),)


class ProgressReport(Base):
    """What an entity said of one assignment, as of a date. Its content never changes.

    `validated_at`, `returned_at`, `retracted_at` are each written once.
    """

    __tablename__ = "progress_report"
    id: Mapped[Id]
    assignment_id: Mapped[int] = ref("assignment.id")
    as_of: Mapped[dt.date]
    status: Mapped[Status] = mapped_column(code(Status, "status"))
    percent: Mapped[int | None]
    note: Mapped[Prose]
    blocked_reason: Mapped[Prose]
    blocked_cause: Mapped[BlockedCause | None] = mapped_column(code(BlockedCause, "blocked_cause"))
    blocked_by_id: Mapped[int | None] = ref("entity.id")
    dropped_kind: Mapped[DroppedKind | None] = mapped_column(code(DroppedKind, "dropped_kind"))
    author: Mapped[Prose]
    origin: Mapped[ReportOrigin] = mapped_column(
        code(ReportOrigin, "origin"), default=ReportOrigin.FILE, server_default=ReportOrigin.FILE.value
    )
    state: Mapped[ReportState] = mapped_column(code(ReportState, "state"))
    submitted_at: Mapped[Moment]
    validated_at: Mapped[Moment | None]
    validated_by: Mapped[Prose]
    returned_at: Mapped[Moment | None]
    returned_reason: Mapped[Prose]
    returned_by: Mapped[Prose]
    retracted_at: Mapped[Moment | None]
    retracted_reason: Mapped[Prose]
    retracted_by: Mapped[Prose]
    verified_at: Mapped[Moment | None]
    verified_by: Mapped[Prose]
    __table_args__ = (
        CheckConstraint(PERCENT_FITS_STATUS, name="percent_fits_status"),
        CheckConstraint("status <> 'not_reported'", name="silence_is_no_report"),
        CheckConstraint("status <> 'blocked' or length(blocked_reason) > 0", name="blocked_reason"),
        CheckConstraint(
            "status <> 'dropped' or (dropped_kind is not null and length(note) > 0)", name="dropped_reason"
        ),
        CheckConstraint("length(note) <= 10000 and length(blocked_reason) <= 10000", name="text_length"),
        CheckConstraint(
            "(state in ('validated', 'retracted')) = (validated_at is not null)", name="validated"
        ),
        CheckConstraint("(state = 'retracted') = (retracted_at is not null)", name="retracted"),
        CheckConstraint("(state = 'returned') = (returned_at is not null)", name="returned"),
        Index(
            "ix_progress_report_order",
            "assignment_id",
            "as_of",
            "validated_at",
            "id",
        ),
        Index(
            "ix_progress_report_pending",
            "state",
            sqlite_where=sql("state = 'submitted'"),
            postgresql_where=sql("state = 'submitted'"),
        ),
    )


class Contest(Base):
    """A donor's or partner's reasoned doubt on a report, open until the Secretariat answers."""

    __tablename__ = "contest"
    id: Mapped[Id]
    report_id: Mapped[int] = ref("progress_report.id", index=True)
    author: Mapped[Prose]
    reason: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[Moment]
    answer: Mapped[Prose]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[Prose]
