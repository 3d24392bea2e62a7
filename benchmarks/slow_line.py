"""What a reader waits for: on a slow line, first and again; and here, beside a page written by hand.

python -m benchmarks.slow_line
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.served import ROOT, served
from benchmarks.shaped import Line, shaped
from benchmarks.stores import demonstration
from ccm.store import open_store
from tests.support.browser import _FLAGS as FLAGS
from tests.support.machine import chromium_program, free_port
from tests.support.people import sign_in

_FIGURES = "() => !!document.querySelector('.ccm-trio')?.getBoundingClientRect().height"
_ANSWERS = """() => !document.querySelector('#ccm-first')
    && !!document.querySelector('[data-test-script-state=notRunning] .ccm-trio')"""
_CHART = "() => !!document.querySelector('.js-plotly-plot .bars path')?.getBoundingClientRect().height"
_FORM = """() => !document.querySelector('#ccm-first')
    && !!document.querySelector('[data-test-script-state=notRunning] [data-testid=stRadio]')"""
_LIMIT = 240.0
_FOCAL, _ANSWER = "Point focal Tillabéri (démo)", "/repondre?engagement=CCM7-A1-03/NE006"


def main(folder: Path) -> None:
    """Print both tables."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
        store = demonstration("S", folder)
        with served("dashboard.py", store) as (port, _):
            _ask(port)
            _slow(browser, port, store)
            _near(browser, port, folder)
        with served("benchmarks/stock_page.py", stock=True) as (port, _), shaped(port) as line:
            context = _phone(browser)
            _visit(context, line, "stock Streamlit, four charts", seen=_CHART, ready=_CHART)
            context.close()
        browser.close()


def _ask(port: int) -> None:
    for path in ("/", "/leger", "/leger/recommandations", "/leger/regions", "/leger/institutions"):
        urlopen(f"http://127.0.0.1:{port}{path}").read()


def _slow(browser: Browser, port: int, store: str) -> None:
    print(f"{'400 kbit/s, 400 ms':34}{'figures s':>11}{'answers s':>11}{'kB':>9}")
    with shaped(port) as line:
        context = _phone(browser)
        _visit(context, line, "first visit")
        _visit(context, line, "repeat visit")
        context.close()
        context = _phone(browser)
        token = sign_in(open_store(store), _FOCAL)[1]
        address = f"http://127.0.0.1:{line.port}"
        context.add_cookies([{"name": "ccm_session", "value": token, "url": address}])
        _visit(context, line, "first visit, a form", _ANSWER, seen=_FORM, ready=_FORM)
        context.close()
        for name in ("light page, first visit", "light page, repeat visit"):
            context = _phone(browser) if "first" in name else context
            before, start = line.down, time.monotonic()
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{line.port}/leger", wait_until="commit", timeout=_LIMIT * 1000)
            figures = _until(page, _FIGURES, start)
            page.wait_for_load_state("load")
            page.close()
            print(f"{name:34}{figures:>11.1f}{'-':>11}{(line.down - before) / 1000:>9.1f}", flush=True)
        context.close()


def _phone(browser: Browser) -> BrowserContext:
    return browser.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")


def _visit(
    context: BrowserContext,
    line: Line,
    name: str,
    path: str = "/",
    seen: str = _FIGURES,
    ready: str = _ANSWERS,
) -> None:
    before, start = line.down, time.monotonic()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{line.port}{path}", wait_until="commit", timeout=_LIMIT * 1000)
    figures, answers = _until(page, seen, start), _until(page, ready, start)
    carried = -1
    while carried != line.down:
        # What comes last, fonts among it, is part of the visit.
        carried = line.down
        page.wait_for_timeout(2000)
    print(f"{name:34}{figures:>11.1f}{answers:>11.1f}{(line.down - before) / 1000:>9.1f}", flush=True)
    page.close()


def _until(page: Page, expression: str, start: float) -> float:
    while not page.evaluate(expression):
        if time.monotonic() - start > _LIMIT:
            return float("nan")
        page.wait_for_timeout(20)
    return time.monotonic() - start


def _near(browser: Browser, port: int, folder: Path, visits: int = 15) -> None:
    """Milliseconds until something is painted, of pages that a browser has not met yet."""
    print(f"\n{'on this machine, S':34}{'painted ms':>11}{'x by hand':>11}{'x bare':>11}")
    with _hand_written(folder) as plain:
        pages = {
            "bare table by hand": (plain, "/table"),
            "same figures by hand": (plain, "/"),
            "first page": (port, "/"),
            "light page": (port, "/leger"),
            "light register": (port, "/leger/recommandations"),
            "light recommendation": (port, "/leger/recommandation?cle=CCM7-A1-03"),
            "light region": (port, "/leger/regions?region=NE006"),
            "light institutions": (port, "/leger/institutions"),
        }
        times: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(visits):
            for name, (at, path) in pages.items():
                times[name].append(_painted(browser, f"http://127.0.0.1:{at}{path}"))
    bare, by_hand = (median(times[name]) for name in ("bare table by hand", "same figures by hand"))
    for name, found in times.items():
        took = median(found)
        print(f"{name:34}{took:>11.0f}{took / by_hand:>11.2f}{took / bare:>11.2f}", flush=True)


def _painted(browser: Browser, address: str) -> float:
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(address, wait_until="commit")
    paint = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
    while (found := page.evaluate(paint)) is None:
        page.wait_for_timeout(5)
    context.close()
    return float(found)


@contextmanager
def _hand_written(folder: Path) -> Iterator[int]:
    port = free_port()
    store = demonstration("S", folder).removeprefix("sqlite:///")
    with _running([sys.executable, "-m", "benchmarks.hand_written", str(port), store], port):
        yield port


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                urlopen(f"http://127.0.0.1:{port}/").read()
                break
            except OSError:
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ccm-bench-") as temporary:
        main(Path(temporary))
