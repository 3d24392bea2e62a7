"""The tracking table leaves in the CCM's own columns, and can be read back by its keys."""

import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, BinaryIO

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from sqlalchemy import select

from ccm.exports.tracking import excel, tracking, word
from ccm.exports.tracking.content import COLUMNS, Tracking
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.scope import store_query
from ccm.queries.tracking import TrackingRow
from ccm.queries.whole import Whole
from ccm.render.tokens import color
from ccm.store import Store
from ccm.store.models import Challenge, Priority, Recommendation, RecommendationPriority
from tests.integration.acting import import_reports, report

POSTGRESQL_IN_PROOF = True

Known = dict[str, tuple[str, frozenset[str], str]]
KEY = re.compile(r"CCM7-[DP]\d\d")


def _table(store: Store) -> tuple[tuple[TrackingRow, ...], Tracking]:
    """The rows of the table, and the table, held whole."""
    facts = ask(store, store_query())
    whole = Whole(At(facts.default_date, fresh_days=facts.fresh_days))
    with store.read() as connection:
        rows, sessions = tuple(whole.tracking(connection)), whole.sessions(connection)
    table = tracking(rows, sessions, facts, facts.default_date)
    return rows, replace(table, axes=tuple((axis, tuple(lines)) for axis, lines in table.axes))


def _written(write: Callable[[BinaryIO, Tracking], None], table: Tracking) -> bytes:
    file = io.BytesIO()
    write(file, table)
    return file.getvalue()


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
    found, sheet = _excel_rows(_written(excel, table))
    assert _read(found) == {key: kept for key, kept in _stored(demo).items() if key in {r.key for r in rows}}
    assert [len(row) for row in found] == [len(COLUMNS)] * len(found)
    heading = next(number for number, row in enumerate(found, 1) if row[0] == "Défis")
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", f"${heading}:${heading}")
    assert sheet.merged_cells.ranges
    above = [str(row[0]) for row in found[:heading]]
    assert above[1] == "7e session du CCM" and "démonstration" in "".join(above)
    assert "démonstration" in sheet.oddHeader.center.text


def test_keys_read_back_from_word(demo: Store) -> None:
    rows, table = _table(demo)
    document = Document(io.BytesIO(_written(word, table)))
    (drawn,) = document.tables
    cells = [[cell.text for cell in row.cells] for row in drawn.rows]
    assert _read(cells) == {key: kept for key, kept in _stored(demo).items() if key in {r.key for r in rows}}
    assert tuple(cells[0]) == tuple(table.headings)
    assert drawn.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert document.paragraphs[0].style.name == "Heading 1"
    assert document.sections[0].page_width > document.sections[0].page_height
    assert document.paragraphs[1].text == "7e session du CCM"


def _headings(document: Any) -> Iterator[tuple[str, str]]:
    """The style and the text of each heading, in tables too."""
    for paragraph in document.element.body.iter(qn("w:p")):
        name = Paragraph(paragraph, document).style.name
        if name.startswith("Heading"):
            yield name, Paragraph(paragraph, document).text


def test_a_word_table_is_a_document_of_the_secretariat(demo: Store) -> None:
    _, table = _table(demo)
    data = _written(word, table)
    document = Document(io.BytesIO(data))
    axes = [("Heading 2", axis) for axis, _ in table.axes]
    assert list(_headings(document)) == [("Heading 1", table.title), *axes]
    inks = {str(document.styles[name].font.color.rgb) for name in ("Heading 1", "Heading 2", "Normal")}
    assert inks == {color("ink").lstrip("#")}
    assert "démonstration" in document.sections[0].header.paragraphs[0].text
    named = (
        document.core_properties.author,
        openpyxl.load_workbook(io.BytesIO(_written(excel, table))).properties.creator,
    )
    assert set(named) == {"Secrétariat permanent du Cadre de Concertation sur la Migration"}
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert not [name for name in parts.namelist() if "thumbnail" in name]


def test_a_table_that_invents_nothing_says_nothing_of_it(sqlite_store: Store) -> None:
    _, table = _table(sqlite_store)
    document = Document(io.BytesIO(_written(word, table)))
    assert document.sections[0].header.paragraphs[0].text == ""
    assert not _excel_rows(_written(excel, table))[1].oddHeader.center.text


@pytest.mark.parametrize("letter", ["a", "\N{GRINNING FACE}"])
def test_what_a_cell_of_excel_cannot_hold_is_cut_between_notes_and_says_so(
    sqlite_store: Store, letter: str
) -> None:
    notes = [letter * (10_000 - number) for number in range(8)]
    lines = [report(entity=f"NE00{number}", note=note) for number, note in enumerate(notes, 1)]
    import_reports(sqlite_store, *lines)
    _, table = _table(sqlite_store)
    rows, _ = _excel_rows(_written(excel, table))
    (cell,) = (str(row[6]) for row in rows if row[2] == "CCM7-A1-05")
    *kept, last = cell.split("\n")
    assert last.replace("\xa0", " ") == "… coupé : la suite est dans le tableau Word"
    assert len(cell.encode("utf-16-le")) // 2 <= 32_767
    assert len(kept) == (3 if letter == "a" else 1)
    (drawn,) = Document(io.BytesIO(_written(word, table))).tables
    (whole,) = (row.cells[6].text for row in drawn.rows if row.cells[2].text == "CCM7-A1-05")
    assert whole.split("\n")[: len(kept)] == kept
    assert all(note in whole for note in notes)


def test_what_is_told_of_a_recommendation_is_what_its_answers_say(demo: Store) -> None:
    rows, table = _table(demo)
    lines = {line.reference: line for _, some in table.axes for line in some}
    for row in rows:
        told = Counter(one.status for one in row.answers)
        counts = re.findall(r"^(?!Avancement|En retard)[^:\n]+ : (\d+)$", lines[row.key].state, re.MULTILINE)
        assert sorted(map(int, counts)) == sorted(told.values())
    assert lines["CCM7-A1-05"].actors.startswith("Toutes les régions")
    assert any("Non attribuée" in line.state for line in lines.values())


@pytest.mark.parametrize("note", ["", "Deux réunions tenues"])
def test_what_blocks_is_told_as_that_beside_the_note(sqlite_store: Store, note: str) -> None:
    blocked = {"status": "blocked", "percent": "25", "blocked_reason": "Crédits attendus"}
    import_reports(sqlite_store, report(note=note, **blocked))
    _, table = _table(sqlite_store)
    rows, _ = _excel_rows(_written(excel, table))
    (drawn,) = Document(io.BytesIO(_written(word, table))).tables
    (in_excel,) = (str(row[6]) for row in rows if row[2] == "CCM7-A1-05")
    (in_word,) = (row.cells[6].text for row in drawn.rows if row.cells[2].text == "CCM7-A1-05")
    said = f" : {note}" if note else ""
    for cell in (in_excel, in_word):
        told = cell.replace("\xa0", " ")
        assert told == f"Diffa (31/03/2024){said} · Motif du blocage : Crédits attendus"


@pytest.mark.parametrize("note", ["=1+1", "@x\ty", "US$5 and US$6", "a" * 10_000, "عربي\u200f\u200b"])
def test_hostile_notes_are_whole_and_inert(sqlite_store: Store, note: str) -> None:
    import_reports(sqlite_store, report(note=note))
    _, table = _table(sqlite_store)
    rows, sheet = _excel_rows(_written(excel, table))
    assert any(str(row[6]).endswith(note) for row in rows)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    (drawn,) = Document(io.BytesIO(_written(word, table))).tables
    assert any(note in row.cells[6].text for row in drawn.rows)
