"""What a focal point types is kept, whatever happens to the line, the window or the server: in Chromium."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.people_changes import DisablePerson
from ccm.store import Store
from ccm.store.models import Draft, User
from tests.browser.reporting import (
    ANSWER,
    DESK,
    FORM,
    PHONE,
    SLOW,
    WORDS,
    OpenPage,
    Served,
    choose,
    entered,
    go,
    last_report,
    note,
    rests,
    send,
    served,
    stands,
    state_of,
)
from tests.support.accounts import add

Window = Callable[..., Page]
#: Everybody here answers for the same region; drafts are each one's own.
_NUMBERS = count(1)


@pytest.fixture(scope="module")
def real(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real plan, in an application for the whole module."""
    folder = tmp_path_factory.mktemp("reporting")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'store.db')}"
    with served(url, folder / "application.log") as real:
        yield real


@pytest.fixture
def focal(real: Served) -> str:
    """The name of a new focal point of Tillabéri."""
    name = f"Point focal {next(_NUMBERS)}"
    add(real.store, name, "focal_point", "NE006")
    return name


@pytest.fixture
def window(page_factory: OpenPage, real: Served, focal: str) -> Window:
    """`window(screen)`: a browser of their own with the form of the answer."""

    def opened(screen: dict[str, int] = DESK) -> Page:
        return go(entered(page_factory, real, focal, screen), real, FORM, "fr")

    return opened


def _draft(store: Store, name: str) -> str:
    """The note that is kept for this person."""
    with store.read() as connection:
        query = select(Draft.content).join(User, User.id == Draft.user_id)
        contents = connection.execute(query.where(User.name == name)).scalars()
        return next((content["note"] for content in contents if "note" in content), "")


def test_a_cut_line_loses_nothing(real: Served, focal: str, window: Window) -> None:
    words, page = WORDS["fr"], window(PHONE)
    note(page).press_sequentially("Avant")
    expect(state_of(page)).to_contain_text(words["kept"], timeout=SLOW)
    page.context.set_offline(True)
    note(page).press_sequentially(", puis sans ligne")
    expect(state_of(page)).to_contain_text(words["lost"], timeout=SLOW)
    assert _draft(real.store, focal) == "Avant"
    # The line comes back: nobody has to do anything.
    page.context.set_offline(False)
    expect(state_of(page)).to_contain_text(words["kept"], timeout=SLOW)
    assert _draft(real.store, focal) == "Avant, puis sans ligne"
    # What the server holds needs no copy in a browser that others may use.
    assert page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('ccm-draft'))") == []


def test_a_browser_gives_back_what_never_arrived(real: Served, focal: str, window: Window) -> None:
    words, page = WORDS["fr"], window(PHONE)
    left = {"text": "Écrit avant la panne", "seen": [""]}
    # From a page without the field: drawn anew in that moment, it would give the text back before its time.
    page.goto(f"{real.address}/leger")
    page.evaluate(
        "([key, left]) => localStorage.setItem(key, JSON.stringify(left))",
        [f"ccm-draft:{focal}:{ANSWER}:note", left],
    )
    go(page, real, FORM, "fr")
    expect(note(page)).to_have_value("Écrit avant la panne", timeout=SLOW)
    expect(state_of(page)).to_contain_text(words["kept"], timeout=SLOW)
    assert _draft(real.store, focal) == "Écrit avant la panne"


