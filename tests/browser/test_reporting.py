"""A focal point reports, the Secretariat returns and validates, the figures move: in Chromium, as people do.

Words of the Secretariat's pages are left to their own tests: here their controls are found by their keys.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from sqlalchemy import select

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.one_time_links import IssueLink, use_link
from ccm.store import Store, open_store
from ccm.store.models import Assignment, Draft, ProgressReport
from tests.support.application import serving

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
FOCAL, VALIDATOR = "Point focal Tillabéri (démo)", "Validateur du Secrétariat (démo)"
ADMINISTRATOR = "Administratrice du Secrétariat (démo)"
FOUR_WORDS = "cheval agrafe pile correcte"
ANSWER = "CCM7-A1-03/NE006"
FORM = f"/repondre?engagement={ANSWER}"
NOTE = "Cellule d’écoute ouverte à Téra le 12/05"
REASON = "Joindre le procès-verbal de Téra."
_SLOW = 60_000
WORDS = {
    "fr": {
        "answer": "Répondre ",
        "correct": "Corriger ",
        "in_progress": "En cours",
        "send": "Envoyer au Secrétariat",
        "sent": "Envoyé.",
        "kept": "Brouillon gardé sur le serveur",
        "lost": "Connexion perdue",
    },
    "en": {
        "answer": "Answer ",
        "correct": "Correct ",
        "in_progress": "In progress",
        "send": "Send to the Secretariat",
        "sent": "Sent.",
        "kept": "Draft kept on the server",
        "lost": "Connection lost",
    },
}

OpenPage = Callable[..., Page]


@dataclass(frozen=True)
class Served:
    """A demonstration that is served, and its store beside."""

    address: str
    store: Store


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path) -> Iterator[Served]:
    """A demonstration of this test's own, whose people have passwords."""
    url = f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'demo.db')}"
    store = open_store(url)
    for name in (FOCAL, VALIDATOR, ADMINISTRATOR):
        use_link(store, submit(store, CONSOLE, IssueLink(name)), FOUR_WORDS)
    with serving(url, tmp_path / "application.log") as address:
        yield Served(address, store)
    store.close()


@pytest.fixture
def sign_in(page_factory: OpenPage, demo: Served) -> Callable[..., Page]:
    """`sign_in(name, locale, screen)`: a browser in which this person has signed in."""

    def go(name: str, locale: str = "fr", screen: dict[str, int] = DESK) -> Page:
        page = page_factory(viewport=screen)
        page.goto(f"{demo.address}/connexion?lang={locale}")
        page.locator("input[name=identifier]").fill(name)
        page.locator("input[name=password]").fill(FOUR_WORDS)
        page.locator("button[type=submit]").click()
        return stands(page)

    return go


def stands(page: Page) -> Page:
    """The page, once it is drawn to its end."""
    expect(page.locator(".ccm h1").first).to_be_visible(timeout=_SLOW)
    return rests(page)


