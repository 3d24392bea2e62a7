"""The tracking table leaves in the CCM's own columns, and can be read back by its keys."""

import io
import re
from collections import Counter
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from sqlalchemy import select

from ccm.exports.tracking import excel, tracking, word
from ccm.exports.tracking.content import COLUMNS, Tracking
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.scope import store_query
from ccm.queries.tracking import TrackingQuery, TrackingRow
from ccm.store import Store
from ccm.store.models import Challenge, Priority, Recommendation, RecommendationPriority
from tests.integration.acting import import_reports, report

Known = dict[str, tuple[str, frozenset[str], str]]
KEY = re.compile(r"CCM7-[DP]\d\d")


def _table(store: Store) -> tuple[tuple[TrackingRow, ...], Tracking]:
    facts = ask(store, store_query())
    rows = ask(store, TrackingQuery(At(facts.default_date, fresh_days=facts.fresh_days)))
    return rows, tracking(rows, facts, facts.default_date)


def _stored(store: Store) -> Known:
    """Challenge, priorities and text of each recommendation, as the store has them."""
    beside = (
        select(Recommendation.key, Priority.key)
        .join(RecommendationPriority, RecommendationPriority.recommendation_id == Recommendation.id)
        .join(Priority, Priority.id == RecommendationPriority.priority_id)
    )
    with store.read() as connection:
        priorities = [tuple(row) for row in connection.execute(beside)]
        challenges = select(Recommendation.key, Challenge.key, Recommendation.text).join(
            Challenge, Challenge.id == Recommendation.initial_challenge_id
        )
        return {
            key: (challenge, frozenset(p for r, p in priorities if r == key), text)
            for key, challenge, text in connection.execute(challenges)
        }


def _excel_rows(data: bytes) -> tuple[list[list[Any]], Any]:
    """Every row with the cells that it shares, merged ones being told for each."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    shared = {
        (row, column): sheet.cell(area.min_row, area.min_col).value
        for area in sheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    rows = [[shared.get((cell.row, cell.column), cell.value) for cell in row] for row in sheet.iter_rows()]
    return rows, sheet


def _read(rows: list[list[Any]]) -> Known:
    """The plan as a reader of the file finds it."""
    return {
        str(row[2]): (str(row[0]).split("\n")[0], frozenset(KEY.findall(str(row[1]))), str(row[3]))
        for row in rows
        if str(row[2]).startswith("CCM7-") and row[0] != row[2]
    }


def test_keys_read_back_from_excel(demo: Store) -> None:
    rows, table = _table(demo)
    found, sheet = _excel_rows(excel(table))
    assert _read(found) == {key: kept for key, kept in _stored(demo).items() if key in {r.key for r in rows}}
    assert [len(row) for row in found] == [len(COLUMNS)] * len(found)
    heading = next(number for number, row in enumerate(found, 1) if row[0] == "Défis")
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", f"${heading}:${heading}")
    assert sheet.merged_cells.ranges
    assert "démonstration" in "".join(str(row[0]) for row in found[:heading])


def test_keys_read_back_from_word(demo: Store) -> None:
    rows, table = _table(demo)
    document = Document(io.BytesIO(word(table)))
    (drawn,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in drawn.rows]
    assert _read(cells) == {key: kept for key, kept in _stored(demo).items() if key in {r.key for r in rows}}
    assert tuple(cells[0]) == tuple(table.headings)
    assert drawn.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert document.paragraphs[0].style.name == "Heading 1"
    assert document.sections[0].page_width > document.sections[0].page_height
    assert "démonstration" in document.paragraphs[2].text


def test_what_is_told_of_a_recommendation_is_what_its_answers_say(demo: Store) -> None:
    rows, table = _table(demo)
    lines = {line.reference: line for _, some in table.axes for line in some}
    for row in rows:
        told = Counter(one.status for one in row.answers)
        counts = re.findall(r"^(?!Avancement|En retard)[^:\n]+ : (\d+)$", lines[row.key].state, re.MULTILINE)
        assert sorted(map(int, counts)) == sorted(told.values())
    assert lines["CCM7-A1-05"].actors.startswith("Toutes les régions")
    assert any("Non attribuée" in line.state for line in lines.values())


@pytest.mark.parametrize("note", ["=1+1", "@x\ty", "US$5 and US$6", "a" * 10_000, "عربي\u200f\u200b"])
def test_hostile_notes_are_whole_and_inert(sqlite_store: Store, note: str) -> None:
    import_reports(sqlite_store, report(note=note))
    _, table = _table(sqlite_store)
    rows, sheet = _excel_rows(excel(table))
    assert any(str(row[6]).endswith(note) for row in rows)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    (drawn,) = Document(io.BytesIO(word(table))).tables
    assert any(note in row.cells[6].text for row in drawn.rows)
