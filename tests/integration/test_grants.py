"""The second fence on PostgreSQL: who serves the application cannot rewrite, triggers or no triggers."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner, Result

from ccm.cli.app import PROGRAM, program
from ccm.commands import Command, RetractReport, submit
from ccm.commands.answer import SubmitReport
from ccm.commands.drafts import SaveDraft
from ccm.commands.first_load import initialise
from ccm.commands.validation import ReturnReport, ValidateReports
from ccm.domain.errors import CcmError, StoreUnavailable
from ccm.queries.doctor import doctor
from ccm.queries.integrity import verify
from ccm.store import Store, grants, open_store
from ccm.store.models import AuditEvent, Base
from ccm.store.rows import JOURNALLED
from ccm.store.triggers import APPEND_ONLY, REPORT_CONTENT
from tests.integration import permission_table as table
from tests.integration.acting import report
from tests.integration.permission_attempts import DONE, EXECUTORS, REFUSED
from tests.integration.permission_world import World, make
from tests.integration.reporting import row
from tests.support.accounts import add, enter, who
from tests.support.postgres import OWNER, PostgresServer
from tests.support.stores import Templates, first_load

ANSWER = "CCM7-A1-05/NE002"
#: Whatever may write: questions read tables that are all open to reading.
WRITING = [name for name, one in EXECUTORS.items() if one.of is None or issubclass(one.of, Command)]


def _as(role: str, url: str) -> str:
    """The address of the same database for another role."""
    return url.replace(f"//{OWNER}@", f"//{role}@")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(program(), list(arguments), prog_name=PROGRAM, env={"CCM_STORE": None})


@pytest.fixture
def role(postgres_server: PostgresServer) -> Iterator[str]:
    """A role that may sign in; it outlives the database where it has rights."""
    name = postgres_server.create_role()
    yield name
    postgres_server.drop_role(name)


@pytest.fixture
def limited_url(role: str, postgres_store_url: str) -> str:
    """The address of a store of this test's own for a role that was limited by the command."""
    done = _run("grants", role, "--apply", "--store", postgres_store_url)
    assert done.exit_code == 0, done.output
    return _as(role, postgres_store_url)


@pytest.fixture
def limited(limited_url: str) -> Iterator[Store]:
    """That store, open."""
    opened = open_store(limited_url)
    yield opened
    opened.close()


@pytest.fixture
def owner(postgres_store_url: str) -> Iterator[Store]:
    """The same store as its owner opens it."""
    opened = open_store(postgres_store_url)
    yield opened
    opened.close()


# What is refused -----------------------------------------------------------------------------------------


def _rewritings() -> Iterator[str]:
    for name in (*APPEND_ONLY, "progress_report"):
        yield f"delete from {name}"
        yield f"truncate {name} cascade"
        columns = REPORT_CONTENT if name == "progress_report" else Base.metadata.tables[name].columns.keys()
        yield from (f"update {name} set {column} = {column}" for column in columns)
    for name in JOURNALLED.keys() - {"progress_report", *APPEND_ONLY, *grants.CHANGED}:
        column = next(iter(Base.metadata.tables[name].columns.keys()))
        yield f"update {name} set {column} = {column}"
    yield from (f"delete from {name}" for name in JOURNALLED.keys() - set(grants.ERASED))


_ATTACKS = (
    "drop table audit_event",
    "drop trigger audit_event_no_change on audit_event",
    "alter table audit_event disable trigger all",
    "alter table audit_event add column more text",
    "alter table audit_event owner to {role}",
    "create table more (id integer)",
    "create temporary table audit_event (seq integer)",
    "create schema more",
    "create view more as select 1",
    "create function more() returns integer language sql as 'select 1'",
    "create trigger more before insert on audit_event for each row execute function ccm_refuse()",
    "create or replace function ccm_refuse() returns trigger language plpgsql as 'begin return new; end'",
    "drop function ccm_refuse() cascade",
    "update alembic_version set version_num = 'x'",
    "set session_replication_role = replica",
    "set role ccm",
    "set session authorization ccm",
    "alter role {role} superuser",
    "create role more",
    "grant ccm to {role}",
    "copy audit_event to program 'cat'",
    # Who has a right without being able to hand it on is only warned: what counts is what comes of it.
    "grant all on audit_event to {role}; delete from audit_event",
)


