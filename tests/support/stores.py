"""Stores for tests, on both engines: empty, or as the first start leaves them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.postgres import PostgresServer
from tests.support.run import once

if TYPE_CHECKING:
    from ccm.store import Store

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
_TEMPLATE = "first_load"


def _load(url: str) -> None:
    """Bring the store at `url` to where the first start leaves it."""
    from ccm.commands.first_load import initialise
    from ccm.store import open_store, upgrade

    store = open_store(url)
    upgrade(store)
    initialise(store)
    store.close()


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    """A SQLite file as the first start leaves it, to be copied, never to be opened."""
    template = run_folder / f"{_TEMPLATE}.db"

    def make() -> None:
        template.unlink(missing_ok=True)
        _load(f"sqlite:///{template}")
        left = [path.name for path in run_folder.glob(f"{template.name}-*")]
        assert not left, f"not all is in the file to be copied: {left}"

    once(run_folder, "sqlite_template", make)
    return template


@pytest.fixture(scope="session")
def demo_template(run_folder: Path) -> Path:
    """A demonstration of size S as a SQLite file, to be copied, never to be opened."""
    template = run_folder / "demonstration.db"

    def make() -> None:
        from ccm.commands.demo import generate
        from ccm.store import open_store

        template.unlink(missing_ok=True)
        store = open_store(f"sqlite:///{template}")
        generate(store)
        store.close()

    once(run_folder, "demo_template", make)
    return template


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer, run_folder: Path) -> str:
    """The name of a PostgreSQL database as the first start leaves it."""

    def make() -> None:
        postgres_server.drop(_TEMPLATE)
        _load(postgres_server.url(postgres_server.create(name=_TEMPLATE)))

    once(run_folder, "postgres_template", make)
    return _TEMPLATE


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine of this test's store: each test runs on both."""
    name: str = request.param
    return name


@pytest.fixture
def store_url(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store of this test's own."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def sqlite_store_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a SQLite store of this test's own, as the first start leaves it."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'loaded.db')}"


@pytest.fixture
def postgres_store_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """The URL of a PostgreSQL store of this test's own, as the first start leaves it."""
    name = postgres_server.create(template=postgres_template)
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture
def loaded_store_url(engine: str, request: pytest.FixtureRequest) -> str:
    """The URL of a store of this test's own, as the first start leaves it."""
    url: str = request.getfixturevalue("sqlite_store_url" if engine == "sqlite" else "postgres_store_url")
    return url


@pytest.fixture
def store(loaded_store_url: str) -> Iterator["Store"]:
    """An open store of this test's own, as the first start leaves it."""
    from ccm.store import open_store

    opened = open_store(loaded_store_url)
    yield opened
    opened.close()


@pytest.fixture(scope="module", autouse=True)
def _stores_given_back() -> Iterator[None]:
    """The application keeps its stores open as long as its process lives: that is, as long as a module."""
    from ccm.commands import process_store as kept

    open_store, opened = kept.open_store, list["Store"]()

    def recording(url: str) -> "Store":
        opened.append(open_store(url))
        return opened[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "open_store", recording)
        yield
    kept.process_store.cache_clear()
    for store in opened:
        store.close()
