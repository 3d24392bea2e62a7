"""The session brief in each form at sizes S and M, from a store just opened to its bytes; its bounds."""

import datetime as dt
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.stores import demonstration
from ccm.exports.brief.forms import Form, Told, written
from ccm.metrics import At
from ccm.queries.ask import ask
from ccm.queries.brief import BriefQuery
from ccm.queries.results import Scope
from ccm.queries.scope import store_query
from ccm.screens.choice import default_since
from ccm.store import open_store

#: Requirement: seconds for one brief, by size of the store.
BOUNDS = {"S": 3, "M": 10}


def main(folder: Path) -> None:
    """Print, for each size and form, the seconds of the question and of the form, and the file's kB."""
    print(f"{'brief':16}{'question s':>12}{'form s':>10}{'kB':>8}{'command s':>12}{'bound s':>9}")
    for size, bound in BOUNDS.items():
        url = demonstration(size, folder)
        for form in Form:
            asked, made, kilobytes = _made(url, form)
            command = _command(url, form, folder)
            name = f"{form.value}, size {size}"
            print(
                f"{name:16}{asked:>12.2f}{made:>10.2f}{kilobytes:>8.0f}{command:>12.2f}{bound:>9}", flush=True
            )


def _made(url: str, form: Form) -> tuple[float, float, float]:
    store = open_store(url)
    facts = ask(store, store_query())
    since = default_since(facts.default_date, facts)
    started = time.perf_counter()
    with store.read() as connection:
        before = At(since) if since else None
        found = BriefQuery(At(facts.default_date), before).answer(connection)
    read = time.perf_counter()
    scope = Scope(None, None, facts.default_date, since, facts.today, facts.demo)
    content = written(form, found, Told(scope, dt.datetime(2024, 7, 1, tzinfo=dt.UTC), "fr"))
    done = time.perf_counter()
    store.close()
    return read - started, done - read, len(content) / 1000


def _command(url: str, form: Form, folder: Path) -> float:
    """The whole command, with the start of Python."""
    started = time.perf_counter()
    parts = ("-m", "ccm", "brief", "--format", form.value, "-o", str(folder / f"brief.{form.value}"))
    subprocess.run([sys.executable, *parts, "--store", url], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started
