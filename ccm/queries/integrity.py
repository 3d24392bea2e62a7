"""Is the store whole? Its file, its journal, and its current state against its history."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Select, except_, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from ccm.domain.dates import today
from ccm.domain.errors import StoreUnavailable
from ccm.domain.vocabulary import GroupBy
from ccm.metrics import At, figures, history
from ccm.queries.heads import Head, disagreements
from ccm.store import Store, guards, is_current
from ccm.store.files import EvidenceFiles, evidence_files
from ccm.store.journal import broken_links
from ccm.store.models import (
    Assignment,
    AssignmentState,
    DraftEvidence,
    Evidence,
    Recommendation,
    RecommendationState,
    StoreState,
)
from ccm.store.rows import parts
from ccm.store.traces import Finding, differences

#: Everything that was ever recorded is known at this instant: history, not the current state, answers for it.
_ALL_KNOWN = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
_MOST_TOLD = 10
_AT_ONCE = 1_000
_FOUND = {Finding.ALTERED: "altérée", Finding.ERASED: "effacée", Finding.UNTOLD: "sans trace"}


@dataclass(frozen=True)
class Check:
    """One check: what was looked at, whether all is well, and what was found."""

    name: str
    passed: bool
    detail: str


def require_ready(store: Store, remedy: str = "python -m ccm init") -> None:
    """Raise StoreUnavailable, saying what to do, unless the store exists and has this program's schema.

    `remedy` is the command that makes or upgrades this very store.
    """
    path = sqlite_file(store)
    # Opening a file that is not there would create it: a question must leave nothing behind.
    if (path is not None and _is_absent(path)) or not is_current(store):
        raise StoreUnavailable(
            "L'entrepôt %(url)s n'est pas prêt : lancez « %(remedy)s », puis recommencez.",
            url=store.url,
            remedy=remedy,
        )


def _is_absent(path: Path) -> bool:
    return not path.exists() or (path.is_file() and path.stat().st_size == 0)


def sqlite_file(store: Store) -> Path | None:
    """The file of a SQLite store; None for another engine, a store in memory, or one named by a URI."""
    url = store.engine.url
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":", "file:")):
        return None
    return Path(url.database)


def in_memory(address: str) -> bool:
    """Whether an address is that of a SQLite store in memory: what it holds is gone with the process."""
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return False
    if not url.drivername.startswith("sqlite"):
        return False
    return not url.database or ":memory:" in url.database or url.query.get("mode") == "memory"


def verify(store: Store, head: Head | None = None) -> Iterator[Check]:
    """Every check of the store, as it is made; what cannot be read is a finding too.

    `head` is the chain's as it was exported earlier: the chain may only have grown since.
    """
    checks: dict[str, Callable[[Connection], Iterable[str]]] = {
        "Base de données": _database,
        "Gardes de la base": guards.missing,
        "Chaîne du journal": broken_links,
        "Traces au journal": _untraced,
        "Fichiers de preuve": partial(_evidence, evidence_files(store)),
        "État courant et historique": _drift,
        "Chiffres et historique": _figures_drift,
    }
    if head is not None:
        checks["Tête du journal"] = partial(disagreements, head=head)
    with store.read() as connection:
        for name, look in checks.items():
            try:
                found = list(islice(look(connection), _MOST_TOLD + 1))
            except (DBAPIError, ValueError, LookupError) as error:
                # PostgreSQL answers nothing more in a transaction that met an error.
                connection.rollback()
                reason = str(error.orig if isinstance(error, DBAPIError) else error)
                found = [f"lecture impossible ({(reason or type(error).__name__).splitlines()[0]})"]
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
    """Rows that are not what the journal last told of them."""
    for found in differences(connection):
        yield f"{found.table}, ligne {found.key} : {_FOUND[found.finding]}"


def _evidence(files: EvidenceFiles, connection: Connection) -> Iterator[str]:
    """Evidence whose bytes are not, or no longer, those that were submitted."""
    for table, said in ((Evidence, "preuve"), (DraftEvidence, "preuve en attente")):
        kept = select(table.id, table.sha256).where(table.sha256.is_not(None)).order_by(table.id)
        for number, digest in connection.execute(kept):
            if digest and not files.is_whole(digest):
                what = "altéré" if files.path(digest).exists() else "absent"
                yield f"{said} {number} : fichier {digest} {what}"


def _drift(connection: Connection) -> Iterator[str]:
    """Rows of the current state that history does not give, and the other way round."""
    day = connection.execute(select(StoreState.state_day)).scalar_one()
    for owner, comparisons in _state_against_history(day):
        differing: set[int] = set()
        for only in comparisons:
            rows = connection.execute(only.execution_options(yield_per=_AT_ONCE))
            differing.update(row[0] for row in rows)
        for ids in parts(sorted(differing)):
            for key in connection.execute(select(owner.key).where(owner.id.in_(ids))).scalars():
                yield f"{key} diffère de son historique"


@lru_cache
def _state_against_history(day: dt.date) -> list[tuple[Any, tuple[CompoundSelect[Any], ...]]]:
    """What is in one of the two alone, with the table that names it."""
    known = history.recommendation_states(At(day)).subquery("known")
    terms = history.assignment_states(At(day), known).subquery("terms")
    found: list[tuple[Any, tuple[CompoundSelect[Any], ...]]] = []
    for owner, state, told in (
        (Recommendation, RecommendationState.__table__, known),
        (Assignment, AssignmentState.__table__, terms),
    ):
        kept: Select[Any] = select(*state.c)
        recomputed: Select[Any] = select(*[told.c[column.name] for column in state.c])
        found.append((owner, (except_(kept, recomputed), except_(recomputed, kept))))
    return found


def _figures_drift(connection: Connection) -> Iterator[str]:
    now = At(today())
    then = At(now.as_of, known_at=_ALL_KNOWN)
    for by in GroupBy:
        if figures(connection, now, by) != figures(connection, then, by):
            yield f"--by {by.value}"
