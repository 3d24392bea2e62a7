"""What stands in the tables against what the journal tells: nothing altered, erased or slipped in."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import Connection, func, select

from ccm.store.models import (
    Assignment,
    AssignmentChange,
    AuditEvent,
    Entity,
    Membership,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    Revision,
    Session,
    SessionChange,
    StoreState,
    Succession,
    User,
)

_AT_ONCE = 1_000
#: The instant of a report that each action of the journal tells of.
_ACTS = {
    "report.submitted": "submitted_at",
    "report.validated": "validated_at",
    "report.retracted": "retracted_at",
}
_CHANGES: dict[str, tuple[Any, Any, str]] = {
    "assignment": (AssignmentChange, Assignment, "assignment_id"),
    "recommendation": (RecommendationChange, Recommendation, "recommendation_id"),
    "session": (SessionChange, Session, "session_id"),
}
#: Rows that a transaction stamps with its instant, under which the journal has an entry.
_STAMPED: tuple[tuple[str, Any], ...] = (
    ("points renvoyés", ProgressReport.returned_at),
    ("engagements", Assignment.recorded_at),
    ("recommandations", Recommendation.recorded_at),
    ("reconductions", Membership.recorded_at),
    ("sessions", Session.recorded_at),
    ("acteurs", Entity.recorded_at),
    ("successions", Succession.recorded_at),
    ("versions de texte", Revision.recorded_at),
    ("personnes", User.created_at),
)


def untraced(connection: Connection) -> Iterator[str]:
    """Every row that the journal tells otherwise, then every row that it does not tell of.

    A demonstration's own rows are invented, instants too: the journal does not tell of each.
    """
    complete = not connection.execute(select(StoreState.demo)).scalar_one()
    yield from _reports(connection, complete)
    yield from _changes(connection, complete)
    if complete:
        yield from _unstamped(connection)


def _reports(connection: Connection, complete: bool) -> Iterator[str]:
    told: set[tuple[int, str]] = set()
    columns = (AuditEvent.object_key, AuditEvent.detail, AuditEvent.action, AuditEvent.at)
    entries = stream(
        connection, select(*columns).where(AuditEvent.action.in_(_ACTS)).order_by(AuditEvent.seq)
    )
    for some in parts(entries):
        rows = _reports_by_id(connection, {int(entry.object_key) for entry in some})
        for entry in some:
            told.add((int(entry.object_key), _ACTS[entry.action]))
            yield from _altered(entry, rows.get(int(entry.object_key)))
    if not complete:
        return
    for row in stream(connection, _report_rows().order_by(ProgressReport.id)):
        # A report validated as it was submitted has one entry, for both.
        instants = ("validated_at", "retracted_at") if row.validated_at else ("submitted_at",)
        if any(getattr(row, name) is not None and (row.id, name) not in told for name in instants):
            yield f"point de situation {row.id} sans trace"


def _report_rows() -> Any:
    report = ProgressReport
    instants = (report.submitted_at, report.validated_at, report.retracted_at)
    columns: list[Any] = [report.id, Assignment.key, report.as_of, report.status, report.percent, *instants]
    return select(*columns).join(Assignment, Assignment.id == report.assignment_id)


def _reports_by_id(connection: Connection, ids: Iterable[int]) -> dict[int, Any]:
    rows = connection.execute(_report_rows().where(ProgressReport.id.in_(ids)))
    return {row.id: row for row in rows}


def _altered(entry: Any, row: Any) -> Iterator[str]:
    if row is None:
        yield f"point de situation {entry.object_key} effacé"
        return
    stands = {
        "assignment": row.key,
        "as_of": row.as_of.isoformat(),
        "status": row.status.value,
        "percent": row.percent,
    }
    differs = any(entry.detail.get(name, value) != value for name, value in stands.items())
    if differs or getattr(row, _ACTS[entry.action]) != entry.at:
        yield f"point de situation {row.id} altéré"


def _changes(connection: Connection, complete: bool) -> Iterator[str]:
    told, stands = Counter(_told_changes(connection)), Counter(_recorded_changes(connection))
    for change in told - stands:
        yield f"changement de {change[1]} ({change[2]}) altéré ou effacé"
    if complete:
        for change in stands - told:
            yield f"changement de {change[1]} ({change[2]}) sans trace"


def _told_changes(connection: Connection) -> Iterator[tuple[Any, ...]]:
    columns = (AuditEvent.object_type, AuditEvent.object_key, AuditEvent.detail, AuditEvent.at)
    for entry in stream(connection, select(*columns).where(AuditEvent.object_type.in_(_CHANGES))):
        for change in entry.detail.get("changes", ()):
            yield (
                entry.object_type,
                entry.object_key,
                change["field"],
                change["value"],
                change["effective_on"],
                entry.at,
            )


def _recorded_changes(connection: Connection) -> Iterator[tuple[Any, ...]]:
    for name, (model, owner, column) in _CHANGES.items():
        columns = (owner.key, model.field, model.value, model.effective_on, model.recorded_at)
        query = select(*columns).join(owner, owner.id == getattr(model, column))
        for row in stream(connection, query):
            yield (name, row.key, row.field.value, row.value, row.effective_on.isoformat(), row.recorded_at)


def _unstamped(connection: Connection) -> Iterator[str]:
    instants = select(AuditEvent.at)
    for name, column in _STAMPED:
        untold = select(func.count()).where(column.is_not(None), column.not_in(instants))
        count = connection.execute(untold).scalar_one()
        if count:
            yield f"{name} sans trace : {count}"


def stream(connection: Connection, query: Any) -> Iterator[Any]:
    """The rows of a query, in bounded memory."""
    yield from connection.execute(query.execution_options(yield_per=_AT_ONCE))


def parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    """The items in lists that one statement can name."""
    iterator = iter(items)
    while part := list(islice(iterator, _AT_ONCE)):
        yield part
