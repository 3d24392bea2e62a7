"""What a column is not made for is refused by the database: every column of every table, by every way in."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg import errors as postgres
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Enum,
    Integer,
    String,
    Table,
    select,
)
from sqlalchemy.exc import DBAPIError

from ccm.store import Store
from ccm.store.models import Base
from ccm.store.strictness import may_be_empty
from ccm.store.types import LONGEST_TEXT, Instant
from tests.integration.living import fill_every_table, lived_in

#: What PostgreSQL says where a row, not a value, is wrong: a trial must not end by chance.
_OF_THE_ROW = (postgres.UniqueViolation, postgres.ForeignKeyViolation, postgres.NotNullViolation)


@pytest.fixture
def full(store: Store) -> Store:
    """A store with a row in every table."""
    lived_in(store)
    with store.write("test") as transaction:
        fill_every_table(transaction)
    return store


def bad_values(column: Column[Any], dialect: str) -> Iterator[str]:
    """SQL literals that are nothing for a column."""
    kind, lite = column.type, dialect == "sqlite"
    if lite and not isinstance(kind, Enum):
        yield "x'61'"
    if isinstance(kind, Enum):
        yield from ("'no such code'", "''")
    elif isinstance(kind, Boolean):
        yield from ("2", "'perhaps'", "-1")
    elif isinstance(kind, Integer):
        yield from ("'half'", "2147483648", *(["1.5"] if lite else []))
    elif isinstance(kind, (Date, Instant)):
        yield from ("'soon'", "'2024-02-30'", "'infinity'", "20240101", "'0000-01-01'", "'10000-01-01'")
        if lite:
            right = "2024-01-31" if isinstance(kind, Date) else "2024-01-31T10:00:00.000000Z"
            yield from (f"'{right}' || char(0)", f"'{right} '", "'2024-01-31T10:00:00Z'", "''")
    else:
        yield from _bad_texts(column, lite)


def _bad_texts(column: Column[Any], lite: bool) -> Iterator[str]:
    yield "'a' || char(0) || 'b'" if lite else "'a' || chr(0) || 'b'"
    if lite:
        yield "char(0)"
    if isinstance(column.type, JSON):
        yield "'nonsense'"
        return
    assert isinstance(column.type, String)
    longest = column.type.length or column.info.get("longest", LONGEST_TEXT)
    yield f"'{'é' * (longest + 1)}'"
    if not may_be_empty(column):
        yield "''"


def ways_in(table: Table, column: Column[Any], value: str, dialect: str) -> Iterator[str]:
    """Statements that would put a value into a column, by every verb there is."""
    names = [each.name for each in table.columns]
    picked = [value if name == column.name else name for name in names]
    source = f"({', '.join(names)}) select {', '.join(picked)} from {table.name} limit 1"
    yield f"insert into {table.name} {source}"
    yield f"update {table.name} set {column.name} = {value}"
    if dialect == "sqlite":
        yield f"insert or replace into {table.name} {source}"
        if not isinstance(column.type, Enum):
            # Of a broken CHECK this makes no error: the row is left out.
            yield f"insert or ignore into {table.name} {source}"
        yield f"update or replace {table.name} set {column.name} = {value}"
    else:
        yield f"insert into {table.name} {source} on conflict do nothing"


def _is_refused(connection: Connection, statement: str) -> bool:
    """Whether the value itself is refused; what the statement does is taken back."""
    trial = connection.begin_nested()
    try:
        connection.exec_driver_sql(statement)
    except DBAPIError as error:
        said = str(error.orig)
        if connection.dialect.name == "sqlite":
            return any(
                words in said for words in ("value refused", "CHECK", "append-only", "datatype mismatch")
            )
        return not isinstance(error.orig, _OF_THE_ROW)
    else:
        return False
    finally:
        trial.rollback()


def test_no_column_takes_what_it_is_not_made_for(full: Store) -> None:
    dialect, tried, taken = full.engine.dialect.name, 0, []
    with full.schema() as connection:
        for table in Base.metadata.sorted_tables:
            assert connection.execute(select(table).limit(1)).first(), f"{table.name} is empty"
            for column in table.columns:
                for value in bad_values(column, dialect):
                    for statement in ways_in(table, column, value, dialect):
                        tried += 1
                        if not _is_refused(connection, statement):
                            taken.append(statement[:160])
        connection.rollback()
    assert "\n".join(taken) == ""
    assert tried > 1_500


def test_a_right_row_is_taken_by_every_table(full: Store) -> None:
    """Or else the refusals above would mean nothing: the row that is there can be written once more."""
    with full.schema() as connection:
        for table in Base.metadata.sorted_tables:
            names = [column.name for column in table.columns]
            same = (
                f"insert into {table.name} ({', '.join(names)}) select {', '.join(names)} from {table.name}"
            )
            with pytest.raises(DBAPIError, match=r"(?i)unique"), connection.begin_nested():
                connection.exec_driver_sql(f"{same} limit 1")
        connection.rollback()


def test_longest_and_accented_texts_are_taken(full: Store) -> None:
    """Limits count characters, not bytes, and the last one is still allowed."""
    with full.schema() as connection:
        taken = ("é" * 300, "ß" * LONGEST_TEXT)
        statement = "update entity_name set name = '{}', note = '{}'".format(*taken)
        assert connection.exec_driver_sql(statement).rowcount > 1
        connection.rollback()
