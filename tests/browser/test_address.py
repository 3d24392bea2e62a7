"""The address tells the view: through the navigation, a reload, Back and Forward, and whatever changes it."""

import re
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from ccm.screens import SHARED
from tests.support.browser import alone, until

#: A bound, not a wait: the Explorer draws five charts, on machines that do other things too.
_SLOW = 90_000
#: The pages of the top navigation: path, and title in French and in English.
PAGES = {
    "/recommandations": {"fr": "Recommandations", "en": "Recommendations"},
    "/regions": {"fr": "Régions", "en": "Regions"},
    "/institutions": {"fr": "Institutions", "en": "Institutions"},
    "/explorer": {"fr": "Explorer", "en": "Explorer"},
    "/methode": {"fr": "Méthode", "en": "Method"},
    "/": {"fr": "Vue d’ensemble", "en": "Overview"},
}
#: Those that are loaded anew on the way: with a form of filters, with a place of its own, and the first.
RELOADED = ("/recommandations", "/institutions", "/")
SITE = {"fr": "Suivi des recommandations du CCM", "en": "Follow-up of the CCM’s recommendations"}
WHEN = {"fr": "Date et session", "en": "Date and session"}
AS_OF = {"fr": "Situation au", "en": "Situation as of"}

#: Whether a link of the page carries exactly these of the parameters that every page shares.
_LEADS_ON = """([shared, wanted]) => [...document.querySelectorAll('.ccm a[href^="/"]')].some(link => {
    const said = new URL(link.getAttribute("href"), location.href).searchParams;
    return shared.every(name => said.get(name) === (wanted[name] ?? null));
})"""

Shared = dict[str, str]


@pytest.fixture
def opened(page_factory: Callable[..., Page], application: str) -> Callable[[str], Page]:
    """`opened(path)`: a page of the application, drawn to its end."""

    def go(path: str) -> Page:
        page = page_factory()
        page.goto(f"{application}{path}")
        return page

    return go


def shows(page: Page, path: str, shared: Shared, day: str, title: str | None = None) -> None:
    """The page of this path and these parameters is drawn, at this day, under this title."""
    locale = shared.get("lang", "fr")
    page.wait_for_url(lambda url: _parts(url) == (path, shared), timeout=_SLOW)
    alone(page)
    if title:
        expect(page).to_have_title(f"{title} · {SITE[locale]}", timeout=_SLOW)
    # Before the run of this address what is seen may be the last one's; the navigation, drawn before the
    # page, has no parameters in its addresses, but the page's own links have them.
    until(page, _LEADS_ON, [list(SHARED), shared])
    expect(page.locator("[data-test-script-state]")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=_SLOW
    )
    expect(page.locator(".ccm-scope-row").first).to_contain_text(day, timeout=_SLOW)
    expect(page.locator(".ccm[lang]").first).to_have_attribute("lang", locale)
    # It is what the page came to, not what it was on its way there.
    assert _parts(page.url) == (path, shared)


def _parts(url: str) -> tuple[str, Shared]:
    parts = urlsplit(url)
    return parts.path, dict(parse_qsl(parts.query, keep_blank_values=True))


def address(path: str, shared: Shared) -> str:
    """A path with its parameters."""
    return f"{path}?" + "&".join(f"{name}={value}" for name, value in shared.items())


def choose_day(page: Page, typed: str, locale: str = "fr") -> None:
    """Type a date in the popover, and Enter."""
    page.get_by_role("button", name=WHEN[locale]).click()
    field = page.get_by_label(AS_OF[locale])
    field.fill(typed)
    field.press("Enter")


def close_popover(page: Page) -> None:
    """Close it with a key."""
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0, timeout=_SLOW)
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached(timeout=_SLOW)