def test_whatever_would_rewrite_or_undo_the_guards_is_refused(limited: Store, role: str) -> None:
    """By the rights themselves: a trigger that refuses would raise another error."""
    attacks = [attack.format(role=role) for attack in [*_ATTACKS, *_rewritings()]]
    assert len(attacks) > 100
    got_through = [attack for attack in attacks if not _is_refused(limited, attack)]
    assert got_through == []


def _is_refused(store: Store, attack: str) -> bool:
    with store.engine.connect() as connection:
        try:
            connection.exec_driver_sql(attack)
        except DBAPIError as error:
            return isinstance(error.orig, psycopg.errors.InsufficientPrivilege)
        return False


@pytest.mark.usefixtures("quick_hashes")
def test_a_step_of_a_report_that_was_taken_stays_taken(limited: Store) -> None:
    """The columns that a report's steps write are open to the role; the triggers let each be written once."""
    number = _handed_in(limited)
    submit(limited, who(limited, enter(limited, "Zara")), ValidateReports((number,)))
    with pytest.raises(DBAPIError, match="append-only"), limited.engine.begin() as connection:
        connection.exec_driver_sql("update progress_report set validated_by = 'Un autre'")


# What goes on as before ----------------------------------------------------------------------------------


def _handed_in(store: Store) -> int:
    """The report that a focal point wrote, kept as a draft and handed in."""
    add(store, "Zara", "validator")
    add(store, "Awa", "focal_point", "NE002")
    awa = who(store, enter(store, "Awa"))
    submit(store, awa, SaveDraft(ANSWER, {"note": "au fil de l’eau"}))
    return submit(store, awa, SubmitReport(report(note="au fil de l’eau"), None))


@pytest.mark.usefixtures("quick_hashes")
def test_a_cycle_runs_under_the_limited_role(limited: Store) -> None:
    with limited.read() as connection:
        before = _entries(connection)
    number = _handed_in(limited)
    zara = who(limited, enter(limited, "Zara"))
    submit(limited, zara, ReturnReport(number, "Précisez"))
    second = SubmitReport(report(percent="60", note="au fil de l’eau"), number)
    again = submit(limited, who(limited, enter(limited, "Awa")), second)
    submit(limited, zara, ValidateReports((again,)))
    assert row(limited, again).validated_by == "Zara"
    submit(limited, zara, RetractReport(again, "Faux"))
    with limited.read() as connection:
        assert _entries(connection) > before + 5
    assert [check for check in verify(limited) if not check.passed] == []


def _entries(connection: Connection) -> int:
    return int(connection.execute(select(func.count()).select_from(AuditEvent)).scalar_one())


