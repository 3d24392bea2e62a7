"""One empty store per engine for all spec tables: each is written into it, read, and taken back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from ccm.store import Store, Transaction, open_store, upgrade
from tests.support.stores import ENGINES

Trial = Callable[[], AbstractContextManager[Transaction]]


class _TakenBack(Exception):
    """Ends a trial's transaction, so that nothing of it is kept."""


def trials(store: Store) -> Trial:
    """A way to write into the store, alone, without leaving a trace."""

    @contextmanager
    def trial() -> Iterator[Transaction]:
        try:
            with store.write("test") as transaction:
                yield transaction
                raise _TakenBack
        except _TakenBack:
            pass

    return trial


@pytest.fixture(scope="session")
def sqlite_trial(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trial]:
    """Trials on SQLite."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('spec') / 'spec.db'}")
    upgrade(store)
    yield trials(store)
    store.close()


@pytest.fixture(scope="session")
def postgres_trial(postgres_server: Any) -> Iterator[Trial]:
    """Trials on PostgreSQL."""
    name = postgres_server.create()
    store = open_store(postgres_server.url(name))
    upgrade(store)
    yield trials(store)
    store.close()
    postgres_server.drop(name)


@pytest.fixture(params=ENGINES)
def trial(request: pytest.FixtureRequest) -> Trial:
    """Trials on both engines: each test runs on both."""
    fixture = "sqlite_trial" if request.param == "sqlite" else "postgres_trial"
    found: Trial = request.getfixturevalue(fixture)
    return found
