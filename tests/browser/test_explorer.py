"""The Explorer in Chromium: the map is drawn without another host, and a click selects the rows below."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.support.application import serving
from tests.support.browser import alone

_SLOW = 30_000
#: Left margin, head and row height of the heat map, in px; its five columns and the room after the first.
_NAMES, _HEAD, _ROW, _COLUMNS, _GAP = 82, 44, 50, 5, 0.1


def opened(page: Page, address: str) -> Page:
    """The Explorer, once its five charts are drawn and its rows are there."""
    page.goto(address)
    alone(page)
    expect(page.locator(".stPlotlyChart .main-svg").first).to_be_visible(timeout=_SLOW)
    expect(page.locator(".choroplethlayer path")).to_have_count(8, timeout=_SLOW)
    expect(page.locator(".ccm-foot")).to_be_attached(timeout=_SLOW)
    return page


def cell(page: Page, column: int, row: int) -> tuple[float, float]:
    """The middle of a cell of the heat map, counted from 0, on the screen."""
    chart = page.locator(".stPlotlyChart").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    width = (box["width"] - _NAMES - 2) / (_COLUMNS + _GAP)
    left = box["x"] + _NAMES + (column + (_GAP if column else 0) + 0.5) * width
    return left, box["y"] + _HEAD + (row + 0.5) * _ROW


def name(page: Page, region: str) -> tuple[float, float]:
    """The middle of a region's name on the map, on the screen."""
    text = page.locator(".scattergeo text", has_text=region)
    text.scroll_into_view_if_needed()
    box = text.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def draw(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A rectangle between two corners, the button of the mouse held down."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, end[1], steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


class SlowLine:
    """Keeps back what the server sends, from the first message with these words on, until it is let go."""

    def __init__(self, words: str) -> None:
        self.words, self.open = words.encode(), False
        self.kept: list[str | bytes] = []

    def between(self, here: WebSocketRoute) -> None:
        """Stand between this page and its server."""
        self.here = here
        here.connect_to_server().on_message(self._pass_on)

    def _pass_on(self, message: str | bytes) -> None:
        if not self.open and (self.kept or (isinstance(message, bytes) and self.words in message)):
            self.kept.append(message)
        else:
            self.here.send(message)

    def let_go(self) -> None:
        """Send all that was kept back, and keep nothing more."""
        self.open = True
        for message in self.kept:
            self.here.send(message)


def rows(page: Page) -> list[str]:
    return page.locator(".ccm-cards").last.locator("tbody tr").all_inner_texts()


@pytest.mark.long
@pytest.mark.browser
def test_the_map_is_drawn_and_chosen_from_and_no_request_leaves_this_machine(
    demonstration_application: str, page_factory: Callable[..., Page]
) -> None:
    page = page_factory()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # What is asked elsewhere would not come, as on a machine without a line to the outside.
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1|localhost)"), lambda route: route.abort())
    opened(page, f"{demonstration_application}/explorer")
    assert any("/topo/" in url for url in asked)
    shapes = page.locator(".choroplethlayer path").all()
    assert all((box := shape.bounding_box()) and box["width"] < 400 for shape in shapes)
    # A click on a region selects it, a second one takes the selection off.
    for wanted in (re.compile(r"\?region=NE001$"), re.compile(r"explorer$")):
        agadez = page.locator(".choroplethlayer path").nth(1)
        agadez.scroll_into_view_if_needed()
        box = agadez.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(page).to_have_url(wanted, timeout=_SLOW)
        title = "Les réponses de la sélection" if "region" in page.url else "Les réponses du plan"
        expect(page.get_by_text(title)).to_be_visible(timeout=_SLOW)
        expect(page.locator(".choroplethlayer path")).to_have_count(8, timeout=_SLOW)
    assert all(url.startswith((demonstration_application, "data:", "blob:")) for url in asked)


@pytest.mark.browser
def test_a_click_on_a_cell_selects_its_rows_outlives_a_reload_and_is_one_step_back(
    demonstration_application: str, page_factory: Callable[..., Page]
) -> None:
    page = opened(page_factory(), f"{demonstration_application}/explorer")
    before, entries = rows(page), page.evaluate("history.length")
    page.mouse.click(*cell(page, 3, 7))
    expect(page).to_have_url(re.compile(r"axe=A2.*region=NE\d{3}|region=NE\d{3}.*axe=A2"), timeout=_SLOW)
    expect(page.get_by_text("Les réponses de la sélection")).to_be_visible(timeout=_SLOW)
    assert page.evaluate("history.length") == entries + 1
    chosen = rows(page)
    assert chosen != before
    assert all(row.startswith("A2-") for row in chosen)
    page.reload()
    expect(page.get_by_text("Les réponses de la sélection")).to_be_visible(timeout=_SLOW)
    assert rows(page) == chosen
    page.get_by_role("button", name="Retirer la sélection").first.click()
    expect(page).not_to_have_url(re.compile("axe="), timeout=_SLOW)
    expect(page.get_by_text("Les réponses du plan")).to_be_visible(timeout=_SLOW)
    # One choice is one step back.
    assert page.evaluate("history.length") == entries + 2
    page.go_back()
    expect(page.get_by_text("Les réponses de la sélection")).to_be_visible(timeout=_SLOW)
    assert rows(page) == chosen
    page.go_back()
    expect(page.get_by_text("Les réponses du plan")).to_be_visible(timeout=_SLOW)
    assert page.url == f"{demonstration_application}/explorer"


