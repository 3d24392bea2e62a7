"""Stores of earlier schemas, kept as compressed SQL in `tests/fixtures`, for the tests of upgrading.

`python -m tests.support.schema_fixtures URL` makes one from an empty store at URL: run it once for each
engine, with the program of the schema to be kept, before the migration that follows is written.
"""

import gzip
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg

from tests.support.machine import ROOT, postgres_programs

_FOLDER = ROOT / "tests" / "fixtures"
_LEFT_OUT = re.compile(r"(?m)^(?:--.*|\\.*|)\n")


def fixture(schema: str, engine: str) -> Path:
    """The file of the store of this schema on this engine."""
    return _FOLDER / f"schema-{schema}-{engine}.sql.gz"


def restore(schema: str, url: str) -> None:
    """Fill the empty database at `url` with the kept store of a schema."""
    engine = "sqlite" if url.startswith("sqlite") else "postgresql"
    script = gzip.decompress(fixture(schema, engine).read_bytes()).decode()
    if engine == "sqlite":
        lite = sqlite3.connect(url.removeprefix("sqlite:///"))
        lite.executescript(script)
        lite.close()
        return
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute(script.encode())


def _keep(url: str) -> None:
    from ccm.commands.first_load import initialise
    from ccm.store import open_store
    from ccm.store.upgrade import head_schema
    from tests.integration.living import lived_in

    store = open_store(url)
    initialise(store)
    lived_in(store)
    store.close()
    engine = store.engine.dialect.name
    script = _dump_sqlite(url) if engine == "sqlite" else _dump_postgres(url)
    fixture(str(head_schema()), engine).write_bytes(gzip.compress(script.encode(), mtime=0))


def _dump_sqlite(url: str) -> str:
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    script = "\n".join(connection.iterdump()) + "\n"
    connection.close()
    return script


def _dump_postgres(url: str) -> str:
    programs = postgres_programs()
    assert programs, "PostgreSQL is not installed here"
    options = ("--inserts", "--rows-per-insert=100", "--no-owner", "--no-privileges")
    command = [programs / "pg_dump", *options, url.replace("+psycopg", "")]
    dumped = subprocess.run(command, check=True, capture_output=True, text=True)
    return _LEFT_OUT.sub("", dumped.stdout)


if __name__ == "__main__":
    _keep(sys.argv[1])
