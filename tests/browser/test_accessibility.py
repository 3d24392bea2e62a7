"""What is drawn can be heard, read in order, and seen: in Chromium, on a demonstration in full life."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest import Subtests

from ccm.render.tokens import TOKENS
from tests.support.browser import alone, until
from tests.unit.render.palette import contrast

PATHS = {
    "overview": "/",
    "overview in English": "/?lang=en",
    "register": "/recommandations",
    "recommendation": "/recommandation?cle=CCM7-A1-05",
    "regions": "/regions?region=NE006",
    "institutions": "/institutions?entite=MI-D",
    "explorer": "/explorer",
    "answers": "/recommandations?vue=reponses",
    "method": "/methode",
}
#: As wide as a desk's screen and a phone's; a page is as high as all that is on it.
DESK, PHONE = 1366, 390
#: WCAG 2.2 AA needs 4.5, or 3 for text of 24 px, or of 18.66 px in bold.
_TEXTS = """() => {
    const solid = colour => {
        const [r, g, b, a = 1] = (colour.match(/[\\d.]+/g) || []).map(Number);
        const hex = [r, g, b].map(n => (n || 0).toString(16).padStart(2, "0")).join("");
        return a < 1 || r === undefined ? null : "#" + hex;
    };
    const shown = node => {
        const box = node.getBoundingClientRect(), style = getComputedStyle(node);
        return box.width > 2 && box.height > 2 && style.visibility === "visible" && !node.closest(".ccm-sr");
    };
    const below = node => {
        const svg = node.closest("svg");
        if (svg) {
            const box = node.getBoundingClientRect();
            const under = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            for (const part of under) {
                if (svg.contains(part) && /^(rect|path|circle)$/.test(part.tagName)) {
                    const fill = solid(getComputedStyle(part).fill);
                    if (fill) return fill;
                }
            }
        }
        for (let part = svg ? svg.parentElement : node; part; part = part.parentElement) {
            const style = getComputedStyle(part);
            if (style.backgroundImage !== "none") return null;  // hatched: told by tests of the tokens
            const ground = solid(style.backgroundColor);
            if (ground) return ground;
        }
        return "#ffffff";
    };
    const found = {};
    for (const root of document.querySelectorAll(".ccm")) {
        const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const text = walker.currentNode, node = text.parentElement;
            if (!text.data.trim() || !shown(node)) continue;
            const style = getComputedStyle(node);
            const ink = solid(node.closest("svg") ? style.fill : style.color), ground = below(node);
            if (!ink || !ground) continue;
            const size = parseFloat(style.fontSize);
            const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            found[[ink, ground, large]] = [ink, ground, large, text.data.trim().slice(0, 40)];
        }
    }
    return Object.values(found);
}"""


#: Every drawing and group that is not left out, with its name.
_DRAWINGS = """() => [...document.querySelectorAll(".ccm svg, .ccm [role=img], .ccm [role=group]")]
    .filter(node => !node.closest("[aria-hidden=true]"))
    .map(node => ({
        role: node.getAttribute("role"),
        name: node.getAttribute("aria-label") || node.querySelector(":scope > title")?.textContent || "",
        html: node.outerHTML.slice(0, 120),
    }))"""
#: Pages of words, tables and glyphs beside their words; the Explorer's charts are Plotly's.
_WITHOUT_DRAWINGS = ("/methode", "/explorer", "vue=reponses")
_LINKS = """nodes => nodes.map(node =>
    [node.getAttribute("href"), (node.getAttribute("aria-label") || node.textContent).trim()])"""
_SHOWS_ITS_FOCUS = """() => {
    const link = document.activeElement, part = getComputedStyle(link.querySelector(".ccm-hit"));
    return [getComputedStyle(link), part].some(style => style.outlineStyle !== "none")
        || parseFloat(part.strokeWidth) > 1.5;
}"""


_LETTERED = "document.fonts.status === 'loaded'"


def _seen(chromium: Browser, address: str, width: int) -> Iterator[Callable[[str], Page]]:
    context = chromium.new_context(viewport={"width": width, "height": 9000}, locale="fr-FR")
    pages: dict[str, Page] = {}

    def go(path: str) -> Page:
        if path not in pages:
            pages[path] = context.new_page()
            pages[path].goto(f"{address}{path}")
            alone(pages[path])
            expect(pages[path].locator(".ccm h1")).to_be_visible(timeout=30_000)
            running = pages[path].locator("[data-test-script-state]")
            expect(running).to_have_attribute("data-test-script-state", "notRunning", timeout=30_000)
            until(pages[path], _LETTERED)
        return pages[path]

    yield go
    context.close()


@pytest.fixture(scope="module")
def see(chromium: Browser, demonstration_application: str) -> Iterator[Callable[[str], Page]]:
    """`see(path)`: a page of the demonstration on a desk, opened once."""
    yield from _seen(chromium, demonstration_application, DESK)


@pytest.fixture(scope="module")
def see_on_a_phone(chromium: Browser, demonstration_application: str) -> Iterator[Callable[[str], Page]]:
    """As `see`, on a phone."""
    yield from _seen(chromium, demonstration_application, PHONE)


@pytest.fixture(scope="module")
def see_silence(chromium: Browser, application: str) -> Iterator[Callable[[str], Page]]:
    """As `see`, on a phone and where nobody has answered."""
    yield from _seen(chromium, application, PHONE)


def _on_a_desk() -> Iterator[Any]:
    """The pages as most people see them, in `make proof`; at each change one of them on a telephone."""
    for name, path in PATHS.items():
        yield pytest.param(path, id=name, marks=pytest.mark.long)


@pytest.mark.parametrize("path", list(_on_a_desk()))
def test_a_page_can_be_used_by_everyone(see: Callable[[str], Page], path: str, subtests: Subtests) -> None:
    page = see(path)
    for check in (
        axe_finds_nothing_serious,
        headings_are_in_order,
        drawings_have_names,
        links_have_names,
        text_stands_out_from_its_ground,
    ):
        with subtests.test(check.__name__):
            check(page)


def _on_a_phone() -> Iterator[Any]:
    """The pages at their narrowest, and while nobody has answered: the most used ones at each change."""
    at_once = {"see_on_a_phone": ("register",), "see_silence": ()}
    for seen, pages in at_once.items():
        for name, path in PATHS.items():
            marks = () if name in pages else pytest.mark.long
            yield pytest.param(seen, path, id=f"{seen}-{name}", marks=marks)


@pytest.mark.parametrize(("seen", "path"), list(_on_a_phone()))
def test_a_page_can_be_used_on_a_phone(
    request: pytest.FixtureRequest, seen: str, path: str, subtests: Subtests
) -> None:
    page = request.getfixturevalue(seen)(path)
    checks = (
        axe_finds_nothing_serious,
        headings_are_in_order,
        nothing_leaves_the_screen,
        a_finger_finds_links,
    )
    for check in checks:
        with subtests.test(check.__name__):
            check(page)


def nothing_leaves_the_screen(page: Page) -> None:
    """A page scrolls one way; what is wider scrolls in a box of its own."""
    main = page.get_by_test_id("stMain")
    expect(main).to_have_js_property("scrollWidth", main.evaluate("node => node.clientWidth"))


def a_finger_finds_links(page: Page) -> None:
    """What leads somewhere is at least 24 px high; drawings and bars have areas of their own."""
    links = page.locator(".ccm :is(a, summary):visible:not(svg a, .ccm-bar > a, :is(h1, h2, h3) a)")
    assert links.count() > 3
    small = links.evaluate_all(
        "nodes => nodes.filter(node => node.getBoundingClientRect().height < 24).map(node => node.outerHTML)"
    )
    assert small == []


def axe_finds_nothing_serious(page: Page) -> None:
    """WCAG 2.2 A and AA as far as a program can tell, in all that we draw."""
    from axe_playwright_python.sync_playwright import Axe

    until(page, "document.readyState === 'complete'")
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    # What passes is counted, not described; contrast, the slowest rule, has a check of our own.
    options = {
        "runOnly": rules,
        "resultTypes": ["violations"],
        "rules": {"color-contrast": {"enabled": False}},
    }
    result = Axe().run(page, context={"include": [[".ccm"]]}, options=options).response
    # It has looked: a page without anything to look at would have no violation either.
    assert len(result["passes"]) > 5
    serious = [
        f"{found['id']}: {node['html'][:160]}"
        for found in result["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
    assert serious == []


def headings_are_in_order(page: Page) -> None:
    """One main heading, first; no level left out on the way down."""
    headings = page.locator("h1, h2, h3, h4, h5, h6")
    levels = [int(name[1]) for name in headings.evaluate_all("nodes => nodes.map(node => node.tagName)")]
    texts = headings.evaluate_all("nodes => nodes.map(node => node.textContent.trim())")
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(texts)
    deeper = [texts[i] for i in range(1, len(levels)) if levels[i] > levels[i - 1] + 1]
    assert deeper == []


def drawings_have_names(page: Page) -> None:
    """A drawing has a role and a name, or is left out for those who listen."""
    drawings: list[dict[str, Any]] = page.evaluate(_DRAWINGS)
    assert [found for found in drawings if found["role"] not in ("img", "group")] == []
    assert [found for found in drawings if not found["name"].strip()] == []
    assert drawings or any(part in page.url for part in _WITHOUT_DRAWINGS)


def links_have_names(page: Page) -> None:
    """Every link says where it leads."""
    links: list[list[str]] = page.locator(".ccm a").evaluate_all(_LINKS)
    assert links
    assert [href for href, name in links if not name] == []


def text_stands_out_from_its_ground(page: Page) -> None:
    """As drawn: Streamlit's own style sheet has not changed our colours."""
    texts = page.evaluate(_TEXTS)
    assert len(texts) > 3
    pale = [
        (text, ink, ground, round(contrast(ink.upper(), ground.upper()), 2))
        for ink, ground, large, text in texts
        if contrast(ink.upper(), ground.upper()) < (3 if large else 4.5)
    ]
    assert pale == []
    assert TOKENS["ink"].lower() in {ink for ink, *_ in texts}


@pytest.mark.long
def test_words_of_the_source_are_said_in_french(see: Callable[[str], Page]) -> None:
    """In the English interface a voice would read the recommendations' own words as English."""
    page = see("/recommandation?cle=CCM7-A1-05&lang=en")
    heading = page.locator(".ccm h1")
    assert heading.evaluate("node => node.closest('[lang]').lang") == "fr"
    page = see("/?lang=en")
    for words in ("Exploitation des opportunités", "Gestion des flux"):
        label = page.get_by_text(words).first
        assert label.evaluate("node => node.closest('[lang]').lang") == "fr"


def test_tiles_are_reached_with_the_keyboard(see: Callable[[str], Page]) -> None:
    page = see("/")
    tiles = page.locator(".ccm-tiles svg a")
    tiles.first.focus()
    order = []
    for _ in range(8):
        order.append(page.evaluate("document.activeElement.getAttribute('href')"))
        # What has the focus shows it.
        assert page.evaluate(_SHOWS_ITS_FOCUS)
        page.keyboard.press("Tab")
    assert order == tiles.evaluate_all("nodes => nodes.map(node => node.getAttribute('href'))")
    assert len(set(order)) == 8
