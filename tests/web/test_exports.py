"""Files of the register by their addresses: of the rows that the page shows, for whoever may read it."""

import csv
import io
import json
from collections.abc import Iterator
from html import unescape
from re import findall
from zipfile import ZipFile

import openpyxl
import pytest
from icalendar import Calendar

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.periods import ChangeSetting
from ccm.commands.process_store import process_store
from ccm.config import settings
from ccm.domain.vocabulary import UserRole
from ccm.render.pages import LIGHT
from ccm.store import Store
from ccm.web.exports import PATHS
from tests.integration.acting import import_reports, report
from tests.support import people
from tests.web.asgi import application, ask

APP = application()
#: In a report that nobody has validated.
WAITING = "pas encore validé"
ENDINGS = ("xlsx", "csv", "json")


@pytest.fixture
def store(sqlite_store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the routes ask."""
    monkeypatch.setenv("CCM_STORE", sqlite_store_url)
    opened = process_store(sqlite_store_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("path", PATHS)
def test_a_file_is_an_attachment_that_no_other_reader_is_sent(store: Store, path: str) -> None:
    answer = ask(APP, path)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="ccm-')
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["vary"].startswith("Cookie")
    again = ask(APP, path, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert ask(APP, path, "HEAD").status_code == 200
    assert ask(APP, path, "POST").status_code == 405


@pytest.mark.parametrize("query", ["", "axe=A2&page=3", "vue=reponses&region=NE002", "q=diaspora&lang=en"])
def test_the_page_leads_to_files_of_its_own_rows(store: Store, query: str) -> None:
    page = ask(APP, f"{LIGHT}/recommandations?{query}").text
    links = [unescape(href) for href in findall(r'href="(/export/registre[^"]+)"', page)]
    assert [href.split("?")[0] for href in links] == [f"/export/registre.{ending}" for ending in ENDINGS]
    sheet, lines, told = (ask(APP, href) for href in links)
    rows = json.loads(told.text)["rows"]
    first = next(iter(rows[0]))
    keys = [row[first] for row in rows]
    # Each row has its recommendation's page: those of the first page of the register are the file's first.
    shown = [unescape(key) for key in findall(r'<th scope="row"[^>]*><a[^>]+cle=(CCM7-[A-Z0-9-]+)', page)]
    in_order = [row.get("recommendation", row[first]) for row in rows]
    assert shown
    assert in_order[: len(shown)] == shown or "page=" in query
    assert [line[first] for line in csv.DictReader(io.StringIO(lines.text))] == keys
    cells = openpyxl.load_workbook(io.BytesIO(sheet.content)).worksheets[0]
    assert [cell.value for cell in cells["A"][1:]] == keys


def test_a_recommendation_leads_to_files_of_its_answers(store: Store) -> None:
    page = ask(APP, f"{LIGHT}/recommandation?cle=CCM7-A1-05").text
    links = [unescape(href) for href in findall(r'href="(/export/registre[^"]+)"', page)]
    assert [href.split("?")[0] for href in links] == [f"/export/registre.{ending}" for ending in ENDINGS]
    rows = json.loads(ask(APP, links[-1]).text)["rows"]
    assert {row["recommendation"] for row in rows} == {"CCM7-A1-05"}
    assert len(rows) == 11


def test_the_tracking_table_keeps_what_the_address_keeps(store: Store) -> None:
    for query in ("", "axe=A1", "region=NE002&axe=A3"):
        kept = {row["key"] for row in json.loads(ask(APP, f"/export/registre.json?{query}").text)["rows"]}
        assert kept
        for path in ("/suivi.xlsx", "/suivi.docx"):
            text = _unpacked(ask(APP, f"{path}?{query}").content)
            assert set(findall(r"CCM7-(?:G|A\d)-\d\d", text)) == kept, (path, query)


def test_other_pages_lead_to_hxl_the_calendar_and_the_pack(store: Store) -> None:
    assert "/export/hxl.csv" in ask(APP, f"{LIGHT}/regions").text
    overview = ask(APP, f"{LIGHT}?lang=en").text
    for path in ("/hors-ligne.html", "/echeances.ics", "/suivi.docx", "/suivi.xlsx"):
        assert f'href="{path}?lang=en"' in overview
    assert Calendar.from_ical(ask(APP, "/echeances.ics").content)["version"] == "2.0"


@pytest.mark.parametrize("place", ["", "?region=NE006&lang=en"])
def test_a_chosen_region_has_its_answers_with_hxl_tags(store: Store, place: str) -> None:
    page = ask(APP, f"{LIGHT}/regions{place}").text
    links = [unescape(href) for href in findall(r'href="(/export/hxl[^"]*)"', page)]
    rows = [list(csv.reader(io.StringIO(ask(APP, href).text)))[1:] for href in links]
    codes = [{row[tags.index("#adm1+code")] for row in one} for tags, *one in rows]
    assert len(codes[0]) == 8
    assert codes[1:] == ([{"NE006"}] if place else [])
    assert all(("lang=en" in href) == bool(place) for href in links)


@pytest.mark.parametrize("path", PATHS)
def test_more_than_was_asked_for_is_not_handed_out(store: Store, path: str) -> None:
    for query in ("axe=Z9", "date=hier", "retrad=1"):
        answer = ask(APP, f"{path}?{query}")
        assert answer.status_code == 400
        assert query.partition("=")[2] in answer.text
        assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("path", PATHS)
def test_where_nobody_reads_without_an_account_nobody_is_handed_a_file(store: Store, path: str) -> None:
    kept = ask(APP, path).headers["etag"]
    submit(store, CONSOLE, ChangeSetting("public_reading", "off"))
    answer = ask(APP, f"{path}?axe=A1", headers={"if-none-match": kept})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/connexion?next=%2F")


#: Files without one row for each answer.
_WITHOUT_ANSWERS = (
    *("/echeances.ics", "/hors-ligne.html"),
    *("/export/axes", "/export/regions", "/export/institutions", "/export/explorer"),
)


@pytest.mark.parametrize("path", [path for path in PATHS if not path.startswith(_WITHOUT_ANSWERS)])
def test_what_is_not_validated_reaches_those_who_follow_the_plan_alone(store: Store, path: str) -> None:
    import_reports(store, report(note=WAITING, percent="75"), validate=False)
    people.add(store, "Ministre", UserRole.MINISTER)
    cookie = {"cookie": f"{settings().session_cookie}={people.sign_in(store, 'Ministre')[1]}"}
    asked = f"{path}?vue=reponses&region=NE002&recommandation=CCM7-A1-05&provisoire=1"
    theirs, mine = ask(APP, asked), ask(APP, asked, headers=cookie)
    assert WAITING not in _unpacked(theirs.content)
    assert _answered(path, theirs.content) == 0
    assert _answered(path, mine.content) == 1
    assert "provisoire" in mine.headers["content-disposition"]
    assert _answered(path, ask(APP, asked, headers={"if-none-match": mine.headers["etag"]}).content) == 0


def _answered(path: str, content: bytes) -> int:
    """How many answers of a file are in progress."""
    text = _unpacked(content)
    if path.startswith("/suivi"):
        return sum(int(count) for count in findall(r"En cours : (\d+)", text))
    if path.endswith("xlsx"):
        rows = (
            openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True, min_row=2)
        )
        return sum("En cours" in row for row in rows)
    return text.count("in_progress")


def _unpacked(content: bytes) -> str:
    """What a file says, out of the archive that an Office file is."""
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(io.BytesIO(content)) as members:
        parts = [name for name in members.namelist() if name.endswith(".xml")]
        return "".join(members.read(name).decode() for name in parts)
