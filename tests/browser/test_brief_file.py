"""The brief's HTML form as a browser shows it: its figures in sight on a telephone, whole sheets on paper."""

import datetime as dt
import shutil
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Page

from ccm.exports.brief.forms import Form, Told, written
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.brief import BriefQuery
from ccm.queries.results import Scope
from ccm.store import open_store
from tests.support.sheets import sheets

DAY, SINCE = dt.date(2024, 6, 30), dt.date(2023, 12, 31)
KNOWN = dt.datetime(2024, 7, 2, 9, 30, tzinfo=dt.UTC)
TELEPHONE = {"width": 390, "height": 844}
_BEYOND = """() => [...document.querySelectorAll('main *')]
    .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX !== 'visible'
        && one.clientWidth > 1 && !one.closest('.b-bar')
        || one.getBoundingClientRect().right > innerWidth)
    .map(one => one.outerHTML.slice(0, 120))"""
# A figure on several lines has several rectangles.
_BROKEN = """() => {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const broken = [];
    while (texts.nextNode()) {
        // An address is broken where it must.
        if (texts.currentNode.data.includes("connu=")) continue;
        for (const found of texts.currentNode.data.matchAll(/(?:[▲▼=] )?[+−]?[\\d.,]*\\d[.,]\\d/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, found.index);
            range.setEnd(texts.currentNode, found.index + found[0].length);
            if (new Set([...range.getClientRects()].map(one => one.top)).size > 1) broken.push(found[0]);
        }
    }
    return broken;
}"""
_TOPS = """() => [...document.querySelectorAll('.b-trio')].map(trio =>
    [...trio.querySelectorAll('strong')].map(one => Math.round(one.getBoundingClientRect().top)))"""


@pytest.fixture(params=["fr", "en"])
def brief(request: pytest.FixtureRequest, demo_template: Path, tmp_path: Path) -> str:
    """The address of a demonstration's brief, as a file."""
    store = open_store(f"sqlite:///{shutil.copyfile(demo_template, tmp_path / 'store.db')}")
    found = ask(store, BriefQuery(At(DAY, session=7), At(SINCE, session=7)))
    store.close()
    path = tmp_path / "note.html"
    told = Told(Scope(7, None, DAY, SINCE, DAY, True), KNOWN, request.param)
    path.write_bytes(written(Form.HTML, found, told))
    return path.as_uri()


def test_a_telephone_shows_every_figure_and_breaks_none(
    page_factory: Callable[..., Page], brief: str
) -> None:
    page = page_factory(offline=True, viewport=TELEPHONE)
    page.goto(brief)
    assert page.evaluate(_BEYOND) == []
    assert page.evaluate(_BROKEN) == []
    assert page.evaluate("document.documentElement.scrollWidth") == TELEPHONE["width"]


def test_a_window_of_any_width_cuts_nothing(page_factory: Callable[..., Page], brief: str) -> None:
    page = page_factory(offline=True)
    page.goto(brief)
    for width in (320, 600, 760, 761, 940):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(_BEYOND) == [], width
        assert page.evaluate(_BROKEN) == [], width


def test_on_paper_three_figures_stand_in_a_row_and_no_heading_is_alone(
    page_factory: Callable[..., Page], brief: str
) -> None:
    page = page_factory(offline=True)
    page.goto(brief)
    printed = sheets(page.pdf(prefer_css_page_size=True, tagged=True))
    assert [one for sheet in printed for one in sheet.beyond()] == []
    alone = (sheet.alone_at_the_foot(following) for sheet, following in pairwise(printed))
    assert [one for one in alone if one] == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 1000})
    tops = page.evaluate(_TOPS)
    assert len(tops) == 5
    assert all(len(set(trio)) == 1 for trio in tops)
    assert page.evaluate(_BROKEN) == []
