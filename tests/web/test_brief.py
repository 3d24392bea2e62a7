"""The brief as a file of the application: for whoever may read, at the address's date, as an attachment."""

import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from re import search, sub

import pytest

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.periods import ChangeSetting
from ccm.commands.process_store import process_store
from ccm.exports.brief.forms import Form
from ccm.store import Store
from tests.integration.acting import import_reports, report
from tests.web.asgi import application, ask

APP = application()


@pytest.fixture
def store(sqlite_store_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the routes ask."""
    monkeypatch.setenv("CCM_STORE", sqlite_store_url)
    opened = process_store(sqlite_store_url)
    yield opened
    opened.close()


@pytest.fixture
def closed_store(store: Store) -> None:
    """A store that nobody reads without an account."""
    submit(store, CONSOLE, ChangeSetting("public_reading", "off"))


@pytest.fixture(scope="module")
def demonstration(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The application on a demonstration."""
    url = f"sqlite:///{shutil.copyfile(demo_template, tmp_path_factory.mktemp('brief') / 'store.db')}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CCM_STORE", url)
        yield


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("form", Form)
def test_the_brief_is_an_attachment_of_its_date_and_language(form: Form) -> None:
    answer = ask(APP, f"/note.{form}?date=2024-03-31&session=7&lang=en")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == form.media_type
    name = f"brief-ccm7-2024-03-31-demonstration.{form}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "Cookie" in answer.headers["vary"]
    if form is Form.HTML:
        assert '<html lang="en">' in answer.text
        assert "situation as of 31/03/2024" in answer.text
        assert "Demonstration data" in answer.text
    known = {"if-none-match": answer.headers["etag"]}
    assert ask(APP, f"/note.{form}?date=2024-03-31&session=7&lang=en", headers=known).status_code == 304


@pytest.mark.usefixtures("demonstration")
def test_the_overview_leads_to_the_brief_of_its_own_view() -> None:
    page = ask(APP, "/leger?date=2024-03-31").text
    for form in Form:
        assert f'href="/note.{form}?date=2024-03-31"' in page


@pytest.mark.usefixtures("demonstration")
def test_a_brief_is_never_provisional_for_the_public() -> None:
    usual, asked = (ask(APP, f"/note.html?date=2024-03-31{more}").text for more in ("", "&provisoire=1"))
    assert sub(r"connu=\w+\.\w+", "", usual) == sub(r"connu=\w+\.\w+", "", asked)


@pytest.mark.usefixtures("closed_store")
@pytest.mark.parametrize("form", Form)
def test_without_public_reading_the_brief_is_behind_the_sign_in(form: Form) -> None:
    answer = ask(APP, f"/note.{form}?date=2024-03-31")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/connexion?next=%2Fnote.{form}%3Fdate%3D2024-03-31"
    assert not answer.content


def test_a_brief_that_was_handed_out_comes_out_again(store: Store) -> None:
    first = ask(APP, "/note.html?session=7")
    again = unescape(search(r"(/note\.pdf\?[^<\s]+)", first.text)[1]).replace(".pdf", ".html")
    import_reports(store, report(status="completed", percent="100"))
    assert ask(APP, "/note.html?session=7").text != first.text
    assert ask(APP, again).content == first.content


def test_a_reference_of_a_brief_leads_to_the_rows_that_it_was_written_from(store: Store) -> None:
    note = ask(APP, "/note.html?session=7").text
    reference = unescape(search(r'href="http://testserver(/f/plan/coverage\?[^"]+)"', note)[1])
    place = ask(APP, reference).headers["location"].replace("/recommandations", "/leger/recommandations")
    before = ask(APP, place).text
    import_reports(store, report(status="completed", percent="100"))
    assert _said(ask(APP, place).text) == _said(before)
    assert "d’après ce qui était connu le" in before
    assert _said(ask(APP, search(r"(.*)&connu=[^&]*", place)[1]).text) != _said(before)
    # From there every link keeps to what was known, but the one that leaves it.
    assert before.count("connu=") > 10
    away = search(r'href="(/leger[^"]*)"[^>]*>Voir ce qui est connu aujourd’hui', before)
    assert away
    assert "connu=" not in away[1]


def _said(page: str) -> str:
    return search(r"<h1[^>]*>(.*?)</h1>", page)[1]


@pytest.mark.parametrize("instant", ["hier", "2024-06-30", "2024-06-30T12:00:00"])
def test_an_instant_that_is_none_is_refused_in_one_sentence(store: Store, instant: str) -> None:
    answer = ask(APP, f"/note.pdf?connu={instant}")
    assert answer.status_code == 400
    assert f"connu={instant}" in answer.text


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize("asked", ["session=99", "date=abc", "date=2024-02-31", "depuis=demain", "lang=de"])
def test_a_brief_of_what_means_nothing_is_refused_in_one_sentence(asked: str) -> None:
    for form in Form:
        answer = ask(APP, f"/note.{form}?{asked}")
        assert answer.status_code == 400
        assert "content-disposition" not in answer.headers
        assert "Rien n’est exporté" in answer.text
        assert asked in unescape(answer.text)
