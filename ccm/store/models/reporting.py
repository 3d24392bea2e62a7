"""How reports are prepared and chased: drafts, evidence, periods, reminders, requests already answered."""

import datetime as dt

from sqlalchemy import JSON, CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ccm.domain.vocabulary import EvidenceKind, ReminderChannel
from ccm.store.models.base import Base
from ccm.store.types import Id, Key, Moment, Prose, code, ref


class Draft(Base):
    """What one person has typed so far for one answer. Outside the journal: nobody else sees it.

    `content` holds the cells as typed, by the columns of `ReportLine`. `base_report_id` is the latest
    report of the answer when the draft was begun (None: there was none): where it is no longer the
    latest, somebody has spoken meanwhile.
    """

    __tablename__ = "draft"
    id: Mapped[Id]
    user_id: Mapped[int] = ref("user_account.id")
    assignment_id: Mapped[int] = ref("assignment.id", index=True)
    content: Mapped[dict[str, str]] = mapped_column(JSON)
    base_report_id: Mapped[int | None] = ref("progress_report.id")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[Moment]
    __table_args__ = (UniqueConstraint("user_id", "assignment_id"),)


class _Piece:
    """A file, an address or a named document.

    A file's bytes lie under their SHA-256 in the evidence folder; `name` is what its author called it.
    """

    id: Mapped[Id]
    kind: Mapped[EvidenceKind] = mapped_column(code(EvidenceKind, "kind"))
    name: Mapped[str] = mapped_column(String(200))
    url: Mapped[str | None] = mapped_column(String(2000))
    sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str | None] = mapped_column(String(100))
    size: Mapped[int | None]
    added_at: Mapped[Moment]


def _whole_piece() -> tuple[CheckConstraint, ...]:
    """What makes a piece whole; a constraint belongs to one table."""
    content = "sha256 is not null and media_type is not null and size is not null"
    return (
        CheckConstraint("(kind = 'link') = (url is not null)", name="link_has_url"),
        CheckConstraint(f"(kind = 'file') = ({content})", name="file_has_content"),
        CheckConstraint("size is null or size > 0", name="size_positive"),
    )


class DraftEvidence(_Piece, Base):
    """A piece that one person put beside an answer they prepare. Outside the journal, as the draft is."""

    __tablename__ = "draft_evidence"
    user_id: Mapped[int] = ref("user_account.id")
    assignment_id: Mapped[int] = ref("assignment.id")
    __table_args__ = (*_whole_piece(), Index("ix_draft_evidence_whose", "user_id", "assignment_id"))


class Evidence(_Piece, Base):
    """A piece behind a report, as it was submitted; it never changes."""

    __tablename__ = "evidence"
    report_id: Mapped[int] = ref("progress_report.id", index=True)
    __table_args__ = _whole_piece()


class ReportingPeriod(Base):
    """A period for which every entity is asked to report, and the last day to do so."""

    __tablename__ = "reporting_period"
    id: Mapped[Id]
    key: Mapped[Key]
    label: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    due_on: Mapped[dt.date]
    recorded_at: Mapped[Moment]
    __table_args__ = (CheckConstraint("starts_on <= ends_on and ends_on <= due_on", name="days_in_order"),)


class Reminder(Base):
    """A reminder handed over to an entity; one a period and entity, whatever the channel."""

    __tablename__ = "reminder"
    id: Mapped[Id]
    entity_id: Mapped[int] = ref("entity.id", index=True)
    period_id: Mapped[int] = ref("reporting_period.id")
    channel: Mapped[ReminderChannel] = mapped_column(code(ReminderChannel, "channel"))
    author: Mapped[Prose]
    made_at: Mapped[Moment]
    __table_args__ = (UniqueConstraint("entity_id", "period_id"),)


class Contact(Base):
    """How a person is reached: personal data, kept apart from the journal and erasable."""

    __tablename__ = "contact"
    user_id: Mapped[int] = ref("user_account.id", primary_key=True)
    full_name: Mapped[Prose]
    function: Mapped[Prose]
    email: Mapped[Prose]
    phone: Mapped[Prose]
    updated_at: Mapped[Moment]


class AnsweredRequest(Base):
    """A request that was carried out, by its idempotency key: sent again, it is answered, not repeated."""

    __tablename__ = "answered_request"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    actor: Mapped[str] = mapped_column(String(120))
    command: Mapped[str] = mapped_column(String(60))
    result: Mapped[str] = mapped_column(Text)
    at: Mapped[Moment]
    __table_args__ = (Index("ix_answered_request_at", "at"),)