def rests(page: Page) -> Page:
    """The page, once the server has nothing more to draw."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached(timeout=_SLOW)
    return page


def go(page: Page, demo: Served, path: str, locale: str) -> Page:
    """A page of the application in a language."""
    page.goto(f"{demo.address}{path}{'&' if '?' in path else '?'}lang={locale}")
    return stands(page)


def choose(page: Page, question: str, word: str) -> None:
    """One of the cards of a question."""
    card = page.locator(f".st-key-ccm-question-{question} [data-testid=stRadioOption]", has_text=word)
    card.click()
    expect(card.locator("input")).to_be_checked(timeout=_SLOW)
    rests(page)


def note(page: Page) -> Locator:
    """The text of what was done; it may be typed into once its program runs."""
    field = page.locator(".st-key-ccm-question-note textarea")
    expect(field).to_be_enabled(timeout=_SLOW)
    return field


def state_of(page: Page) -> Locator:
    """What the note says of where it is kept."""
    return page.locator(".st-key-ccm-question-note .state")


def last_report(store: Store) -> ProgressReport:
    """The last report of the answer."""
    with store.read() as connection:
        query = (
            select(ProgressReport.__table__)
            .join(Assignment, Assignment.id == ProgressReport.assignment_id)
            .where(Assignment.key == ANSWER)
            .order_by(ProgressReport.id.desc())
            .limit(1)
        )
        return connection.execute(query).one()  # type: ignore[return-value]


def fits(page: Page) -> None:
    """Nothing of ours is wider than the screen."""
    wide = page.evaluate(
        """() => [...document.querySelectorAll(".ccm *, .st-key-ccm-form *")].filter(node => {
            const box = node.getBoundingClientRect();
            return box.width && box.right > document.documentElement.clientWidth + 1
                && !node.closest(".ccm-scroll, .ccm-sr");
        }).map(node => `${node.tagName}.${node.getAttribute("class")}`)"""
    )
    assert wide == []


def send(page: Page, words: dict[str, str]) -> None:
    """The one orange button, pressed as an impatient person does."""
    button = page.get_by_role("button", name=words["send"])
    assert page.locator("[data-testid=stBaseButton-primary]:visible").count() == 1
    button.dblclick()
    expect(page.locator(".ccm-told-done", has_text=words["sent"])).to_be_visible(timeout=_SLOW)
    rests(page)


@pytest.mark.long
@pytest.mark.parametrize(
    ("locale", "screen"),
    [("fr", PHONE), ("en", PHONE), ("fr", DESK)],
    ids=["fr-phone", "en-phone", "fr-desk"],
)
def test_from_a_report_to_the_figures(
    demo: Served, sign_in: Callable[..., Page], locale: str, screen: dict[str, int]
) -> None:
    focal = sign_in(FOCAL, locale, screen)
    secretariat = sign_in(VALIDATOR, locale)
    figures = _figures(focal, demo, locale)
    _report(focal, demo, locale)
    sent = last_report(demo.store)
    assert (sent.percent, sent.note, sent.author) == (50, f"{NOTE} ; 64 femmes", FOCAL)
    assert _figures(focal, demo, locale) == figures
    _return(go(secretariat, demo, "/validation?acteur=NE006", locale), sent.id)
    _correct(focal, demo, locale)
    corrected = last_report(demo.store)
    assert (corrected.id, corrected.percent) == (sent.id + 1, 75)
    _validate(go(secretariat, demo, "/validation?acteur=NE006", locale), corrected.id)
    # The overview has moved, and the journal tells who did what, the last first.
    assert _figures(focal, demo, locale) != figures
    rows = go(sign_in(ADMINISTRATOR, locale), demo, "/journal", locale).locator("tbody tr").all_inner_texts()
    told = [_who(row) for row in rows if re.search(rf"\b({sent.id}|{corrected.id})\b", row) and _who(row)]
    assert told == [VALIDATOR, FOCAL, VALIDATOR, FOCAL]


def _report(page: Page, demo: Served, locale: str) -> None:
    """Report one answer, the page being refreshed in the middle of a word that the server has not got yet."""
    words = WORDS[locale]
    go(page, demo, "/mon-espace", locale)
    fits(page)
    page.locator("#to_give li", has_text="A1-03").get_by_role("link", name=words["answer"]).click()
    stands(page)
    choose(page, "status", words["in_progress"])
    choose(page, "percent", "50")
    note(page).press_sequentially(NOTE)
    expect(state_of(page)).to_contain_text(words["kept"], timeout=_SLOW)
    fits(page)
    note(page).press_sequentially(" ; 64 fem")
    page.reload()
    stands(page)
    expect(note(page)).to_have_value(f"{NOTE} ; 64 fem", timeout=_SLOW)
    expect(page.locator(".st-key-ccm-question-status input:checked")).to_have_count(1)
    note(page).press_sequentially("mes")
    expect(state_of(page)).to_contain_text(words["kept"], timeout=_SLOW)
    send(page, words)


def _correct(page: Page, demo: Served, locale: str) -> None:
    """Find in one's space what came back and why, and give it anew."""
    words = WORDS[locale]
    go(page, demo, "/mon-espace", locale)
    row = page.locator("#to_correct li", has_text=REASON)
    expect(row).to_be_visible()
    row.get_by_role("link", name=words["correct"]).click()
    stands(page)
    expect(page.locator(".ccm-told", has_text=REASON).first).to_be_visible()
    choose(page, "status", words["in_progress"])
    choose(page, "percent", "75")
    send(page, words)


def _figures(page: Page, demo: Served, locale: str) -> list[str]:
    go(page, demo, "/", locale)
    return page.locator(".ccm-trio .ccm-fig").all_inner_texts()


def _who(row: str) -> str | None:
    return next((name for name in (FOCAL, VALIDATOR) if name in row), None)


