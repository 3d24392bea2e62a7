"""Readings of the plan kept from one revision of the store to the next, while they stay true.

A point of situation changes no figure of a day before the one it speaks of: what was read for those days
is read once, however often somebody writes.
"""

import datetime as dt
import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from cachetools import LRUCache
from sqlalchemy import Connection, Integer, case, cast, func, select

from ccm.metrics import At
from ccm.store.engine import read_revision
from ccm.store.models import AuditEvent, ProgressReport, StoreState

Reading = TypeVar("Reading")
#: How many groups of figures are kept in all: four readings of 100,000 recommendations.
_MOST_FIGURES = 400_000
#: What the journal tells of these enters no figure.
_BESIDE_FIGURES = ("user",)


def kept(connection: Connection, at: At, read: Callable[[Connection, At], Reading]) -> Reading:
    """`read(connection, at)`, unless it was read before and nothing recorded since is of a day it counts."""
    if at.known_at is not None or at.provisional:
        return read(connection, at)
    uuid = connection.execute(select(StoreState.store_uuid)).scalar_one()
    return _of_store((str(connection.engine.url), uuid)).reading(connection, at, read)


class _Readings:
    """What was read of one store, true at one revision of it."""

    def __init__(self) -> None:
        self._revision = 0
        self._lock = threading.Lock()
        self._kept: LRUCache[tuple[Callable[..., Any], At], Any] = LRUCache(_MOST_FIGURES, getsizeof=_weight)

    def reading(self, connection: Connection, at: At, read: Callable[[Connection, At], Reading]) -> Reading:
        revision = read_revision(connection)
        with self._lock:
            self._catch_up(connection, revision)
            found: Reading | None = self._kept.get((read, at)) if revision == self._revision else None
        if found is None:
            found = read(connection, at)
            with self._lock:
                # Another reader may have caught up with a later write meanwhile.
                if revision == self._revision and _weight(found) <= _MOST_FIGURES:
                    self._kept[read, at] = found
        return found

    def _catch_up(self, connection: Connection, revision: int) -> None:
        if revision <= self._revision:
            return
        touched = _first_day_touched(connection, self._revision)
        for read, at in list(self._kept):
            if touched is not None and at.as_of >= touched:
                del self._kept[read, at]
        self._revision = revision


def _first_day_touched(connection: Connection, since: int) -> dt.date | None:
    """The first day whose figures may differ from those at a revision; None: no day's do."""
    later = AuditEvent.seq > since
    # What is no report may change any day: plans, terms, sessions, a whole demonstration.
    reports = AuditEvent.object_type == "report"
    others = case((reports, 0), (AuditEvent.object_type.in_(_BESIDE_FIGURES), 0), else_=1)
    if connection.execute(select(func.max(others)).where(later)).scalar():
        return dt.date.min
    spoken_of = select(cast(AuditEvent.object_key, Integer)).where(later, reports)
    first = select(func.min(ProgressReport.as_of)).where(ProgressReport.id.in_(spoken_of))
    found: dt.date | None = connection.execute(first).scalar()
    return found


def _weight(reading: Any) -> int:
    return len(reading) if hasattr(reading, "__len__") else 1


_stores: dict[Hashable, _Readings] = {}
_stores_lock = threading.Lock()


def _of_store(identity: Hashable) -> _Readings:
    with _stores_lock:
        return _stores.setdefault(identity, _Readings())
