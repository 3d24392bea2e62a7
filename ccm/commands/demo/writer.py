"""Writing many rows in bounded memory, with ids that do not depend on the engine."""

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from ccm.commands.demo.reports import Row
from ccm.store.models import (
    Assignment,
    AssignmentChange,
    Base,
    Challenge,
    Contest,
    Evidence,
    Instance,
    Membership,
    Priority,
    ProgressReport,
    Recommendation,
    RecommendationChange,
    RecommendationPriority,
    ReportingPeriod,
    Revision,
    Session,
    SessionChange,
    User,
    UserEntity,
)

#: Each table after those it refers to.
_ORDER: tuple[type[Base], ...] = (
    User,
    UserEntity,
    Session,
    SessionChange,
    Instance,
    Challenge,
    Priority,
    Recommendation,
    RecommendationPriority,
    Membership,
    Revision,
    RecommendationChange,
    Assignment,
    AssignmentChange,
    ProgressReport,
    Contest,
    Evidence,
    ReportingPeriod,
)
_CHUNK = 20_000


class Writer:
    """Keeps rows until there are enough of them, then writes all tables in the order of their references."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[type[Base], list[Row]] = defaultdict(list)
        self._last: dict[type[Base], int] = {}
        self.written: dict[type[Base], int] = defaultdict(int)

    def add(self, model: type[Base], row: Row) -> int:
        """Keep a row under its new id; all rows of a table must fill the same columns."""
        number = row["id"] = self._next(model)
        self._keep(model, row)
        return number

    def link(self, model: type[Base], row: Row) -> None:
        """Keep a row of a table that has no id of its own."""
        self._keep(model, row)

    def flush(self) -> None:
        """Write everything kept so far."""
        for model in _ORDER:
            if rows := self._rows.pop(model, None):
                self._connection.execute(insert(model), rows)

    def close(self) -> None:
        """Write the rest; on PostgreSQL, let its numbering and its statistics follow."""
        self.flush()
        if self._connection.dialect.name != "postgresql":
            return
        # What reads these rows within this transaction would else be planned for empty tables.
        for model in self.written:
            self._connection.execute(text(f"ANALYZE {model.__tablename__}"))
        for model, last in self._last.items():
            sequence = func.pg_get_serial_sequence(model.__tablename__, "id")
            self._connection.execute(select(func.setval(sequence, last)))

    def _keep(self, model: type[Base], row: Row) -> None:
        rows = self._rows[model]
        rows.append(row)
        self.written[model] += 1
        if len(rows) >= _CHUNK:
            self.flush()

    def _next(self, model: type[Base]) -> int:
        last = self._last.get(model)
        if last is None:
            numbered: Any = model
            last = self._connection.execute(select(func.coalesce(func.max(numbered.id), 0))).scalar_one()
        self._last[model] = last + 1
        return last + 1
