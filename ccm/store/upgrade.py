"""Bringing a store to this program's schema, and refusing what a newer program wrote."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, select

from ccm.domain.errors import StoreUnavailable
from ccm.store.engine import WRITERS_LOCK, Store

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(store: Store) -> None:
    """Create or upgrade the schema; safe to run twice, and by two processes at once."""
    if is_current(store):
        return
    with store.schema() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(WRITERS_LOCK)))
        _refuse_newer(connection)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_current(store: Store) -> bool:
    """Whether the store has exactly this program's schema; raises StoreUnavailable for a newer one."""
    with store.read() as connection:
        _refuse_newer(connection)
        return MigrationContext.configure(connection).get_current_revision() == _head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _head() -> str | None:
    return ScriptDirectory(str(_MIGRATIONS)).get_current_head()


def _refuse_newer(connection: Connection) -> None:
    found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if found is not None and found not in known:
        raise StoreUnavailable(
            "L'entrepôt vient d'une version plus récente du programme (schéma %(found)s) : "
            "mettez le programme à jour, rien n'a été modifié.",
            found=found,
        )
