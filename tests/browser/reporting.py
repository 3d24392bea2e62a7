"""What the tests of reporting in Chromium share: a demonstration that is served, people who are signed in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from ccm.config import settings
from ccm.store import Store, open_store
from ccm.store.models import Assignment, ProgressReport
from tests.support.accounts import enter
from tests.support.application import serving
from tests.support.browser import alone

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
ANSWER = "CCM7-A1-03/NE006"
FORM = f"/repondre?engagement={ANSWER}"
#: A bound, not a wait: machines that run tests do other things too.
SLOW = 60_000
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


@contextmanager
def served(url: str, log: Path) -> Iterator[Served]:
    """The application on a store, until it is left."""
    store = open_store(url)
    with serving(url, log) as address:
        yield Served(address, store)
    store.close()


def entered(open_page: OpenPage, to: Served, name: str, screen: dict[str, int] = DESK) -> Page:
    """A browser in which this person is signed in; nothing is opened yet."""
    page = open_page(viewport=screen)
    held = {settings().session_cookie: enter(to.store, name), settings().csrf_cookie: "jeton-de-formulaire"}
    page.context.add_cookies(
        [{"name": key, "value": value, "url": to.address} for key, value in held.items()]
    )
    return page


def stands(page: Page) -> Page:
    """The page, once it is drawn to its end."""
    expect(page.locator(".ccm h1").first).to_be_visible(timeout=SLOW)
    return rests(page)


def rests(page: Page) -> Page:
    """The page, once the server has nothing more to draw."""
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached(timeout=SLOW)
    return alone(page)


def go(page: Page, to: Served, path: str, locale: str) -> Page:
    """A page of the application in a language."""
    page.goto(f"{to.address}{path}{'&' if '?' in path else '?'}lang={locale}")
    return stands(page)


def choose(page: Page, question: str, word: str) -> None:
    """One of the cards of a question."""
    card = page.locator(f".st-key-ccm-question-{question} [data-testid=stRadioOption]", has_text=word)
    card.click()
    expect(card.locator("input")).to_be_checked(timeout=SLOW)
    rests(page)


def note(page: Page) -> Locator:
    """The text of what was done; it may be typed into once its program runs."""
    field = page.locator(".st-key-ccm-question-note textarea")
    expect(field).to_be_enabled(timeout=SLOW)
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


def send(page: Page, words: dict[str, str]) -> None:
    """The one orange button, pressed as an impatient person does."""
    button = page.get_by_role("button", name=words["send"])
    assert page.locator("[data-testid=stBaseButton-primary]:visible").count() == 1
    button.dblclick()
    expect(page.locator(".ccm-told-done", has_text=words["sent"])).to_be_visible(timeout=SLOW)
    rests(page)
