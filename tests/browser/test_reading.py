"""Reading in Chromium: on a desk and on a phone, in both languages, from a figure to its rows and back."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Request, expect
from sqlalchemy import select, update

from ccm.store import open_store
from ccm.store.models import Entity, EntityName, StoreState
from tests.support.application import serving
from tests.support.browser import alone, until

DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
_SLOW = 30_000
#: What is wider than the screen it stands on; what scrolls on its own may be.
_TOO_WIDE = """() => [...document.querySelectorAll(".ccm *")].filter(node => {
    const box = node.getBoundingClientRect();
    return box.width && box.right > document.documentElement.clientWidth + 1
        && !node.closest(".ccm-scroll, .ccm-sr");
}).map(node => `${node.tagName}.${node.getAttribute("class")} ${node.getBoundingClientRect().right}`)"""

OpenPage = Callable[..., Page]


@pytest.fixture
def read(page_factory: OpenPage, application: str) -> Iterator[Callable[..., Page]]:
    """`read(path)`: open a page of the application until it stands; nothing may go wrong on the way."""
    wrong: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((application, application.replace("http", "ws"), "data:", "blob:")):
            wrong.append(f"asked {request.url}")

    def go(path: str = "/", **options: object) -> Page:
        page = page_factory(**options)
        page.on("request", note)
        page.on("pageerror", lambda error: wrong.append(f"thrown: {error}"))
        page.on(
            "console", lambda message: wrong.append(f"console: {message.text}") if _is_ours(message) else None
        )
        page.goto(f"{application}{path}")
        return stands(page)

    yield go
    assert wrong == []


def _is_ours(message: object) -> bool:
    """Below a page's address Streamlit first asks for its server there, in vain, then at the root."""
    kind, address = message.type, message.location.get("url", "")  # type: ignore[attr-defined]
    return kind == "error" and not re.search(r"/\w+/_stcore/(health|host-config)$", address)


def stands(page: Page) -> Page:
    """The page, once it is drawn to its end."""
    alone(page)
    expect(page.locator(".ccm h1")).to_be_visible(timeout=_SLOW)
    running = page.locator("[data-test-script-state]")
    expect(running).to_have_attribute("data-test-script-state", "notRunning", timeout=_SLOW)
    return page


def query(page: Page) -> dict[str, list[str]]:
    """The parameters in the address bar."""
    return parse_qs(urlsplit(page.url).query)


def links_keep(links: Locator, **parameters: str) -> None:
    """Each of these links carries these parameters."""
    for href in links.evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))"):
        found = parse_qs(urlsplit(href).query)
        assert {name: [value] for name, value in parameters.items()}.items() <= found.items(), href


@pytest.mark.parametrize(
    "viewport", [pytest.param(DESK, id="desk", marks=pytest.mark.long), pytest.param(PHONE, id="phone")]
)
def test_the_overview_stands(read: Callable[..., Page], application: str, viewport: dict[str, int]) -> None:
    page = read("/", viewport=viewport)
    _overview_stands(page, viewport, "fr")
    page.goto(f"{application}/?lang=en")
    _overview_stands(stands(page), viewport, "en")
    if viewport == PHONE:
        page.get_by_role("link", name="Regions", exact=True).first.click()
        page.wait_for_url("**/regions?lang=en")
        assert stands(page).evaluate(_TOO_WIDE) == []


