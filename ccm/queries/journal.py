"""The journal as people read it: whole for administrators, of one record for those who follow the plan."""

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from ccm.auth import Action, Actor, may_read, may_see_names, require, require_somewhere
from ccm.auth.confirmation import require_recent
from ccm.domain.dates import today, utc_now
from ccm.domain.vocabulary import ReportState
from ccm.metrics import holders
from ccm.queries.ask import PrivateQuery
from ccm.queries.heads import Head
from ccm.store.journal import head
from ccm.store.models import (
    Assignment,
    AuditEvent,
    Entity,
    ProgressReport,
    Recommendation,
    StoreState,
)

#: Entries of one page.
PAGE = 50


@dataclass(frozen=True)
class JournalEntry:
    """Who did what, when, to what; `clock_suspect` where the clock had gone back."""

    seq: int
    at: dt.datetime
    actor: str
    action: str
    object_type: str
    object_key: str
    detail: dict[str, object] = field(hash=False)
    clock_suspect: bool
    hash: str


@dataclass(frozen=True)
class Journal:
    """Entries, newest first; `count` of them in all, and the chain's head: its last number and hash."""

    entries: tuple[JournalEntry, ...]
    count: int
    head: tuple[int, str]
    actions: tuple[str, ...]
    actors: tuple[str, ...]


@dataclass(frozen=True)
class JournalQuery(PrivateQuery[Journal]):
    """The journal, narrowed to an action or a person; pages count from 1."""

    page: int = 1
    action: str | None = None
    actor: str | None = None

    def authorise(self, actor: Actor) -> None:
        """The administrators'."""
        require(actor, Action.READ_JOURNAL)

    def answer_to(self, connection: Connection, actor: Actor) -> Journal:
        """Read one page of it."""
        kept = []
        if self.action:
            kept.append(AuditEvent.action == self.action)
        if self.actor:
            kept.append(AuditEvent.actor == self.actor)
        count = connection.execute(select(func.count()).select_from(AuditEvent).where(*kept)).scalar_one()
        entries = _entries(connection, *kept, limit=PAGE, offset=PAGE * (self.page - 1))
        actions = connection.execute(select(AuditEvent.action).distinct().order_by(AuditEvent.action))
        actors = connection.execute(select(AuditEvent.actor).distinct().order_by(AuditEvent.actor))
        return Journal(entries, count, head(connection), tuple(actions.scalars()), tuple(actors.scalars()))


@dataclass(frozen=True)
class HeadQuery(PrivateQuery[Head]):
    """The chain's head."""

    def authorise(self, actor: Actor) -> None:
        """The administrators'."""
        require(actor, Action.EXPORT_JOURNAL)

    def answer_to(self, connection: Connection, actor: Actor) -> Head:
        """Read it; raises ConfirmationNeeded."""
        require_recent(connection, actor)
        store = connection.execute(select(StoreState.store_uuid)).scalar_one()
        return Head(store, *head(connection), utc_now())


@dataclass(frozen=True)
class RecordJournalQuery(PrivateQuery[tuple[JournalEntry, ...]]):
    """What the journal tells of one recommendation, its assignments and their reports, newest first."""

    recommendation: str

    def authorise(self, actor: Actor) -> None:
        """Whoever follows the plan; a focal point, of their own answers."""
        require_somewhere(actor, Action.READ_RECORD_JOURNAL)

    def answer_to(self, connection: Connection, actor: Actor) -> tuple[JournalEntry, ...]:
        """Only what concerns answers the actor may follow, and reports of them that they may read."""
        held = holders(connection, today())
        rows = connection.execute(
            select(Assignment.id, Assignment.key, Entity.key.label("holder"))
            .join(Recommendation, Recommendation.id == Assignment.recommendation_id)
            .join(held, held.c.assignment_id == Assignment.id)
            .join(Entity, Entity.id == held.c.entity_id)
            .where(Recommendation.key == self.recommendation)
        ).all()
        seen = [row for row in rows if may_see_names(actor, row.holder)]
        held_by = {row.id: row.holder for row in seen}
        known = connection.execute(
            select(ProgressReport.id, ProgressReport.state, ProgressReport.assignment_id).where(
                ProgressReport.assignment_id.in_(held_by)
            )
        )
        reports = [
            str(row.id)
            for row in known
            if may_read(actor, ReportState(row.state), held_by[row.assignment_id])
        ]
        of_reports = (AuditEvent.object_type == "report") & AuditEvent.object_key.in_(reports)
        of_answers = (AuditEvent.object_type == "assignment") & AuditEvent.object_key.in_(
            [row.key for row in seen]
        )
        of_itself = (AuditEvent.object_type == "recommendation") & (
            AuditEvent.object_key == self.recommendation
        )
        return _entries(connection, of_reports | of_answers | of_itself, limit=200, offset=0)


def _entries(connection: Connection, *kept: object, limit: int, offset: int) -> tuple[JournalEntry, ...]:
    e = AuditEvent
    columns = (e.seq, e.at, e.actor, e.action, e.object_type, e.object_key, e.detail, e.clock_suspect, e.hash)
    query = select(*columns).where(*kept).order_by(e.seq.desc()).limit(limit).offset(offset)  # type: ignore[arg-type]
    return tuple(JournalEntry(*row) for row in connection.execute(query))
