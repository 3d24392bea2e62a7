"""What a column may hold, for databases that would hold anything: generated from the models.

SQLite keeps whatever it is given, in a column of any type. PostgreSQL keeps to types and to the length of a
`varchar`; neither bounds a `text` nor refuses an empty one. One guard per table makes both equally strict.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Enum, Integer, LargeBinary, String, Table, Text
from sqlalchemy.types import TypeEngine

from ccm.store.models import Base
from ccm.store.types import LONGEST_TEXT, Instant

#: Wide enough for every day the interface shows, and what Python's dates can hold.
_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"
_SECONDS = "%Y-%m-%dT%H:%M:%S"
_FRACTION = "." + "[0-9]" * 6 + "Z"
_SMALLEST, _GREATEST = -(2**31), 2**31 - 1
#: What is wrong on SQLite with a value of each type. Adding no days makes it reckon: it would else give
#: 30 February back. An instant is not read at once: `strftime` would round its microseconds.
#: No `json_valid`: SQLite runs it in no trigger of a file that it is told not to trust.
_WRONG: dict[type[TypeEngine[Any]], str] = {
    Boolean: "{new} not in (0, 1)",
    Integer: f"{{new}} not between {_SMALLEST} and {_GREATEST} or {{new}} <> cast({{new}} as integer)",
    LargeBinary: "{new} < x''",
    Date: f"date({{new}}, '+0 days') is not {{new}} or {{new}} < '{_FIRST_DAY}'",
    Instant: (
        f"{{new}} is not null and (strftime('{_SECONDS}', substr({{new}}, 1, 19), '+0 days') "
        f"|| substr({{new}}, 20, 8) is not {{new}} or substr({{new}}, 20, 8) not glob '{_FRACTION}' "
        f"or {{new}} < '{_FIRST_DAY}')"
    ),
    JSON: "{new} not glob '{{*}}' or {new} >= x'' or instr({new}, cast(x'00' as text))",
}
_REFUSE = (
    "create or replace function ccm_refuse_value() returns trigger language plpgsql as "
    "$$ begin raise exception 'value refused: %', tg_table_name; end $$"
)


def statements(dialect: str) -> Iterator[str]:
    """The DDL that makes every table refuse what its columns are not made for."""
    if dialect == "postgresql":
        yield _REFUSE
    for table in Base.metadata.sorted_tables:
        yield from _sqlite(table) if dialect == "sqlite" else _postgresql(table)


def _sqlite(table: Table) -> Iterator[str]:
    tests = [
        f"when {test} then raise(abort, 'value refused: {table.name}.{column.name}')"
        for column in table.columns
        for test in _wrong_on_sqlite(column)
    ]
    for action in ("insert", "update"):
        yield (
            f"create trigger {table.name}_strict_{action} before {action} on {table.name} "
            f"begin select case {' '.join(tests)} end; end"
        )


def _wrong_on_sqlite(column: Column[object]) -> Iterator[str]:
    """Tests of one value, each as cheap as it can be: they are made for every row that is written.

    SQLite orders numbers before texts before bytes, so that a comparison tells their kinds apart.
    """
    new, kind = f"new.{column.name}", column.type
    if isinstance(kind, Enum):
        # Its list is closed: that says enough.
        return
    if isinstance(kind, String):
        too_long, *empty = _out_of_bounds(column)
        yield f"{new} <> '' and ({new} >= x'' or {too_long} or instr({new}, cast(x'00' as text)))"
        yield from empty
        return
    rule = next((rule for known, rule in _WRONG.items() if isinstance(kind, known)), None)
    if rule is None:
        raise TypeError(f"no rule yet for {column.table.name}.{column.name}: {kind!r}")
    yield rule.format(new=new)


def _postgresql(table: Table) -> Iterator[str]:
    tests = [test for column in table.columns for test in _wrong_on_postgresql(column)]
    if tests:
        yield (
            f"create trigger {table.name}_strict before insert or update on {table.name} for each row "
            f"when ({' or '.join(tests)}) execute function ccm_refuse_value()"
        )


def _wrong_on_postgresql(column: Column[object]) -> Iterator[str]:
    new, kind = f"new.{column.name}", column.type
    if isinstance(kind, Date):
        # PostgreSQL knows days before our era, and infinite ones.
        yield f"{new} not between date '{_FIRST_DAY}' and date '{_LAST_DAY}'"
    elif isinstance(kind, Instant):
        first, last = f"{_FIRST_DAY} 00:00Z", f"{_LAST_DAY} 23:59:59.999999Z"
        yield f"{new} not between timestamptz '{first}' and timestamptz '{last}'"
    else:
        yield from _out_of_bounds(column)


def _out_of_bounds(column: Column[object]) -> Iterator[str]:
    kind = column.type
    if not isinstance(kind, String) or isinstance(kind, Enum):
        return
    longest = kind.length or column.info.get("longest", LONGEST_TEXT)
    yield f"length(new.{column.name}) > {longest}"
    if not may_be_empty(column):
        yield f"new.{column.name} = ''"


def may_be_empty(column: Column[object]) -> bool:
    """Whether an empty text says something here: in prose, and where the model says so."""
    prose = isinstance(column.type, Text) and column.server_default is not None
    return prose or bool(column.info.get("may_be_empty"))
