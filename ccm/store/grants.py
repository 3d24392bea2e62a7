"""A second fence on PostgreSQL: the rights of a role that serves the application and owns nothing.

The triggers refuse to rewrite what is append-only; this role has no right to it in the first place, nor to
the triggers. What it may is said by the same lists that the guards and the journal are made from.
"""

import re
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, select, text

from ccm.domain.errors import CcmError, NotFound
from ccm.store.models import Base, ProgressReport
from ccm.store.rows import OUTSIDE
from ccm.store.triggers import APPEND_ONLY, REPORT_CONTENT

#: Of the tables that the journal answers for: whose rows the program changes, and whose it erases.
CHANGED = ("store_state", "setting", "user_account", "entity_name", "contest", "reporting_period")
ERASED = ("user_entity", "entity_alias")

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_VERSION = "alembic_version"
_REPORT = ProgressReport.__tablename__
_GUARDED = (*APPEND_ONLY, _REPORT)
_REWRITING = "UPDATE, DELETE, TRUNCATE, TRIGGER"
#: Whether a role is there, holds power over others, may act as the tables' owner; whether we may.
_ROLE = text(
    "select r.rolsuper or r.rolcreaterole as powerful, pg_has_role(r.oid, c.relowner, 'MEMBER') as owning, "
    "pg_has_role(c.relowner, 'USAGE') as ours from pg_roles r, pg_class c "
    "where r.rolname = :role and c.oid = to_regclass('audit_event')"
)


def statements(connection: Connection, role: str) -> list[str]:
    """The SQL that gives a role what the application needs, and takes all else from it.

    Raises CcmError for an engine without roles, a name that is no plain one, a role that needs no right to
    rewrite anything; NotFound for one that is not there.
    """
    _checked(connection, role)
    return list(_statements(connection, role))


def apply(connection: Connection, role: str) -> None:
    """Carry them out, all or none; raises CcmError where the role could do more even then."""
    if not _checked(connection, role):
        raise CcmError(
            "Seul le propriétaire des tables peut donner ces droits : connectez-vous par son compte."
        )
    for statement in _statements(connection, role):
        connection.execute(text(statement.replace(":", "\\:")))
    if left := [*rewritable(connection, role), *_making(connection, role)]:
        raise CcmError(
            "Rien n'a été changé : « %(role)s » garderait d'autres droits (%(left)s), que le propriétaire de "
            "la base ou un superutilisateur doit lui ôter.",
            role=role,
            left=", ".join(left),
        )


def rewritable(connection: Connection, role: str | None = None) -> list[str]:
    """The append-only tables that a role, by default the present one, could rewrite but for the triggers."""
    role = role or connection.execute(text("select current_user")).scalar_one()
    owner = text(
        "select pg_has_role(:role, relowner, 'MEMBER') from pg_class where oid = to_regclass(:table)"
    )
    found = []
    for table in _GUARDED:
        # Some columns of a report are written later than the others: only those make no rewriting.
        rights = _REWRITING if table != _REPORT else _REWRITING.removeprefix("UPDATE, ")
        asked = [func.has_table_privilege(role, table, rights)]
        asked += [
            func.has_column_privilege(role, table, column, "UPDATE")
            for column in (REPORT_CONTENT if table == _REPORT else ())
        ]
        owning = connection.execute(owner, {"role": role, "table": table}).scalar_one()
        if owning or any(connection.execute(select(*asked)).one()):
            found.append(table)
    return found


def _checked(connection: Connection, role: str) -> bool:
    """Whether the present account may give these rights; raises CcmError where nobody should."""
    if connection.dialect.name != "postgresql":
        raise CcmError("SQLite n'a pas de rôles : cette commande est pour un entrepôt PostgreSQL.")
    if not _NAME.fullmatch(role):
        raise CcmError(
            "« %(role)s » n'est pas un nom de rôle simple : des minuscules sans accent, des chiffres, « _ ».",
            role=role,
        )
    found = connection.execute(_ROLE, {"role": role}).first()
    if found is None:
        raise NotFound("Le rôle « %(role)s » n'existe pas : créez-le d'abord (createuser -P).", role=role)
    if found.powerful or found.owning:
        raise CcmError(
            "« %(role)s » peut tout de toute façon (propriétaire des tables, superutilisateur ou maître "
            "d'autres rôles) : donnez un compte ordinaire.",
            role=role,
        )
    return bool(found.ours)


def _making(connection: Connection, role: str) -> list[str]:
    """What a role could make or do away with in the database."""
    may = {
        "CREATE (schéma)": func.has_schema_privilege(role, func.current_schema(), "CREATE"),
        "CREATE (base)": func.has_database_privilege(role, func.current_database(), "CREATE"),
        "TEMPORARY": func.has_database_privilege(role, func.current_database(), "TEMPORARY"),
    }
    answers = connection.execute(select(*may.values())).one()
    return [name for name, answer in zip(may, answers, strict=True) if answer]


def _statements(connection: Connection, role: str) -> Iterator[str]:
    """All that the role had is taken first: an upgrade may have made a table append-only."""
    quote = connection.dialect.identifier_preparer.quote_identifier
    place = connection.execute(select(func.current_database(), func.current_schema())).one()
    database, schema = (quote(name) for name in place)
    to, tables = quote(role), list(Base.metadata.tables)

    def named(names: Iterable[str]) -> str:
        return ", ".join(f"{schema}.{quote(name)}" for name in names)

    every, sequences = named([*tables, _VERSION]), ", ".join(_sequences(connection))
    written_later = ", ".join(quote(name) for name in _written_later())
    yield f"REVOKE ALL ON DATABASE {database} FROM {to}"
    yield f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC"
    yield f"REVOKE ALL ON SCHEMA {schema} FROM {to}"
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC"
    yield f"REVOKE ALL ON {every} FROM {to}"
    yield f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON {every} FROM PUBLIC"
    yield f"REVOKE ALL ON SEQUENCE {sequences} FROM {to}"
    yield f"GRANT CONNECT ON DATABASE {database} TO {to}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {to}"
    yield f"GRANT USAGE ON SEQUENCE {sequences} TO {to}"
    yield f"GRANT SELECT ON {every} TO {to}"
    yield f"GRANT INSERT ON {named(tables)} TO {to}"
    free = [name for name in OUTSIDE if name not in APPEND_ONLY]
    yield f"GRANT UPDATE ON {named([*free, *CHANGED])} TO {to}"
    yield f"GRANT UPDATE ({written_later}) ON {named([_REPORT])} TO {to}"
    yield f"GRANT DELETE ON {named([*free, *ERASED])} TO {to}"


def _written_later() -> list[str]:
    """The columns of a report that its steps write."""
    return [column.name for column in ProgressReport.__table__.columns if column.name not in REPORT_CONTENT]


def _sequences(connection: Connection) -> Iterator[str]:
    """What numbers the rows, by its quoted name."""
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            found = select(func.pg_get_serial_sequence(table.name, column.name))
            if name := connection.execute(found).scalar():
                yield name