def _waiting(page: Page, report: int) -> Locator:
    """A report of the queue; those of which nothing stands out are folded away."""
    item = page.locator(f".st-key-waiting-{report}")
    expect(item).to_be_attached(timeout=_SLOW)
    folded = page.locator("[data-testid=stExpander]", has=item).first
    if folded.count() and not item.is_visible():
        folded.locator("summary").click()
    expect(item).to_be_visible(timeout=_SLOW)
    return item


def _return(page: Page, report: int) -> None:
    item = _waiting(page, report)
    item.locator("summary").click()
    reason = page.locator(f".st-key-reason-{report} textarea")
    reason.fill(REASON)
    reason.blur()
    rests(page)
    expect(reason).to_have_value(REASON)
    page.locator(f".st-key-return-{report} button").click()
    expect(item).to_have_count(0, timeout=_SLOW)


def _validate(page: Page, report: int) -> None:
    item = _waiting(page, report)
    item.locator(f".st-key-validate-{report} button").click()
    expect(item).to_have_count(0, timeout=_SLOW)


def _draft(store: Store) -> str:
    with store.read() as connection:
        contents = connection.execute(select(Draft.content)).scalars()
        return next((content["note"] for content in contents if "note" in content), "")


def test_a_cut_line_loses_nothing(demo: Served, sign_in: Callable[..., Page]) -> None:
    words, page = WORDS["fr"], sign_in(FOCAL, screen=PHONE)
    go(page, demo, FORM, "fr")
    note(page).press_sequentially("Avant")
    expect(state_of(page)).to_contain_text(words["kept"], timeout=_SLOW)
    page.context.set_offline(True)
    note(page).press_sequentially(", puis sans ligne")
    expect(state_of(page)).to_contain_text(words["lost"], timeout=_SLOW)
    assert _draft(demo.store) == "Avant"
    # The line comes back: nobody has to do anything.
    page.context.set_offline(False)
    expect(state_of(page)).to_contain_text(words["kept"], timeout=_SLOW)
    assert _draft(demo.store) == "Avant, puis sans ligne"
    # What the server holds needs no copy in a browser that others may use.
    assert page.evaluate("() => Object.keys(localStorage).filter(key => key.startsWith('ccm-draft'))") == []


def test_a_browser_gives_back_what_never_arrived(demo: Served, sign_in: Callable[..., Page]) -> None:
    words, page = WORDS["fr"], sign_in(FOCAL, screen=PHONE)
    go(page, demo, FORM, "fr")
    left = {"text": "Écrit avant la panne", "seen": [""]}
    page.evaluate(
        "([key, left]) => localStorage.setItem(key, JSON.stringify(left))",
        [f"ccm-draft:{FOCAL}:{ANSWER}:note", left],
    )
    page.reload()
    stands(page)
    expect(note(page)).to_have_value("Écrit avant la panne", timeout=_SLOW)
    expect(state_of(page)).to_contain_text(words["kept"], timeout=_SLOW)
    assert _draft(demo.store) == "Écrit avant la panne"


