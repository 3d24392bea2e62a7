"""The rows as they stand, against what the journal tells of each."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Connection, MetaData, select

from ccm.store.models import AuditEvent, Base
from ccm.store.rows import DIGESTS, JOURNALLED, Traced, digests

#: Entries of a large writing hold thousands of digests each.
_AT_ONCE = 100


class Finding(Enum):
    """How a row differs from what the journal tells of it."""

    ALTERED = "altered"
    ERASED = "erased"
    UNTOLD = "untold"


@dataclass(frozen=True)
class Difference:
    """A row that the journal tells otherwise; `digest` is that of the row as it stands, if it stands."""

    table: str
    key: str
    finding: Finding
    digest: str | None

    @property
    def row(self) -> Traced:
        """The row as it stands."""
        return self.table, self.key, self.digest


def differences(connection: Connection, tables: MetaData = Base.metadata) -> Iterator[Difference]:
    """Every row that is not what the journal last told of it; `tables` are those of the store's schema."""
    told = _told(connection)
    for name in JOURNALLED:
        if name in tables.tables:
            expected = told.pop(name, {})
            for key, digest in digests(connection, tables.tables[name]):
                known = expected.pop(key, None)
                if known != digest:
                    yield Difference(name, key, Finding.ALTERED if known else Finding.UNTOLD, digest)
            told[name] = expected
    for name, gone in told.items():
        for key in gone:
            yield Difference(name, key, Finding.ERASED, None)


def tells_of_rows(connection: Connection) -> bool:
    """Whether the journal holds digests at all: that of a store of schema 0001 does not."""
    return any(DIGESTS in detail for detail in _details(connection))


def _told(connection: Connection) -> dict[str, dict[str, str]]:
    """The last digest told of each row that should stand, by table and key."""
    told: dict[str, dict[str, str]] = defaultdict(dict)
    for detail in _details(connection):
        rows: dict[str, dict[str, str]] = detail.get(DIGESTS, {})
        for name, written in rows.items():
            told[name].update(written)
    return {name: {key: digest for key, digest in rows.items() if digest} for name, rows in told.items()}


def _details(connection: Connection) -> Iterator[dict[str, Any]]:
    query: Any = select(AuditEvent.detail).order_by(AuditEvent.seq)
    with connection.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
        yield from rows.scalars()
