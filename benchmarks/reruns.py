"""CPU of one rerun of each page, at sizes S and M, beside an empty and a stock page, in one run."""

from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.served import Measured, Page, served
from benchmarks.stores import demonstration

#: Milliseconds of CPU that a rerun of the overview may cost, by size.
BUDGETS = {"S": 15, "M": 30}
PAGES = {
    "overview": "",
    "register": "recommandations",
    "recommendation": "recommandation",
    "regions": "regions",
    "institutions": "institutions",
    "explorer": "explorer",
}
#: The recommendation that every demonstration holds.
QUERIES = {"recommendation": "cle=CCM7-A1-05"}


def main(folder: Path, rounds: int = 5, runs: int = 20) -> None:
    """Print, for each page, milliseconds of CPU, their ratios to the two pages beside, and bytes."""
    with ExitStack() as servers:
        empty = servers.enter_context(Page(*servers.enter_context(served("benchmarks/empty_page.py"))))
        stock = servers.enter_context(
            Page(*servers.enter_context(served("benchmarks/stock_page.py", stock=True)))
        )
        pages = {"empty Streamlit page": empty, "stock page of four Plotly charts": stock}
        for size in BUDGETS:
            port, process = servers.enter_context(served("dashboard.py", demonstration(size, folder)))
            for name, address in PAGES.items():
                page = Page(port, process, address, QUERIES.get(name, ""))
                pages[f"{name}, size {size}"] = servers.enter_context(page)
        _print(pages, rounds, runs)


def _print(pages: dict[str, Page], rounds: int, runs: int) -> None:
    measured: dict[str, list[Measured]] = {name: [] for name in pages}
    for _ in range(rounds):
        for name, page in pages.items():
            measured[name].append(page.measure(runs))
    base = median(found.milliseconds for found in measured["empty Streamlit page"])
    stock = median(found.milliseconds for found in measured["stock page of four Plotly charts"])
    print(
        f"{'page':34}{'first ms':>10}{'ms/rerun':>10}{'x empty':>9}{'x stock':>9}{'kB':>8}{'budget ms':>11}"
    )
    for name, found in measured.items():
        spent = median(one.milliseconds for one in found)
        budget = BUDGETS.get(name[-1], "") if name.startswith("overview") else ""
        first, sent = pages[name].first, found[-1].received / 1000
        ratios = f"{spent / base:>9.2f}{spent / stock:>9.2f}"
        print(f"{name:34}{first:>10.0f}{spent:>10.1f}{ratios}{sent:>8.1f}{budget:>11}", flush=True)
