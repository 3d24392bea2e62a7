"""Is the store whole? Its file, its journal, and its current state against its history."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Select, except_, func, select, text
from sqlalchemy.exc import DBAPIError

from ccm.domain.dates import today
from ccm.domain.errors import StoreUnavailable
from ccm.domain.vocabulary import GroupBy
from ccm.metrics import At, figures, history
from ccm.store import Store, is_current
from ccm.store.journal import broken_links
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    AssignmentState,
    AuditEvent,
    Entity,
    Membership,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    RecommendationState,
    Revision,
    Session,
    SessionChange,
    StoreState,
    Succession,
    User,
)

#: Everything that was ever recorded is known at this instant: history, not the current state, answers for it.
_ALL_KNOWN = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
_MOST_TOLD = 10
_AT_ONCE = 1_000
#: Instants that a transaction stamps: the journal has an entry of the same instant.
_STAMPED: tuple[tuple[str, Any], ...] = (
    ("points de situation transmis", ProgressReport.submitted_at),
    ("points de situation validés", ProgressReport.validated_at),
    ("points de situation renvoyés", ProgressReport.returned_at),
    ("points de situation retirés", ProgressReport.retracted_at),
    ("engagements", Assignment.recorded_at),
    ("changements d'engagement", AssignmentChange.recorded_at),
    ("changements de recommandation", RecommendationChange.recorded_at),
    ("changements de session", SessionChange.recorded_at),
    ("recommandations", Recommendation.recorded_at),
    ("reconductions", Membership.recorded_at),
    ("sessions", Session.recorded_at),
    ("acteurs", Entity.recorded_at),
    ("successions", Succession.recorded_at),
    ("versions de texte", Revision.recorded_at),
    ("personnes", User.created_at),
)


@dataclass(frozen=True)
class Check:
    """One check: what was looked at, whether all is well, and what was found."""

    name: str
    passed: bool
    detail: str


def require_ready(store: Store) -> None:
    """Raise StoreUnavailable, saying what to do, unless the store exists and has this program's schema."""
    path = sqlite_file(store)
    # Opening a file that is not there would create it: a question must leave nothing behind.
    if (path is not None and _is_absent(path)) or not is_current(store):
        raise StoreUnavailable(
            "L'entrepôt %(url)s n'est pas prêt : lancez « python -m ccm init », puis recommencez.",
            url=store.url,
        )


def _is_absent(path: Path) -> bool:
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def sqlite_file(store: Store) -> Path | None:
    """The file of a SQLite store; None for another engine, a store in memory, or one named by a URI."""
    url = store.engine.url
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return None
    return Path(url.database)


def verify(store: Store) -> Iterator[Check]:
    """Every check of the store, as it is made; what cannot be read is a finding too."""
    checks = {
        "Base de données": _database,
        "Chaîne du journal": broken_links,
        "Traces au journal": _untraced,
        "État courant et historique": _drift,
        "Chiffres et historique": _figures_drift,
    }
    with store.read() as connection:
        for name, look in checks.items():
            try:
                found = list(islice(look(connection), _MOST_TOLD + 1))
            except DBAPIError as error:
                # PostgreSQL answers nothing more in a transaction that met an error.
                connection.rollback()
                found = [f"lecture impossible ({str(error.orig).splitlines()[0]})"]
            yield Check(name, not found, _told(found) or "rien à signaler")


def _told(found: Sequence[str]) -> str:
    return " ; ".join(found[:_MOST_TOLD]) + (" ; …" if len(found) > _MOST_TOLD else "")


def _database(connection: Connection) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        # PostgreSQL holds its constraints by itself; its pages are the server's business.
        return
    for (line,) in connection.execute(text("PRAGMA integrity_check")):
        if line != "ok":
            yield str(line)
    for row in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"{row[0]}, ligne {row[1]} : renvoie à une ligne absente de {row[2]}"


def _untraced(connection: Connection) -> Iterator[str]:
    """What stands in the tables and not in the journal, or otherwise."""
    seen: set[int] = set()
    for entries in _parts(_report_entries(connection)):
        ids = [int(entry.object_key) for entry in entries]
        seen.update(ids)
        yield from _altered(connection, entries, ids)
    if connection.execute(select(StoreState.demo)).scalar_one():
        # Invented rows have invented instants, which no transaction stamped.
        return
    for row in _stream(connection, select(ProgressReport.id).order_by(ProgressReport.id)):
        if row.id not in seen:
            yield f"point de situation {row.id} sans trace"
    instants = select(AuditEvent.at)
    for name, column in _STAMPED:
        untold = select(func.count()).where(column.is_not(None), column.not_in(instants))
        count = connection.execute(untold).scalar_one()
        if count:
            yield f"{name} sans trace : {count}"


def _report_entries(connection: Connection) -> Iterator[Any]:
    query = (
        select(AuditEvent.object_key, AuditEvent.detail, AuditEvent.action, AuditEvent.at)
        .where(AuditEvent.object_type == "report")
        .where(AuditEvent.action.in_(("report.submitted", "report.validated")))
        .order_by(AuditEvent.seq)
    )
    return _stream(connection, query)


def _altered(connection: Connection, entries: Iterable[Any], ids: list[int]) -> Iterator[str]:
    report = ProgressReport
    query = (
        select(report.id, Assignment.key, report.as_of, report.status, report.percent)
        .join(Assignment, Assignment.id == report.assignment_id)
        .where(report.id.in_(ids))
    )
    rows = {row.id: row for row in connection.execute(query)}
    for entry in entries:
        row = rows.get(int(entry.object_key))
        if row is None:
            yield f"point de situation {entry.object_key} effacé"
            continue
        stands = {
            "assignment": row.key,
            "as_of": row.as_of.isoformat(),
            "status": row.status.value,
            "percent": row.percent,
        }
        if any(entry.detail.get(name, value) != value for name, value in stands.items()):
            yield f"point de situation {row.id} altéré"


def _drift(connection: Connection) -> Iterator[str]:
    """Rows of the current state that history does not give, and the other way round."""
    at = At(connection.execute(select(StoreState.state_day)).scalar_one())
    known = history.recommendation_states(at).subquery("known")
    terms = history.assignment_states(at, known).subquery("terms")
    yield from _differences(connection, RecommendationState, known, Recommendation)
    yield from _differences(connection, AssignmentState, terms, Assignment)


def _differences(connection: Connection, state: Any, told: Any, owner: Any) -> Iterator[str]:
    names = [column.name for column in state.__table__.columns]
    kept: Select[Any] = select(*[state.__table__.c[name] for name in names])
    recomputed: Select[Any] = select(*[told.c[name] for name in names])
    differing: set[int] = set()
    for only in (except_(kept, recomputed), except_(recomputed, kept)):
        differing.update(row[0] for row in _stream(connection, only))
    for ids in _parts(sorted(differing)):
        for key in connection.execute(select(owner.key).where(owner.id.in_(ids))).scalars():
            yield f"{key} diffère de son historique"


def _figures_drift(connection: Connection) -> Iterator[str]:
    now = At(today())
    then = At(now.as_of, known_at=_ALL_KNOWN)
    for by in GroupBy:
        if figures(connection, now, by) != figures(connection, then, by):
            yield f"--by {by.value}"


def _stream(connection: Connection, query: Any) -> Iterator[Any]:
    yield from connection.execute(query.execution_options(yield_per=_AT_ONCE))


def _parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    iterator = iter(items)
    while part := list(islice(iterator, _AT_ONCE)):
        yield part
