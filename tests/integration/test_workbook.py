"""The focal point's workbook goes out, is filled as a person would, and comes back, on both engines."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from typer.testing import CliRunner

from ccm.auth import CONSOLE
from ccm.cli.app import program
from ccm.commands import submit
from ccm.commands.people import AddUser
from ccm.commands.workbook import TakeWorkbook, WorkbookTaken
from ccm.domain.errors import Conflict, ImportRejected, NotAllowed, NotFound
from ccm.domain.workbook import ANSWERS, FILLED, GUIDE, IDENTITY, LISTS, STAMP, Outcome
from ccm.importers.workbook import returned
from ccm.render.sentences import workbook as say
from ccm.store import Store
from tests.integration.acting import DIFFA, READER, everything, import_reports, report
from tests.integration.books import DAY, FIRST, HEADINGS, ROUND, ZINDER, Book, back, kept, out, outcomes


def told(taken: WorkbookTaken) -> str:
    """All that is said of the rows."""
    return "\n".join(line for one in taken.rows for line in say.lines(one, None))


def refused(data: bytes) -> str:
    """Why a whole file is refused."""
    with pytest.raises(ImportRejected) as caught:
        returned(data)
    return str(caught.value)


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

    chosen = back(store, data, mine=["CCM7-A1-05/NE002"])
    assert outcomes(chosen) == {"CCM7-A1-01/NE002": "unchanged", "CCM7-A1-05/NE002": "new"}
    assert kept(store)["CCM7-A1-05/NE002"].percent == 75


@pytest.fixture
def blank(sqlite_store: Store) -> bytes:
    """Diffa's workbook as it leaves."""
    return out(sqlite_store)


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


def test_only_ones_own_is_given_and_taken(sqlite_store: Store, blank: bytes) -> None:
    data = Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY).saved()
    for actor in (ZINDER, READER):
        with pytest.raises(NotAllowed):
            out(sqlite_store, actor=actor)
        with pytest.raises(NotAllowed):
            back(sqlite_store, data, actor)
    with pytest.raises(NotFound, match="NE002"):
        out(sqlite_store, "Difa")
    assert not kept(sqlite_store)


def test_rows_may_move_whole_but_not_lose_who_they_are(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank)
    for recommendation, (cells, _) in ROUND.items():
        book.fill(recommendation, **cells)
    rows = [[cell.value for cell in row] for row in book.sheet.iter_rows(min_row=FIRST)]
    _write(book, reversed(rows))
    assert set(outcomes(back(sqlite_store, book.saved(), dry_run=True)).values()) == {"new"}

    # Sorted without the hidden column: what is seen and what is hidden are no longer one row.
    hidden = [row[0] for row in rows]
    _write(book, [[first, *row[1:]] for first, row in zip(hidden, reversed(rows), strict=True)])
    taken = back(sqlite_store, book.saved())
    assert set(outcomes(taken).values()) == {"tampered"}
    assert not kept(sqlite_store)


def _write(book: Book, rows: Iterable[list[Any]]) -> None:
    for number, row in enumerate(rows, FIRST):
        for place, value in enumerate(row, 1):
            book.sheet.cell(number, place).value = value


def test_a_foreign_row_is_refused_and_the_good_ones_taken(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank)
    for recommendation in ("CCM7-A1-01", "CCM7-A1-02", "CCM7-A1-03", "CCM7-A1-04", "CCM7-A1-05"):
        book.fill(recommendation, status="Réalisé", as_of=DAY)
    book.sheet.cell(book.row("CCM7-A1-01"), 1).value = "CCM7-A1-01/NE007"
    book.sheet.cell(book.row("CCM7-A1-02"), 1).value = None
    book.sheet.cell(book.row("CCM7-A1-04"), 1).value = "CCM7-A1-03/NE002"
    taken = back(sqlite_store, book.saved())
    found = [one.outcome.value for one in taken.rows]
    assert found == ["tampered", "tampered", "wrong", "tampered", "new"]
    assert set(kept(sqlite_store)) == {"CCM7-A1-05/NE002"}
    assert "CCM7-A1-01/NE002" in taken.missing


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
    ({"status": "Bloqué", "percent": 100}, ("0 à 99 pour « Bloqué »", "pourquoi", "une phrase suffit")),
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


