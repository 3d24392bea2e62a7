"""The triggers of the store: put in place anew at each upgrade, from what the models say today."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, text

from ccm.store import strictness, triggers

#: (name, table, whether it is in force)
_INSTALLED = {
    "sqlite": "select name, tbl_name, true from sqlite_master where type = 'trigger'",
    "postgresql": (
        "select t.tgname, c.relname, t.tgenabled <> 'D' from pg_trigger t "
        "join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace "
        "where not t.tgisinternal and n.nspname = current_schema()"
    ),
}


def remove(connection: Connection) -> None:
    """Take every guard away, whatever program put it there, so that a migration may rebuild tables."""
    for name, table, _ in _installed(connection):
        where = f" on {table}" if connection.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"drop trigger {name}{where}")


def install(connection: Connection) -> None:
    """Put every guard of this program in place, where there is none."""
    for statement in _statements(connection.dialect.name):
        connection.execute(text(statement.replace(":", "\\:")))


def missing(connection: Connection) -> list[str]:
    """The names of guards that are not in force."""
    found = {name for name, _, in_force in _installed(connection) if in_force}
    return [name for name in expected(connection.dialect.name) if name not in found]


def expected(dialect: str) -> list[str]:
    """The names of all guards on an engine."""
    words = (statement.split() for statement in _statements(dialect))
    return [name for create, kind, name, *_ in words if (create, kind) == ("create", "trigger")]


def _installed(connection: Connection) -> list[Any]:
    return list(connection.execute(text(_INSTALLED[connection.dialect.name])))


def _statements(dialect: str) -> Iterator[str]:
    yield from triggers.statements(dialect)
    yield from strictness.statements(dialect)
