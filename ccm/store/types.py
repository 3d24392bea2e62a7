"""Column types that behave the same on SQLite and PostgreSQL."""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import DateTime, Dialect, Enum, ForeignKey, String, Text, TypeDecorator
from sqlalchemy.engine.interfaces import Dialect as DialectInterface
from sqlalchemy.orm import mapped_column

#: Characters of a text that has no narrower limit.
LONGEST_TEXT = 10_000


class Instant(TypeDecorator[dt.datetime]):
    """An instant to the microsecond: `timestamptz` on PostgreSQL, fixed-width UTC text on SQLite.

    Fixed width makes text order equal time order, which SQLite's comparisons rely on.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Text on SQLite, which has no type for instants."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: dt.datetime | None, dialect: DialectInterface) -> Any:
        """Refuse instants without an offset; write SQLite's as `2022-08-05T09:00:00.000000Z`."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"instant without offset: {value!r}")
        utc = value.astimezone(dt.UTC)
        if dialect.name == "sqlite":
            return utc.strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond:06d}Z"
        return utc

    def process_result_value(self, value: Any, dialect: DialectInterface) -> dt.datetime | None:
        """Every instant comes back in UTC."""
        if value is None:
            return None
        read = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
        return read.astimezone(dt.UTC)


def code(values: type[StrEnum], name: str) -> Enum:
    """A closed list stored as its stable codes, checked by the database."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
        validate_strings=True,
    )


Id = Annotated[int, mapped_column(primary_key=True, autoincrement=True)]
Key = Annotated[str, mapped_column(String(64), unique=True)]
Prose = Annotated[str, mapped_column(Text, default="", server_default="")]
Moment = Annotated[dt.datetime, mapped_column(Instant)]


def ref(target: str, **options: Any) -> Any:
    """A foreign key column."""
    return mapped_column(ForeignKey(target), **options)
