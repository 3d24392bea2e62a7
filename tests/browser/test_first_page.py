"""The first second in a browser: figures before any script, which give way to the same without a jump."""

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from ccm.config import settings
from ccm.store import open_store
from tests.browser.reporting import stands
from tests.support import people
from tests.support.application import serving
from tests.support.browser import until

_SLOW = 60_000
_PROGRAMS = "**/static/js/index.*.js"
#: Where the headline is on the screen, and how large; of the first drawing, and of Streamlit's.
_PLACE = """node => {
    const box = node.getBoundingClientRect();
    return [box.x, box.y, box.width, box.height].map(Math.round);
}"""


#: Where the headline is as the first drawing goes, as if nothing had been scrolled.
_AT_THE_CHANGE = """() => new MutationObserver(() => {
    const node = document.querySelector("#root .ccm h1"), main = node?.closest("[data-testid=stMain]");
    if (document.getElementById("ccm-first") || window.changedAt || !node) return;
    const box = node.getBoundingClientRect();
    window.changedAt = [box.x, box.y + main.scrollTop, box.width, box.height].map(Math.round);
}).observe(document.body, { childList: true })"""


def held(page: Page) -> Callable[[], None]:
    """Hold Streamlit's programs back, as a slow line does; what lets them come."""
    page.route(_PROGRAMS, lambda _: None)
    return lambda: page.unroute(_PROGRAMS)


#: When the first thing was painted, and when the first of Streamlit's files was asked for.
_SEEN_AND_ASKED = """() => [
    performance.getEntriesByName("first-paint")[0].startTime,
    Math.min(...performance.getEntriesByType("resource")
        .filter(one => one.name.includes("/static/js/")).map(one => one.startTime)),
]"""


@pytest.mark.parametrize(
    ("path", "screen"),
    [
        # A desk's screen is that of the recommendation too.
        pytest.param("/", {"width": 1366, "height": 768}, id="desk", marks=pytest.mark.long),
        pytest.param("/", {"width": 390, "height": 844}, id="phone"),
        pytest.param(
            "/recommandation?cle=CCM7-A1-05&lang=en", {"width": 1366, "height": 768}, id="recommendation"
        ),
    ],
)
def test_the_first_drawing_gives_way_without_a_jump(
    page_factory: Callable[..., Page], demonstration_application: str, path: str, screen: dict[str, int]
) -> None:
    page = page_factory(viewport=screen)
    release = held(page)
    page.goto(f"{demonstration_application}{path}", wait_until="commit")
    first = page.locator("#ccm-first")
    expect(first.locator("h1")).to_be_visible(timeout=_SLOW)
    until(page, "document.fonts.check('16px \"Source Sans\"')")
    place, text = first.locator("h1").evaluate(_PLACE), first.locator("h1").inner_text()
    assert place[1] < screen["height"]
    # A reader has begun to read further down.
    first.evaluate("node => { node.scrollTop = 120 }")
    page.evaluate(_AT_THE_CHANGE)
    release()
    expect(first).to_have_count(0, timeout=_SLOW)
    heading = page.locator("#root .ccm h1")
    # At the very change too: our style is there before the first drawing goes.
    changed = page.evaluate("window.changedAt")
    assert all(abs(there - here) <= 3 for there, here in zip(place, changed, strict=True)), (place, changed)
    assert heading.inner_text() == text
    main = page.get_by_test_id("stMain")
    assert abs(main.evaluate("node => node.scrollTop") - 120) <= 3
    main.evaluate("node => { node.scrollTop = 0 }")
    now = heading.evaluate(_PLACE)
    assert all(abs(there - here) <= 2 for there, here in zip(place, now, strict=True)), (place, now)
    assert not page.locator("#root").evaluate("node => node.inert")
    seen, asked = page.evaluate(_SEEN_AND_ASKED)
    assert seen <= asked, "Streamlit's files hold the drawing up"


def test_what_a_page_draws_with_is_asked_for_before_its_socket_answers(
    page_factory: Callable[..., Page], demo_template: Path, tmp_path: Path
) -> None:
    """And its server is found at once: each place where Streamlit looks for it is a wait."""
    url = f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'store.db')}"
    token = people.sign_in(open_store(url), "Point focal Tillabéri (démo)")[1]
    paths = ("/", "/recommandations", "/institutions", "/mon-espace", "/repondre?engagement=CCM7-A1-03/NE006")
    with serving(url, tmp_path / "application.log") as address:
        for path in paths:
            page, asked = page_factory(), [""]
            page.context.add_cookies([{"name": settings().session_cookie, "value": token, "url": address}])
            page.on("request", lambda request, asked=asked: asked.append(urlsplit(request.url).path))
            page.on(
                "websocket",
                lambda socket, asked=asked: socket.on("framereceived", lambda _: asked.append("an answer")),
            )
            page.goto(f"{address}{path}")
            stands(page)
            late = asked[asked.index("an answer") :]
            assert [one for one in late if one.startswith("/static/js/")] == [], path
            assert {one for one in asked if "_stcore" in one} == {"/_stcore/health", "/_stcore/host-config"}


#: Where headings and tables are, once all of them are laid out.
_PLACES = """root => [...document.querySelectorAll(`${root} .ccm :is(h1, h2, table)`)].map(
    node => Math.round(node.getBoundingClientRect().top))"""

