"""What a page costs, as a ratio to an empty page in the same run: a slow or busy machine slows both."""

from contextlib import ExitStack
from pathlib import Path

from benchmarks.served import Page, served

#: The overview's rerun may cost this many times an empty page's. `make bench` prints the milliseconds.
MOST = 4.5
_ROUNDS, _RUNS = 4, 12


def test_a_rerun_of_the_overview_costs_a_few_empty_pages(demo_template: Path, tmp_path: Path) -> None:
    copy = tmp_path / "demo.db"
    copy.write_bytes(demo_template.read_bytes())
    with ExitStack() as servers:
        empty = servers.enter_context(Page(*servers.enter_context(served("benchmarks/empty_page.py"))))
        demo = servers.enter_context(served("dashboard.py", f"sqlite:///{copy}"))
        overview = servers.enter_context(Page(*demo))
        spent = [(empty.measure(_RUNS), overview.measure(_RUNS)) for _ in range(_ROUNDS)]
    base = sum(one.milliseconds for one, _ in spent)
    cost = sum(one.milliseconds for _, one in spent)
    assert cost <= MOST * base, f"{cost / base:.2f} empty pages"
