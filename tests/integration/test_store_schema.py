"""The schema: what migrations make is what the models say, and what is newer is left alone."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, func, inspect, select, text

from ccm.commands.first_load import initialise
from ccm.domain.errors import StoreUnavailable
from ccm.store import Store, is_current, open_store, upgrade
from ccm.store.journal import broken_links
from ccm.store.models import Assignment, AuditEvent, Base, Recommendation, Session
from tests.support.machine import ROOT


@pytest.fixture
def migrated(store_url: str) -> Iterator[Store]:
    """An empty store at this program's schema, made by its migrations."""
    store = open_store(store_url)
    upgrade(store)
    yield store
    store.close()


def test_migrations_make_what_the_models_say(migrated: Store) -> None:
    with migrated.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def described(connection: Connection) -> dict[str, Any]:
    """Columns, keys, rules and indexes of every table, as the database knows them."""
    found = inspect(connection)
    parts = {
        "columns": found.get_multi_columns(),
        "primary key": found.get_multi_pk_constraint(),
        "references": found.get_multi_foreign_keys(),
        "unique": found.get_multi_unique_constraints(),
        "rules": found.get_multi_check_constraints(),
        "indexes": found.get_multi_indexes(),
    }
    return {
        f"{part} of {table}": sorted(map(repr, map(_plain, held))) if isinstance(held, list) else _plain(held)
        for part, tables in parts.items()
        for (_, table), held in tables.items()
        if table != "alembic_version"
    }


def _plain(value: Any) -> Any:
    """The same without objects that are equal to themselves alone."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in sorted(value.items())}
    return value if isinstance(value, (list, bool, type(None))) else str(value)


def test_rules_are_the_same_in_migrations_and_models(migrated: Store, request: pytest.FixtureRequest) -> None:
    """Alembic compares no CHECK and no default: a database made from the models alone must not differ."""
    with migrated.read() as connection:
        by_migrations = described(connection)
    if migrated.engine.dialect.name == "sqlite":
        from_models = open_store(f"sqlite:///{request.getfixturevalue('tmp_path') / 'models.db'}")
    else:
        server = request.getfixturevalue("postgres_server")
        from_models = open_store(server.url(server.create()))
    with from_models.schema() as connection:
        Base.metadata.create_all(connection)
    with from_models.read() as connection:
        by_models = described(connection)
    from_models.close()
    assert by_migrations == by_models
    assert sum(len(held) for part, held in by_models.items() if part.startswith("rules")) > 20


def test_upgrading_twice_changes_nothing(migrated: Store) -> None:
    with migrated.read() as connection:
        before = described(connection)
    assert is_current(migrated)
    upgrade(migrated)
    with migrated.read() as connection:
        assert described(connection) == before


def test_loading_twice_changes_nothing(store: Store) -> None:
    def counted() -> list[int]:
        with store.read() as connection:
            return [
                connection.execute(select(func.count()).select_from(model)).scalar_one()
                for model in (Session, Recommendation, Assignment, AuditEvent)
            ]

    before = counted()
    assert before == [1, 48, 318, 1]
    assert initialise(store) is False
    assert counted() == before


def test_postgresql_knows_how_much_the_first_load_wrote(postgres_store_url: str) -> None:
    store = open_store(postgres_store_url)
    known = text("select relname, reltuples from pg_class where relname in ('recommendation', 'assignment')")
    with store.read() as connection:
        assert {(row.relname, row.reltuples) for row in connection.execute(known)} == {
            ("recommendation", 48),
            ("assignment", 318),
        }
    store.close()


def _make_newer(store: Store) -> None:
    with store.schema() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
        connection.execute(text("create table of_tomorrow (id integer primary key)"))


def test_a_newer_store_is_refused(store: Store) -> None:
    _make_newer(store)
    with store.read() as connection:
        before = described(connection)
    for ask in (upgrade, is_current, initialise):
        with pytest.raises(StoreUnavailable, match="version plus récente") as caught:
            ask(store)
        assert "9999" in str(caught.value)
        assert "\n" not in str(caught.value)
    with store.read() as connection:
        assert described(connection) == before
        assert connection.execute(text("select version_num from alembic_version")).scalars().all() == ["9999"]


def test_not_one_byte_of_a_newer_store_changes(sqlite_template: Path, tmp_path: Path) -> None:
    path = shutil.copyfile(sqlite_template, tmp_path / "newer.db")
    store = open_store(f"sqlite:///{path}")
    _make_newer(store)
    store.close()
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    again = open_store(f"sqlite:///{path}")
    for ask in (upgrade, is_current, initialise):
        with pytest.raises(StoreUnavailable):
            ask(again)
    again.close()
    assert hashlib.sha256(path.read_bytes()).hexdigest() == before
    assert [left.name for left in tmp_path.iterdir()] == ["newer.db"]


_INITIALISE = """
import os, sys
from ccm.commands.first_load import initialise
from ccm.store import open_store
store = open_store(os.environ["CCM_STORE"])
print("ready", flush=True)
sys.stdin.readline()
print(initialise(store), flush=True)
store.close()
"""


def test_a_new_file_is_opened_by_several_at_once(tmp_path: Path) -> None:
    """Of those that want the write-ahead log in the same moment SQLite refuses most without waiting."""
    for round_ in range(80):
        url, together = f"sqlite:///{tmp_path / f'{round_}.db'}", Barrier(6)

        def opened(url: str = url, together: Barrier = together) -> object:
            store = open_store(url)
            together.wait()
            with store.read() as connection:
                mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
            store.close()
            return mode

        with ThreadPoolExecutor(6) as pool:
            assert [one.result() for one in [pool.submit(opened) for _ in range(6)]] == ["wal"] * 6


def test_two_processes_that_start_together_load_once(store_url: str) -> None:
    command = [sys.executable, "-W", "error", "-c", _INITIALISE]
    environment = os.environ | {"CCM_STORE": store_url, "PYTHONPATH": str(ROOT)}
    processes = [
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in answers] == ["", ""]
    assert sorted(output for output, _ in answers) == ["False\n", "True\n"]
    store = open_store(store_url)
    with store.read() as connection:
        assert connection.execute(select(Session.number)).scalars().all() == [7]
        assert connection.execute(select(func.count(Recommendation.id))).scalar_one() == 48
        assert connection.execute(select(AuditEvent.action)).scalars().all() == ["session.loaded"]
        assert list(broken_links(connection)) == []
    store.close()
