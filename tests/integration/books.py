"""A focal point's workbook in somebody's hands: as it leaves, filled, and as it comes back."""

import datetime as dt
import io
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from ccm.auth import CONSOLE, Actor
from ccm.commands import submit
from ccm.commands.workbook import WorkbookTaken
from ccm.domain.dates import today
from ccm.domain.errors import ImportRejected
from ccm.domain.vocabulary import UserRole
from ccm.domain.workbook import ANSWERS, FILLED
from ccm.exports.workbook import workbook
from ccm.importers.workbook import returned
from ccm.metrics import At
from ccm.queries.ask import ask_as
from ccm.queries.workbook import WorkbookQuery
from ccm.store import Store
from ccm.store.models import Assignment, ProgressReport
from tests.integration.acting import DIFFA

HEADINGS, FIRST, LAST = 4, 5, 39
ZINDER = Actor("Zinder", UserRole.FOCAL_POINT, frozenset({"NE007"}))
DAY = dt.date(2024, 3, 31)
#: What one person fills, by the row's recommendation, and what is then recorded.
ROUND: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "CCM7-A1-01": (
        {"status": "En cours", "percent": 50, "as_of": DAY, "note": "Deux réunions\ntenues"},
        {"status": "in_progress", "percent": 50, "note": "Deux réunions\ntenues"},
    ),
    "CCM7-A1-02": ({"status": "réalisé", "as_of": "31/03/2024"}, {"status": "completed", "percent": 100}),
    "CCM7-A1-03": (
        {"status": "Non démarré", "percent": 0, "as_of": DAY},
        {"status": "not_started", "percent": 0},
    ),
    "CCM7-A1-04": (
        {
            "status": "Bloqué",
            "percent": "25 %",
            "as_of": DAY,
            "blocked_reason": "Crédits attendus",
            "blocked_cause": "Financement non mobilisé",
            "blocked_by": "MF",
        },
        {
            "status": "blocked",
            "percent": 25,
            "blocked_reason": "Crédits attendus",
            "blocked_cause": "funding",
        },
    ),
    "CCM7-A1-05": (
        {
            "status": "Abandonné ou sans objet",
            "as_of": DAY,
            "dropped_kind": "Sans objet",
            "note": "Fait ailleurs",
        },
        {"status": "dropped", "percent": None, "dropped_kind": "overtaken", "note": "Fait ailleurs"},
    ),
}


def out(store: Store, entity: str = "NE002", actor: Actor = CONSOLE) -> bytes:
    """The workbook of an entity."""
    return workbook(ask_as(store, actor, WorkbookQuery(entity, At(today()))))


def refused(data: bytes) -> str:
    """Why a whole file is refused."""
    with pytest.raises(ImportRejected) as caught:
        returned(data)
    return str(caught.value)


class Book:
    """A workbook in somebody's hands."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(data))
        self.sheet = self.book[ANSWERS]

    @property
    def titles(self) -> list[Any]:
        return [cell.value for cell in self.sheet[HEADINGS]]

    def column(self, name: str) -> int:
        title = FILLED[name].replace("%%", "%") if name in FILLED else name
        return [str(one).replace("\xa0", " ") for one in self.titles].index(title.replace("\xa0", " ")) + 1

    def row(self, recommendation: str) -> int:
        return next(row for row in range(FIRST, LAST + 9) if self.sheet.cell(row, 2).value == recommendation)

    def fill(self, recommendation: str, **cells: Any) -> "Book":
        for name, value in cells.items():
            cell = self.sheet.cell(self.row(recommendation), self.column(name))
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
        return self

    def saved(self) -> bytes:
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()


def back(store: Store, data: bytes, actor: Actor = DIFFA, **how: Any) -> WorkbookTaken:
    """Take a workbook that came back."""
    return submit(store, actor, replace(returned(data), **how))


def outcomes(taken: WorkbookTaken) -> dict[str, str]:
    """What became of each filled row, by its answer."""
    return {one.row.assignment: one.outcome.value for one in taken.rows}


def kept(store: Store) -> dict[str, Any]:
    """The last report of each answer."""
    query = select(*ProgressReport.__table__.columns, Assignment.key.label("answer"))
    with store.read() as connection:
        rows = connection.execute(
            query.join(Assignment, Assignment.id == ProgressReport.assignment_id).order_by(ProgressReport.id)
        )
        return {row.answer: row for row in rows}