_STAY = f"""places => {{
    const now = ({_PLACES})("#root");
    return now.length === places.length && now.every((place, i) => Math.abs(place - places[i]) <= 2);
}}"""


@pytest.mark.long
@pytest.mark.parametrize("width", [1366, 390])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/recommandations",
        "/regions",
        "/regions?region=NE002",
        "/institutions",
        "/institutions?entite=MI-D",
        "/methode",
    ],
)
def test_nothing_of_the_page_moves_as_the_application_comes(
    page_factory: Callable[..., Page], demonstration_application: str, path: str, width: int
) -> None:
    """Where controls come, there is room for them: measured, so that an upgrade that moves them is seen."""
    page = page_factory(viewport={"width": width, "height": 800})
    release = held(page)
    page.goto(f"{demonstration_application}{path}", wait_until="commit")
    expect(page.locator("#ccm-first h1")).to_be_visible(timeout=_SLOW)
    until(page, "document.fonts.check('16px \"Source Sans\"')")
    before = page.evaluate(_PLACES, "#ccm-first")
    release()
    expect(page.locator("#ccm-first")).to_have_count(0, timeout=_SLOW)
    until(page, _STAY, before)


@pytest.mark.parametrize("part", [".ccm-first-nav", ".ccm-first-parts"])
def test_whoever_is_led_by_keys_goes_on_from_the_same_link(
    page_factory: Callable[..., Page], demonstration_application: str, part: str
) -> None:
    page = page_factory(viewport={"width": 390, "height": 844})
    release = held(page)
    page.goto(f"{demonstration_application}/methode", wait_until="commit")
    here = page.locator("#ccm-first nav [aria-current]")
    expect(here).to_be_in_viewport(timeout=_SLOW)
    place = here.evaluate(_PLACE)
    link = page.locator(f"#ccm-first {part} a[href]").nth(1)
    link.focus()
    way = link.evaluate("link => link.href")
    release()
    expect(page.locator("#ccm-first")).to_have_count(0, timeout=_SLOW)
    assert page.evaluate("() => document.activeElement.href") == way
    # The row of pages shows the present one from the first moment.
    now = page.locator(".st-key-ccm-here a").evaluate(_PLACE)
    assert all(abs(there - here) <= 2 for there, here in zip(place, now, strict=True)), (place, now)


def test_without_a_script_the_page_is_read_and_leads_on(
    page_factory: Callable[..., Page], demonstration_application: str
) -> None:
    page = page_factory(java_script_enabled=False)
    page.goto(f"{demonstration_application}/?date=2024-03-31")
    expect(page.locator("#ccm-first h1")).to_be_visible()
    page.locator("#ccm-first nav").get_by_role("link", name="Régions").click()
    expect(page.locator("#ccm-first h1")).to_be_visible()
    assert page.url == f"{demonstration_application}/regions?date=2024-03-31"
    page.get_by_role("link", name="Version légère").click()
    assert page.url == f"{demonstration_application}/leger/regions?date=2024-03-31"
    page.get_by_role("link", name="Version complète").click()
    assert page.url == f"{demonstration_application}/regions?date=2024-03-31"


def test_where_the_application_does_not_come_the_figures_stay(
    page_factory: Callable[..., Page], demonstration_application: str
) -> None:
    page = page_factory()
    page.route_web_socket("**/_stcore/stream", lambda socket: socket.close())
    page.goto(f"{demonstration_application}/")
    page.wait_for_timeout(2000)
    expect(page.locator("#ccm-first .ccm-trio")).to_be_visible()


@pytest.mark.parametrize("held_back", [True, False], ids=["first-drawing", "application"])
def test_the_first_key_leads_past_the_head(
    page_factory: Callable[..., Page], demonstration_application: str, held_back: bool
) -> None:
    page = page_factory()
    if held_back:
        held(page)
    page.goto(demonstration_application, wait_until="commit" if held_back else "load")
    if held_back:
        expect(page.locator("#root")).to_have_attribute("inert", "")
    else:
        expect(page.locator("#ccm-first")).to_have_count(0, timeout=_SLOW)
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.tagName") == "H1"


@pytest.mark.long
def test_a_silent_server_is_told_in_the_readers_words(
    page_factory: Callable[..., Page], demo_template: Path, tmp_path: Path
) -> None:
    url = f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'store.db')}"
    page = page_factory()
    with serving(url, tmp_path / "application.log") as address:
        page.goto(address)
        expect(page.locator("#ccm-first")).to_have_count(0, timeout=_SLOW)
    box = page.locator("[role=dialog]")
    expect(box).to_be_visible(timeout=_SLOW)
    said = "node => [getComputedStyle(node).fontSize, getComputedStyle(node, '::after').content]"
    assert box.locator("h2").evaluate(said) == ["0px", '"Connexion perdue"']
    assert "Le serveur ne répond pas" in box.locator("> div > div").evaluate(said)[1]


def test_codes_are_set_in_a_font_that_is_there(
    page_factory: Callable[..., Page], demonstration_application: str
) -> None:
    """Streamlit's own font for code is a sixth of what a first visit weighs."""
    page = page_factory()
    page.goto(f"{demonstration_application}/methode")
    expect(page.locator("#ccm-first")).to_have_count(0, timeout=_SLOW)
    expect(page.locator(".ccm code").first).to_be_visible()
    names = page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    fonts = [name for name in names if name.endswith(".woff2")]
    assert any("SourceSans" in name for name in fonts)
    assert not any("SourceCode" in name for name in fonts)
