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
from tests.support.browser import _FLAGS as FLAGS
from tests.support.machine import chromium_program, free_port

_FIGURES = "() => !!document.querySelector('.ccm-trio')?.getBoundingClientRect().height"
_ANSWERS = """() => !document.querySelector('#ccm-first')
    && !!document.querySelector('[data-test-script-state=notRunning] .ccm-trio')"""
_LIMIT = 240.0


def main(folder: Path) -> None:
    """Print both tables."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_program(), args=FLAGS)
        with served("dashboard.py", demonstration("S", folder)) as (port, _):
            _ask(port)
            _slow(browser, port)
            _near(browser, port, folder)
        browser.close()


def _ask(port: int) -> None:
    for path in ("/", "/leger"):
        urlopen(f"http://127.0.0.1:{port}{path}").read()


def _slow(browser: Browser, port: int) -> None:
    print(f"{'400 kbit/s, 400 ms':34}{'figures s':>11}{'answers s':>11}{'kB':>9}")
    with shaped(port) as line:
        context = _phone(browser)
        _visit(context, line, "first visit")
        _visit(context, line, "repeat visit")
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


def _visit(context: BrowserContext, line: Line, name: str) -> None:
    before, start = line.down, time.monotonic()
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{line.port}/", wait_until="commit", timeout=_LIMIT * 1000)
    figures, answers = _until(page, _FIGURES, start), _until(page, _ANSWERS, start)
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
    print(f"\n{'on this machine, S':34}{'painted ms':>11}{'x by hand':>11}")
    with _hand_written(folder) as plain:
        pages = {
            "page written by hand": (plain, "/"),
            "first page": (port, "/"),
            "light page": (port, "/leger"),
        }
        times: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(visits):
            for name, (at, path) in pages.items():
                times[name].append(_painted(browser, f"http://127.0.0.1:{at}{path}"))
    by_hand = median(times["page written by hand"])
    for name, found in times.items():
        print(f"{name:34}{median(found):>11.0f}{median(found) / by_hand:>11.2f}", flush=True)


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
    command = [sys.executable, "-m", "benchmarks.hand_written", str(port), store]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        for _ in range(100):
            try:
                urlopen(f"http://127.0.0.1:{port}/").read()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="ccm-bench-") as temporary:
        main(Path(temporary))