def _overview_stands(page: Page, viewport: dict[str, int], locale: str) -> None:
    expect(page.locator(".ccm h1")).to_contain_text("318")
    assert page.locator(".ccm[lang]").evaluate_all("n => [...new Set(n.map(x => x.lang))]") == [locale]

    width = page.evaluate("document.documentElement.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("[data-testid=stMain]").evaluate("node => node.scrollWidth - node.clientWidth") <= 0
    assert page.evaluate(_TOO_WIDE) == []

    tiles = page.locator(".ccm-tiles svg a")
    expect(tiles).to_have_count(8)
    boxes = [tile.bounding_box() for tile in tiles.all()]
    assert all(box and box["width"] > 40 and box["height"] > 30 for box in boxes)
    assert len({(round(box["x"]), round(box["y"])) for box in boxes if box}) == 8
    # Every bar and every figure is drawn, not only in the document.
    assert page.locator(".ccm-bar").evaluate_all("n => n.filter(x => !x.getBoundingClientRect().width)") == []
    first = page.locator(".ccm-trio dd.ccm-fig").first
    expect(first).to_have_text(re.compile(r"0[.,]0\s*%"))

    # The main thing is on the first screen, below the head of the page and not under its controls.
    heading, trio = page.locator(".ccm h1").bounding_box(), page.locator(".ccm-trio").bounding_box()
    assert heading and trio
    assert heading["y"] >= 64
    assert trio["y"] + 60 < viewport["height"]
    for control in page.locator(".st-key-ccm-controls button").all():
        box = control.bounding_box()
        assert box and not _overlap(box, heading), "a control stands on the sentence"


def _overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


#: Whether the link of the page one is on lies wholly within its row, which lies within the window.
_IN_VIEW = """() => {
  const link = document.querySelector(".st-key-ccm-here a")?.getBoundingClientRect();
  return link && link.width > 0 && link.left >= 0 && link.right <= innerWidth;
}"""


def test_a_telephone_shows_and_says_which_page_one_is_on(read: Callable[..., Page]) -> None:
    page = read("/methode", viewport=PHONE)
    until(page, _IN_VIEW)
    here = page.get_by_role("link", name="(page ouverte)")
    expect(here).to_have_accessible_name("Méthode (page ouverte)")
    page.get_by_role("link", name="Institutions", exact=True).click()
    page.wait_for_url("**/institutions")
    stands(page)
    expect(here).to_have_accessible_name("Institutions (page ouverte)")
    until(page, _IN_VIEW)
    # Once shown, the row is free again.
    until(page, "document.querySelector('.st-key-ccm-here a').getAnimations().length === 0")
    row = page.locator("[data-testid=stLayoutWrapper]:has(> .st-key-ccm-nav)")
    row.evaluate("row => { row.scrollLeft = 0; }")
    assert row.evaluate("row => row.scrollLeft") == 0


def test_the_key_of_a_map_is_a_key_and_no_picture(read: Callable[..., Page]) -> None:
    page = read("/regions", viewport={"width": 1366, "height": 768})
    keys = page.locator(".ccm-map .ccm-key > svg").evaluate_all(
        "nodes => nodes.map(node => node.getBoundingClientRect().width)"
    )
    assert keys
    assert max(keys) < 40


def test_from_a_figure_to_its_rows_and_back(read: Callable[..., Page]) -> None:
    page = read("/?date=2024-03-31&lang=en")
    heading = page.locator(".ccm h1").inner_text()
    page.locator('.ccm-tiles svg a[href*="NE002"]').click()
    page.wait_for_url("**/recommandations?**")
    stands(page)
    assert query(page) == {"vue": ["reponses"], "region": ["NE002"], "date": ["2024-03-31"], "lang": ["en"]}
    page.go_back()
    stands(page)
    page.locator('.ccm th a[href*="NE002"]').first.click()
    page.wait_for_url("**/regions?**")
    stands(page)
    assert query(page) == {"region": ["NE002"], "date": ["2024-03-31"], "lang": ["en"]}
    expect(page.locator(".ccm h2", has_text="Diffa")).to_be_visible()
    expect(page.locator(".ccm").first).to_have_attribute("lang", "en")
    expect(page.get_by_text("31/03/2024").first).to_be_visible()
    links_keep(page.locator('.ccm a[href^="/re"]'), date="2024-03-31", lang="en")
    page.go_back()
    page.wait_for_url("**/?date=2024-03-31&lang=en")
    expect(stands(page).locator(".ccm h1")).to_have_text(heading)

    # From an axis to its recommendations, and to one of them.
    page.locator('.ccm th a[href*="axe=A2"]').first.click()
    page.wait_for_url("**/recommandations?**")
    stands(page)
    assert query(page) == {"axe": ["A2"], "date": ["2024-03-31"], "lang": ["en"]}
    rows = page.locator('.ccm th a[href*="cle=CCM7-A2-"]')
    expect(rows).to_have_count(15)
    assert page.locator('.ccm th a[href*="cle=CCM7-A1-"]').count() == 0
    rows.first.click()
    page.wait_for_url("**/recommandation?**")
    stands(page)
    assert query(page) == {"cle": ["CCM7-A2-01"], "date": ["2024-03-31"], "lang": ["en"]}


@pytest.mark.long
def test_the_language_changes_without_a_reload(read: Callable[..., Page]) -> None:
    page = read("/?date=2024-03-31")
    french = page.locator(".ccm h1").inner_text()
    page.evaluate("window.stays = true")
    page.get_by_role("radio", name="English").or_(page.get_by_role("button", name="English")).first.click()
    expect(page.locator(".ccm h1")).not_to_have_text(french, timeout=_SLOW)
    stands(page)
    assert page.evaluate("window.stays") is True
    assert query(page) == {"date": ["2024-03-31"], "lang": ["en"]}
    assert page.locator(".ccm[lang]").evaluate_all("n => [...new Set(n.map(x => x.lang))]") == ["en"]
    expect(page.get_by_role("link", name="Overview")).to_be_visible()
    # The next click stays in English, and so does a reload.
    page.get_by_role("link", name="Regions", exact=True).click()
    page.wait_for_url("**/regions?**")
    stands(page)
    assert page.locator(".ccm[lang]").evaluate_all("n => [...new Set(n.map(x => x.lang))]") == ["en"]
    page.reload()
    stands(page)
    assert page.locator(".ccm[lang]").evaluate_all("n => [...new Set(n.map(x => x.lang))]") == ["en"]
    page.get_by_role("radio", name="Français").or_(page.get_by_role("button", name="Français")).first.click()
    expect(page.get_by_role("link", name="Régions (page ouverte)", exact=True)).to_be_visible(timeout=_SLOW)
    stands(page)
    assert page.locator(".ccm[lang]").evaluate_all("n => [...new Set(n.map(x => x.lang))]") == ["fr"]
    assert query(page) == {"date": ["2024-03-31"]}


# The first visitor, and what was typed -------------------------------------------------------------------

NAME = "US$5 and US$6 :material/home: **b** <img src=//evil.example/x>"


@pytest.fixture(scope="module")
def just_started(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An application that nobody has opened yet, and in which somebody typed a hostile name."""
    folder = tmp_path_factory.mktemp("started")
    url = f"sqlite:///{shutil.copyfile(sqlite_template, folder / 'store.db')}"
    store = open_store(url)
    with store.write("test") as transaction:
        connection = transaction.connection
        entity = connection.execute(select(Entity.id).where(Entity.key == "NE002")).scalar_one()
        named = update(EntityName).where(EntityName.entity_id == entity)
        connection.execute(named.values(short_name=NAME, name=NAME))
        connection.execute(update(StoreState).values(store_uuid="typed"))
    store.close()
    with serving(url, folder / "application.log") as address:
        yield address


@pytest.mark.long
def test_the_first_visitor_and_what_was_typed(page_factory: OpenPage, just_started: str) -> None:
    page = page_factory()
    # Streamlit's own pages folder would answer the first of all readers without the router.
    page.goto(f"{just_started}/regions?region=NE001&date=2024-03-31")
    stands(page)
    expect(page.locator(".ccm h2", has_text="Agadez")).to_be_visible()
    assert urlsplit(page.url).path == "/regions"
    expect(page.get_by_role("dialog")).to_have_count(0)

    # What was typed is read as it was typed.
    for path in ("/", "/regions?region=NE002", "/recommandations?vue=reponses&region=NE002"):
        page.goto(f"{just_started}{path}")
        stands(page)
        # It has become no formula, no picture, no symbol.
        for drawn in (".katex", "[data-testid=stMain] img", ".ccm [data-testid=stIconMaterial]"):
            assert page.locator(drawn).count() == 0, f"{drawn} on {path}"
        assert "home" not in page.locator("[data-testid=stIconMaterial]").all_inner_texts()
        assert page.get_by_text(NAME).count(), f"not as it was typed on {path}"
