"""Without a script: a focal point's whole round on a telephone, and every page used by everyone."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.one_time_links import IssueLink, use_link
from tests.browser.reporting import DESK, PHONE, Served, last_report, served
from tests.browser.test_accessibility import (
    a_finger_finds_links,
    axe_finds_nothing_serious,
    headings_are_in_order,
    links_have_names,
    text_stands_out_from_its_ground,
)
from tests.support import documents
from tests.support.accounts import PASSWORD
from tests.support.browser import a_sheet_holds, alone

FOCAL, SECRETARIAT = "Point focal Tillabéri (démo)", "Validateur du Secrétariat (démo)"
READ = (
    "/leger",
    "/leger/recommandations",
    "/leger/recommandation?cle=CCM7-A1-05",
    "/leger/regions?region=NE006",
    "/leger/institutions",
    "/leger/methode",
)
LINE, REASON = "Deux réunions tenues", "Combien de femmes ?"
NOTE = f"{LINE}\n\nà Téra & à Say"


@pytest.fixture(scope="module")
def demo(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demonstration whose people have passwords."""
    folder = tmp_path_factory.mktemp("light")
    url = f"sqlite:///{shutil.copyfile(demo_template, folder / 'demo.db')}"
    with served(url, folder / "application.log") as demo:
        for name in (FOCAL, SECRETARIAT):
            use_link(demo.store, submit(demo.store, CONSOLE, IssueLink(name)), PASSWORD)
        yield demo


@pytest.fixture
def without_script(page_factory: Callable[..., Page], demo: Served) -> Callable[..., Page]:
    """`without_script(name)`: a telephone whose browser runs no script, where this person has signed in."""

    def go(name: str, screen: dict[str, int] = PHONE) -> Page:
        first = "/leger/mon-espace" if name == FOCAL else "/leger"
        page = page_factory(viewport=screen, java_script_enabled=False)
        page.goto(f"{demo.address}/leger")
        page.get_by_role("link", name="Se connecter").click()
        page.locator("input[name=identifier]").fill(name)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("button[type=submit], form button").first.click()
        expect(page).to_have_url(re.compile(f"{first}$"))
        return page

    return go


def figures(page: Page, demo: Served) -> list[str]:
    """The three figures of the overview."""
    page.goto(f"{demo.address}/leger")
    return page.locator(".ccm-trio .ccm-fig").all_inner_texts()


def test_a_whole_round_without_a_script(
    without_script: Callable[..., Page], demo: Served, tmp_path: Path
) -> None:
    focal, secretariat = without_script(FOCAL), without_script(SECRETARIAT, DESK)
    before = figures(focal, demo)
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(documents.photo())
    report_with_evidence(focal, photo)
    report = last_report(demo.store)
    assert (report.percent, report.note, report.author) == (50, NOTE, FOCAL)
    assert figures(focal, demo) == before
    # Returned with a reason, found again, corrected.
    secretariat.get_by_role("link", name="Validation").click()
    one = waiting(secretariat, demo)
    one.locator("summary", has_text="Renvoyer").click()
    one.get_by_label("Pourquoi ?").fill(REASON)
    one.get_by_role("button", name="Renvoyer à l’auteur").click()
    expect(secretariat.get_by_text("Renvoyé à son auteur")).to_be_visible()
    correct(focal)
    # Validated: the overview moves.
    waiting(secretariat, demo).get_by_role("button", name="Valider").click()
    expect(secretariat.get_by_text("Validé : les chiffres")).to_be_visible()
    assert figures(focal, demo) != before


def report_with_evidence(focal: Page, photo: Path) -> None:
    """Report one answer: begun, kept, found again, proved, sent."""
    focal.get_by_role("link", name="Mon espace").click()
    focal.locator("#to_give li", has_text="A1-03").get_by_role("link", name="Répondre").click()
    focal.get_by_label("En cours").check()
    focal.get_by_label("50").check()
    focal.get_by_label("Qu’a-t-on fait").fill(NOTE)
    focal.get_by_role("button", name="Garder le brouillon").click()
    expect(focal.get_by_text("Brouillon gardé.")).to_be_visible()
    focal.get_by_label("Un fichier").set_input_files(photo)
    focal.get_by_role("button", name="Ajouter la preuve").click()
    expect(focal.get_by_text("photo.jpg").first).to_be_visible()
    expect(focal.get_by_label("Qu’a-t-on fait")).to_have_value(NOTE)
    focal.get_by_role("button", name="Envoyer au Secrétariat").click()
    expect(focal.get_by_text("Envoyé.")).to_be_visible()


