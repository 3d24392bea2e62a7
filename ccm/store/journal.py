"""The journal: append-only, hash-chained, in the same transaction as what it tells of."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from ccm.store.engine import Transaction, bump_revision, read_revision
from ccm.store.models import AuditEvent

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One change to be told: the action's name, its object, and what a reader needs to know of it."""

    action: str
    object_type: str
    object_key: str
    detail: dict[str, object] = field(default_factory=dict)


def append(transaction: Transaction, entries: Iterable[Entry]) -> int:
    """Chain the entries to the journal and bump the store's revision; returns the last sequence number."""
    connection = transaction.connection
    seq, previous = head(connection)
    rows = []
    for entry in entries:
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
        rows.append({**row, "previous_hash": previous_hash, "hash": previous})
    if rows:
        connection.execute(insert(AuditEvent), rows)
        bump_revision(connection, seq)
    return seq


def head(connection: Connection) -> tuple[int, str]:
    """The last sequence number and its hash; (0, zeros) for an empty journal."""
    last = select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)
    row = connection.execute(last).first()
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
    for row in connection.execute(select(table).order_by(table.c.seq)).yield_per(1000):
        if row.seq != expected:
            found.append(f"entrée {expected} absente")
        if row.previous_hash != previous or row.hash != chained(previous, _content(row)):
            found.append(f"entrée {row.seq} altérée")
        previous, expected = row.hash, row.seq + 1
    if read_revision(connection) >= expected:
        found.append(f"entrée {expected} absente")
    return found


def _content(row: Row[Any]) -> dict[str, object]:
    return {name: value for name, value in row._mapping.items() if name not in ("previous_hash", "hash")}
