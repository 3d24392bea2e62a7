"""Our files in LibreOffice: whole on paper, no row too low, and a workbook filled there comes back."""

import datetime as dt
import io
import re
from collections.abc import Iterable
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn
from openpyxl.utils import get_column_letter

from ccm.auth import CONSOLE
from ccm.exports.brief.forms import Form as BriefForm, Told, written
from ccm.exports.tracking import excel, tracking, word
from ccm.exports.workbook import workbook
from ccm.metrics import At
from ccm.queries.ask import ask, ask_as
from ccm.queries.brief import BriefQuery
from ccm.queries.results import Scope
from ccm.queries.scope import store_query
from ccm.queries.whole import Whole
from ccm.queries.workbook import WorkbookQuery
from ccm.screens import view
from ccm.screens.exported import Form, exported
from ccm.store import Store, open_store
from tests.integration.acting import DIFFA, import_reports, report
from tests.integration.books import DAY, ROUND, Book, back, kept, out
from tests.support.office import Office
from tests.support.stores import Templates, demonstration_of_size_s, first_load

AS_OF, SINCE = dt.date(2024, 6, 30), dt.date(2023, 12, 31)
KNOWN = dt.datetime(2024, 7, 2, 9, 30, tzinfo=dt.UTC)
STORES = {"demo": demonstration_of_size_s, "real": first_load}
#: What somebody types into a note, by the recommendation of its row.
NOTES = {
    "CCM7-A1-06": '=HYPERLINK("http://x")',
    "CCM7-A1-07": "+1+1",
    "CCM7-A1-08": "-1",
    "CCM7-A1-09": "@SUM(A1)",
    "CCM7-A1-11": "\t=1",
    "CCM7-A1-12": "US$5 and US$6",
    "CCM7-A2-01": "é" * 10_000,
    "CCM7-A2-02": "مرحبا\u200f \u200bبكم",
    "CCM7-A2-03": "../../etc/passwd",
}


class Files:
    """One file of each kind, and what LibreOffice prints of it."""

    def __init__(self, folder: Path, office: Office) -> None:
        self._folder, self._office = folder, office
        self._pages: dict[str, list[str]] = {}

    def add(self, name: str, content: bytes) -> None:
        """Put a file beside the others."""
        (self._folder / name).write_bytes(content)

    def path(self, name: str) -> Path:
        """Where it is."""
        return self._folder / name

    def all(self, kind: str = "*") -> list[Path]:
        """Those of one kind."""
        return sorted(self._folder.glob(f"*.{kind}"))

    def pages(self, name: str) -> list[str]:
        """What it says on paper, page by page; all are printed at once."""
        self._pages = self._pages or self._office.pdfs(self.all())
        return self._pages[name]


