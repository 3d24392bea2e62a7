"""What tests of commands do again and again: submit, count, look at figures."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pytest
from sqlalchemy import func, select

from ccm.auth import CONSOLE, Actor
from ccm.commands import AssignmentLine, ImportAssignments, ImportReports, ReportLine, submit
from ccm.domain.errors import ImportRejected
from ccm.domain.vocabulary import GroupBy, UserRole
from ccm.metrics import At
from ccm.queries.figures import figures_table
from ccm.queries.results import FiguresTable
from ccm.store import Store
from ccm.store.models import AuditEvent, Base
from ccm.store.rows import DIGESTS

DIFFA = Actor("Diffa", UserRole.FOCAL_POINT, frozenset({"NE002"}))
VALIDATOR = Actor("Secrétariat", UserRole.VALIDATOR)
READER = Actor("Lecteur", UserRole.READER)


def report(**cells: Any) -> ReportLine:
    """A line of a file of reports that is right, but for the cells given."""
    right = {
        "recommendation": "CCM7-A1-05",
        "entity": "NE002",
        "as_of": "2024-03-31",
        "status": "in_progress",
        "percent": "50",
    }
    return ReportLine(**{**right, "line": 2, **cells})


def assign(**cells: Any) -> AssignmentLine:
    """A line of a file of assignments that names Diffa, but for the cells given."""
    return AssignmentLine(**{"recommendation": "CCM7-A1-05", "entity": "NE002", "line": 2, **cells})


def import_reports(store: Store, *lines: ReportLine, actor: Actor = CONSOLE, validate: bool = True) -> None:
    """Record reports, validated unless told otherwise."""
    submit(store, actor, ImportReports(lines, validate))


def import_assignments(store: Store, *lines: AssignmentLine, actor: Actor = CONSOLE) -> None:
    """Record assignments."""
    submit(store, actor, ImportAssignments(lines))


def refused(store: Store, command: Any, actor: Actor = CONSOLE) -> list[str]:
    """The problems for which a command is refused, having checked that it changed nothing."""
    before = everything(store)
    with pytest.raises(ImportRejected) as caught:
        submit(store, actor, command)
    assert everything(store) == before
    return [problem.text for problem in caught.value.problems]


def everything(store: Store) -> dict[str, int]:
    """How many rows each table holds."""
    with store.read() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in Base.metadata.tables.items()
        }


def table(store: Store, by: GroupBy, as_of: str = "2024-06-30", **point: Any) -> FiguresTable:
    """Figures by group at a date."""
    with store.read() as connection:
        return figures_table(connection, At(dt.date.fromisoformat(as_of), **point), by)


def events(store: Store, *actions: str) -> list[tuple[str, str, dict[str, object]]]:
    """Entries of the journal of these kinds: (action, object, detail but for the digests of rows)."""
    columns = (AuditEvent.action, AuditEvent.object_key, AuditEvent.detail)
    with store.read() as connection:
        rows: Iterable[Any] = connection.execute(select(*columns).order_by(AuditEvent.seq)).all()
    return [(row.action, row.object_key, _told(row.detail)) for row in rows if row.action in actions]


def _told(detail: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in detail.items() if name != DIGESTS}