def test_an_answer_lost_on_the_way_is_no_second_text(demo: Served, sign_in: Callable[..., Page]) -> None:
    words, page = WORDS["fr"], sign_in(FOCAL)
    go(page, demo, FORM, "fr")

    def deaf(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route("**/brouillon*", deaf)
    note(page).press_sequentially("Un")
    expect(state_of(page)).to_contain_text(words["lost"], timeout=_SLOW)
    assert _draft(demo.store) == "Un"
    note(page).press_sequentially(" deux")
    page.unroute("**/brouillon*", deaf)
    expect(state_of(page)).to_contain_text(words["kept"], timeout=_SLOW)
    assert _draft(demo.store) == "Un deux"


def test_two_windows_lose_neither_text(demo: Served, sign_in: Callable[..., Page]) -> None:
    words, first = WORDS["fr"], sign_in(FOCAL)
    second = sign_in(FOCAL)
    go(first, demo, FORM, "fr")
    go(second, demo, FORM, "fr")
    note(first)
    note(second).press_sequentially("Du téléphone")
    expect(state_of(second)).to_contain_text(words["kept"], timeout=_SLOW)
    note(first).press_sequentially("De l’ordinateur")
    expect(state_of(first)).to_contain_text("autre fenêtre", timeout=_SLOW)
    assert _draft(demo.store) == "Du téléphone"
    first.reload()
    stands(first)
    expect(note(first)).to_have_value("Du téléphone\n\nDe l’ordinateur", timeout=_SLOW)
    expect(state_of(first)).to_contain_text(words["kept"], timeout=_SLOW)
    assert _draft(demo.store) == "Du téléphone\n\nDe l’ordinateur"


def test_an_answer_sent_from_one_window_shows_the_text_of_the_other(
    demo: Served, sign_in: Callable[..., Page]
) -> None:
    words, first = WORDS["fr"], sign_in(FOCAL)
    second = sign_in(FOCAL)
    go(first, demo, FORM, "fr")
    choose(first, "status", words["in_progress"])
    choose(first, "percent", "50")
    go(second, demo, FORM, "fr")
    note(second).press_sequentially("Du téléphone")
    expect(state_of(second)).to_contain_text(words["kept"], timeout=_SLOW)
    note(first).press_sequentially("De l’ordinateur")
    button = first.get_by_role("button", name=words["send"])
    # The second press of a double click has read nothing of what the first one was told.
    button.dblclick()
    texts = first.locator(".ccm-duo")
    expect(texts).to_contain_text("Du téléphone", timeout=_SLOW)
    expect(texts).to_contain_text("De l’ordinateur")
    rests(first)
    assert _draft(demo.store) == "Du téléphone"
    send(first, words)
    assert (last_report(demo.store).note, _draft(demo.store)) == ("De l’ordinateur", "")


def test_a_longer_text_is_not_cut_but_told(demo: Served, sign_in: Callable[..., Page]) -> None:
    page = sign_in(FOCAL)
    go(page, demo, FORM, "fr")
    note(page).fill("x" * 10_050)
    expect(state_of(page)).to_contain_text("10050 caractères : 10000 au plus", timeout=_SLOW)
    expect(note(page)).to_have_value("x" * 10_050)


def test_what_is_typed_stays_under_one_s_hands(demo: Served, sign_in: Callable[..., Page]) -> None:
    words, page = WORDS["fr"], sign_in(FOCAL)
    go(page, demo, FORM, "fr")
    # The first thing typed makes the draft, and its line above; then the questions change.
    note(page).press_sequentially("Un texte")
    note(page).blur()
    expect(page.locator(".ccm-saved")).to_be_visible(timeout=_SLOW)
    rests(page)
    for status in ("Bloqué", "Abandonné", words["in_progress"]):
        choose(page, "status", status)
        expect(note(page)).to_have_value("Un texte")
    assert _draft(demo.store) == "Un texte"


def test_a_refused_file_is_told_in_our_words(demo: Served, sign_in: Callable[..., Page]) -> None:
    page = sign_in(FOCAL, screen=PHONE)
    go(page, demo, FORM, "fr")
    uploader = page.locator(".st-key-ccm-question-evidence [data-testid=stFileUploader]")
    file = {"name": "../../x", "mimeType": "application/octet-stream", "buffer": bytes(6 * 1024 * 1024)}
    uploader.locator("input[type=file]").set_input_files(file)
    expect(uploader.locator("[aria-invalid=true]")).to_be_visible(timeout=_SLOW)
    said = uploader.evaluate("node => getComputedStyle(node, '::after').content")
    assert "Ce fichier n’est pas accepté : PDF, photo, Word ou Excel, 5 Mo au plus." in said.replace(
        "\xa0", " "
    )


def test_a_restart_of_the_server_loses_nothing(
    demo_template: Path, tmp_path: Path, page_factory: OpenPage
) -> None:
    url = f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'demo.db')}"
    store = open_store(url)
    use_link(store, submit(store, CONSOLE, IssueLink(FOCAL)), FOUR_WORDS)
    page, words = page_factory(), WORDS["fr"]
    with serving(url, tmp_path / "one.log") as address:
        page.goto(f"{address}/connexion")
        page.locator("input[name=identifier]").fill(FOCAL)
        page.locator("input[name=password]").fill(FOUR_WORDS)
        page.locator("button[type=submit]").click()
        stands(page)
        go(page, Served(address, store), FORM, "fr")
        choose(page, "status", words["in_progress"])
        note(page).press_sequentially("Avant l’arrêt")
        expect(state_of(page)).to_contain_text(words["kept"], timeout=_SLOW)
    with serving(url, tmp_path / "two.log") as address:
        # The cookie is the host's, whatever the port: one is still signed in.
        go(page, Served(address, store), FORM, "fr")
        expect(note(page)).to_have_value("Avant l’arrêt", timeout=_SLOW)
        expect(page.locator(".st-key-ccm-question-status input:checked")).to_have_count(1)
    store.close()