def correct(focal: Page) -> None:
    """Find what came back and why, and give it anew."""
    focal.get_by_role("link", name="Mon espace").click()
    focal.locator("#to_correct li", has_text=REASON).get_by_role("link", name="Corriger").click()
    expect(focal.get_by_text(REASON).first).to_be_visible()
    focal.get_by_label("75").check()
    focal.get_by_role("button", name="Envoyer au Secrétariat").click()
    expect(focal.get_by_text("Envoyé.")).to_be_visible()


def waiting(secretariat: Page, demo: Served) -> Locator:
    """The report in the queue, in full."""
    secretariat.goto(f"{demo.address}/leger/validation?acteur=NE006")
    one = secretariat.locator(".ccm-queue-one", has_text=LINE)
    if not one.first.is_visible():
        secretariat.locator("details", has=one).locator("summary").first.click()
    return one


@pytest.fixture(scope="module")
def light(chromium: Browser, demo: Served) -> Iterator[Callable[[str], Page]]:
    """`light(path)`: a page on a small telephone; only the tests run scripts in it."""
    context = chromium.new_context(viewport={"width": 390, "height": 4000}, locale="fr-FR")
    page = context.new_page()

    def go(path: str) -> Page:
        page.goto(f"{demo.address}{path}")
        return page

    yield go
    context.close()


def fits(page: Page) -> None:
    """On the smallest telephones too a page scrolls one way; what is wider scrolls in a box of its own."""
    page.set_viewport_size({"width": 360, "height": 4000})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 390, "height": 4000})


@pytest.mark.parametrize("path", READ)
def test_a_page_can_be_used_by_everyone(light: Callable[[str], Page], path: str) -> None:
    page = light(path)
    axe_finds_nothing_serious(page)
    headings_are_in_order(page)
    links_have_names(page)
    text_stands_out_from_its_ground(page)
    a_finger_finds_links(page)
    fits(page)


def test_a_page_that_is_not_there_can_be_used_by_everyone(light: Callable[[str], Page]) -> None:
    page = light("/leger/nulle")
    axe_finds_nothing_serious(page)
    fits(page)


def test_a_place_in_a_page_is_reached(light: Callable[[str], Page]) -> None:
    """What stands below comes a moment later: to whoever asks for it, too."""
    light("/leger").set_viewport_size({"width": 390, "height": 844})
    page = light("/leger/methode#source")
    place = page.locator("#source").bounding_box()
    assert place
    assert 0 <= place["y"] < 844
    page.set_viewport_size({"width": 390, "height": 4000})


def test_a_reload_comes_back_to_where_one_was(light: Callable[[str], Page]) -> None:
    page = light("/leger")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("window.scrollTo(0, document.body.scrollHeight - 1200)")
    before = page.evaluate("scrollY")
    page.reload()
    page.wait_for_function("place => Math.abs(scrollY - place) < 2", arg=before)
    page.set_viewport_size({"width": 390, "height": 4000})


def test_the_pages_with_forms_can_be_used_by_everyone(
    light: Callable[[str], Page], without_script: Callable[..., Page], demo: Served
) -> None:
    for name, paths in (
        (FOCAL, ("/leger/mon-espace", "/leger/repondre?engagement=CCM7-A1-03/NE006")),
        (SECRETARIAT, ("/leger/validation",)),
    ):
        cookies = without_script(name).context.cookies()
        page = light("/leger")
        page.context.clear_cookies()
        page.context.add_cookies(cookies)
        for path in paths:
            page = light(path)
            axe_finds_nothing_serious(page)
            headings_are_in_order(page)
            links_have_names(page)
            text_stands_out_from_its_ground(page)
            fits(page)
    page.context.clear_cookies()