def test_every_operation_has_the_rights_it_needs(
    role: str, postgres_server: PostgresServer, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each command of the table of permissions, by somebody who may do it."""
    folder = tmp_path_factory.mktemp("grants")
    with templates.copied("postgresql", "first_load", first_load, folder) as url:
        owner, limited = open_store(url), open_store(_as(role, url))
        world = make(owner)
        with owner.schema() as connection:
            grants.apply(connection, role)
        owner.close()
        world.store = limited
        came_out = {name: _by_somebody(world, name) for name in WRITING}
        limited.close()
    assert {name for name, became in came_out.items() if became != DONE} == set()


def _by_somebody(world: World, operation: str) -> str:
    cell = next((one for one in table.cells(operation) if table.said()[one] == DONE), None)
    return REFUSED if cell and table.wrong(world, [cell]) else DONE


def test_a_current_store_starts_under_the_limited_role(limited: Store, limited_url: str) -> None:
    assert initialise(limited) is False
    assert "à jour" in _run("init", "--store", limited_url).stdout


def test_an_outdated_store_asks_for_its_owner(limited: Store, owner: Store) -> None:
    with owner.schema() as connection:
        connection.execute(text("update alembic_version set version_num = '0002'"))
    with pytest.raises(StoreUnavailable, match="le propriétaire doit lancer « python -m ccm init »"):
        initialise(limited)


def test_a_store_to_be_made_asks_for_its_owner(role: str, postgres_url: str) -> None:
    refused = _run("init", "--store", _as(role, postgres_url))
    assert refused.exit_code == 2
    assert "le propriétaire doit lancer « python -m ccm init »" in refused.stderr
    assert len(refused.stderr.strip().splitlines()) == 1


# The command ---------------------------------------------------------------------------------------------


def test_what_is_printed_gives_what_apply_gives(
    postgres_server: PostgresServer, role: str, limited_url: str, owner: Store
) -> None:
    other = postgres_server.create_role()
    address = owner.engine.url.render_as_string(hide_password=False)
    printed = _run("grants", other, "--store", address).stdout
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in filter(None, map(str.strip, printed.split(";\n"))):
            connection.exec_driver_sql(statement)
        assert _rights(connection, other) == _rights(connection, role)
        connection.exec_driver_sql(f"drop owned by {other}")
    postgres_server.drop_role(other)


def _rights(connection: Connection, role: str) -> set[tuple[str, str, str]]:
    """Every right of a role on a column: (table, column, right)."""
    found = text(
        "select table_name, column_name, privilege_type from information_schema.column_privileges "
        "where grantee = :role"
    )
    return {tuple(right) for right in connection.execute(found, {"role": role})}


def test_rights_given_earlier_are_taken(role: str, owner: Store, limited: Store) -> None:
    with owner.engine.begin() as connection:
        connection.exec_driver_sql(
            f"grant all on audit_event to {role}; grant create on schema public to public"
        )
        assert grants.rewritable(connection, role) == ["audit_event"]
    with owner.schema() as connection:
        grants.apply(connection, role)
        assert grants.rewritable(connection, role) == []
    assert _is_refused(limited, "create table more (id integer)")


def test_rights_that_come_by_another_way_are_told_and_nothing_is_changed(
    postgres_server: PostgresServer, role: str, owner: Store
) -> None:
    group = postgres_server.create_role()
    with owner.engine.begin() as connection:
        connection.exec_driver_sql(f"grant create on schema public to {group}; grant {group} to {role}")
    told = r"garderait d'autres droits \(CREATE \(schéma\)\)"
    with pytest.raises(CcmError, match=told), owner.schema() as connection:
        grants.apply(connection, role)
    with owner.engine.begin() as connection:
        assert _rights(connection, role) == set()
        connection.exec_driver_sql(f"drop owned by {group}")
    postgres_server.drop_role(group)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ('x"; drop table audit_event; --', "n'est pas un nom de rôle simple"),
        ("Ccm", "n'est pas un nom de rôle simple"),
        ("nobody_of_that_name", "n'existe pas : créez-le d'abord"),
        (OWNER, "peut tout de toute façon"),
    ],
)
def test_a_role_that_cannot_be_limited_is_refused(postgres_store_url: str, name: str, says: str) -> None:
    for more in ((), ("--apply",)):
        refused = _run("grants", name, *more, "--store", postgres_store_url)
        assert (refused.exit_code, refused.stdout) == (2, "")
        assert says in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1


def test_nobody_but_the_owner_gives_rights(limited: Store, role: str) -> None:
    with pytest.raises(CcmError, match="Seul le propriétaire"), limited.schema() as connection:
        grants.apply(connection, role)


def test_sqlite_has_no_roles(sqlite_store_url: str) -> None:
    refused = _run("grants", "ccm_app", "--store", sqlite_store_url)
    assert refused.exit_code == 2
    assert "SQLite n'a pas de rôles" in refused.stderr


def test_doctor_tells_whether_the_triggers_stand_alone(limited: Store, owner: Store) -> None:
    told = {
        name: next(check for check in doctor(store) if check.name == "Droits du compte")
        for name, store in (("limited", limited), ("owner", owner))
    }
    assert all(check.passed for check in told.values())
    assert "aucun droit de réécrire" in told["limited"].detail
    assert "audit_event" in told["owner"].detail
