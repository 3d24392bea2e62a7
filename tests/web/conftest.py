"""Stores for requests: one that is only read, and one of each test's own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccm.commands.process_store import process_store
from ccm.store import Store


@pytest.fixture(autouse=True)
def whole_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody here looks at a page: its second piece need not wait for the first to be painted."""
    monkeypatch.setattr("ccm.web.pieces.PAUSE", 0.0)


@pytest.fixture(scope="module")
def read_store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The application's store as the first start leaves it, for all tests of a module."""
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path_factory.mktemp('read') / 'store.db')}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCM_STORE", url)
        yield


@pytest.fixture
def asked_store(sqlite_store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the routes ask: the 7th session, and nobody's yet."""
    monkeypatch.setenv("CCM_STORE", sqlite_store_url)
    opened = process_store(sqlite_store_url)
    yield opened
    opened.close()


@pytest.fixture
def demo_url(demo_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A demonstration that the routes ask."""
    url = f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'store.db')}"
    monkeypatch.setenv("CCM_STORE", url)
    opened = process_store(url)
    yield url
    opened.close()
