"""The journal: append-only, hash-chained, in the same transaction as what it tells of."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from ccm.store.engine import Transaction, bump_revision, read_revision
from ccm.store.models import AuditEvent
from ccm.store.rows import DIGESTS, Traced, parts

GENESIS = "0" * 64
#: A row's digest takes about 45 bytes: an entry stays under 100 kB.
_ROWS_PER_ENTRY = 2_000
_ENTRIES_AT_ONCE = 200
_HEAD = select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)


@dataclass(frozen=True)
class Entry:
    """One change to be told: the action's name, its object, and what a reader needs to know of it."""

    action: str
    object_type: str
    object_key: str
    detail: dict[str, object] = field(default_factory=dict)


def append(transaction: Transaction, entries: Iterable[Entry]) -> int:
    """Chain the entries to the journal and bump the store's revision; returns the last sequence number.

    They tell by digest of every row that the transaction wrote since its last entry.
    """
    told = list(entries)
    if not told:
        return head(transaction.connection)[0]
    return record(transaction, told, transaction.written.take(transaction.connection))


def record(transaction: Transaction, entries: Sequence[Entry], rows: Iterable[Traced]) -> int:
    """Append entries that tell of these rows; where there are too many of them, more entries go before."""
    connection = transaction.connection
    seq, previous = head(connection)
    for some in parts(_with_rows(entries, iter(rows)), _ENTRIES_AT_ONCE):
        chain = []
        for entry in some:
            seq += 1
            row: dict[str, object] = {
                "seq": seq,
                "at": transaction.now,
                "clock_suspect": transaction.clock_suspect,
                "actor": transaction.actor,
                "action": entry.action,
                "object_type": entry.object_type,
                "object_key": entry.object_key,
                "detail": entry.detail,
            }
            previous_hash, previous = previous, chained(previous, row)
            chain.append({**row, "previous_hash": previous_hash, "hash": previous})
        connection.execute(insert(AuditEvent), chain)
    bump_revision(connection, seq)
    return seq


def _with_rows(entries: Sequence[Entry], rows: Iterator[Traced]) -> Iterator[Entry]:
    """The entries with the digests of rows shared out between them, after those that hold the overflow."""
    most = _ROWS_PER_ENTRY + len(entries)
    some, more = list(islice(rows, most)), list(islice(rows, most))
    while more:
        first = entries[0]
        yield _telling(Entry("rows.recorded", first.object_type, first.object_key), some)
        some, more = more, list(islice(rows, most))
    share = -(-len(some) // len(entries))
    for place, entry in enumerate(entries):
        yield _telling(entry, some[place * share : (place + 1) * share])


def _telling(entry: Entry, rows: Sequence[Traced]) -> Entry:
    if not rows:
        return entry
    digests: dict[str, dict[str, str | None]] = {}
    for table, key, digest in rows:
        digests.setdefault(table, {})[key] = digest
    return replace(entry, detail={**entry.detail, DIGESTS: digests})


def head(connection: Connection) -> tuple[int, str]:
    """The last sequence number and its hash; (0, zeros) for an empty journal."""
    row = connection.execute(_HEAD).first()
    return (row.seq, row.hash) if row else (0, GENESIS)


def chained(previous: str, row: dict[str, object]) -> str:
    """SHA-256 of the previous hash and the canonical JSON of the row."""
    canonical = json.dumps(
        row, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=lambda at: at.isoformat()
    )
    return hashlib.sha256((previous + canonical).encode()).hexdigest()


def broken_links(connection: Connection) -> list[str]:
    """Every place where the chain does not hold, by sequence number; empty when it is whole."""
    previous, expected = GENESIS, 1
    found: list[str] = []
    table = AuditEvent.__table__
    for row in connection.execute(select(table).order_by(table.c.seq)).yield_per(_ENTRIES_AT_ONCE):
        if row.seq != expected:
            found.append(f"entrée {expected} absente")
        if row.previous_hash != previous or row.hash != chained(previous, _content(row)):
            found.append(f"entrée {row.seq} altérée")
        previous, expected = row.hash, row.seq + 1
    revision = read_revision(connection)
    if revision >= expected:
        found.append(f"entrée {expected} absente")
    elif revision != expected - 1:
        found.append(f"révision {revision} de l'entrepôt : le journal dit {expected - 1}")
    return found


def _content(row: Row[Any]) -> dict[str, object]:
    return {name: value for name, value in row._mapping.items() if name not in ("previous_hash", "hash")}