@pytest.fixture(scope="module")
def files(office: Office, templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The briefs, the tracking table, a workbook and the register, of the real plan and a demonstration."""
    made = Files(tmp_path_factory.mktemp("files"), office)
    for name, make in STORES.items():
        with templates.copied("sqlite", name, make, tmp_path_factory.mktemp(name)) as url:
            store = open_store(url)
            _write(made, store, name)
            store.close()
    return made


def _write(made: Files, store: Store, name: str) -> None:
    at, since = At(AS_OF), At(SINCE) if name == "demo" else None
    found = ask(store, BriefQuery(at, since))
    for lang in ("fr", "en"):
        scope = Scope(None, None, AS_OF, since.as_of if since else None, AS_OF, name == "demo")
        made.add(f"note-{name}-{lang}.docx", written(BriefForm.DOCX, found, Told(scope, KNOWN, lang)))
    with store.read() as connection:
        whole, facts = Whole(at), ask(store, store_query())
        for write, file_name in ((word, f"suivi-{name}.docx"), (excel, f"tableau-{name}.xlsx")):
            table = io.BytesIO()
            write(table, tracking(whole.tracking(connection), whole.sessions(connection), facts, AS_OF))
            made.add(file_name, table.getvalue())
    made.add(f"classeur-{name}.xlsx", workbook(ask_as(store, CONSOLE, WorkbookQuery("NE002", at))))
    for kind, parameters in (("registre", {}), ("reponses", {"vue": "reponses", "region": "NE002"})):
        file = io.BytesIO()
        exported(view(store, CONSOLE, parameters), Form.XLSX, parameters).write(file)
        made.add(f"{kind}-{name}.xlsx", file.getvalue())


def _missing(said: Iterable[str], pages: list[str]) -> dict[str, int]:
    """The words that are not printed, or are broken over two lines, and how often."""
    # Within others too: of a text that ends on the right, a reader of PDF does not tell where its lines end.
    written, printed = "\n".join(said), "\n".join(pages)
    words = set(re.findall(r"\w+", written))
    return {word: lost for word in words if (lost := written.count(word) - printed.count(word)) > 0}


def _said(file: Path) -> list[str]:
    """The paragraphs of a Word document, those of its tables too."""
    body = docx.Document(str(file)).element.body
    return [
        "".join(node.text or " " for node in one.iter(qn("w:t"), qn("w:br"))) for one in body.iter(qn("w:p"))
    ]


@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.long)])
@pytest.mark.parametrize("name", STORES)
def test_the_word_brief_is_six_pages_and_each_axis_one(files: Files, name: str, lang: str) -> None:
    file = f"note-{name}-{lang}.docx"
    pages, said = files.pages(file), _said(files.path(file))
    assert 4 <= len(pages) <= 6
    assert _missing(said, pages) == {}
    document = docx.Document(str(files.path(file)))
    headings = [one.text for one in document.paragraphs if one.style and one.style.name.startswith("Heading")]
    for page in pages:
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        assert not {lines[-1], lines[-2]} & set(headings)
    axes = [heading for heading in headings if "—" in heading]
    on = [next(number for number, page in enumerate(pages) if axis in page) for axis in axes]
    assert on == [1, 2, 3, 4]
    keys = [re.findall(r"^(?:G|A\d)-\d\d\b", page, re.MULTILINE) for page in pages]
    assert [len(set(keys[number])) for number in on] == [6, 12, 15, 15]


@pytest.mark.parametrize("name", STORES)
def test_the_tracking_table_in_word_is_whole_and_wastes_no_paper(files: Files, name: str) -> None:
    pages = files.pages(f"suivi-{name}.docx")
    assert _missing(_said(files.path(f"suivi-{name}.docx")), pages) == {}
    assert all("Observations" in page for page in pages)
    letters = sum(map(len, pages))
    assert len(pages) <= 1 + letters // 3_000


def test_every_workbook_is_printed_whole(files: Files) -> None:
    for file in files.all("xlsx"):
        pages = files.pages(file.name)
        assert pages
        sheets = [sheet for sheet in openpyxl.load_workbook(file) if sheet.sheet_state == "visible"]
        shown = [
            str(cell.value)
            for sheet in sheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "s" and not sheet.column_dimensions[cell.column_letter].hidden
        ]
        assert _missing(shown, pages) == {}, file.name


def test_no_row_of_a_workbook_is_lower_than_its_text(files: Files, office: Office) -> None:
    assert office.cut(files.all("xlsx")) == ""


def test_what_is_filled_in_libreoffice_arrives_whole(office: Office, store: Store, tmp_path: Path) -> None:
    import_reports(store, report(note='=cmd|"/c calc"!A0'))
    book = Book(out(store, actor=DIFFA))
    typed = {recommendation: cells for recommendation, (cells, _) in ROUND.items()}
    filled = {"status": "En cours", "percent": 50, "as_of": DAY}
    typed |= {recommendation: {**filled, "note": note} for recommendation, note in NOTES.items()}
    keys = [
        (f"{get_column_letter(book.column(name))}{book.row(recommendation)}", _key(value))
        for recommendation, cells in typed.items()
        for name, value in cells.items()
    ]
    file = tmp_path / "classeur.xlsx"
    file.write_bytes(out(store, actor=DIFFA))

    data = office.typed(file, keys)
    cells = [cell for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]
    assert any(str(cell.value).endswith('=cmd|"/c calc"!A0') for cell in cells)

    assert back(store, data).taken == len(typed)
    rows = kept(store)
    for recommendation, (_, expected) in ROUND.items():
        row = rows[f"{recommendation}/NE002"]
        assert {name: row._mapping[name] for name in expected} == expected
        assert row.as_of == DAY
    assert rows["CCM7-A1-04/NE002"].blocked_by_id is not None
    assert {key: rows[f"{key}/NE002"].note for key in NOTES} == NOTES
    assert back(store, data).taken == 0


def _key(value: object) -> str:
    """What a person types for a value."""
    return f"{value:%d/%m/%Y}" if isinstance(value, dt.date) else str(value).removesuffix(" %")
