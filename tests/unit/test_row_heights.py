"""Rows of a spreadsheet are as tall as their texts, and those that are written are not kept."""

import datetime as dt
import io
import tracemalloc
from itertools import repeat

import openpyxl
import pytest

from ccm.domain.vocabulary import AssignmentRole, EntityKind, Nature, Status
from ccm.exports.columns import ANSWERS
from ccm.exports.heights import height
from ccm.exports.register import About
from ccm.exports.spreadsheet import write_xlsx
from ccm.queries.results import AnswerState, EntityRef

ROW = AnswerState(
    assignment="CCM7-A1-05/NE002",
    recommendation="CCM7-A1-05",
    text="Réduire les coûts de transfert de fonds du système formel, en vue d’inciter la diaspora à investir",
    axis="A1",
    entity=EntityRef("NE002", "Diffa", "Région de Diffa", EntityKind.REGION),
    role=AssignmentRole.RESPONSIBLE,
    nature=Nature.FINITE,
    status=Status.IN_PROGRESS,
    percent=50,
    as_of=dt.date(2024, 3, 31),
    age=91,
    due_date=None,
    overdue=False,
    note="mot " * 100,
)
ABOUT = About(dt.date(2024, 6, 30), "/recommandations", table=ANSWERS)


@pytest.mark.parametrize(
    ("texts", "least", "expected"),
    [
        ((), 2, 31.5),
        ((("mot", 40),), 1, 17.75),
        ((("mot", 40),), 2, 31.5),
        ((("un\ndeux\ntrois", 40), ("mot", 40)), 1, 45.25),
        ((("mot " * 25, 30),), 1, 59.0),
        ((("é" * 10_000, 40),), 1, 409.0),
    ],
)
def test_a_row_is_as_tall_as_its_longest_text(
    texts: tuple[tuple[str, float], ...], least: int, expected: float
) -> None:
    assert height(texts, least=least) == expected


def test_each_row_of_the_register_says_its_height() -> None:
    file = io.BytesIO()
    write_xlsx(file, [ROW] * 3, ABOUT)
    rows = openpyxl.load_workbook(file).worksheets[0].row_dimensions
    # XlsxWriter gives whole points of a screen.
    tall = pytest.approx(height([(ROW.note, 60)]), abs=0.75)
    assert [rows[number].height for number in (2, 3, 4)] == [tall] * 3


def test_what_is_written_is_not_kept() -> None:
    few, many = (_held(number) for number in (200, 1_200))
    assert many - few < 60_000


def _held(rows: int) -> int:
    """The bytes held at most while so many rows are written."""
    tracemalloc.start()
    write_xlsx(io.BytesIO(), repeat(ROW, rows), ABOUT)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
