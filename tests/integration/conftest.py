"""Fixtures of these tests."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccm.store import Store, open_store
from tests.integration.books import out
from tests.integration.permission_world import World, make


@pytest.fixture
def sqlite_store(sqlite_store_url: str) -> Iterator[Store]:
    """An open SQLite store, where the engine makes no difference to what is tested."""
    opened = open_store(sqlite_store_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def sqlite_demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The demonstration, where the engine makes no difference."""
    file = shutil.copyfile(demo_template, tmp_path_factory.mktemp("demo") / "store.db")
    opened = open_store(f"sqlite:///{file}")
    yield opened
    opened.close()


@pytest.fixture
def blank(sqlite_store: Store) -> bytes:
    """Diffa's workbook as it leaves."""
    return out(sqlite_store)


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The store on which the table of permissions is carried out, on SQLite."""
    file = shutil.copyfile(sqlite_template, tmp_path_factory.mktemp("permissions") / "store.db")
    store = open_store(f"sqlite:///{file}")
    yield make(store)
    store.close()
