"""The store's own state, the journal, and the maintained current state of the plan."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ccm.domain.vocabulary import AssignmentRole, Nature, Status
from ccm.store.models.base import Base
from ccm.store.types import Moment, Prose, code, ref


class StoreState(Base):
    """One row. `revision` grows with every journal entry and is part of every cache key.

    `state_day` is the day for which the current state was computed; it holds until `next_change_on`,
    the first later day on which a recorded change takes effect (None: no such day is known).
    """

    __tablename__ = "store_state"
    id: Mapped[int] = mapped_column(primary_key=True)
    store_uuid: Mapped[str] = mapped_column(String(36))
    revision: Mapped[int] = mapped_column(default=0)
    demo: Mapped[bool] = mapped_column(default=False)
    demo_seed: Mapped[int | None]
    demo_size: Mapped[str | None] = mapped_column(String(1))
    state_day: Mapped[dt.date]
    next_change_on: Mapped[dt.date | None]
    created_at: Mapped[Moment]
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)


class Setting(Base):
    """A setting of the follow-up that the Secretariat may change."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text, info={"may_be_empty": True})


class AuditEvent(Base):
    """Who did what, when. Each row carries the hash of the one before it."""

    __tablename__ = "audit_event"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    clock_suspect: Mapped[bool] = mapped_column(default=False)
    actor: Mapped[Prose]
    action: Mapped[str] = mapped_column(String(40))
    object_type: Mapped[str] = mapped_column(String(24))
    object_key: Mapped[str] = mapped_column(String(120))
    detail: Mapped[dict[str, object]] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("ix_audit_event_object", "object_type", "object_key", "seq"),)


class RecommendationState(Base):
    """Current place, nature and follow-up of a recommendation; kept equal to what history gives."""

    __tablename__ = "recommendation_state"
    recommendation_id: Mapped[int] = ref("recommendation.id", primary_key=True)
    session_id: Mapped[int] = ref("session.id")
    axis_id: Mapped[int] = ref("axis.id")
    challenge_id: Mapped[int] = ref("challenge.id")
    nature: Mapped[Nature] = mapped_column(code(Nature, "nature"))
    follow_from: Mapped[dt.date]


class AssignmentState(Base):
    """Current terms and latest official answer of an assignment; kept equal to what history gives."""

    __tablename__ = "assignment_state"
    assignment_id: Mapped[int] = ref("assignment.id", primary_key=True)
    recommendation_id: Mapped[int] = ref("recommendation.id", index=True)
    entity_id: Mapped[int] = ref("entity.id", index=True)
    role: Mapped[AssignmentRole] = mapped_column(code(AssignmentRole, "role"))
    weight: Mapped[int]
    due_date: Mapped[dt.date | None]
    report_id: Mapped[int | None] = ref("progress_report.id")
    status: Mapped[Status] = mapped_column(code(Status, "status"))
    percent: Mapped[int | None]
    as_of: Mapped[dt.date | None]