@pytest.mark.long
@pytest.mark.parametrize(
    ("shared", "visited"),
    [
        pytest.param({"date": "2024-03-31"}, tuple(PAGES), marks=pytest.mark.long),
        pytest.param({"date": "2024-03-31", "lang": "en"}, tuple(PAGES), marks=pytest.mark.long),
        ({"date": "2024-03-31", "depuis": "2023-06-30", "session": "7", "lang": "en"}, tuple(PAGES)[:2]),
    ],
    ids=["french", "english", "with comparison and session"],
)
def test_through_the_navigation_and_back(
    opened: Callable[[str], Page], shared: Shared, visited: tuple[str, ...]
) -> None:
    locale = shared.get("lang", "fr")
    page = opened(address("/", shared))
    shows(page, "/", shared, "31/03/2024", PAGES["/"][locale])
    entries = page.evaluate("history.length")
    for path in visited:
        title = PAGES[path][locale]
        page.get_by_role("link", name=title, exact=True).first.click()
        shows(page, path, shared, "31/03/2024", title)
        entries += 1
        # One click is one step back.
        assert page.evaluate("history.length") == entries
        if path in RELOADED:
            page.reload()
            shows(page, path, shared, "31/03/2024", title)
    for path in [*reversed(visited[:-1]), "/"]:
        page.go_back()
        shows(page, path, shared, "31/03/2024", PAGES[path][locale])
    for path in visited[:2]:
        page.go_forward()
        shows(page, path, shared, "31/03/2024", PAGES[path][locale])


@pytest.mark.long
def test_a_typed_date_is_taken_on_enter(opened: Callable[[str], Page]) -> None:
    page = opened("/institutions?date=2024-06-30")
    shows(page, "/institutions", {"date": "2024-06-30"}, "30/06/2024")
    choose_day(page, "15/01/2024")
    shows(page, "/institutions", {"date": "2024-01-15"}, "15/01/2024")
    close_popover(page)
    page.get_by_role("link", name="Régions", exact=True).first.click()
    shows(page, "/regions", {"date": "2024-01-15"}, "15/01/2024")
    page.go_back()
    shows(page, "/institutions", {"date": "2024-01-15"}, "15/01/2024")
    # Back before the choice, the choice is gone; forward, it is there again.
    page.go_back()
    shows(page, "/institutions", {"date": "2024-06-30"}, "30/06/2024")
    page.go_forward()
    shows(page, "/institutions", {"date": "2024-01-15"}, "15/01/2024")


def test_a_comparison_and_a_session_go_into_the_address(opened: Callable[[str], Page]) -> None:
    page = opened("/regions?region=NE002&date=2024-03-31")
    shows(page, "/regions", {"region": "NE002", "date": "2024-03-31"}, "31/03/2024", "Diffa")
    page.get_by_role("button", name="Date et session").click()
    page.get_by_label("Évolution depuis").fill("30/06/2023")
    page.get_by_role("combobox", name=re.compile("Session")).click()
    page.get_by_role("option", name="7").click()
    page.get_by_role("button", name="Appliquer").click()
    shared = {"date": "2024-03-31", "depuis": "2023-06-30", "session": "7"}
    shows(page, "/regions", {"region": "NE002", **shared}, "31/03/2024", "Diffa")
    # One decision is one step back; the popover stays open, so that no answer to its closing is on its way.
    page.go_back()
    shows(page, "/regions", {"region": "NE002", "date": "2024-03-31"}, "31/03/2024", "Diffa")
    page.go_forward()
    shows(page, "/regions", {"region": "NE002", **shared}, "31/03/2024", "Diffa")
    close_popover(page)
    # The page one is on, asked for again, is shown without what was chosen on it.
    page.get_by_role("link", name="Régions (page ouverte)", exact=True).first.click()
    shows(page, "/regions", shared, "31/03/2024", "Régions")
    page.get_by_role("link", name="Méthode", exact=True).first.click()
    shows(page, "/methode", shared, "31/03/2024")


class HeldLine:
    """A line whose server is not heard while it is held."""

    def __init__(self, page: Page) -> None:
        self.page, self.held = page, False
        self.kept: list[bytes] = []
        page.route_web_socket(re.compile("_stcore/stream"), self.between)

    def between(self, here: WebSocketRoute) -> None:
        """Stand between a page and its server."""
        self.here = here
        here.connect_to_server().on_message(self._to_page)

    def _to_page(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        if self.held:
            self.kept.append(message)
        else:
            self.here.send(message)

    def answers(self, number: int) -> None:
        """Wait until so many answers are kept back, each to its end."""
        deadline = time.monotonic() + 60
        while sum(_ends(message) for message in self.kept) < number:
            assert time.monotonic() < deadline, f"{number} answers did not come"
            self.page.wait_for_timeout(50)

    def let_go(self) -> None:
        """Let the page hear all that was kept back."""
        self.held = False
        for message in self.kept:
            self.here.send(message)


def _ends(message: bytes) -> bool:
    """Whether this message says that a run has ended."""
    told = ForwardMsg.FromString(message)
    return told.WhichOneof("type") == "script_finished"


def test_two_steps_at_once_on_a_slow_line(page_factory: Callable[..., Page], application: str) -> None:
    """Back, while the answer to another step is still on its way: no message is missed by the second one."""
    page = page_factory()
    line = HeldLine(page)
    page.goto(f"{application}/regions?region=NE002&date=2024-03-31")
    shows(page, "/regions", {"region": "NE002", "date": "2024-03-31"}, "31/03/2024")
    choose_day(page, "15/01/2024")
    shows(page, "/regions", {"region": "NE002", "date": "2024-01-15"}, "15/01/2024")
    line.held = True
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).to_have_count(0, timeout=_SLOW)
    line.answers(1)
    page.evaluate("history.back()")
    line.answers(2)
    line.let_go()
    shows(page, "/regions", {"region": "NE002", "date": "2024-03-31"}, "31/03/2024")
    expect(page.get_by_role("dialog")).to_have_count(0)
    # The first answer, which came after the step back, has not cost the way forward.
    page.go_forward()
    shows(page, "/regions", {"region": "NE002", "date": "2024-01-15"}, "15/01/2024")


