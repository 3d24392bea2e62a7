"""Chromium, driven by Playwright; a page that asks anything outside this machine fails its test."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.machine import chromium_program, leave_out

_FLAGS = [
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    # Asking outside is an error to be seen, not traffic to be sent.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_HERE = ("127.0.0.1", "localhost")


# By module, not by session: Playwright's event loop must not run under the tests of other modules.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A headless Chromium; without one the test is left out."""
    program = chromium_program()
    if program is None:
        leave_out("Chromium is not installed here: install the package chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


def until(page: Page, expression: str, argument: Any = None, seconds: float = 60) -> None:
    """Wait until a page answers yes: Playwright's own waiting needs `eval`, which our pages forbid."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression, argument):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def alone(page: Page) -> Page:
    """The page, once the first drawing, which the server sent with it, has given way to the application's."""
    until(page, "() => !document.getElementById('ccm-first')")
    return page


def a_sheet_holds(page: Page) -> None:
    """Nothing of a page runs off a sheet of A4, between our margins or between a browser's own."""
    page.emulate_media(media="print")
    beyond = """() => [...document.querySelectorAll('.ccm table, .ccm-main > *')]
        .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5)
        .map(one => one.outerHTML.slice(0, 200))"""
    for width in (695, 718):
        page.set_viewport_size({"width": width, "height": 1000})
        assert page.evaluate(beyond) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.fixture
def page_factory(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`page_factory(**options)` opens a page in a context of its own; options are Playwright's."""
    contexts, outside = [], []

    def note(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in _HERE:
            outside.append(url)

    def open_page(**options: Any) -> Page:
        context = chromium.new_context(
            **{"viewport": {"width": 1366, "height": 768}, "locale": "fr-FR", **options}
        )
        contexts.append(context)
        page = context.new_page()
        context.on("request", lambda request: note(request.url))
        page.on("websocket", lambda socket: note(socket.url))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not outside, f"asked outside this machine: {outside}"
