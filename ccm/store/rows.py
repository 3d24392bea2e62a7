"""Which rows the journal answers for, and how it knows each of them: by a digest of what it holds."""

import base64
import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Insert,
    Table,
    func,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.types import NullType

from ccm.store.models import Base

Item = TypeVar("Item")
#: (table, key, digest) of a row; the digest of a row that was erased is None.
Traced = tuple[str, str, str | None]

#: Tables of which the journal knows each row, with the columns it leaves out. All else that a row holds
#: enters its digest: a change that no entry of the journal tells of is found by `verify`.
JOURNALLED: dict[str, frozenset[str]] = {
    # The chain's own length is compared with `revision`.
    "store_state": frozenset({"revision"}),
    **dict.fromkeys(
        (
            "setting",
            "session",
            "instance",
            "framework",
            "axis",
            "challenge",
            "priority",
            "entity",
            "entity_name",
            "entity_alias",
            "succession",
            "user_account",
            "user_entity",
            "recommendation",
            "recommendation_priority",
            "membership",
            "revision",
            "observation",
            "assignment",
            "session_change",
            "recommendation_change",
            "assignment_change",
            "progress_report",
            "contest",
            "evidence",
            "reporting_period",
            "reminder",
        ),
        frozenset(),
    ),
}
#: Tables outside the journal, and what stands in for it.
OUTSIDE = {
    "audit_event": "the journal itself: a chain of hashes",
    "recommendation_state": "kept equal to history: verify recomputes it",
    "assignment_state": "kept equal to history: verify recomputes it",
    "draft": "nobody but its author sees it, and nothing rests on it",
    "draft_evidence": "as the draft it stands beside",
    "contact": "personal data, which must be erasable; the journal says that it changed",
    "credential": "secrets; the journal says that they changed",
    "recovery_code": "secrets, each of use once",
    "external_identity": "how an identity provider names a person",
    "one_time_link": "secrets, of use for hours; the journal says that they were issued and used",
    "sign_in": "comes and goes with each browser",
    "sign_in_attempt": "kept for a while, to slow down guessing",
    "answered_request": "kept for a while, so that a gesture sent twice acts once",
}
#: Where an entry of the journal holds the digests of rows it tells of: `{table: {key: digest}}`.
DIGESTS = "digests"
_AT_ONCE = 1_000
_DIGEST_BYTES = 24


class Written:
    """The rows of journalled tables that a transaction wrote since its last entry in the journal.

    Every INSERT, UPDATE and DELETE that SQLAlchemy builds is noted before it is carried out. Not so a
    statement given as text: a command writes none.
    """

    def __init__(self) -> None:
        self._above: dict[str, int] = {}
        self._keys: dict[str, dict[tuple[Any, ...], None]] = defaultdict(dict)

    def note(self, connection: Connection, statement: Any, parameters: Sequence[dict[str, Any]]) -> None:
        """Note which rows of its table the statement is about to write."""
        table = statement.table
        if table.name not in JOURNALLED:
            return
        if not isinstance(statement, Insert):
            self._keys[table.name].update(dict.fromkeys(_found(connection, statement, parameters)))
        elif "id" in table.columns:
            # Writers stand in line: what has a greater id than any before was written here.
            if table.name not in self._above:
                last = select(func.coalesce(func.max(table.c.id), 0))
                self._above[table.name] = connection.execute(last).scalar_one()
        else:
            given = parameters or [statement.compile().params]
            names = [column.name for column in table.primary_key]
            self._keys[table.name].update({tuple(row[name] for name in names): None for row in given})

    def take(self, connection: Connection) -> Iterator[Traced]:
        """The digests of these rows as they now stand; from then on they are told of."""
        above, keys = self._above, self._keys
        self._above, self._keys = {}, defaultdict(dict)
        for name in JOURNALLED:
            table, new = Base.metadata.tables[name], above.get(name)
            if new is not None:
                yield from ((name, *row) for row in digests(connection, table, table.c.id > new))
            earlier = [key for key in keys.get(name, ()) if new is None or key[0] <= new]
            yield from _noted(connection, table, earlier)


def _found(connection: Connection, statement: Any, parameters: Sequence[dict[str, Any]]) -> Iterator[Any]:
    """The keys of the rows that an UPDATE or DELETE will meet."""
    query = select(*statement.table.primary_key)
    if statement.whereclause is not None:
        query = query.where(statement.whereclause)
    for given in parameters or [{}]:
        yield from (tuple(row) for row in connection.execute(query, given))


def _noted(connection: Connection, table: Table, keys: Sequence[tuple[Any, ...]]) -> Iterator[Traced]:
    for some in parts(keys):
        gone = dict.fromkeys(map(_key, some))
        for key, digest in digests(connection, table, tuple_(*table.primary_key).in_(some)):
            del gone[key]
            yield table.name, key, digest
        yield from ((table.name, key, None) for key in gone)


def digests(connection: Connection, table: Table, *where: ColumnElement[bool]) -> Iterator[tuple[str, str]]:
    """(key, digest) of the rows of a journalled table, in the order of their keys.

    The digest is of canonical JSON, the same on both engines. What is empty is left out of it, so that a
    column that a later schema adds leaves the digests of earlier rows as they are.
    """
    columns = sorted(_kept(table), key=lambda column: column.name)
    names = [column.name for column in columns]
    nullable = [column.nullable for column in columns]
    keys = [names.index(column.name) for column in table.primary_key]
    query = select(*map(_as_stored, columns)).where(*where).order_by(*table.primary_key)
    with connection.execute(query.execution_options(yield_per=_AT_ONCE)) as rows:
        for row in chain.from_iterable(rows.partitions()):
            filled = zip(names, row, nullable, strict=True)
            held = {
                name: value for name, value, kept in filled if value is not None and (kept or value != "")
            }
            yield _key([row[place] for place in keys]), digest(held)


def _kept(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in JOURNALLED[table.name]]


def _as_stored(column: Column[Any]) -> ColumnElement[Any]:
    """The value without its Python type, which costs time and could refuse what was tampered with."""
    return column if isinstance(column.type, (Boolean, JSON)) else type_coerce(column, NullType())


def _key(values: Iterable[Any]) -> str:
    return "/".join(map(str, values))


def digest(held: dict[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a row, its first 192 bits."""
    hashed = hashlib.sha256(_canonical(held).encode()).digest()
    return base64.b64encode(hashed[:_DIGEST_BYTES]).decode()


def _text(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return value.hex() if isinstance(value, bytes) else str(value)


_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_text).encode


def parts(items: Iterable[Item], most: int = _AT_ONCE) -> Iterator[list[Item]]:
    """The items in lists, by default of as many as one statement can name."""
    iterator = iter(items)
    while part := list(islice(iterator, most)):
        yield part
