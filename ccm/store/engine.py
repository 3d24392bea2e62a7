"""Opening a store by URL, and its two kinds of transaction: reading and writing."""

import datetime as dt
import random
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select, text, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.sql.dml import UpdateBase

from ccm.domain.dates import day_of, utc_now
from ccm.domain.errors import StoreUnavailable
from ccm.i18n import N_
from ccm.store.models import AuditEvent, Base, StoreState
from ccm.store.rows import Written

_BUSY_TIMEOUT = "PRAGMA busy_timeout = 15000"
#: How long a writer waits for its turn, and how soon it asks again, in seconds.
_WRITER_WAITS, _WRITER_ASKS = 30.0, 0.03
_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    _BUSY_TIMEOUT,
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -65536",
)
#: What SQLite keeps of a store that is read through once, and as much again that it sorts within, in KiB.
_CACHE_OF_STREAM = 8192
_WRITING, _WRITTEN = "ccm_writing", "ccm_written"
_ONE_STATE: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}

_NO_ADDRESS = N_(
    "« %(url)s » n'est pas l'adresse d'un entrepôt : donnez sqlite:///fichier ou postgresql://serveur/base."
)
_NO_DATABASE = N_("%(url)s n'est pas un entrepôt SQLite : indiquez un autre fichier.")
_NO_ANSWER = N_("L'entrepôt %(url)s ne répond pas (%(reason)s) : vérifiez l'adresse et le serveur.")
#: What to say, by what the database's own message contains.
_UNAVAILABLE = {
    "readonly": N_("L'entrepôt %(url)s est en lecture seule : donnez à ce compte le droit d'y écrire."),
    "read-only": N_("L'entrepôt %(url)s est en lecture seule : donnez à ce compte le droit d'y écrire."),
    "unable to open": N_(
        "L'entrepôt %(url)s ne peut pas être ouvert : vérifiez le dossier et le droit d'y écrire."
    ),
    "full": N_("Le disque de l'entrepôt %(url)s est plein : rien n'a été enregistré, libérez de la place."),
}
#: The same for what no waiting mends: another kind of file, a damaged one, an address that is not understood.
_UNUSABLE = {
    "not a database": _NO_DATABASE,
    "malformed": N_("L'entrepôt %(url)s est abîmé : remettez à sa place une sauvegarde."),
    "invalid connection option": _NO_ADDRESS,
}
#: Where PostgreSQL refuses the account: an outdated store asks its owner, and so does a table that is new.
_NO_RIGHT = N_(
    "Le compte de l'entrepôt %(url)s n'a pas tous les droits qu'il faut (%(reason)s) : le propriétaire doit "
    "lancer « python -m ccm init », puis « python -m ccm grants » pour ce compte."
)
_INSUFFICIENT_PRIVILEGE = "42501"
WRITERS_LOCK = 7202208
_LAST_INSTANT = select(AuditEvent.at).order_by(AuditEvent.seq.desc()).limit(1)
_REVISION = select(StoreState.revision)


@dataclass(frozen=True)
class Transaction:
    """An open writing transaction: one instant, later than every earlier one, stamps all it records.

    `written` knows the rows of journalled tables that its statements wrote, until an entry tells of them.
    """

    connection: Connection
    now: dt.datetime
    clock_suspect: bool
    actor: str
    written: Written

    @property
    def today(self) -> dt.date:
        """The day in Niamey of this transaction."""
        return day_of(self.now)


class Store:
    """The recommendations' store, on SQLite or PostgreSQL."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def url(self) -> str:
        """The store's URL, without its password."""
        return self.engine.url.render_as_string(hide_password=True)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one consistent state and writes nothing."""
        with _plain_errors(self.engine.url), self.engine.connect() as plain:
            # SQLite's BEGIN gives one state to all that is read; PostgreSQL is asked for it.
            options = _ONE_STATE if self.engine.dialect.name == "postgresql" else {}
            yield plain.execution_options(**options)

    @contextmanager
    def stream(self) -> Iterator[Connection]:
        """The same, for rows that are handed on as they are read: SQLite keeps and sorts in less memory."""
        with self.read() as connection:
            if self.engine.dialect.name != "sqlite":
                yield connection
                return
            usual = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
            connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_OF_STREAM}")
            try:
                yield connection
            finally:
                # The next reader is given the same connection.
                connection.exec_driver_sql(f"PRAGMA cache_size = {usual}")

    @contextmanager
    def write(self, actor: str) -> Iterator[Transaction]:
        """One transaction, alone among writers; all of it is kept, or nothing."""
        with _plain_errors(self.engine.url), self.engine.connect() as plain:
            written = Written()
            connection = plain.execution_options(**{_WRITING: True, _WRITTEN: written})
            with connection.begin():
                yield stamped(connection, actor, written)

    @contextmanager
    def schema(self) -> Iterator[Connection]:
        """A writing connection without journal, for migrations."""
        with _plain_errors(self.engine.url), self.engine.connect() as plain:
            connection = plain.execution_options(**{_WRITING: True})
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Give back every pooled connection."""
        self.engine.dispose()