@pytest.mark.long
@pytest.mark.browser
def test_rows_of_the_choice_before_say_so_until_the_new_ones_are_there(
    demonstration_application: str, page_factory: Callable[..., Page]
) -> None:
    page = page_factory()
    line = SlowLine("Les réponses de la sélection")
    page.route_web_socket(re.compile("_stcore/stream"), line.between)
    opened(page, f"{demonstration_application}/explorer")
    behind = page.locator(".st-key-ccm-behind")
    old = behind.locator("[data-testid=stElementContainer]", has_text="Les réponses du plan")
    sign = "node => getComputedStyle(node, '::after').content"
    assert behind.evaluate(sign) == "none"
    page.mouse.click(*cell(page, 3, 7))
    # The new rows are on their way: those of the plan are still there.
    expect(old).to_have_attribute("data-stale", "true", timeout=_SLOW)
    expect(old).to_have_css("opacity", "0.35")
    assert behind.evaluate(sign) == '"Mise à jour…"'
    line.let_go()
    expect(page.get_by_text("Les réponses de la sélection")).to_be_visible(timeout=_SLOW)
    expect(behind.locator("[data-stale=true]")).to_have_count(0, timeout=_SLOW)
    assert behind.evaluate(sign) == "none"


@pytest.mark.long
@pytest.mark.browser
def test_a_rectangle_selects_every_cross_under_it(
    demonstration_application: str, page_factory: Callable[..., Page]
) -> None:
    page = opened(page_factory(), f"{demonstration_application}/explorer?rectangle=true")
    (left, top), (right, bottom) = cell(page, 2, 1), cell(page, 3, 2)
    draw(page, (left - 30, top - 8), (right + 30, bottom + 8))
    expect(page).to_have_url(re.compile(r"axe=A1(%2C|,)A2"), timeout=_SLOW)
    expect(page).to_have_url(re.compile(r"region=NE\d{3}(%2C|,)NE\d{3}"), timeout=_SLOW)


@pytest.mark.long
@pytest.mark.browser
@pytest.mark.parametrize(
    ("lang", "title"), [("fr", "Les réponses de la sélection"), ("en", "The selected answers")]
)
def test_a_rectangle_on_the_map_selects_the_regions_whose_names_it_covers(
    demonstration_application: str, page_factory: Callable[..., Page], lang: str, title: str
) -> None:
    address = f"{demonstration_application}/explorer?lang={lang}"
    page = opened(page_factory(), f"{address}&region=NE002,NE007")
    expect(page.get_by_text(title)).to_be_visible(timeout=_SLOW)
    both = rows(page)
    opened(page, f"{address}&rectangle=true")
    assert rows(page) != both
    (left, bottom), (right, top) = name(page, "Zinder"), name(page, "Diffa")
    draw(page, (left - 20, top - 20), (right + 20, bottom + 20))
    expect(page).to_have_url(re.compile(r"region=NE00[27](%2C|,)NE00[27]"), timeout=_SLOW)
    expect(page.get_by_text(title)).to_be_visible(timeout=_SLOW)
    assert rows(page) == both
    # Without the rectangle a drag draws nothing, and a region is one click again.
    opened(page, address)
    left, top = name(page, "Agadez")
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 60, top + 40, steps=4)
    expect(page.locator(".select-outline")).to_have_count(0)


@pytest.mark.long
@pytest.mark.browser
def test_the_real_plan_draws_its_silence(
    sqlite_template: Path, tmp_path: Path, page_factory: Callable[..., Page]
) -> None:
    copy = shutil.copyfile(sqlite_template, tmp_path / "store.db")
    with serving(f"sqlite:///{copy}", tmp_path / "application.log") as address:
        page = opened(page_factory(), f"{address}/explorer")
        assert page.locator(".stPlotlyChart").count() == 4
        # Its title promises what every cell says; 0,0 % would speak of those who have not spoken.
        heat = page.locator(".stPlotlyChart").first
        expect(heat.locator(".annotation-text", has_text="attendues")).to_have_count(40, timeout=_SLOW)
        expect(heat).not_to_contain_text("%")


@pytest.mark.long
@pytest.mark.browser
def test_on_a_phone_the_page_scrolls_under_a_finger(
    demonstration_application: str, page_factory: Callable[..., Page]
) -> None:
    page = page_factory(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    opened(page, f"{demonstration_application}/explorer?rectangle=true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for ground in (".nsewdrag", ".geolayer .bg rect"):
        drag = page.locator(f".stPlotlyChart {ground}").first
        assert drag.evaluate("layer => getComputedStyle(layer).pointerEvents") == "none"


@pytest.mark.long
@pytest.mark.browser
def test_printed_the_words_in_the_cells_of_the_heat_map_have_six_points(
    demonstration_application: str, page_factory: Callable[..., Page]
) -> None:
    page = opened(page_factory(), f"{demonstration_application}/explorer")
    page.emulate_media(media="print")
    # At once: as the sheet is narrower, Plotly draws anew. A line's box is 1.3 letters high, a cell has two.
    heights = page.locator(".stPlotlyChart").first.evaluate(
        """chart => [...chart.querySelectorAll('.annotation-text')].map(
            text => text.getBoundingClientRect().height / text.querySelectorAll('tspan.line').length / 1.3)"""
    )
    assert len(heights) == 40
    assert min(heights) >= 8