@pytest.mark.long
def test_an_answer_lost_on_the_way_is_no_second_text(real: Served, focal: str, window: Window) -> None:
    words, page = WORDS["fr"], window()

    def deaf(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/brouillon*", deaf)
    note(page).press_sequentially("Un")
    expect(state_of(page)).to_contain_text(words["lost"], timeout=SLOW)
    assert _draft(real.store, focal) == "Un"
    note(page).press_sequentially(" deux")
    page.unroute("**/brouillon*", deaf)
    expect(state_of(page)).to_contain_text(words["kept"], timeout=SLOW)
    assert _draft(real.store, focal) == "Un deux"


@pytest.mark.long
def test_two_windows_lose_neither_text(real: Served, focal: str, window: Window) -> None:
    words, first, second = WORDS["fr"], window(), window()
    note(first)
    note(second).press_sequentially("Du téléphone")
    expect(state_of(second)).to_contain_text(words["kept"], timeout=SLOW)
    note(first).press_sequentially("De l’ordinateur")
    expect(state_of(first)).to_contain_text("autre fenêtre", timeout=SLOW)
    assert _draft(real.store, focal) == "Du téléphone"
    first.reload()
    stands(first)
    expect(note(first)).to_have_value("Du téléphone\n\nDe l’ordinateur", timeout=SLOW)
    expect(state_of(first)).to_contain_text(words["kept"], timeout=SLOW)
    assert _draft(real.store, focal) == "Du téléphone\n\nDe l’ordinateur"


@pytest.mark.long
def test_an_answer_sent_from_one_window_shows_the_text_of_the_other(
    real: Served, focal: str, window: Window
) -> None:
    words, first = WORDS["fr"], window()
    choose(first, "status", words["in_progress"])
    choose(first, "percent", "50")
    second = window()
    note(second).press_sequentially("Du téléphone")
    expect(state_of(second)).to_contain_text(words["kept"], timeout=SLOW)
    note(first).press_sequentially("De l’ordinateur")
    button = first.get_by_role("button", name=words["send"])
    # The second press of a double click has read nothing of what the first one was told.
    button.dblclick()
    texts = first.locator(".ccm-duo")
    expect(texts).to_contain_text("Du téléphone", timeout=SLOW)
    expect(texts).to_contain_text("De l’ordinateur")
    rests(first)
    assert _draft(real.store, focal) == "Du téléphone"
    send(first, words)
    assert (last_report(real.store).note, _draft(real.store, focal)) == ("De l’ordinateur", "")


@pytest.mark.long
def test_a_longer_text_is_not_cut_but_told(window: Window) -> None:
    page = window()
    note(page).fill("x" * 10_050)
    expect(state_of(page)).to_contain_text("10050 caractères : 10000 au plus", timeout=SLOW)
    expect(note(page)).to_have_value("x" * 10_050)


def test_what_is_typed_stays_under_one_s_hands(real: Served, focal: str, window: Window) -> None:
    words, page = WORDS["fr"], window()
    # The first thing typed makes the draft, and its line above; then the questions change.
    note(page).press_sequentially("Un texte")
    note(page).blur()
    expect(page.locator(".ccm-saved")).to_be_visible(timeout=SLOW)
    rests(page)
    for status in ("Bloqué", "Abandonné", words["in_progress"]):
        choose(page, "status", status)
        expect(note(page)).to_have_value("Un texte")
    assert _draft(real.store, focal) == "Un texte"


def test_a_refused_file_is_told_in_our_words(window: Window) -> None:
    page = window(PHONE)
    uploader = page.locator(".st-key-ccm-question-evidence [data-testid=stFileUploader]")
    file = {"name": "../../x", "mimeType": "application/octet-stream", "buffer": bytes(6 * 1024 * 1024)}
    uploader.locator("input[type=file]").set_input_files(file)
    expect(uploader.locator("[aria-invalid=true]")).to_be_visible(timeout=SLOW)
    said = uploader.evaluate("node => getComputedStyle(node, '::after').content")
    assert "Ce fichier n’est pas accepté : PDF, photo, Word ou Excel, 5 Mo au plus." in said.replace(
        "\xa0", " "
    )


def test_what_is_typed_into_the_table_once_the_sign_in_is_over_stays_in_sight(
    page_factory: OpenPage, real: Served, focal: str
) -> None:
    page = go(entered(page_factory, real, focal), real, "/mon-espace", "fr")
    page.locator(".st-key-table-shown label").first.click()
    table = page.locator("[data-testid=stDataFrame]")
    expect(table).to_be_visible(timeout=SLOW)
    rests(page)
    # Streamlit's tools of a table are in English, and none of them is needed here.
    expect(page.locator("[data-testid=stElementToolbar]")).to_be_hidden()
    submit(real.store, CONSOLE, DisablePerson(focal))
    place = table.bounding_box()
    assert place
    row = {"x": place["width"] - 300, "y": 90}
    table.dblclick(position=row)
    cell = page.locator("#portal textarea")
    expect(cell).to_be_visible(timeout=SLOW)
    cell.press_sequentially("Deux réunions tenues", delay=20)
    cell.press("Enter")
    expect(page.locator(".ccm-empty", has_text="Votre connexion a pris fin")).to_be_visible(timeout=SLOW)
    unsent = page.locator(".st-key-ccm-unsent-place")
    expect(unsent).to_contain_text("Tillabéri, Qu’a-t-on fait ? : Deux réunions tenues")
    assert _draft(real.store, focal) == ""


def test_a_list_that_finds_nothing_says_so_in_our_words(page_factory: OpenPage, real: Served) -> None:
    page = go(page_factory(viewport=DESK), real, "/recommandations", "fr")
    page.locator("[data-testid=stSelectbox] input").first.fill("zzzz")
    empty = page.locator("[role=listbox][data-empty=true] span")
    expect(empty).to_be_visible(timeout=SLOW)
    said = "e => [getComputedStyle(e).fontSize, getComputedStyle(e, '::after').content]"
    assert empty.evaluate(said) == ["0px", '"Aucun résultat"']


@pytest.mark.long
def test_a_restart_of_the_server_loses_nothing(
    sqlite_template: Path, tmp_path: Path, page_factory: OpenPage
) -> None:
    url = f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'store.db')}"
    words, name = WORDS["fr"], "Point focal"
    with served(url, tmp_path / "one.log") as first:
        add(first.store, name, "focal_point", "NE006")
        page = go(entered(page_factory, first, name), first, FORM, "fr")
        choose(page, "status", words["in_progress"])
        note(page).press_sequentially("Avant l’arrêt")
        expect(state_of(page)).to_contain_text(words["kept"], timeout=SLOW)
    with served(url, tmp_path / "two.log") as second:
        # The cookie is the host's, whatever the port: one is still signed in.
        go(page, second, FORM, "fr")
        expect(note(page)).to_have_value("Avant l’arrêt", timeout=SLOW)
        expect(page.locator(".st-key-ccm-question-status input:checked")).to_have_count(1)
