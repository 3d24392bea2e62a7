"""Stores for tests, on both engines: empty, or as the first start leaves them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.postgres import PostgresServer
from tests.support.run import once

if TYPE_CHECKING:
    from ccm.store import Store

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
#: What fills an empty store, given its URL.
Make = Callable[[str], None]


def first_load(url: str) -> None:
    """Bring the store at `url` to where the first start leaves it."""
    from ccm.commands.first_load import initialise
    from ccm.store import open_store, upgrade

    store = open_store(url)
    upgrade(store)
    initialise(store)
    store.close()


def demonstration_of_size_s(url: str) -> None:
    """Fill the store at `url` with the demonstration that `make demo` shows."""
    from ccm.commands.demo import generate
    from ccm.store import open_store

    store = open_store(url)
    generate(store)
    store.close()


class Templates:
    """Stores that are made once for the whole run, under a name: to be copied, never to be opened."""

    def __init__(self, request: pytest.FixtureRequest, run_folder: Path) -> None:
        self._request, self._folder = request, run_folder

    def sqlite(self, name: str, make: Make) -> Path:
        """The file of a SQLite store."""
        template = self._folder / f"{name}.db"

        def made() -> None:
            template.unlink(missing_ok=True)
            make(f"sqlite:///{template}")
            left = [path.name for path in self._folder.glob(f"{template.name}-*")]
            assert not left, f"not all is in the file to be copied: {left}"

        once(self._folder, f"sqlite_{name}", made)
        return template

    def postgres(self, name: str, make: Make) -> str:
        """The name of a PostgreSQL database."""
        server = self._server()

        def made() -> None:
            server.drop(name)
            make(server.url(server.create(name=name)))

        once(self._folder, f"postgres_{name}", made)
        return name

    @contextmanager
    def copied(self, engine: str, name: str, make: Make, folder: Path) -> Iterator[str]:
        """The URL of a copy on an engine, which lasts as long as the context."""
        if engine == "sqlite":
            yield f"sqlite:///{shutil.copyfile(self.sqlite(name, make), folder / f'{name}.db')}"
            return
        server = self._server()
        copy = server.create(template=self.postgres(name, make))
        yield server.url(copy)
        server.drop(copy)

    def _server(self) -> PostgresServer:
        server: PostgresServer = self._request.getfixturevalue("postgres_server")
        return server


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest, run_folder: Path) -> Templates:
    """The templates that all workers of this run share."""
    return Templates(request, run_folder)


@pytest.fixture(scope="session")
def sqlite_template(templates: Templates) -> Path:
    """A SQLite file as the first start leaves it."""
    return templates.sqlite("first_load", first_load)


@pytest.fixture(scope="session")
def demo_template(templates: Templates) -> Path:
    """A demonstration of size S as a SQLite file."""
    return templates.sqlite("demonstration", demonstration_of_size_s)


@pytest.fixture(scope="module", params=ENGINES)
def demo(
    request: pytest.FixtureRequest, templates: Templates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Store"]:
    """The demonstration of size S on each engine, open for a whole module that only reads."""
    from ccm.store import open_store

    folder = tmp_path_factory.mktemp("demonstration")
    with templates.copied(request.param, "demonstration", demonstration_of_size_s, folder) as url:
        opened = open_store(url)
        yield opened
        opened.close()


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
def sqlite_store_url(templates: Templates, tmp_path: Path) -> Iterator[str]:
    """The URL of a SQLite store of this test's own, as the first start leaves it."""
    with templates.copied("sqlite", "first_load", first_load, tmp_path) as url:
        yield url


@pytest.fixture
def postgres_store_url(
    templates: Templates, postgres_server: PostgresServer, tmp_path: Path
) -> Iterator[str]:
    """The URL of a PostgreSQL store of this test's own, as the first start leaves it."""
    with templates.copied("postgresql", "first_load", first_load, tmp_path) as url:
        yield url


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