def open_store(url: str) -> Store:
    """Open the store at `url` (`sqlite:///file` or `postgresql://…`); raises StoreUnavailable."""
    try:
        engine = _engine(make_url(url))
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError) as error:
        raise StoreUnavailable(_NO_ADDRESS, url=_without_password(url)) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    event.listen(engine, "before_execute", _note_written)
    return Store(engine)


def _engine(url: URL) -> Engine:
    backend = url.get_backend_name()
    if backend == "sqlite":
        return create_engine(url)
    if backend != "postgresql":
        raise ArgumentError(backend)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    # A pooled connection may have died with its server: try it before handing it out.
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 5})


def _without_password(url: str) -> str:
    return re.sub(r"//[^/]*@", "//***@", url)


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _settings(connection: sqlite3.Connection, _record: object) -> None:
        # None hands BEGIN over to the listener below, which knows readers from writers.
        connection.isolation_level = None
        _go_over_to_wal(connection)
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get(_WRITING):
            # A deferred BEGIN that writes later fails under contention; IMMEDIATE waits its turn.
            _begin_writing(connection)
        else:
            connection.exec_driver_sql("BEGIN")


def _go_over_to_wal(connection: sqlite3.Connection) -> None:
    """The write-ahead log: of those that open a new file together, SQLite refuses most at once."""
    until = time.monotonic() + _WRITER_WAITS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(_WRITER_ASKS)
        else:
            return


def _begin_writing(connection: Connection) -> None:
    """BEGIN IMMEDIATE, waiting as others wait.

    SQLite's own waiting asks ever more rarely: of many writers, those that came last get in first, and the
    one that waits longest may never. Here whoever waits longer asks more often; chance keeps them apart.
    """
    begun = time.monotonic()
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            except OperationalError as error:
                waited = time.monotonic() - begun
                if "locked" not in str(error.orig) or waited > _WRITER_WAITS:
                    raise
            else:
                return
            time.sleep(random.uniform(0.5, 1) * _WRITER_ASKS / (1 + 4 * waited))  # noqa: S311 - no secret
    finally:
        connection.exec_driver_sql(_BUSY_TIMEOUT)


def _note_written(connection: Connection, statement: Any, many: Any, one: Any, _options: Any) -> None:
    written = connection.get_execution_options().get(_WRITTEN)
    if written is not None and isinstance(statement, UpdateBase):
        written.note(connection, statement, many or ([one] if one else []))


def stamped(connection: Connection, actor: str, written: Written) -> Transaction:
    """The transaction of a connection that has begun to write, with its instant."""
    if connection.dialect.name == "postgresql":
        # One writer at a time, as BEGIN IMMEDIATE gives on SQLite: the journal is one chain.
        connection.execute(select(func.pg_advisory_xact_lock(WRITERS_LOCK)))
    last = connection.execute(_LAST_INSTANT).scalar()
    now = utc_now()
    if last is not None and now <= last:
        return Transaction(connection, last + dt.timedelta(microseconds=1), now < last, actor, written)
    return Transaction(connection, now, False, actor, written)


@contextmanager
def _plain_errors(url: URL) -> Iterator[None]:
    """Turn a store that cannot be reached or written into one sentence."""
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0] if error.orig else ""
        message = _said(error, reason)
        if message is None:
            raise
        shown = url.render_as_string(hide_password=True)
        raise StoreUnavailable(message, url=shown, reason=reason) from error


def _said(error: DBAPIError, reason: str) -> str | None:
    """What to tell of an error of the database; None where the program is at fault."""
    if getattr(error.orig, "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
        return _NO_RIGHT
    passing = isinstance(error, OperationalError)
    known, otherwise = (_UNAVAILABLE, _NO_ANSWER) if passing else (_UNUSABLE, None)
    return next((message for mark, message in known.items() if mark in reason), otherwise)


def count_rows(connection: Connection) -> None:
    """Let PostgreSQL count what its tables hold, after much was written at once.

    It counts by itself only later, and never in small tables; until it knows, it expects one row and loops
    over the answers where it should join them: seconds for a page of a past date instead of tenths.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"analyze {', '.join(Base.metadata.tables)}"))


def bump_revision(connection: Connection, seq: int) -> None:
    """Make every cached answer of this store stale: the revision is the journal's last number."""
    connection.execute(update(StoreState).values(revision=seq))


def read_revision(connection: Connection) -> int:
    """The store's revision: it grows with each journal entry."""
    revision: int = connection.execute(_REVISION).scalar_one()
    return revision