@pytest.mark.long
def test_with_the_filters_of_the_register(opened: Callable[[str], Page]) -> None:
    shared = {"date": "2024-03-31", "lang": "en"}
    filtered = {"axe": "A2", "statut": "not_reported", **shared}
    page = opened(address("/recommandations", filtered))
    shows(page, "/recommandations", filtered, "31/03/2024")
    page.get_by_role("link", name="Institutions", exact=True).first.click()
    shows(page, "/institutions", shared, "31/03/2024")
    page.go_back()
    shows(page, "/recommandations", filtered, "31/03/2024")
    expect(page.locator('.ccm th a[href*="cle=CCM7-A1-"]')).to_have_count(0)
    choose_day(page, "31/12/2023", "en")
    earlier = {**filtered, "date": "2023-12-31"}
    shows(page, "/recommandations", earlier, "31/12/2023")
    page.reload()
    shows(page, "/recommandations", earlier, "31/12/2023")


@pytest.mark.long
def test_from_page_to_page_of_the_answers(opened: Callable[[str], Page]) -> None:
    view = {"vue": "reponses", "date": "2024-03-31"}
    page = opened(address("/recommandations", view))
    turner, shown = page.get_by_test_id("stPagination"), page.locator("p[role=status]")
    for number, asked, first in (
        (2, {"page": "2"}, 51),
        (3, {"page": "3"}, 101),
        (1, {}, 1),
        (2, {"page": "2"}, 51),
    ):
        turner.get_by_text(str(number), exact=True).click(timeout=_SLOW)
        shows(page, "/recommandations", {**view, **asked}, "31/03/2024")
        expect(shown).to_contain_text(f"lignes {first} à {first + 49}", timeout=_SLOW)
        expect(turner.locator("[aria-current]").first).to_have_text(str(number))
    page.go_back()
    shows(page, "/recommandations", view, "31/03/2024")
    expect(turner.locator("[aria-current]").first).to_have_text("1")


def test_what_is_not_understood_is_said_and_can_be_taken_off(opened: Callable[[str], Page]) -> None:
    page = opened("/recommandations?axe=A2&date=hier&lang=en")
    notice = page.locator(".ccm-empty", has_text="hier")
    expect(notice).to_contain_text("is not a date", timeout=_SLOW)
    expect(page.get_by_text("Traceback")).to_have_count(0)
    notice.get_by_role("link").click()
    page.wait_for_url("**/recommandations?axe=A2&lang=en")
    expect(page.locator(".ccm h1")).to_be_visible(timeout=_SLOW)
    expect(notice).to_have_count(0)


@pytest.mark.parametrize("lang", ["fr", pytest.param("en", marks=pytest.mark.long)])
def test_the_tab_is_named_after_the_recommendation(opened: Callable[[str], Page], lang: str) -> None:
    shared = {"lang": "en"} if lang == "en" else {}
    page = opened(address("/recommandation", {"cle": "CCM7-A1-05", **shared}))
    expect(page).to_have_title(f"CCM7-A1-05 · {SITE[lang]}", timeout=_SLOW)
    # A key nobody has names no tab.
    page.goto(page.url.replace("A1-05", "A1-99"))
    expect(page.locator(".ccm h1")).to_contain_text("CCM7-A1-99", timeout=_SLOW)
    expect(page).to_have_title(re.compile(f"^Recomm.ndation · {SITE[lang]}$"))
