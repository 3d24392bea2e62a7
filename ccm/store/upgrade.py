"""Bringing a store to this program's schema, and refusing what a newer program wrote."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, func, select

from ccm.domain.errors import StoreUnavailable
from ccm.store import guards
from ccm.store.engine import WRITERS_LOCK, Store, count_rows, stamped
from ccm.store.journal import Entry, record
from ccm.store.models import StoreState
from ccm.store.rows import Written
from ccm.store.traces import differences, tells_of_rows

MIGRATIONS = Path(__file__).parent / "migrations"
_UPGRADER = "console"


def upgrade(store: Store) -> None:
    """Create or upgrade the schema in one transaction; safe to run twice, and by two processes at once."""
    if is_current(store):
        return
    with store.schema() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(WRITERS_LOCK)))
        _refuse_newer(connection)
        before = MigrationContext.configure(connection).get_current_revision()
        if before == head_schema():
            # Another process was faster.
            return
        doubtful = _doubtful(connection, before)
        guards.remove(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        guards.install(connection)
        if before is not None:
            _tell(connection, before, doubtful)
            count_rows(connection)


def _doubtful(connection: Connection, before: str | None) -> set[tuple[str, str]]:
    """Rows that were not what the journal tells even before the upgrade, which must not make them good."""
    if before is None or not tells_of_rows(connection):
        return set()
    tables = MetaData()
    tables.reflect(connection)
    return {(found.table, found.key) for found in differences(connection, tables)}


def _tell(connection: Connection, before: str, doubtful: set[tuple[str, str]]) -> None:
    """Tell the journal of the upgrade, and of the rows whose digests came with it."""
    if connection.execute(select(StoreState.id)).first() is None:
        return
    transaction = stamped(connection, _UPGRADER, Written())
    rows = [found.row for found in differences(connection) if (found.table, found.key) not in doubtful]
    detail: dict[str, object] = {"from": before, "to": head_schema(), "doubtful": len(doubtful)}
    record(transaction, [Entry("schema.upgraded", "store", str(head_schema()), detail)], rows)


def is_current(store: Store) -> bool:
    """Whether the store has exactly this program's schema; raises StoreUnavailable for a newer one."""
    with store.read() as connection:
        _refuse_newer(connection)
        return MigrationContext.configure(connection).get_current_revision() == head_schema()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def head_schema() -> str | None:
    """The schema of this program."""
    return _schemas()[0]


@cache
def _schemas() -> tuple[str | None, frozenset[str]]:
    """This program's schema, and all it knows, from files that Alembic would load anew at each question."""
    scripts = ScriptDirectory(str(MIGRATIONS))
    return scripts.get_current_head(), frozenset(script.revision for script in scripts.walk_revisions())


def _refuse_newer(connection: Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    if found is not None and found not in _schemas()[1]:
        raise StoreUnavailable(
            "L'entrepôt vient d'une version plus récente du programme (schéma %(found)s) : "
            "mettez le programme à jour, rien n'a été modifié.",
            found=found,
        )
