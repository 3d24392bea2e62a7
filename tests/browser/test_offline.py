"""The offline pack as it opens from a USB key: no network, no script, whole on a telephone and on paper."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page

from ccm.auth import CONSOLE
from ccm.screens import view
from ccm.screens.exported import Form, exported
from ccm.store import open_store
from tests.browser.test_accessibility import (
    axe_finds_nothing_serious,
    headings_are_in_order,
    links_have_names,
    text_stands_out_from_its_ground,
)
from tests.support.browser import a_sheet_holds


@pytest.fixture
def pack(demo_template: Path, tmp_path: Path) -> str:
    """The address of the pack of a demonstration, as a file."""
    store = open_store(f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'store.db')}")
    path = tmp_path / "dossier.html"
    with path.open("wb") as file:
        exported(view(store, CONSOLE, {}), Form.HTML, {}).write(file)
    store.close()
    return path.as_uri()


def test_it_opens_alone_and_leads_to_each_recommendation(
    page_factory: Callable[..., Page], pack: str, tmp_path: Path
) -> None:
    page = page_factory(offline=True, java_script_enabled=False, viewport={"width": 390, "height": 844})
    asked, told = list[str](), list[str]()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(pack)
    page.locator('article a[href="#CCM7-A1-05"]').first.click()
    assert page.url == f"{pack}#CCM7-A1-05"
    box = page.locator("#CCM7-A1-05").bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 100
    assert box["x"] + box["width"] <= 390
    assert asked == [pack]
    assert told == []
    printed = pypdfium2.PdfDocument(page.pdf(path=tmp_path / "printed.pdf", prefer_css_page_size=True))
    texts = [sheet.get_textpage().get_text_range() for sheet in printed]
    assert "CCM7-A3-15" in "".join(texts)
    # No sheet is a leftover.
    assert all(len(text.split()) > 20 for text in texts)
    printed.close()


def test_a_sheet_of_paper_holds_it(page_factory: Callable[..., Page], pack: str) -> None:
    page = page_factory(offline=True)
    page.goto(pack)
    a_sheet_holds(page)


@pytest.mark.long
def test_it_can_be_read_by_everybody(page_factory: Callable[..., Page], pack: str) -> None:
    page = page_factory(offline=True)
    page.goto(pack)
    for holds in (
        headings_are_in_order,
        links_have_names,
        text_stands_out_from_its_ground,
        axe_finds_nothing_serious,
    ):
        holds(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