def test_a_sheet_of_paper_holds_every_page(page_factory: Callable[..., Page], demo: Served) -> None:
    page = page_factory()
    for path in (*READ, "/leger/regions"):
        page.goto(f"{demo.address}{path}")
        a_sheet_holds(page)


@pytest.mark.parametrize("way", ["/leger", ""])
def test_a_sheet_holds_a_matrix_of_many_quarters(
    page_factory: Callable[..., Page], demo: Served, way: str
) -> None:
    page = page_factory()
    page.goto(f"{demo.address}{way}/recommandation?cle=CCM7-A1-05&date=2026-11-20&lang=en")
    alone(page)
    expect(page.locator(".ccm-mx")).to_be_visible()
    a_sheet_holds(page)


def test_silence_looks_as_its_legend_says_on_a_screen_and_on_paper(
    page_factory: Callable[..., Page], demo: Served
) -> None:
    page = page_factory()
    page.goto(f"{demo.address}/leger/recommandation?cle=CCM7-A1-05")
    drawn = """one => { const {backgroundImage, outlineStyle} = getComputedStyle(one);
        return [backgroundImage.split('(')[0], outlineStyle]; }"""
    for medium, looks in (("screen", ["repeating-linear-gradient", "none"]), ("print", ["none", "dashed"])):
        page.emulate_media(media=medium)
        for mark in (".ccm-mx td.ccm-cell.ccm-U", ".ccm-note .ccm-key > .ccm-q0"):
            assert page.locator(mark).first.evaluate(drawn) == looks, (medium, mark)


def test_a_field_that_is_refused_keeps_its_size(without_script: Callable[..., Page], demo: Served) -> None:
    page = without_script(FOCAL)
    page.goto(f"{demo.address}/leger/repondre?engagement=CCM7-A1-06/NE006")
    page.get_by_label("Bloqué").check()
    page.get_by_label("Qu’est-ce qui bloque").fill("a" * 10_001)
    page.get_by_label("À quelle date").fill("2999-01-01")
    controls = "textarea, select, input[type=date]"
    measured = "all => all.map(one => [one.id, one.offsetWidth, one.offsetHeight])"
    before = page.locator(controls).evaluate_all(measured)
    page.get_by_role("button", name="Envoyer au Secrétariat").click()
    expect(page.locator("#m-blocked_reason")).to_be_visible()
    expect(page.locator("#m-as_of")).to_be_visible()
    assert page.locator(controls).evaluate_all(measured) == before


def test_a_refused_form_opens_where_something_is_to_be_mended(
    without_script: Callable[..., Page], demo: Served
) -> None:
    focal, secretariat = without_script(FOCAL), without_script(SECRETARIAT)
    focal.goto(f"{demo.address}/leger/repondre?engagement=CCM7-A1-03%2FNE006")
    expect(focal.locator(":focus")).to_have_count(0)
    focal.get_by_label("En cours").check()
    focal.get_by_label("Qu’a-t-on fait").fill(NOTE)
    focal.get_by_label("À quelle date").fill("2099-01-01")
    focal.get_by_label("50").check()
    focal.get_by_role("button", name="Envoyer au Secrétariat").click()
    for seen in (focal.get_by_label("À quelle date"), focal.locator("#m-as_of")):
        expect(seen).to_be_in_viewport()
    expect(focal.get_by_label("À quelle date")).to_be_focused()
    # One that is chosen: the message stands above the choices.
    focal.goto(f"{demo.address}/leger/repondre?engagement=CCM7-A1-04%2FNE006")
    focal.get_by_role("button", name="Envoyer au Secrétariat").click()
    expect(focal.locator("#m-status")).to_be_in_viewport()
    expect(focal.locator("input[name=status]").first).to_be_focused()
    # In the queue, the one text that is missing, far below the head of the page.
    secretariat.goto(f"{demo.address}/leger/validation")
    expect(secretariat.locator(":focus")).to_have_count(0)
    last_folded = secretariat.locator(".ccm-queue-one:visible summary", has_text="Renvoyer").last
    last_folded.click()
    secretariat.locator("button:visible", has_text="Renvoyer à l’auteur").click()
    expect(secretariat.locator("#m-reason")).to_be_in_viewport()
    expect(secretariat.locator("textarea[name=reason]:focus")).to_be_in_viewport()
