"""The run's PostgreSQL server, one for all workers, with a fresh database for each test."""

import itertools
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from ccm.config import DATA
from tests.support.machine import ROOT, leave_out, postgres_programs
from tests.support.run import once

OWNER = "ccm"
# Kept to the end of the process: the keeper outlives the worker that started it.
_KEEPERS: list[subprocess.Popen[bytes]] = []


def _forget_evidence(name: str) -> None:
    """Take away the evidence of a database of this name, also that of a run which was killed."""
    shutil.rmtree(DATA / "evidence" / name, ignore_errors=True)


class PostgresServer:
    """A server on loopback where tests make and drop databases."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = psycopg.connect(self._dsn("postgres"), autocommit=True)
        self._numbers = itertools.count(1)
        self._worker = os.environ.get("PYTEST_XDIST_WORKER", "main")

    def _dsn(self, name: str) -> str:
        return f"host=127.0.0.1 port={self.port} user={OWNER} dbname={name}"

    def url(self, name: str) -> str:
        """The SQLAlchemy URL of a database, for its owner."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{name}"

    def create(self, template: str = "template0", name: str | None = None) -> str:
        """Make a database, a copy of `template`, and return its name."""
        name = name or f"{self._worker}_{next(self._numbers)}"
        _forget_evidence(name)
        # Copying files beats writing each page to the log where nothing is synced to disk.
        statement = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
        self._connection.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected; no matter if there is none."""
        self._connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        _forget_evidence(name)

    def create_role(self) -> str:
        """Make a role that may sign in and nothing else, and return its name."""
        name = f"serves_{self._worker}_{next(self._numbers)}"
        self._connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        return name

    def drop_role(self, name: str) -> None:
        """Drop a role that has rights in no database any more."""
        self._connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))

    def close(self) -> None:
        """Give back the connection; the server stays until the run ends."""
        self._connection.close()


def _start(run_folder: Path, programs: Path) -> None:
    log = run_folder / "keeper.log"
    command = [sys.executable, "-m", "tests.support.postgres_keeper", str(run_folder), str(programs)]
    with log.open("wb") as output:
        # A session of its own: Ctrl-C is for the tests, the keeper has its server to stop first.
        keeper = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
    _KEEPERS.append(keeper)
    while not (run_folder / "port").exists():
        if keeper.poll() is not None:
            raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
        time.sleep(0.05)


@pytest.fixture(scope="session")
def postgres_server(run_folder: Path) -> Iterator[PostgresServer]:
    """The run's server; without PostgreSQL the test is left out."""
    programs = postgres_programs()
    if programs is None:
        leave_out("PostgreSQL is not installed here: install the package postgresql")
    once(run_folder, "postgres", lambda: _start(run_folder, programs))
    server = PostgresServer(int((run_folder / "port").read_text()))
    yield server
    server.close()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database of this test's own."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)
