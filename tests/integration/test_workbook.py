"""The focal point's workbook goes out, is filled as a person would, and comes back, on both engines."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from ccm.commands.workbook import WorkbookTaken
from ccm.domain.errors import NotAllowed, NotFound
from ccm.domain.workbook import ANSWERS, FILLED, GUIDE, IDENTITY, LISTS, STAMP, Outcome
from ccm.queries.answer_form import ReportQuery
from ccm.queries.ask import ask_as
from ccm.render.sentences import workbook as say
from ccm.store import Store
from tests.integration.acting import DIFFA, READER, everything, import_reports, report
from tests.integration.books import (
    DAY,
    FIRST,
    HEADINGS,
    ROUND,
    ZINDER,
    Book,
    back,
    kept,
    out,
    outcomes,
    refused,
)


def told(taken: WorkbookTaken) -> str:
    """All that is said of the rows."""
    return "\n".join(line for one in taken.rows for line in say.lines(one, None))


def test_every_field_arrives_once(store: Store) -> None:
    book = Book(out(store, actor=DIFFA))
    for recommendation, (cells, _) in ROUND.items():
        book.fill(recommendation, **cells)
    data = book.saved()

    before = everything(store)
    tried = back(store, data, dry_run=True)
    assert (len(tried.of(Outcome.NEW)), tried.taken, tried.written) == (5, 0, False)
    assert everything(store) == before

    assert back(store, data).taken == 5
    rows = kept(store)
    for recommendation, (_, expected) in ROUND.items():
        row = rows[f"{recommendation}/NE002"]
        assert {name: row._mapping[name] for name in expected} == expected
        assert (row.as_of, row.author, row.origin, row.state) == (DAY, "Diffa", "file", "submitted")
    assert rows["CCM7-A1-04/NE002"].blocked_by_id is not None

    after = everything(store)
    again = back(store, data)
    assert (set(outcomes(again).values()), again.taken) == ({"unchanged"}, 0)
    assert everything(store) == after


def test_what_changed_meanwhile_is_a_conflict_until_a_person_chooses(store: Store) -> None:
    book = Book(out(store)).fill("CCM7-A1-05", status="En cours", percent=75, as_of=DAY)
    data = book.fill("CCM7-A1-01", status="En cours", percent=10, as_of=DAY).saved()
    import_reports(store, report(percent="20", note="dit au téléphone"))

    taken = back(store, data)
    assert outcomes(taken) == {"CCM7-A1-01/NE002": "new", "CCM7-A1-05/NE002": "conflict"}
    (conflict,) = taken.of(Outcome.CONFLICT)
    assert conflict.theirs == kept(store)["CCM7-A1-05/NE002"].id
    assert kept(store)["CCM7-A1-05/NE002"].percent == 20

    # What was chosen against is what was seen: yet another report is shown first.
    import_reports(store, report(percent="30", note="dit encore"))
    stale = back(store, data, mine={("CCM7-A1-05/NE002", conflict.theirs)})
    (shown,) = stale.of(Outcome.CONFLICT)
    assert shown.theirs == kept(store)["CCM7-A1-05/NE002"].id != conflict.theirs
    assert kept(store)["CCM7-A1-05/NE002"].percent == 30

    chosen = back(store, data, mine={("CCM7-A1-05/NE002", shown.theirs)})
    assert outcomes(chosen) == {"CCM7-A1-01/NE002": "unchanged", "CCM7-A1-05/NE002": "new"}
    assert kept(store)["CCM7-A1-05/NE002"].percent == 75


def test_it_is_locked_but_for_what_is_asked(blank: bytes) -> None:
    book = Book(blank)
    states = {sheet.title: sheet.sheet_state for sheet in book.book}
    assert states == {ANSWERS: "visible", GUIDE: "visible", LISTS: "veryHidden", STAMP: "veryHidden"}
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book.book)
    open_ = {
        str(book.sheet.cell(HEADINGS, cell.column).value).replace("\xa0", " ")
        for cell in book.sheet[FIRST]
        if not cell.protection.locked
    }
    assert open_ == {title.replace("%%", "%") for title in FILLED.values()}
    assert book.sheet.column_dimensions["A"].hidden and book.titles[0] == IDENTITY
    assert book.sheet.freeze_panes == f"D{FIRST}"
    rules = book.sheet.data_validations.dataValidation
    assert {rule.type for rule in rules} == {"list", "whole", "date", "textLength"}
    assert all(rule.error and len(rule.error) < 256 and len(rule.prompt or "") < 256 for rule in rules)
    guide = {str(row[0].value) for row in book.book[GUIDE].iter_rows()}
    assert {"En cours", "Bloqué", "Taux de réalisation"} <= guide
    # A region is no institution.
    assert not any("institution" in str(row[1].value) for row in book.book[GUIDE].iter_rows())


def test_only_ones_own_is_given_and_taken(sqlite_store: Store, blank: bytes) -> None:
    data = Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY).saved()
    for actor in (ZINDER, READER):
        with pytest.raises(NotAllowed):
            out(sqlite_store, actor=actor)
    with pytest.raises(NotAllowed):
        back(sqlite_store, data, READER)
    taken = back(sqlite_store, data, ZINDER)
    assert outcomes(taken) == {"CCM7-A1-05/NE002": "tampered"}
    assert "Région de Diffa" in told(taken) and "Région de Zinder" in told(taken)
    with pytest.raises(NotFound, match="NE002"):
        out(sqlite_store, "Difa")
    assert not kept(sqlite_store)


WRONG: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"status": "Fini"}, ("État", "« Fini »", "Réalisé, En cours")),
    ({"percent": 0.5}, ("Avancement (%)", "« 0,5 »")),
    ({"percent": True}, ("Avancement (%)",)),
    ({"percent": "moitié"}, ("Avancement (%)", "1 à 99")),
    ({"percent": 120}, ("Avancement (%)",)),
    ({"as_of": "12.5"}, ("À la date du", "« 12.5 »")),
    ({"as_of": None}, ("À la date du", "Dites de quel jour")),
    ({"as_of": dt.date(2999, 1, 1)}, ("À la date du", "ou avant")),
    ({"as_of": dt.date(1999, 1, 1)}, ("À la date du", "05/08/2022")),
    ({"blocked_by": "Personne"}, ("qui peut lever",)),
    (
        {"status": "Bloqué", "percent": 100},
        ("« 100 »", "« Bloqué » demande", "0 à 99", "pourquoi", "une phrase suffit"),
    ),
    ({"note": "a" * 10_001}, ("Qu’a-t-on fait", "10000")),
    ({"note": "a\u202eb"}, ("U+202E",)),
]


def test_each_wrong_cell_is_told_with_what_is_accepted(sqlite_store: Store, blank: bytes) -> None:
    for cells, says in WRONG:
        right = {"status": "En cours", "percent": 50, "as_of": DAY, **cells}
        taken = back(sqlite_store, Book(blank).fill("CCM7-A1-05", **right).saved(), dry_run=True)
        assert [one.outcome for one in taken.rows] == [Outcome.WRONG], cells
        heard = told(taken).replace("\xa0", " ")
        assert all(words in heard for words in says), heard


def test_a_formula_is_never_a_value_and_a_percent_cell_is_a_percent(
    sqlite_store: Store, blank: bytes
) -> None:
    book = Book(blank).fill("CCM7-A1-05", status="En cours", as_of=DAY, percent=0.5)
    book.sheet.cell(book.row("CCM7-A1-05"), book.column("percent")).number_format = "0%"
    assert [one.row.cells.percent for one in back(sqlite_store, book.saved(), dry_run=True).rows] == ["50"]
    book.sheet.cell(book.row("CCM7-A1-05"), book.column("note")).value = '=HYPERLINK("http://x")'
    taken = back(sqlite_store, book.saved(), dry_run=True)
    assert "formule" in told(taken)


def test_a_row_is_told_with_all_that_matters_and_no_more(sqlite_store: Store, blank: bytes) -> None:
    note = "réunion " * 1_250
    cells = {"percent": "40 %", "as_of": DAY, "blocked_reason": "Crédits attendus", "note": note}
    why = {"blocked_cause": "Financement non mobilisé", "blocked_by": "MF"}
    book = Book(blank).fill("CCM7-A1-05", status="Bloqué", **cells, **why)
    gone = {"dropped_kind": "Sans objet", "note": "Fait ailleurs"}
    book.fill("CCM7-A1-01", status="Abandonné ou sans objet", as_of=DAY, **gone)
    import_reports(sqlite_store, report(note=note))
    taken = back(sqlite_store, book.saved(), dry_run=True)
    dropped, blocked = (say.said(one.row.cells, "fr").replace("\xa0", " ") for one in taken.rows)
    assert "Sans objet" in dropped and "Fait ailleurs" in dropped
    assert ", 40 %, " in blocked
    assert "cause : Financement non mobilisé" in blocked and "peut lever : MF" in blocked
    assert len(blocked) < 500 and "… (10 000 caractères)" in blocked
    meanwhile = ask_as(sqlite_store, DIFFA, ReportQuery(taken.of(Outcome.CONFLICT)[0].theirs or 0))
    assert "… (10 000 caractères)" in say.theirs(meanwhile, "fr").replace("\xa0", " ")
    assert "(10,000 characters)" in say.said(taken.rows[1].row.cells, "en")


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.sampled_from(
        ["=1+1", "+1", "-1", "@x", "\tx", "US$5 and US$6", "a" * 10_000, "عربي\u200f \u200b"]
    )
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Cf")), min_size=1)
)
def test_any_text_arrives_whole_and_leaves_inert(sqlite_store: Store, blank: bytes, text: str) -> None:
    book = Book(blank).fill("CCM7-A1-05", status="En cours", percent=50, as_of=DAY, note=text)
    (row,) = back(sqlite_store, book.saved(), dry_run=True).rows
    assert row.row.cells.note == text
    assert row.outcome is Outcome.NEW


def test_what_was_said_leaves_inert_beside_the_cells(sqlite_store: Store) -> None:
    note = "=cmd|'/c calc'!A0"
    import_reports(sqlite_store, report(note=note))
    book = Book(out(sqlite_store))
    cell = book.sheet.cell(book.row("CCM7-A1-05"), 8)
    assert note in cell.value
    assert not [c for sheet in book.book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def _zipped(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def _put(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: content})


def test_hostile_files_are_refused_before_anything_reads_them(blank: bytes) -> None:
    bomb = _put("xl/media/x.bin", b"\0" * (30 * 1024 * 1024))
    many = lambda parts: parts.update({f"x/{n}": b"" for n in range(1001)})  # noqa: E731 - one use
    doctype = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    cases = {
        "démesuré": [_zipped(blank, bomb), _zipped(blank, many)],
        "aucun tableur": [_zipped(blank, _put("xl/x.xml", doctype)), _zipped(blank, _put("../x", b"x"))],
        "macros": [_zipped(blank, _put("xl/vbaProject.bin", b"x"))],
        "n'est pas un classeur": [b"recommendation;entity", b"%PDF-1.7", _zipped(blank, dict.clear)],
        "mot de passe": [b"\xd0\xcf\x11\xe0" + b"\0" * 600],
        "abîmé": [blank[: len(blank) // 2], _zipped(blank, _put("xl/workbook.xml", b"<x"))],
        "10 Mo": [b"PK\x03\x04" + b"\0" * (10 * 1024 * 1024)],
    }
    for says, files in cases.items():
        for data in files:
            assert says in refused(data)
