"""A focal point reports, the Secretariat returns and validates, the figures move: in Chromium, as people do.

Words of the Secretariat's pages are left to their own tests: here their controls are found by their keys.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from ccm.auth import CONSOLE
from ccm.commands import submit
from ccm.commands.one_time_links import IssueLink, use_link
from tests.browser.reporting import (
    DESK,
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
from tests.support.accounts import PASSWORD

FOCAL, VALIDATOR = "Point focal Tillabéri (démo)", "Validateur du Secrétariat (démo)"
ADMINISTRATOR = "Administratrice du Secrétariat (démo)"
NOTE = "Cellule d’écoute ouverte à Téra le 12/05"
REASON = "Joindre le procès-verbal de Téra."


@pytest.fixture
def demo(demo_template: Path, tmp_path: Path) -> Iterator[Served]:
    """A demonstration of this test's own, whose people have passwords."""
    url = f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'demo.db')}"
    with served(url, tmp_path / "application.log") as demo:
        for name in (FOCAL, VALIDATOR, ADMINISTRATOR):
            use_link(demo.store, submit(demo.store, CONSOLE, IssueLink(name)), PASSWORD)
        yield demo


@pytest.fixture
def sign_in(page_factory: OpenPage, demo: Served) -> Callable[..., Page]:
    """`sign_in(name, locale, screen)`: a browser in which this person has signed in, as people do."""

    def go(name: str, locale: str, screen: dict[str, int]) -> Page:
        page = page_factory(viewport=screen)
        page.goto(f"{demo.address}/connexion?lang={locale}")
        page.locator("input[name=identifier]").fill(name)
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        return stands(page)

    return go


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


@pytest.mark.parametrize(
    ("locale", "screen"),
    [
        ("fr", PHONE),
        pytest.param("en", PHONE, marks=pytest.mark.long),
        pytest.param("fr", DESK, marks=pytest.mark.long),
    ],
    ids=["fr-phone", "en-phone", "fr-desk"],
)
def test_from_a_report_to_the_figures(
    demo: Served,
    page_factory: OpenPage,
    sign_in: Callable[..., Page],
    locale: str,
    screen: dict[str, int],
) -> None:
    focal = sign_in(FOCAL, locale, screen)
    # Once a person has signed in by hand, the others need not.
    secretariat = entered(page_factory, demo, VALIDATOR)
    administrator = entered(page_factory, demo, ADMINISTRATOR)
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
    rows = go(administrator, demo, "/journal", locale).locator("tbody tr").all_inner_texts()
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
    expect(state_of(page)).to_contain_text(words["kept"], timeout=SLOW)
    fits(page)
    note(page).press_sequentially(" ; 64 fem")
    page.reload()
    stands(page)
    expect(note(page)).to_have_value(f"{NOTE} ; 64 fem", timeout=SLOW)
    expect(page.locator(".st-key-ccm-question-status input:checked")).to_have_count(1)
    note(page).press_sequentially("mes")
    expect(state_of(page)).to_contain_text(words["kept"], timeout=SLOW)
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
    """A report of the queue; those of which nothing stands out are shown in full where one asks for them."""
    item = page.locator(f".st-key-waiting-{report}")
    every = page.locator(".st-key-open-queue-one-by-one button")
    expect(item.or_(every).first).to_be_visible(timeout=SLOW)
    if not item.count():
        every.click()
    expect(item).to_be_visible(timeout=SLOW)
    return item


def _return(page: Page, report: int) -> None:
    item = _waiting(page, report)
    item.locator(f".st-key-open-returning-{report} button").click()
    reason = page.locator(f".st-key-reason-{report} textarea")
    reason.fill(REASON)
    reason.blur()
    rests(page)
    expect(reason).to_have_value(REASON)
    page.locator(f".st-key-return-{report} button").click()
    expect(item).to_have_count(0, timeout=SLOW)


def _validate(page: Page, report: int) -> None:
    item = _waiting(page, report)
    item.locator(f".st-key-validate-{report} button").click()
    expect(item).to_have_count(0, timeout=SLOW)