def test_columns_that_are_gone_are_told(sqlite_store: Store, blank: bytes) -> None:
    book = Book(blank).fill("CCM7-A1-05", status="En cours", percent=50, as_of=DAY)
    book.fill("CCM7-A1-01", status="Réalisé", as_of=DAY)
    book.sheet.delete_cols(book.column("percent"))
    taken = back(sqlite_store, book.saved())
    assert outcomes(taken) == {"CCM7-A1-01/NE002": "new", "CCM7-A1-05/NE002": "wrong"}
    assert "Avancement" in "".join(say.around(taken, "fr"))
    book.sheet.delete_cols(1)
    assert IDENTITY in refused(book.saved())


def test_a_workbook_from_elsewhere_is_refused_whole(
    sqlite_store: Store, sqlite_template: Any, tmp_path: Any, blank: bytes
) -> None:
    book = Book(blank).fill("CCM7-A1-05", status="Réalisé", as_of=DAY)
    command = returned(book.saved())
    other = TakeWorkbook(type(command.stamp)("autre", "NE002", "", 0, command.stamp.bases), command.rows)
    with pytest.raises(Conflict, match="autre entrepôt"):
        submit(sqlite_store, DIFFA, other)
    stamp = book.book[STAMP]
    stamp["B1"] = "9"
    assert "version (9)" in refused(book.saved())
    stamp["B1"], stamp["A7"] = "1", "CCM7-A1-01/NE007"
    assert "modifié" in refused(book.saved())
    del book.book[STAMP]
    assert "n'est pas un classeur que" in refused(book.saved())


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


def _run(store: Store, *arguments: str) -> Any:
    return CliRunner().invoke(program(), [*arguments, "--store", store.url], env={"CCM_STORE": None})


def test_by_command_there_and_back(sqlite_store: Store, tmp_path: Path) -> None:
    file = tmp_path / "classeur.xlsx"
    assert _run(sqlite_store, "workbook", "--entity", "ne002", "-o", str(file)).exit_code == 0
    submit(sqlite_store, CONSOLE, AddUser("Diffa", "focal_point", ("NE002",)))
    file.write_bytes(Book(file.read_bytes()).fill("CCM7-A1-05", status="Réalisé", as_of=DAY).saved())

    tried = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa", "--dry-run")
    assert (tried.exit_code, "1 réponse nouvelle" in tried.stdout) == (0, True), tried.output
    assert not kept(sqlite_store)
    taken = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa")
    assert "enregistré, à valider" in taken.stdout
    again = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa")
    assert (again.exit_code, "1 déjà enregistrée" in again.stdout) == (0, True)
    assert len(kept(sqlite_store)) == 1

    import_reports(sqlite_store, report(percent="20", note="dit au téléphone"))
    file.write_bytes(Book(file.read_bytes()).fill("CCM7-A1-05", note="achevé").saved())
    conflict = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa")
    assert conflict.exit_code == 2
    assert "dit au téléphone" in conflict.stdout and "achevé" in conflict.stdout
    mine = _run(sqlite_store, "import", "workbook", str(file), "--as", "Diffa", "--mine", "CCM7-A1-05/NE002")
    assert mine.exit_code == 0, mine.output
    assert kept(sqlite_store)["CCM7-A1-05/NE002"].note == "achevé"

    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04")
    broken = _run(sqlite_store, "import", "workbook", str(tmp_path / "x.xlsx"), "--as", "Diffa")
    assert (broken.exit_code, "abîmé" in broken.stderr) == (2, True)


def test_the_tracking_table_by_command(sqlite_store: Store, tmp_path: Path) -> None:
    for form in ("xlsx", "docx"):
        file = tmp_path / f"suivi.{form}"
        done = _run(sqlite_store, "export", form, "-o", str(file))
        assert (done.exit_code, "48 recommandations" in done.stdout) == (0, True), done.output
        assert file.read_bytes().startswith(b"PK")
