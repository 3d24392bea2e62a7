"""A store of any earlier schema comes to today's with all it held: its rows, its guards, its journal."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, inspect, select, text
from sqlalchemy.exc import DBAPIError

from ccm.commands.first_load import initialise
from ccm.queries.integrity import verify
from ccm.store import Store, guards, is_current, open_store, upgrade
from ccm.store.models import AuditEvent, Base
from ccm.store.rows import DIGESTS, JOURNALLED
from ccm.store.upgrade import MIGRATIONS, head_schema
from tests.integration.acting import import_reports, report
from tests.support.schema_fixtures import fixture, restore

POSTGRESQL_IN_PROOF = True

EARLIER = [
    script.revision
    for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()
    if script.revision != head_schema()
]


@pytest.fixture(params=EARLIER)
def schema(request: pytest.FixtureRequest) -> str:
    """Every schema that a store in the field may have."""
    earlier: str = request.param
    return earlier


@pytest.fixture
def old(schema: str, store_url: str) -> Iterator[Store]:
    """A store of that schema in which somebody worked."""
    restore(schema, store_url)
    opened = open_store(store_url)
    yield opened
    opened.close()


def held(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, as the database itself gives them."""
    every = {
        name: connection.exec_driver_sql(f'select * from "{name}"')
        for name in inspect(connection).get_table_names()
    }
    return {name: sorted((tuple(row) for row in rows), key=repr) for name, rows in every.items()}


def everything(store: Store) -> tuple[Any, ...]:
    """What a store holds: rows, tables and guards."""
    with store.read() as connection:
        if connection.dialect.name == "sqlite":
            made = "select name, sql from sqlite_master where sql is not null order by type, name"
        else:
            made = "select tgname, tgrelid, tgenabled from pg_trigger where not tgisinternal order by 1, 2"
        return held(connection), connection.execute(text(made)).all()


def test_every_earlier_schema_is_kept_for_both_engines() -> None:
    assert EARLIER
    missing = [
        path.name
        for schema in EARLIER
        for engine in ("sqlite", "postgresql")
        if not (path := fixture(schema, engine)).exists()
    ]
    assert missing == []


def test_an_earlier_store_keeps_what_it_held(old: Store, schema: str) -> None:
    assert not is_current(old)
    with old.read() as connection:
        before = held(connection)
    assert initialise(old) is False
    assert is_current(old)
    with old.read() as connection:
        after = held(connection)
        assert guards.missing(connection) == []
        last = connection.execute(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
    entries = len(before["audit_event"])
    assert (last.seq, last.action, last.object_key) == (entries + 1, "schema.upgraded", head_schema())
    assert last.detail["from"] == schema
    assert last.detail["doubtful"] == 0
    for name, rows in before.items():
        if name == "audit_event":
            assert [row for row in after[name] if row in rows] == rows
        elif name not in ("alembic_version", "store_state"):
            # Columns that came since stand after those there were.
            assert [row[: len(rows[0])] for row in after[name]] == rows
    assert [check.detail for check in verify(old) if not check.passed] == []


def test_an_upgraded_store_is_answered_for_row_by_row(old: Store) -> None:
    upgrade(old)
    told: dict[str, dict[str, str]] = {}
    with old.read() as connection:
        for detail in connection.execute(select(AuditEvent.detail).order_by(AuditEvent.seq)).scalars():
            for name, rows in detail.get(DIGESTS, {}).items():
                told.setdefault(name, {}).update(rows)
        counted = {name: len(rows) for name, rows in held(connection).items() if name in JOURNALLED and rows}
    assert {name: len(rows) for name, rows in told.items()} == counted


def test_an_upgraded_store_refuses_and_goes_on(old: Store) -> None:
    upgrade(old)
    with pytest.raises(DBAPIError, match="append-only"), old.schema() as connection:
        connection.execute(text("delete from assignment_change"))
    with pytest.raises(DBAPIError), old.schema() as connection:
        connection.execute(text("update entity_name set short_name = ''"))
    import_reports(old, report(percent="90", as_of="2024-05-31"))
    assert [check.detail for check in verify(old) if not check.passed] == []


class _Interrupted(Exception):
    pass


def test_an_upgrade_that_is_interrupted_leaves_the_old_store(old: Store) -> None:
    """At whichever statement: the first, those in the middle, the last."""
    before, tried, stop = everything(old), 0, 1
    while not _upgraded_but_for(old, stop):
        assert everything(old) == before
        tried, stop = tried + 1, stop * 5 // 4 + 1
    assert tried > 10
    assert is_current(old)


def _upgraded_but_for(store: Store, stop: int) -> bool:
    """Upgrade, interrupted at statement number `stop`; False where it was."""
    numbers = count(1)

    def interrupt(*_: Any) -> None:
        if next(numbers) == stop:
            raise _Interrupted

    event.listen(store.engine, "before_cursor_execute", interrupt)
    try:
        upgrade(store)
    except _Interrupted:
        return False
    finally:
        event.remove(store.engine, "before_cursor_execute", interrupt)
    return True


def test_an_upgrade_makes_nothing_good(store_url: str) -> None:
    """What was changed behind the program before an upgrade is found after it as well."""
    restore(EARLIER[0], store_url)
    store = open_store(store_url)
    with store.schema() as connection:
        guards.remove(connection)
        connection.execute(text("update recommendation set text = 'Autre' where key = 'CCM7-A1-05'"))
        connection.execute(text("update observation set text = 'Autre' where key = 'CCM7-O1'"))
        number = connection.execute(
            text("select id from recommendation where key = 'CCM7-A1-05'")
        ).scalar_one()
    upgrade(store)
    with store.read() as connection:
        last = connection.execute(
            select(AuditEvent.detail).order_by(AuditEvent.seq.desc()).limit(1)
        ).scalar_one()
    told = {check.name: check.detail for check in verify(store) if not check.passed}
    store.close()
    assert f"recommendation, ligne {number} : altérée" in told["Traces au journal"]
    assert last["doubtful"] == 2


def test_an_empty_store_has_nothing_to_tell(store_url: str) -> None:
    store = open_store(store_url)
    upgrade(store)
    with store.read() as connection:
        assert connection.execute(select(AuditEvent.seq)).all() == []
        assert all(not rows for name, rows in held(connection).items() if name in Base.metadata.tables)
    store.close()
